//! What passes the screen, and what does not.

use super::*;

#[test]
fn each_reason_has_its_cases() {
    let long = "every word of this line was read wrong by somebody";
    let cases = [
        // Leave it alone: hard, but one text.
        ("機工株式会社", "ナンシン機工株式会社", None),
        ("ナ", "ナンシン機工株式会社", Some(Reason::LengthRatio)),
        ("シン機工", "ナンシン機工株式会社", None),
        ("tlic qnick brovvn", "the quick brown", None),
        ("1", "l", None),
        ("口", "ロ", None),
        ("カ口ー工業", "力ロー工業", None),
        ("株式会社ABC", "ABC", None),
        ("0O:3l", "00:31", None),
        ("a\u{FFFD}b", "aub", None),
        (long, long, None),
        // Refused.
        ("", "x", Some(Reason::Empty)),
        ("x", " \u{3000}", Some(Reason::Empty)),
        ("aub", "a\u{FFFD}b", Some(Reason::Unreadable)),
        ("aub", "a\0b", Some(Reason::Unreadable)),
        ("lorem", "lorem ipsum dolor sit amet consectetur", Some(Reason::LengthRatio)),
        ("ナンシンキコウ", "Nanshin Kiko", Some(Reason::ScriptChange)),
        ("the quick brown fox jumps", "by fair means or foul, sir", Some(Reason::TooManyEdits)),
    ];
    for (observed, intended, want) in cases {
        let pair = Pair { observed: observed.into(), intended: intended.into(), ..Pair::default() };
        let found = screen(&[pair], &[], &Limits::default());
        assert_eq!(found.refused.first().map(|r| r.1), want, "{observed:?} → {intended:?}");
        assert_eq!(found.kept.is_empty(), want.is_some());
    }
}

#[test]
fn repeats_are_capped_and_counted() {
    let pair = Pair { observed: "a".into(), intended: "b".into(), ..Pair::default() };
    let other = Pair { observed: "a".into(), intended: "a".into(), ..Pair::default() };
    let mut pairs = vec![pair; 5];
    pairs.insert(2, other);
    let limits = Limits { repeats: 3, repeats_share: 0.0, ..Limits::default() };
    let found = screen(&pairs, &[], &limits);
    assert_eq!(found.kept, [0, 1, 2, 3]);
    assert_eq!(found.refused, [(4, Reason::Repeat), (5, Reason::Repeat)]);
    assert_eq!(found.tally.to_string(), "refused 2 of 6: repeat 2");
    let share = Limits { repeats: 1, repeats_share: 0.5, ..Limits::default() };
    assert_eq!(screen(&pairs, &[], &share).kept, [0, 1, 2, 3]);
}
