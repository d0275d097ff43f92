//! A checked reader of the fst crate's map format, version 3.
//!
//! The fst crate writes the maps; its own reader indexes bytes unchecked by any bound of ours and panics on
//! damaged ones, which a model file in use must not. This one reads the same nodes with checked arithmetic:
//! what points outside, or not backwards, reads as absent. Layout (fst 0.4, `raw/node.rs`): a node is written
//! before what points to it, and is read from its last byte, the state, downwards.

/// Address of the node without transitions, where a word ends with nothing more to output.
const EMPTY_FINAL: usize = 0;
/// Bytes behind the nodes: length u64, root u64, checksum u32.
const FOOT: usize = 20;
/// More transitions than this have a table of 256 places.
const TABLE_FROM: usize = 32;

/// The inputs that a state byte can name, by number less one.
const COMMON: &[u8; 63] = b"te/oasripcnw.hlm-du012g=:bf3y5&_4v9678k%?xCDASFIBEjPTzRNM+LOqHG";

/// A view of an fst map's bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordList<'a> {
    bytes: &'a [u8],
    root: usize,
}

/// What leaves a node by one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Transition {
    pub(crate) byte: u8,
    pub(crate) output: u64,
    pub(crate) to: usize,
}

impl<'a> WordList<'a> {
    /// The map of `bytes`, or `None` if head and foot are none of an fst map of version 3.
    pub(crate) fn new(bytes: &'a [u8]) -> Option<Self> {
        let version = number(bytes, 0, 8)?;
        let foot = bytes.len().checked_sub(FOOT)?;
        let root = usize::try_from(number(bytes, foot + 8, 8)?).ok()?;
        (version == 3 && root < foot).then_some(Self { bytes, root })
    }

    pub(crate) fn root(&self) -> usize {
        self.root
    }

    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// What ends at the node at `address` outputs, if a word ends there.
    pub(crate) fn final_output(&self, address: usize) -> Option<u64> {
        match self.node(address)? {
            Node::End => Some(0),
            Node::One(_) => None,
            Node::Any(node) => node.final_output(self.bytes),
        }
    }

    /// What leaves the node at `address` by `byte`.
    pub(crate) fn transition(&self, address: usize, byte: u8) -> Option<Transition> {
        let found = match self.node(address)? {
            Node::End => None,
            Node::One(only) => Some(only).filter(|t| t.byte == byte),
            Node::Any(node) => node.transition(self.bytes, node.find(self.bytes, byte)?),
        };
        found.filter(|t| t.to < address)
    }

