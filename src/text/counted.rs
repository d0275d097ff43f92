//! What the language model counts a text as: quotes curly, and digits as zeros.
//!
//! That there is a number, and of what shape, is language; which digits are in it is not. W68 5RP teaches of every
//! postcode that a digit begins its second half.

use super::curly;

/// The digit that a digit is counted as; `None` for what is none. Width is no matter of which digit it is.
pub fn digit_class(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some('0'),
        '０'..='９' => Some('０'),
        _ => None,
    }
}

/// The text as the language model counts it.
pub fn as_counted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut gap = true;
    for c in text.chars() {
        match curly(c.encode_utf8(&mut [0; 4]), gap) {
            Some(quote) => out.push_str(quote),
            None => out.push(digit_class(c).unwrap_or(c)),
        }
        gap = c.is_whitespace();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_quotes_turn_to_where_they_stand() {
        assert_eq!(as_counted("'Tis \"so\", isn't it"), "‘Tis “so”, isn’t it");
    }

    #[test]
    fn digits_are_zeros_of_their_width() {
        assert_eq!(as_counted("W68 5RP, １２号, ½"), "W00 0RP, ００号, ½");
    }
}
