//! Text that nobody corrected: what it may do to a model, and what it may not.

mod support;

use amend::learn::{LearnError, LearnReport, UnlabelledReport};
use amend::rules::listing;
use amend::{Learner, Model};

/// The observed sides of the documents that were held back.
fn observed() -> Vec<Vec<String>> {
    support::held().iter().map(|rows| rows.iter().map(|p| p.observed.clone()).collect()).collect()
}

fn learned(unlabelled: Vec<Vec<String>>) -> (Vec<u8>, LearnReport) {
    Learner { unlabelled, ..support::learner() }.learn().expect("there is enough to learn from")
}

#[test]
fn the_order_of_documents_and_the_number_of_threads_are_nothing() {
    let (bytes, report) = learned(observed());
    assert!(report.unlabelled.is_some_and(|u| u.lines > 0));
    let mut reversed = observed();
    reversed.reverse();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads");
    assert!(pool.install(|| learned(reversed)).0 == bytes);
}

#[test]
fn a_reading_is_no_label() {
    let (bytes, report) = learned(observed());
    assert!(report.unlabelled.is_some_and(|u| u.helped), "{:?}", report.unlabelled);
    let [with, without] =
        [bytes, support::small().to_vec()].map(|bytes| Model::from_bytes(bytes).expect("it opens"));
    assert!(with.id() != without.id(), "it is learned from");
    let rules = |model: &Model| listing(model.hand_rules(), &model.rules(), usize::MAX);
    assert_eq!(rules(&with), rules(&without), "rules are what users corrected");
    assert_eq!(with.metadata().pairs, without.metadata().pairs);
    // What the guard learned from is described by the documents that it was shown.
    let documents = |model: &Model| {
        let reference: amend::learn::Reference =
            model.file().decode(amend::model::SectionKind::Reference).expect("a reference");
        reference.sources.iter().map(|s| (s.source, s.documents)).collect::<Vec<_>>()
    };
    assert_eq!(documents(&with), documents(&without));
}

#[test]
fn text_that_makes_held_out_rows_no_likelier_is_not_learned_from() {
    let backwards = |line: &String| line.chars().rev().collect();
    let other = observed().iter().map(|lines| lines.iter().map(backwards).collect()).collect();
    let (_, report) = learned(other);
    let Some(UnlabelledReport { helped, changed, .. }) = report.unlabelled else { panic!("it was given") };
    assert_eq!((helped, changed), (false, 0));
    assert!(report.to_string().contains("not learned from"));
}

#[test]
fn lines_that_the_pairs_have_are_not_read_again() {
    let learner = support::learner();
    let own = learner.pairs.iter().map(|p| p.observed.clone()).collect();
    let (bytes, report) = learned(vec![own]);
    assert!(report.unlabelled.is_none());
    assert!(bytes == support::small(), "nothing is new");
}

#[test]
fn without_pairs_nothing_tells_what_is_misread() {
    let learner = Learner { pairs: Vec::new(), unlabelled: observed(), ..support::learner() };
    assert!(matches!(learner.learn(), Err(LearnError::NoPairs)));
}
