use super::*;

fn said(text: &str) -> String {
    RuleSet::parse(text, "r.toml")
        .map_or_else(|e| e.to_string(), |r| r.names().collect::<Vec<_>>().join("; "))
}

#[test]
fn rules_are_read() {
    let text = r#"
        [[always]]
        observed = "tbe"
        intended = "the"
        left = "^"
        right = "$"
        note = "h is broken in this type"
        [[always]]
        observed = "m"
        intended = "nn"
        left = "a"
        kind = "name"
        [[never]]
        observed = "Giffard"
        intended = "*"
        [[protect]]
        word = "Acme Ltd"
        [[protect]]
        pattern = "AB-[0-9]*"
    "#;
    assert_eq!(
        said(text),
        "always ^tbe$ → the; always m → nn after a; never Giffard → *; protect Acme Ltd; protect AB-[0-9]*"
    );
    assert_eq!(said(""), "");
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (text, want) in [
        ("[[always]]\nobserved = \"a\"\n", "r.toml:1: missing field `intended`"),
        ("[[always]]\nobserved = a\n", "r.toml:2: "),
        ("\n[[alway]]\nobserved = \"a\"\n", "r.toml:2: unknown field `alway`"),
        ("[[always]]\nobserved = \"a\"\nintended = \"a\"", "r.toml:2: observed and intended are the same"),
        ("[[always]]\nobserved = \"\"\nintended = \"a\"", "r.toml:2: observed is empty"),
        (
            "[[always]]\nobserved = \"*\"\nintended = \"a\"",
            "r.toml:2: \"*\" means anything only in [[never]]",
        ),
        ("[[never]]\nobserved = \"*\"\nintended = \"*\"", "r.toml:2: this forbids every change"),
        ("[[protect]]\npattern = \"[a\"", "r.toml:2: a [ without its ]"),
        ("[[protect]]\nword = \"a\"\npattern = \"b\"", "r.toml:2: word and pattern in one"),
        ("[[always]]\nobserved = \"a\\nb\"\nintended = \"a\"", "r.toml:2: a line break in a rule"),
        ("[[always]]\nobserved = 3\nintended = \"a\"", "r.toml:2: invalid type: integer `3`"),
    ] {
        let got = said(text);
        assert!(got.starts_with(want), "{text}\ngot  {got}\nwant {want}");
    }
}

#[test]
fn rules_that_fight_are_refused_by_name_and_line() {
    let two = |a: (&str, &str), b: (&str, &str)| {
        format!(
            "[[always]]\nobserved = {:?}\nintended = {:?}\n[[always]]\nobserved = {:?}\nintended = {:?}\n",
            a.0, a.1, b.0, b.1
        )
    };
    for (text, want) in [
        (two(("a", "b"), ("b", "a")), "r.toml:5: always b → a undoes always a → b (r.toml:2): remove one"),
        (
            two(("a", "b"), ("b", "c")),
            "r.toml:5: always b → c goes on with what always a → b (r.toml:2) leaves",
        ),
        (
            two(("b", "c"), ("a", "b")),
            "r.toml:2: always b → c goes on with what always a → b (r.toml:5) leaves",
        ),
        (two(("a", "b"), ("a", "c")), "r.toml:5: always a → c contradicts always a → b (r.toml:2)"),
        (
            two(("x", "xy"), ("q", "p")),
            "r.toml:2: always x → xy goes on with what always x → xy (r.toml:2) leaves",
        ),
        (
            "[[always]]\nobserved=\"a\"\nintended=\"b\"\n[[never]]\nobserved=\"*\"\nintended=\"b\""
                .to_owned(),
            "r.toml:5: never * → b contradicts always a → b (r.toml:2)",
        ),
        (
            "[[always]]\nobserved=\"a\"\nintended=\"b\"\n[[protect]]\nword=\"a\"".to_owned(),
            "r.toml:5: protect a contradicts always a → b (r.toml:2)",
        ),
    ] {
        let got = said(&text);
        assert!(got.starts_with(want), "got  {got}\nwant {want}");
    }
    let apart = "[[always]]\nobserved=\"a\"\nintended=\"b\"\nkind=\"x\"\n[[always]]\nobserved=\"b\"\nintended=\"a\"\nkind=\"y\"";
    assert_eq!(said(apart), "always a → b; always b → a");
}

#[test]
fn merging_checks_again_and_keeps_one_of_the_same() {
    let parse = |o: &str, i: &str, file: &str| {
        RuleSet::parse(&format!("[[always]]\nobserved={o:?}\nintended={i:?}"), file).unwrap()
    };
    let both = parse("a", "b", "one").merge(parse("a", "b", "two")).unwrap();
    assert_eq!(both.len(), 1);
    let error = parse("a", "b", "one").merge(parse("b", "a", "two")).unwrap_err();
    assert!(error.to_string().starts_with("two:2: always b → a undoes always a → b (one:2)"), "{error}");
    let stored = RuleSet::from_bytes(&parse("a", "b", "one").to_bytes());
    let error = stored.merge(parse("b", "a", "two")).unwrap_err();
    assert!(error.to_string().contains("always a → b (in the model)"), "{error}");
}
