use proptest::prelude::*;

use super::*;

fn rules(text: &str) -> RuleSet {
    RuleSet::parse(text, "r.toml").unwrap()
}

fn forced(rules: &RuleSet, text: &str, kind: Option<&str>) -> String {
    let mut made = String::new();
    let mut at = 0;
    for f in rules.forced(text, kind) {
        made += &text[at..f.span.start()];
        made += f.intended;
        at = f.span.end();
    }
    made + &text[at..]
}

#[test]
fn always_is_leftmost_and_longest_and_heeds_protect() {
    let set = rules(
        r#"
        [[always]]
        observed = "rn"
        intended = "m"
        [[always]]
        observed = "rnp"
        intended = "nq"
        [[always]]
        observed = "vv"
        intended = "w"
        left = "^"
        [[always]]
        observed = "0"
        intended = "O"
        kind = "name"
        [[protect]]
        word = "corner"
        [[protect]]
        pattern = "B*n?"
        "#,
    );
    for (text, kind, want) in [
        ("cornmon", None, "common"),
        ("arnprn", None, "anqm"),
        ("vvas savvy", None, "was savvy"),
        ("corner corners", None, "corner comers"),
        ("(Barns, barns)", None, "(Barns, bams)"),
        ("0tto", None, "0tto"),
        ("0tto", Some("name"), "Otto"),
        // A mark makes another letter of the n.
        ("rn\u{301}", None, "rn\u{301}"),
        ("", None, ""),
    ] {
        assert_eq!(forced(&set, text, kind), want, "{text}");
    }
}

#[test]
fn never_is_found_in_edits_of_any_width() {
    let set = rules(
        r#"
        [[never]]
        observed = "0"
        intended = "o"
        [[never]]
        observed = "Cheetham"
        intended = "*"
        [[never]]
        observed = "*"
        intended = "—"
        [[never]]
        observed = "he"
        intended = "be"
        left = "^"
        right = "$"
        "#,
    );
    for (text, start, end, intended, want) in [
        ("w0rld", 1, 2, "o", Some("never 0 → o")),
        ("W0rId", 0, 5, "World", Some("never 0 → o")),
        ("w0rld", 1, 2, "a", None),
        ("W0rId", 4, 5, "d", None),
        ("Mr Cheetham said", 6, 7, "", Some("never Cheetham → *")),
        ("Mr Cheetham said", 2, 3, "", None),
        ("a - b", 2, 3, "—", Some("never * → —")),
        ("a - b", 2, 3, "–", None),
        ("if he is", 3, 4, "b", Some("never ^he$ → be")),
        ("if he is", 0, 8, "if be is", Some("never ^he$ → be")),
        ("the", 1, 2, "b", None),
        ("a — b — c", 0, 1, "d", None),
    ] {
        let span = Span::new(text, start, end).unwrap();
        assert_eq!(set.forbids(text, span, intended, None), want, "{text} {intended}");
    }
}

#[test]
fn never_covers_what_is_put_in_and_taken_out() {
    let set = rules(
        "[[never]]\nobserved=\"Mr\"\nintended=\"Mr.\"\n[[never]]\nobserved=\"-\"\nintended=\"\"\n[[never]]\nobserved=\"\"\nintended=\"!\"",
    );
    for (text, start, end, intended, want) in [
        ("Mr X", 2, 2, ".", Some("never Mr → Mr.")),
        ("Dr X", 2, 2, ".", None),
        ("a-b", 1, 2, "", Some("never - → ∅")),
        ("a-b", 1, 2, "+", None),
        ("so", 2, 2, "!", Some("never ∅ → !")),
    ] {
        let span = Span::new(text, start, end).unwrap();
        assert_eq!(set.forbids(text, span, intended, None), want, "{text} {intended}");
    }
}

#[test]
fn never_is_found_far_inside_a_long_line() {
    let set = rules("[[never]]\nobserved=\"Ömer\"\nintended=\"*\"\nleft=\"Mr \"");
    for (name, want) in [("Mr Ömer", true), ("Ms Ömer", false)] {
        let text = format!("{}{name}{}", "é ".repeat(200), " ü".repeat(200));
        let at = text.find("mer").unwrap();
        assert_eq!(set.forbids(&text, Span::new(&text, at, at + 1).unwrap(), "n", None).is_some(), want);
    }
}

#[test]
fn protection_covers_every_touch() {
    let set = rules(
        "[[protect]]\nword=\"Acme Ltd\"\n[[protect]]\npattern=\"AB-[0-9][0-9]\"\n[[protect]]\nword=\"x\"\nkind=\"code\"",
    );
    for (text, start, end, kind, want) in [
        ("by Acme Ltd now", 4, 5, None, Some("protect Acme Ltd")),
        ("by Acme Ltd now", 7, 8, None, Some("protect Acme Ltd")),
        ("by Acme Ltd now", 11, 11, None, Some("protect Acme Ltd")),
        ("by Acme Ltd now", 11, 12, None, None),
        ("by Acme Ltds", 4, 5, None, None),
        ("no (AB-12), so", 6, 7, None, Some("protect AB-[0-9][0-9]")),
        ("no (AB-12), so", 3, 4, None, None),
        ("no (AB-12), so", 9, 10, None, None),
        ("no <AB-12> so", 5, 6, None, Some("protect AB-[0-9][0-9]")),
        ("no AB-1x so", 4, 5, None, None),
        ("x", 0, 1, None, None),
        ("x", 0, 1, Some("code"), Some("protect x")),
    ] {
        let span = Span::new(text, start, end).unwrap();
        assert_eq!(set.protected(text, span, kind), want, "{text} {start}..{end}");
    }
}

#[test]
fn bytes_come_back_and_damage_is_harmless() {
    let set = rules(
        "[[always]]\nobserved=\"a\"\nintended=\"b\"\n[[never]]\nobserved=\"c\"\nintended=\"*\"\n[[protect]]\npattern=\"d*\"",
    );
    let bytes = set.to_bytes();
    let again = RuleSet::from_bytes(&bytes);
    assert_eq!(again.names().collect::<Vec<_>>(), set.names().collect::<Vec<_>>());
    assert_eq!(forced(&again, "a d.a", None), "b d.a");
    for at in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] = 0xFF;
        for rules in [RuleSet::from_bytes(&bad), RuleSet::from_bytes(&bytes[..at])] {
            let _ = forced(&rules, "a d.a c", None);
            let _ = rules.forbids("c", Span::new("c", 0, 1).unwrap(), "d", None);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_forced_is_never_forced_again(text in "[abcn m\u{301}é]{0,16}") {
        let set = rules(
            "[[always]]\nobserved=\"m\"\nintended=\"nn\"\nleft=\"a\"\n[[always]]\nobserved=\"cb\"\nintended=\"é\"\nright=\"$\"\n[[protect]]\nword=\"am\"",
        );
        let once = forced(&set, &text, None);
        prop_assert_eq!(forced(&set, &once, None), once);
    }

    #[test]
    fn any_edit_can_be_asked_about(text in "[ab é]{0,8}", intended in "[ab é]{0,4}", at in 0usize..10, to in 0usize..10) {
        let set = rules("[[never]]\nobserved=\"a\"\nintended=\"b\"\n[[never]]\nobserved=\"*\"\nintended=\"é\"\n[[protect]]\npattern=\"b?\"");
        if let Some(span) = Span::new(&text, at, to.max(at)) {
            let _ = set.protected(&text, span, None);
            let _ = set.forbids(&text, span, &intended, None);
        }
    }
}
