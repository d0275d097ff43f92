//! Scripts that write no spaces between words: what white space parts elsewhere, every grapheme parts there.

/// Whether a grapheme that begins so is of a script that writes no spaces between words, or a mark of such a script.
///
/// By the blocks of Unicode: Han, kana and bopomofo with their punctuation and full-width marks; Thai, Lao, Burmese,
/// Khmer and Tai. Full-width letters and digits are not: they make words as their narrow forms do. Korean writes
/// spaces.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{E00}'..='\u{EFF}'       // Thai, Lao
        | '\u{1000}'..='\u{109F}'   // Burmese
        | '\u{1780}'..='\u{17FF}'   // Khmer
        | '\u{1950}'..='\u{19FF}'   // Tai Le, New Tai Lue, Khmer signs
        | '\u{1A20}'..='\u{1AAF}'   // Tai Tham
        | '\u{2E80}'..='\u{2FFF}'   // radicals
        | '\u{3001}'..='\u{312F}'   // marks, kana, bopomofo; not the wide space
        | '\u{3190}'..='\u{9FFF}'   // kana extensions, signs, Han
        | '\u{A9E0}'..='\u{A9FF}'
        | '\u{AA60}'..='\u{AADF}'   // Burmese, Tai Viet
        | '\u{F900}'..='\u{FAFF}'   // Han
        | '\u{FE30}'..='\u{FE4F}'   // marks of upright lines
        | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}'
        | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF9F}' // full-width marks, half-width kana
        | '\u{1B000}'..='\u{1B16F}' // kana
        | '\u{20000}'..='\u{3FFFF}' // Han
    )
}

/// Whether a grapheme that begins so is a Han character or one of their signs: of these there are thousands.
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{2FDF}'     // radicals
        | '\u{3005}'..='\u{3007}'   // repetition, closure, zero
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_by_example() {
        for c in "口ロろが。〒：ｱーกកမ𠮷".chars() {
            assert!(is_unspaced(c), "{c}");
        }
        for c in "aé5５Ａ-.“—\u{3000} ж한א".chars() {
            assert!(!is_unspaced(c), "{c}");
        }
        for c in "口々〇龍𠮷".chars() {
            assert!(is_han(c), "{c}");
        }
        for c in "ロろ。ーㄅ한Ａa".chars() {
            assert!(!is_han(c), "{c}");
        }
    }
}