    /// All that leaves the node at `address`, by rising byte.
    pub(crate) fn transitions(&self, address: usize) -> impl Iterator<Item = Transition> + '_ {
        let node = self.node(address);
        let many = match node {
            None | Some(Node::End) => 0,
            Some(Node::One(_)) => 1,
            Some(Node::Any(node)) => node.len,
        };
        let nth = move |i| match node? {
            Node::End => None,
            Node::One(only) => Some(only),
            Node::Any(node) => node.transition(self.bytes, i),
        };
        (0..many).filter_map(nth).filter(move |t| t.to < address)
    }

    fn node(&self, address: usize) -> Option<Node> {
        if address == EMPTY_FINAL {
            return Some(Node::End);
        }
        let state = *self.bytes.get(address)?;
        match state >> 6 {
            0b11 => {
                let (byte, below) = self.input(state, address)?;
                Some(Node::One(Transition { byte, output: 0, to: below.checked_sub(1)? }))
            }
            0b10 => {
                let (byte, below) = self.input(state, address)?;
                let at_sizes = below.checked_sub(1)?;
                let (to_size, output_size) = sizes(*self.bytes.get(at_sizes)?);
                let at_to = at_sizes.checked_sub(to_size)?;
                let end = at_to.checked_sub(output_size)?;
                let output = number(self.bytes, end, output_size)?;
                let to = target(number(self.bytes, at_to, to_size)?, end)?;
                Some(Node::One(Transition { byte, output, to }))
            }
            _ => Many::read(self.bytes, state, address).map(Node::Any),
        }
    }

    /// The only input of a node, and where it ends downwards.
    fn input(&self, state: u8, address: usize) -> Option<(u8, usize)> {
        match usize::from(state & 0b11_1111).checked_sub(1) {
            Some(common) => Some((*COMMON.get(common)?, address)),
            None => {
                let at = address.checked_sub(1)?;
                Some((*self.bytes.get(at)?, at))
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Node {
    End,
    One(Transition),
    Any(Many),
}

/// Where the parts of a node with any number of transitions lie. All run backwards: the first is the last.
#[derive(Clone, Copy)]
struct Many {
    len: usize,
    is_final: bool,
    table: Option<usize>,
    inputs: usize,
    targets: usize,
    target_size: usize,
    outputs: usize,
    output_size: usize,
    end: usize,
}

impl Many {
    fn read(bytes: &[u8], state: u8, address: usize) -> Option<Self> {
        let (len, below) = match usize::from(state & 0b11_1111) {
            0 => {
                let at = address.checked_sub(1)?;
                let len = usize::from(*bytes.get(at)?);
                // One transition would stand in the state byte, so 1 means 256.
                (if len == 1 { 256 } else { len }, at)
            }
            len => (len, address),
        };
        let at_sizes = below.checked_sub(1)?;
        let (target_size, output_size) = sizes(*bytes.get(at_sizes)?);
        let table = if len > TABLE_FROM { Some(at_sizes.checked_sub(256)?) } else { None };
        let inputs = table.unwrap_or(at_sizes).checked_sub(len)?;
        let targets = inputs.checked_sub(len * target_size)?;
        let outputs = targets.checked_sub(len * output_size)?;
        let is_final = state & 0b0100_0000 != 0;
        let end = outputs.checked_sub(if is_final { output_size } else { 0 })?;
        Some(Self { len, is_final, table, inputs, targets, target_size, outputs, output_size, end })
    }

    fn find(&self, bytes: &[u8], byte: u8) -> Option<usize> {
        if let Some(table) = self.table {
            let place = usize::from(*bytes.get(table + usize::from(byte))?);
            return (place < self.len).then_some(place);
        }
        let inputs = bytes.get(self.inputs..self.inputs + self.len)?;
        inputs.iter().position(|&b| b == byte).map(|i| self.len - 1 - i)
    }

    fn transition(&self, bytes: &[u8], i: usize) -> Option<Transition> {
        let back = self.len.checked_sub(i + 1)?;
        let output = number(bytes, self.outputs + back * self.output_size, self.output_size)?;
        let delta = number(bytes, self.targets + back * self.target_size, self.target_size)?;
        Some(Transition { byte: *bytes.get(self.inputs + back)?, output, to: target(delta, self.end)? })
    }

    fn final_output(&self, bytes: &[u8]) -> Option<u64> {
        if self.is_final { number(bytes, self.end, self.output_size) } else { None }
    }
}

fn sizes(byte: u8) -> (usize, usize) {
    (usize::from(byte >> 4).min(8), usize::from(byte & 0b1111).min(8))
}

fn target(delta: u64, end: usize) -> Option<usize> {
    if delta == 0 { Some(EMPTY_FINAL) } else { end.checked_sub(usize::try_from(delta).ok()?) }
}

/// The little-endian number of `size` bytes at `at`.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(size)?)?;
    Some(bytes.iter().rev().fold(0, |n, &b| (n << 8) | u64::from(b)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn get(list: &WordList<'_>, word: &[u8]) -> Option<u64> {
        let mut sum = 0;
        let mut at = list.root();
        for &byte in word {
            let transition = list.transition(at, byte)?;
            sum += transition.output;
            at = transition.to;
        }
        Some(sum + list.final_output(at)?)
    }

    fn all(list: &WordList<'_>, at: usize, word: &mut Vec<u8>, sum: u64, into: &mut Vec<(Vec<u8>, u64)>) {
        if let Some(end) = list.final_output(at) {
            into.push((word.clone(), sum + end));
        }
        for t in list.transitions(at) {
            word.push(t.byte);
            all(list, t.to, word, sum + t.output, into);
            word.pop();
        }
    }

    fn written(words: &std::collections::BTreeMap<Vec<u8>, u64>) -> Vec<u8> {
        let mut builder = fst::MapBuilder::memory();
        for (word, &output) in words {
            builder.insert(word, output).unwrap();
        }
        builder.into_inner().unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn reads_what_fst_wrote(
            words in prop::collection::btree_map(
                prop::collection::vec(prop_oneof![97_u8..101, any::<u8>()], 0..5), any::<u32>().prop_map(u64::from), 0..400),
            others in prop::collection::vec(prop::collection::vec(97_u8..101, 0..5), 20),
        ) {
            let bytes = written(&words);
            let list = WordList::new(&bytes).unwrap();
            let mut found = Vec::new();
            all(&list, list.root(), &mut Vec::new(), 0, &mut found);
            prop_assert_eq!(found, words.clone().into_iter().collect::<Vec<_>>());
            let map = fst::Map::new(&bytes).unwrap();
            for word in words.keys().chain(&others) {
                prop_assert_eq!(get(&list, word), map.get(word));
            }
        }
    }

    #[test]
    fn every_byte_is_an_input() {
        let words = (0..=255).map(|b: u8| (vec![b, b], u64::from(b) * 300)).collect();
        let bytes = written(&words);
        let list = WordList::new(&bytes).unwrap();
        for (word, output) in words {
            assert_eq!(get(&list, &word), Some(output));
        }
    }
}
