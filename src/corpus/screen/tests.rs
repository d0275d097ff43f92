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

/// Rows that say so of many documents: (observed, intended, how many, of how many documents).
fn corpus(rows: &[(&str, &str, usize, usize)]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (at, &(observed, intended, times, documents)) in rows.iter().enumerate() {
        for k in 0..times {
            // A number that no two rows share, or they would be repeats.
            pairs.push(Pair {
                observed: format!("{observed} {}", pairs.len()),
                intended: format!("{intended} {}", pairs.len()),
                document: format!("{at}:{}", k % documents),
                ..Pair::default()
            });
        }
    }
    pairs
}

type Case = (&'static str, &'static str, usize, usize, usize, Option<Reason>);

#[test]
fn errors_are_told_from_misreadings() {
    use Reason::{OneVoice, TaughtError};
    const ALL: &str = "he is to be at the end of it";
    let text = ["it is said that he is to be at the end of the way\n".repeat(50)];
    // What is taught beside what is left, by so many pairs of so many documents; how many are refused, and why.
    let cases: [Case; 12] = [
        // An error, by many and by one.
        ("he came to the end", "he came to tbe end", 15, 15, 15, Some(TaughtError)),
        ("he came to the end", "he came to tbe end", 40, 1, 40, Some(TaughtError)),
        // Of real words, at a place where only one can stand.
        ("he is to be at it", "be is to be at it", 15, 15, 15, Some(TaughtError)),
        // The misreading of the same word, of a real word as another, and of a word as one nobody knows.
        ("he came to tbe end", "he came to the end", 40, 40, 0, None),
        ("it is to he at the end", "it is to be at the end", 40, 40, 0, None),
        ("he came to Baylcy now", "he came to Bayley now", 15, 15, 0, None),
        // Too few to matter.
        ("he came to the end", "he came to tbe end", 9, 9, 0, None),
        // A habit: nobody leaves the word.
        ("a connection now", "a connexion now", 40, 40, 0, None),
        // Case, marks, numbers and ligatures are habits, too.
        ("he came to the end", "he came to THE end.", 40, 40, 0, None),
        ("the ﬁrst end", "the first end", 40, 40, 0, None),
        // Not against the text, but one voice.
        ("it was a prisoner", "it was a defendant", 50, 1, 30, Some(OneVoice)),
        ("it was a prisoner", "it was a defendant", 50, 3, 0, None),
    ];
    for (observed, intended, times, documents, refused, reason) in cases {
        let pairs = corpus(&[(ALL, ALL, 100, 25), (observed, intended, times, documents)]);
        for texts in [&text[..], &[]] {
            let found = screen(&pairs, texts, &Limits::default());
            let why = found.refused.first().map(|r| r.1);
            assert_eq!(
                (found.refused.len(), why),
                (refused, reason),
                "{observed:?} → {intended:?}: {}",
                found.tally
            );
            assert!(found.refused.iter().all(|(row, _)| *row >= 100), "those who leave it are right");
            assert_eq!(found.tally.substitutions.len(), usize::from(reason.is_some()));
        }
    }
}

#[test]
fn a_lesson_says_who_teaches_what() {
    let pairs = corpus(&[("to the end", "to the end", 30, 30), ("at the way", "at tbe way", 12, 3)]);
    let found = screen(&pairs, &[], &Limits::default());
    let shown = found.tally.substitutions[0].to_string();
    assert_eq!(shown, "taught error: the → tbe, in 12 pairs of 3 documents; left 30 times");
    assert_eq!(found.tally.to_string(), "refused 12 of 42: taught error 12");
}

#[test]
fn a_row_that_slipped_is_known_by_its_neighbours() {
    let row = |observed: &str, intended: &str, document: &str| Pair {
        observed: observed.into(),
        intended: intended.into(),
        document: document.into(),
        ..Pair::default()
    };
    let (a, b, c) = ("paid to Mr. Smith 10s.", "paid to Miss Crane 4s.", "paid to the Union 9s.");
    let refused = |pairs: &[Pair]| screen(pairs, &[], &Limits::default()).refused;
    // Two exchanged, one left.
    let slipped = [(0, Reason::Slipped), (1, Reason::Slipped)];
    assert_eq!(refused(&[row("pald to Mr. Smith 10s.", b, "x"), row(b, a, "x"), row(c, c, "x")]), slipped);
    // Leave it alone: of another document, or a bad reading of what stands there twice.
    assert_eq!(refused(&[row(a, b, "x"), row(b, a, "y")]), []);
    assert_eq!(refused(&[row("pcid fo Mi. ... th l0s,", a, "x"), row(a, a, "x")]), []);
}
