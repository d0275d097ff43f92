//! What misreadings do to a text, in a few kinds: documents differ in these more than in anything else.

/// What a misreading does to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Slip {
    /// Letters or digits become others.
    Letters,
    /// Capitals become small or small ones capital.
    Case,
    /// Marks appear.
    MarkAdded,
    /// Marks become others, or go.
    Marks,
    /// A space appears.
    Split,
    /// A space goes.
    Join,
    /// A hyphen and a space appear: the end of a line.
    Break,
    /// A token appears, or a piece of one.
    Stray,
}

impl Slip {
    /// How many there are.
    pub const COUNT: usize = 8;

    /// What reading `intended` as `observed` does.
    pub fn of(observed: &str, intended: &str) -> Self {
        let spaces = |text: &str| text.chars().filter(|c| c.is_whitespace()).count();
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let marks = |text: &str| text.chars().filter(|c| !c.is_alphanumeric() && !c.is_whitespace()).count();
        if spaces(observed) > spaces(intended) {
            return if !intended.is_empty() || observed.trim().is_empty() {
                Self::Split
            } else if observed.ends_with(' ') && observed.trim_end().ends_with(['-', '¬', '=']) {
                Self::Break
            } else {
                Self::Stray
            };
        }
        if spaces(observed) < spaces(intended) {
            return Self::Join;
        }
        let (from, to) = (letters(intended), letters(observed));
        match () {
            () if from == to && marks(observed) > marks(intended) => Self::MarkAdded,
            () if from == to => Self::Marks,
            () if from.to_lowercase() == to.to_lowercase() => Self::Case,
            () => Self::Letters,
        }
    }

    /// Its number.
    pub fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_by_example() {
        let cases = [
            ("b", "h", Slip::Letters),
            ("rn", "m", Slip::Letters),
            ("l.", "h", Slip::Letters),
            ("C", "c", Slip::Case),
            ("'", "", Slip::MarkAdded),
            ("a.", "a", Slip::MarkAdded),
            (",", ".", Slip::Marks),
            ("", "-", Slip::Marks),
            (" ", "", Slip::Split),
            ("i n", "m", Slip::Split),
            ("", " ", Slip::Join),
            ("-", " ", Slip::Join),
            ("- ", "", Slip::Break),
            (" a", "", Slip::Stray),
            ("- a", "", Slip::Stray),
        ];
        for (observed, intended, slip) in cases {
            assert_eq!(Slip::of(observed, intended), slip, "{intended} read as {observed}");
        }
    }
}
