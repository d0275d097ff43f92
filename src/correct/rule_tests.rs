//! A rule of the user's goes before all that was learned.

use super::*;
use crate::{Learner, Pair};

const FIRST: [&str; 8] = ["Alder", "Birch", "Cedar", "Dogwood", "Gorse", "Hazel", "Juniper", "Larch"];
const SECOND: [&str; 5] = ["Mills Ltd", "Trading Co.", "Supply plc", "Works No. 7", "and Partners"];

/// A model of vouchers, one in four of them misread, that knows the forty companies; some name others.
fn model() -> Model {
    let voucher = |n: usize| {
        // Numbers that look random and are always the same (Lehmer 1951).
        let dice = (n + 1) * 48_271 * 48_271 % 0x7FFF_FFFF;
        let first = match n % 12 {
            11 => format!("Firm{dice}"),
            _ => FIRST[dice % 8].to_owned(),
        };
        let intended = format!("{first} {}", SECOND[dice / 8 % 5]);
        let observed = match dice / 40 % 12 {
            0 => intended[..intended.len() - 1 - dice / 480 % 5].to_owned(),
            1 => intended.replacen('l', "1", 1),
            2 => intended.replace('r', "n"),
            _ => intended.clone(),
        };
        Pair { observed, intended, document: n.to_string(), ..Pair::default() }
    };
    let learner = Learner { pairs: (0..1_200).map(voucher).collect(), ..Learner::default() };
    Model::from_bytes(learner.learn().expect("pairs").0).expect("a model")
}

#[test]
fn where_a_rule_says_something_no_entry_takes_the_whole_line() {
    let corrector = Corrector::new(model()).expect("a guard");
    let line = [Line::new("Hazel Tradin")];
    let whole = corrector.worker().correct_document(&line);
    assert_eq!(whole[0].text(), "Hazel Trading Co.");
    assert!(matches!(whole[0].edits()[0].by, By::Memory | By::Entry), "{:?}", whole[0].edits());

    let rules = "[[always]]\nobserved = \"Tradin\"\nintended = \"TRADE\"\nleft = \"^\"\nright = \"$\"";
    let rules = RuleSet::parse(rules, "rules.toml").expect("a rule");
    let ruled = corrector.rules(rules).expect("no conflict").worker().explain_document(&line).remove(0);
    assert!(ruled.correction.text().ends_with(" TRADE"), "{}", ruled.correction.text());
    assert!(ruled.correction.edits().iter().all(|edit| matches!(edit.by, By::Rule(_) | By::Beam)));
    assert!(!ruled.decisions.iter().any(|d| d.verdict == Verdict::PassedOver), "the guard is asked");
}

#[test]
fn nothing_learned_is_as_sure_as_a_rule() {
    let corrector = Corrector::new(model()).expect("a guard");
    for text in ["Haze1 Trading Co.", "Cedan Mills Ltd", "Junipen Works No. 7"] {
        let sure = |edit: &Edit| edit.confidence < 1.0;
        assert!(corrector.worker().correct(text).edits().iter().all(sure), "{text}");
    }
}
