//! Feedback events: which are counted, what of that the base did before, and a sample to search.
//!
//! What is counted of all events is [`PairCounts`], kept in the model. A later model takes them over, counts what is new and
//! takes out what is no longer to be counted: the same counts as from scratch, whatever the screen says of either.

use hashbrown::HashSet;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::flow::LearnError;
use crate::corpus::{Lesson, Pair, documents};
use crate::counts::{PairCounts, Shard};
use crate::model::{Model, ModelError, ModelName, Section, SectionKind};

/// A model that learned from events before.
#[derive(Clone, Debug)]
pub struct Base {
    name: ModelName,
    /// Ascending.
    events: Vec<[u8; 16]>,
    /// The section of counts.
    counts: Vec<u8>,
}

impl Base {
    /// What this model, read to its last byte, counted.
    ///
    /// # Errors
    /// [`ModelError`] where the file is damaged.
    pub fn new(model: &Model) -> Result<Self, ModelError> {
        model.verify()?;
        // What another version counted may be other counts: then all is counted anew.
        let kind = SectionKind::EventCounts;
        let same = |section: &Section| section.kind() == Some(kind) && section.version == kind.version();
        let counts = model.file().section(kind).filter(|_| model.file().sections().iter().any(same));
        Ok(Self {
            name: model.file().name().clone(),
            events: model.events().to_vec(),
            counts: counts.unwrap_or_default().to_vec(),
        })
    }

    /// Its counts, and of which events they are, ascending: of none, if they were not kept or others are asked for.
    fn counted(&self, order: usize) -> (Vec<[u8; 16]>, PairCounts) {
        let none = || (Vec::new(), PairCounts::new(order));
        let Some((bits, counts)) = self.counts.split_at_checked(self.events.len().div_ceil(8)) else {
            return none();
        };
        let is_counted = |at: usize| bits.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1);
        let events = (0..).zip(&self.events).filter(|(at, _)| is_counted(*at)).map(|(_, event)| *event);
        match PairCounts::from_bytes(counts) {
            Ok(counts) if counts.order() == order => (events.collect(), counts),
            _ => none(),
        }
    }

    /// Refuses a base that learned from what was forgotten, or is not there.
    pub(super) fn check(&self, lessons: &[Lesson], forgotten: &[[u8; 16]]) -> Result<(), LearnError> {
        let forgotten: HashSet<&[u8; 16]> = forgotten.iter().collect();
        let there: HashSet<&[u8; 16]> = lessons.iter().map(|l| &l.event).collect();
        let hex = |event: &[u8; 16]| event.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let base = self.name.clone();
        let gone: Vec<&[u8; 16]> = self.events.iter().filter(|e| forgotten.contains(e)).collect();
        if let Some(first) = gone.first() {
            return Err(LearnError::Forgotten { base, events: gone.len(), first: hex(first) });
        }
        let strange: Vec<&[u8; 16]> = self.events.iter().filter(|e| !there.contains(e)).collect();
        match strange.first() {
            Some(first) => Err(LearnError::Strange { base, events: strange.len(), first: hex(first) }),
            None => Ok(()),
        }
    }
}

/// What counting the events took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventsReport {
    /// Events that were counted.
    pub counted: usize,
    /// Events that the screen refused.
    pub refused: usize,
    /// Of those counted, how many the base had not counted.
    pub new: usize,
    /// Events that the base had counted, taken out again.
    pub taken_out: usize,
    /// Events in the sample that search and guard are tuned on.
    pub sample: usize,
}

/// The events of a model.
#[derive(Debug)]
pub(super) struct Events<'l> {
    /// All hashes, ascending, and whether each is counted.
    all: Vec<([u8; 16], bool)>,
    counts: PairCounts,
    /// What is searched, in the order of the store, and all others that are counted.
    pub(super) sample: Vec<&'l Lesson>,
    pub(super) others: Vec<&'l Lesson>,
    pub(super) report: EventsReport,
}

