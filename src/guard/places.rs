//! Where in a line something might be done: as the search says, and as what else is known of the document says.

use super::kind::hyphens;
use super::{Act, Kind};
use crate::decode::Change;

/// Where in a line something might be done, in order, and why.
#[derive(Clone, Debug)]
pub(super) struct Places {
    changes: Vec<Change>,
    origins: Vec<Origin>,
}

/// Where a change comes from: of the search ([`Act::Mend`]), or of what else is known of the document; and what else might be
/// done in its place.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) act: Act,
    pub(super) others: Vec<(Act, Change)>,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) change: &'a Change,
    pub(super) origin: &'a Origin,
}

impl Place<'_> {
    /// What a candidate of the place touches, and what it does, of one that was proposed to do `act` ([`Act::Mend`]: by the
    /// search or for what it is near). `known` tells the words that somebody knows.
    pub(super) fn judged(&self, known: impl Fn(&str) -> bool, act: Act, from: &str, to: &str) -> (Kind, Act) {
        let own = Kind::among(known, from, to);
        let kind = if act == Act::Break && hyphens(to) > hyphens(from) { Kind::Break } else { own };
        let act = match (self.origin.act, act) {
            (Act::Ending, _) if kind == Kind::Marks => Act::Ending,
            (_, Act::Mend) => Act::of(own, from, to),
            (_, act) => act,
        };
        (kind, act)
    }
}

impl Places {
    /// Of the search's own changes.
    pub(super) fn of(changes: Vec<Change>) -> Self {
        let origin = Origin { act: Act::Mend, others: Vec::new() };
        Self { origins: vec![origin; changes.len()], changes }
    }

    /// What might be done, left to right.
    pub(super) fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Each of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Place<'_>> {
        self.changes.iter().zip(&self.origins).map(|(change, origin)| Place { change, origin })
    }

    /// Adds changes that do `act`, each as a place of its own or, where there is one of just these symbols, as another
    /// thing that might be done there. What reaches into another place is left out.
    pub(super) fn add(&mut self, act: Act, changes: impl IntoIterator<Item = Change>) {
        for change in changes {
            let at = self.changes.partition_point(|own| own.at.start < change.at.start);
            let beside = [at.checked_sub(1), Some(at)].into_iter().flatten();
            let mut beside = beside.filter_map(|at| self.changes.get(at));
            if self.changes.get(at).is_some_and(|own| own.at == change.at) {
                let of_search = self.origins[at].act == Act::Mend;
                let other =
                    if act == Act::Break && of_search { self.changes[at].with(&change) } else { change };
                self.origins[at].others.push((act, other));
            } else if beside.all(|own| own.at.end <= change.at.start || change.at.end <= own.at.start) {
                self.changes.insert(at, change);
                self.origins.insert(at, Origin { act, others: Vec::new() });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use crate::counts::Segment;
    use crate::decode::RawEdit;

    fn change(at: Range<usize>, step: Range<usize>) -> Change {
        Change { at, steps: vec![RawEdit { at: step, intended: Segment::default() }] }
    }

    #[test]
    fn what_is_added_stands_apart_beside_or_not_at_all() {
        let mut places = Places::of(vec![change(2..5, 2..3), change(8..10, 8..9)]);
        places.add(
            Act::Echo,
            [change(5..7, 5..6), change(4..6, 4..5), change(8..10, 9..10), change(9..12, 9..10)],
        );
        places.add(Act::Break, [change(2..5, 4..5), change(2..5, 2..3)]);
        let at: Vec<_> = places.changes().iter().map(|change| change.at.clone()).collect();
        assert_eq!(at, [2..5, 5..7, 8..10]);
        let others = |place: usize| -> Vec<(Act, usize)> {
            places.origins[place].others.iter().map(|(act, change)| (*act, change.steps.len())).collect()
        };
        assert_eq!(
            others(0),
            [(Act::Break, 2), (Act::Break, 1)],
            "with what the search would do, where it can"
        );
        assert_eq!(others(1), []);
        assert_eq!(others(2), [(Act::Echo, 1)]);
        assert_eq!(places.origins[1].act, Act::Echo);
    }
}
