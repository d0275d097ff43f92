//! The channel turned round: what each intended segment is read as.

use std::collections::BTreeMap;
use std::ops::Range;

use hashbrown::HashMap;

use crate::channel::{Channel, ChannelOptions, Dispersion, Form, Lean, SIDES, Shapes, Sides, Slip};
use crate::counts::{Alphabet, Segment};

/// One way of misreading a segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) observed: Segment,
    /// Times that it happens where it can.
    pub(super) rate: f64,
    /// Probability that something is read that was never seen, but is of the same form.
    pub(super) novel: f64,
    pub(super) slip: Slip,
    pub(super) forms: (Form, Form),
    sides: usize,
}

/// Ways of misreading one segment that fall on places alike.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) ways: Range<usize>,
    /// Which of the tables says where.
    pub(super) sides: usize,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) ways: Vec<Way>,
    pub(super) runs: Vec<Run>,
    runs_of: HashMap<Segment, Range<usize>>,
    /// How much oftener than on average, at each sides.
    sides: Vec<[f64; SIDES]>,
    /// What was seen of each form, each once.
    pools: HashMap<(Form, Form), Vec<Segment>>,
}

impl Table {
    pub(super) fn new(
        alphabet: &Alphabet,
        shapes: &Shapes,
        channel: &Channel<'_>,
        falls: &Dispersion,
    ) -> Self {
        let ChannelOptions { discount, prior, .. } = ChannelOptions::default();
        let places = Places::new(falls);
        let mut table = Self { sides: vec![[1.0; SIDES]], ..Self::default() };
        let mut numbers: BTreeMap<Known, usize> = BTreeMap::new();
        let mut all: BTreeMap<Segment, Vec<Way>> = BTreeMap::new();
        let common = channel.rows().flat_map(|(observed, readings)| {
            readings.into_iter().map(move |r| {
                let count = f64::from(r.count.max(1));
                (
                    observed,
                    r.intended,
                    count,
                    crate::cost::exp(-f64::from(r.cost)) * count / (count - discount),
                )
            })
        });
        let rare = falls.rare.iter().map(|rare| {
            let (count, occurrences) = (f64::from(rare.count.max(1)), f64::from(rare.occurrences));
            (rare.observed, rare.intended, count, count / (occurrences.max(count) + prior))
        });
        for (observed, intended, count, rate) in common.chain(rare) {
            let forms = (shapes.form(observed), shapes.form(intended));
            let [from, to] = [intended, observed].map(|s| alphabet.decode(s.symbols()));
            // A forged file may hold what no line can.
            if from == to || to.contains(['\t', '\n', '\r']) {
                continue;
            }
            let mut sides = 0;
            if intended.len() <= 1
                && let Some((known, lean)) = places.of(observed, intended, forms)
            {
                sides = *numbers.entry(known).or_insert_with(|| {
                    table.sides.push(lean.factors());
                    table.sides.len() - 1
                });
            }
            let slip = Slip::of(&to, &from);
            let way = Way { observed, rate, novel: discount / count, slip, forms, sides };
            all.entry(intended).or_default().push(way);
            table.pools.entry(forms).or_default().push(observed);
        }
        for (intended, mut ways) in all {
            ways.sort_by_key(|way| (way.sides, way.observed));
            let first = table.runs.len();
            for run in ways.chunk_by(|a, b| a.sides == b.sides) {
                let start = table.ways.len();
                table.ways.extend_from_slice(run);
                table.runs.push(Run { ways: start..table.ways.len(), sides: run[0].sides });
            }
            table.runs_of.insert(intended, first..table.runs.len());
        }
        table
    }

    /// The runs of a segment, by number.
    #[inline]
    pub(super) fn runs_of(&self, intended: Segment) -> Range<usize> {
        self.runs_of.get(&intended).cloned().unwrap_or(0..0)
    }

    /// How much oftener a run's misreadings happen at these sides.
    #[inline]
    pub(super) fn factor(&self, run: &Run, sides: Sides) -> f64 {
        self.sides.get(run.sides).and_then(|t| t.get(usize::from(sides))).copied().unwrap_or(1.0)
    }

    /// What else of the same form was read.
    pub(super) fn pool(&self, way: &Way) -> &[Segment] {
        self.pools.get(&way.forms).map_or(&[], Vec::as_slice)
    }
}

/// Where misreadings fall.
struct Places<'d> {
    forms: BTreeMap<(Form, Form), &'d Lean>,
    own: BTreeMap<(Segment, Segment), &'d Lean>,
}

/// What knows where a misreading falls: itself, or its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    Own(Segment, Segment),
    Form(Form, Form),
}

impl<'d> Places<'d> {
    fn new(falls: &'d Dispersion) -> Self {
        Self {
            forms: falls
                .forms
                .iter()
                .map(|(observed, intended, lean)| ((*observed, *intended), lean))
                .collect(),
            own: falls.own.iter().map(|(observed, intended, lean)| ((*observed, *intended), lean)).collect(),
        }
    }

    fn of(&self, observed: Segment, intended: Segment, forms: (Form, Form)) -> Option<(Known, &'d Lean)> {
        let own = self.own.get(&(observed, intended)).map(|lean| (Known::Own(observed, intended), *lean));
        own.or_else(|| self.forms.get(&forms).map(|lean| (Known::Form(forms.0, forms.1), *lean)))
    }
}