impl<'l> Events<'l> {
    /// Counts the lessons that passed the screen, as far as the base did not.
    pub(super) fn count(
        lessons: &'l [Lesson],
        passed: impl Fn(usize) -> bool,
        base: Option<&Base>,
        order: usize,
    ) -> Self {
        let (before, mut counts) =
            base.map_or_else(|| (Vec::new(), PairCounts::new(order)), |base| base.counted(order));
        let mut places: Vec<([u8; 16], usize)> = lessons.iter().map(|l| l.event).zip(0..).collect();
        places.par_sort_unstable();
        // Both are ascending: one walk tells what is new and what has to go.
        let (mut new, mut taken_out, mut before) = (Vec::new(), Vec::new(), before.into_iter().peekable());
        for (event, at) in &places {
            while before.next_if(|b| b < event).is_some() {}
            match (passed(*at), before.next_if_eq(event).is_some()) {
                (true, false) => new.push(&lessons[*at].pair),
                (false, true) => taken_out.push(&lessons[*at].pair),
                _ => {}
            }
        }
        counts = counts.merge(PairCounts::of(order, &new));
        if !taken_out.is_empty() {
            counts = counts.without(PairCounts::of(order, &taken_out));
        }
        let all = places.into_iter().map(|(event, at)| (event, passed(at))).collect();
        let kept: Vec<&Lesson> = (0..).zip(lessons).filter(|(at, _)| passed(*at)).map(|(_, l)| l).collect();
        let report = EventsReport {
            counted: kept.len(),
            refused: lessons.len() - kept.len(),
            new: new.len(),
            taken_out: taken_out.len(),
            sample: kept.len(),
        };
        Self { all, counts, sample: kept, others: Vec::new(), report }
    }

    /// Leaves at most so many in the sample.
    pub(super) fn choose(&mut self, most: usize, seed: u64) {
        (self.sample, self.others) = split(&self.sample, seed, most);
        self.report.sample = self.sample.len();
    }

    /// The counts of the events that are not searched: those that are, are counted model by model.
    pub(super) fn rest(&self) -> PairCounts {
        let order = self.counts.order();
        if self.others.is_empty() {
            return PairCounts::new(order);
        }
        let sample: Vec<&Pair> = self.sample.iter().map(|lesson| &lesson.pair).collect();
        self.counts.clone().without(PairCounts::of(order, &sample))
    }

    /// Two sections: the hashes of all events, and which of them are counted with the counts. None without events.
    pub(super) fn sections(&self) -> Vec<(SectionKind, Vec<u8>)> {
        if self.all.is_empty() {
            return Vec::new();
        }
        let hashes = self.all.iter().flat_map(|(event, _)| *event).collect();
        let mut counts = vec![0; self.all.len().div_ceil(8)];
        for (at, (_, counted)) in self.all.iter().enumerate() {
            counts[at / 8] |= u8::from(*counted) << (at % 8);
        }
        counts.extend(self.counts.to_bytes());
        vec![(SectionKind::Events, hashes), (SectionKind::EventCounts, counts)]
    }
}

