//! What a symbol looks like from afar: enough to say where misreadings fall without naming every letter.

use crate::counts::{Alphabet, Segment, Symbol};

/// The shape of a symbol, or that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Shape {
    Edge,
    Space,
    Letter,
    Capital,
    Digit,
    Mark,
}

const SHAPES: u8 = 6;

/// The shapes of two symbols that stand beside a place, numbered.
pub(crate) type Sides = u8;

/// How many sides there are.
pub(crate) const SIDES: usize = (SHAPES * SHAPES) as usize;

/// The shapes of a segment's symbols, in one number; 0 for nothing.
pub(crate) type Form = u8;

const _: () =
    assert!(Segment::MOST == 3 && 5 * 36 + 5 * 6 + 5 <= u8::MAX as u32, "three shapes fit in a form");

/// The shape of each symbol of an alphabet, looked up once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shapes {
    shapes: Vec<Shape>,
}

impl Shapes {
    pub(crate) fn new(alphabet: &Alphabet) -> Self {
        let all = (0..alphabet.len()).map(|s| alphabet.grapheme(Symbol::try_from(s).unwrap_or(0)));
        Self { shapes: all.map(shape).collect() }
    }

    fn of(&self, symbol: Option<&Symbol>) -> Shape {
        let known = |symbol: &Symbol| self.shapes.get(usize::from(*symbol)).copied().unwrap_or(Shape::Mark);
        symbol.map_or(Shape::Edge, known)
    }

    /// The sides of the stretch `from..to` of a line.
    #[inline]
    pub(crate) fn sides(&self, line: &[Symbol], from: usize, to: usize) -> Sides {
        let left = from.checked_sub(1).and_then(|at| line.get(at));
        self.of(left) as u8 * SHAPES + self.of(line.get(to)) as u8
    }

    /// The form of a segment.
    pub(crate) fn form(&self, segment: Segment) -> Form {
        segment
            .symbols()
            .iter()
            .fold(0, |form: Form, s| form.wrapping_mul(SHAPES).wrapping_add(self.of(Some(s)) as u8))
    }

    /// Whether a symbol is neither letter, digit nor space.
    pub(crate) fn is_mark(&self, symbol: Symbol) -> bool {
        self.of(Some(&symbol)) == Shape::Mark
    }
}

fn shape(grapheme: &str) -> Shape {
    match grapheme.chars().next() {
        Some(c) if c.is_whitespace() => Shape::Space,
        Some(c) if c.is_uppercase() => Shape::Capital,
        Some(c) if c.is_alphabetic() => Shape::Letter,
        Some(c) if c.is_numeric() => Shape::Digit,
        _ => Shape::Mark,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn sides_and_forms_tell_shapes_apart() {
        let seen: BTreeMap<Box<str>, u64> =
            "aB1 .東".chars().map(|c| (c.to_string().into_boxed_str(), 1)).collect();
        let alphabet = Alphabet::from_counts(&seen, 1);
        let shapes = Shapes::new(&alphabet);
        let line: Vec<Symbol> = ["a", "B", "1", " ", "."].map(|g| alphabet.symbol(g)).to_vec();
        let sides: Vec<Sides> = (0..=5).map(|at| shapes.sides(&line, at, at)).collect();
        assert_eq!(sides, [2, 15, 22, 25, 11, 30]);
        assert_eq!(shapes.sides(&line, 1, 4), 2 * 6 + 5);
        let form = |text: &[&str]| {
            let symbols: Vec<Symbol> = text.iter().map(|g| alphabet.symbol(g)).collect();
            shapes.form(Segment::new(&symbols).unwrap())
        };
        assert_eq!((form(&[]), form(&["a"]), form(&["東"]), form(&["B"])), (0, 2, 2, 3));
        assert_ne!(form(&["a", " "]), form(&[" ", "a"]));
    }
}
