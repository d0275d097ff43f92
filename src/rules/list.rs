//! The listing of `amend rules list`.

use std::fmt::Write as _;

use super::mined::Rules;
use super::rule::{Rule, Shown};
use super::set::RuleSet;

/// The rules as a table, one a line under a line of headings: hand-written ones first, then mined ones by falling
/// support (then precision, then pattern). Columns: rule, context, support, precision in %, an example; two spaces
/// or more apart. At most `most` mined rules; the last line then says how many more there are.
pub fn listing<B: AsRef<[u8]>>(hand: &RuleSet, mined: &Rules<B>, most: usize) -> String {
    let mut rows = vec![["rule", "context", "support", "precision", "example"].map(str::to_owned)];
    rows.extend(
        hand.names()
            .map(|n| [n.to_owned(), "by hand".to_owned(), String::new(), String::new(), String::new()]),
    );
    let mut rules: Vec<Rule<'_>> = mined.iter().collect();
    let precise = |a: &Rule<'_>, b: &Rule<'_>| u64::from(a.support) * u64::from(b.occurrences);
    rules.sort_by(|a, b| {
        b.support.cmp(&a.support).then(precise(b, a).cmp(&precise(a, b))).then(a.pattern.cmp(&b.pattern))
    });
    rows.extend(rules.iter().take(most).map(row));
    let width =
        |column: usize| rows.iter().filter_map(|r| r.get(column)).map(|c| columns(c)).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2), width(3), 0];
    let mut out = String::new();
    for row in &rows {
        let mut line = String::new();
        for (at, (cell, width)) in row.iter().zip(widths).enumerate() {
            let pad = " ".repeat(width.saturating_sub(columns(cell)));
            // Numbers end in one column, words begin in one.
            line += &if at == 2 || at == 3 { format!("{pad}{cell}  ") } else { format!("{cell}{pad}  ") };
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    if rules.len() > most {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "… and {} more", rules.len() - most);
    }
    out
}

fn row(rule: &Rule<'_>) -> [String; 5] {
    let (observed, intended) = rule.example;
    let example = if observed.is_empty() {
        String::new()
    } else {
        format!("{} → {}", Shown(observed), Shown(intended))
    };
    let pattern = rule.pattern;
    [
        format!("{} → {}", Shown(pattern.observed), Shown(pattern.intended)),
        pattern.context(),
        rule.support.to_string(),
        format!("{:.1} %", 100.0 * rule.precision()),
        example,
    ]
}

/// Columns on a terminal: wide scripts take two, marks none.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '\u{300}'..='\u{36F}' | '\u{3099}' | '\u{309A}' => 0,
            '\u{1100}'..='\u{115F}'
            | '\u{2E80}'..='\u{A4CF}'
            | '\u{AC00}'..='\u{D7A3}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FF00}'..='\u{FF60}'
            | '\u{20000}'..='\u{3FFFF}' => 2,
            _ => 1,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::rule::{Pattern, Side};

    #[test]
    fn the_table_is_sorted_and_aligned() {
        let rule = |observed, intended, left, support, occurrences, example| Rule {
            pattern: Pattern { observed, intended, left, right: Side::Any },
            support,
            occurrences,
            example,
        };
        let mined = Rules::pack(&[
            rule("m", "nn", Side::Text("a"), 8, 16, ("amual", "annual")),
            rule("b", "h", Side::Any, 120, 1000, ("tbe", "the")),
            rule("口", "ロ", Side::Edge, 8, 8, ("", "")),
        ]);
        let hand = RuleSet::parse("[[never]]\nobserved=\"a\"\nintended=\"*\"", "r").unwrap();
        let got = listing(&hand, &mined, 10);
        let expected = [
            "rule         context   support  precision  example",
            "never a → *  by hand",
            "b → h        anywhere      120     12.0 %  tbe → the",
            "口 → ロ      after ^         8    100.0 %",
            "m → nn       after a         8     50.0 %  amual → annual",
        ];
        assert_eq!(got.lines().collect::<Vec<_>>(), expected);
        assert!(listing(&hand, &mined, 1).ends_with("… and 2 more\n"));
    }
}