/// The lessons of the documents whose names' hashes are smallest, as many rows as asked for, and the others; both in their
/// order. A lesson without a document is one of its own. The last document that comes in may come in part.
fn split<'l>(lessons: &[&'l Lesson], seed: u64, rows: usize) -> (Vec<&'l Lesson>, Vec<&'l Lesson>) {
    if lessons.len() <= rows {
        return (lessons.to_vec(), Vec::new());
    }
    let mut groups = documents(lessons.iter().map(|l| l.pair.document.as_str()));
    groups.sort_by_cached_key(|group| {
        let lesson = group.first().and_then(|&at| lessons.get(at));
        let hash = lesson.map(|l| match l.pair.document.as_str() {
            "" => xxh3_64_with_seed(&l.event, seed),
            document => xxh3_64_with_seed(document.as_bytes(), seed),
        });
        (hash, group.first().copied())
    });
    let chosen: HashSet<usize> = groups.into_iter().flatten().take(rows).collect();
    let (sample, others): (Vec<_>, Vec<_>) =
        (0..).zip(lessons).partition(|(at, _)| chosen.contains::<usize>(at));
    let lessons = |part: Vec<(usize, &&'l Lesson)>| part.into_iter().map(|(_, l)| *l).collect();
    (lessons(sample), lessons(others))
}

/// Of lessons of one event the first stays.
pub(super) fn once(lessons: &[Lesson]) -> Vec<Lesson> {
    let mut seen = HashSet::with_capacity(lessons.len());
    lessons.iter().filter(|lesson| seen.insert(lesson.event)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lessons(documents: &[&str]) -> Vec<Lesson> {
        let lesson = |(at, document): (u8, &&str)| Lesson {
            event: [at; 16],
            pair: Pair {
                observed: format!("tbe line {at}"),
                intended: format!("the line {at}"),
                document: (*document).to_owned(),
                ..Pair::default()
            },
            turned_down: None,
        };
        (0..).zip(documents).map(lesson).collect()
    }

    #[test]
    fn a_sample_keeps_documents_together_and_does_not_hang_on_what_else_there_is() {
        let many = lessons(&["a", "b", "c", "a", "", "d", "", "e", "a", "b"]);
        let many: Vec<&Lesson> = many.iter().collect();
        let events = |part: &[&Lesson]| part.iter().map(|l| l.event[0]).collect::<Vec<_>>();
        assert_eq!(split(&many, 1, 10), (many.clone(), Vec::new()));
        for rows in 0..10 {
            let (sample, others) = split(&many, 1, rows);
            assert_eq!((sample.len(), others.len()), (rows, 10 - rows));
            let torn = ["a", "b"].into_iter().filter(|document| {
                let of = |part: &[&Lesson]| part.iter().any(|l| l.pair.document == *document);
                of(&sample) && of(&others)
            });
            assert!(torn.count() <= 1, "{rows}: the last one at most");
            assert!(events(&sample).is_sorted() && events(&others).is_sorted());
            let (more, _) = split(&many, 1, rows + 1);
            assert!(events(&sample).iter().all(|event| events(&more).contains(event)));
        }
    }

    #[test]
    fn what_is_not_searched_is_all_without_the_sample() {
        let many = lessons(&["a", "b", "c", "d", "e"]);
        let mut events = Events::count(&many, |at| at != 3, None, 4);
        assert_eq!(events.rest(), PairCounts::new(4), "all are searched");
        events.choose(2, 1);
        let others: Vec<&Pair> = events.others.iter().map(|l| &l.pair).collect();
        assert_eq!(events.rest(), PairCounts::of(4, &others));
        let report = EventsReport { counted: 4, refused: 1, new: 4, taken_out: 0, sample: 2 };
        assert_eq!(events.report, report);
    }

    #[test]
    fn a_base_is_gone_on_from_whatever_the_screen_says_now() {
        let many = lessons(&["a", "b", "c", "d", "e"]);
        let before = Events::count(&many[1..4], |at| at != 0, None, 4);
        let mut base = Base { name: ModelName::Memory, events: Vec::new(), counts: Vec::new() };
        let sections = before.sections();
        base.events = sections[0].1.as_chunks().0.to_vec();
        base.counts = sections[1].1.clone();
        let whole = Events::count(&many, |at| at != 2, None, 4);
        let grown = Events::count(&many, |at| at != 2, Some(&base), 4);
        assert_eq!(grown.sections(), whole.sections());
        assert_eq!((grown.report.new, grown.report.taken_out), (3, 1));
        // Counts that are missing, or damaged, or of another order, are made anew.
        for counts in [vec![], base.counts[..9].to_vec()] {
            let base = Base { counts, ..base.clone() };
            assert_eq!(Events::count(&many, |at| at != 2, Some(&base), 4).sections(), whole.sections());
        }
        let other = Events::count(&many, |at| at != 2, Some(&base), 5);
        assert_eq!(other.sections(), Events::count(&many, |at| at != 2, None, 5).sections());
    }

    #[test]
    fn a_base_that_knows_what_is_forgotten_or_strange_is_refused() {
        let many = lessons(&["a", "b", "c"]);
        let events = many.iter().map(|l| l.event).collect();
        let base = Base { name: ModelName::Memory, events, counts: Vec::new() };
        assert!(base.check(&many, &[[9; 16]]).is_ok());
        let forgotten = base.check(&many[1..], &[[0; 16]]).expect_err("forgotten").to_string();
        assert!(forgotten.contains("learned from 1 events that were forgotten"), "{forgotten}");
        let strange = base.check(&many[2..], &[]).expect_err("strange").to_string();
        assert!(strange.contains("2 events that are not in the store"), "{strange}");
    }
}
