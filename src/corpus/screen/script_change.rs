//! Sides written in different scripts: a translation, a transliteration, or a line read with the wrong model.

use crate::corpus::Pair;

/// Fewer letters than this on a side say nothing: Latin I and Cyrillic І, Greek ν and Latin v are misread
/// for one another.
const LETTERS: u32 = 3;

pub(super) fn applies(pair: &Pair) -> bool {
    let (observed, a) = scripts(&pair.observed);
    let (intended, b) = scripts(&pair.intended);
    a >= LETTERS && b >= LETTERS && observed & intended == 0
}

/// The scripts of a text as a set of bits, and how many letters it has.
fn scripts(text: &str) -> (u16, u32) {
    let letters = text.chars().filter_map(script);
    letters.fold((0, 0), |(set, count), bit| (set | 1 << bit, count + 1))
}

/// Scripts whose letters are taken for one another (Kana and Han: カ 力, ロ 口) are one here.
fn script(c: char) -> Option<u8> {
    if !c.is_alphabetic() {
        return None;
    }
    Some(match u32::from(c) {
        0..=0x2AF | 0x1E00..=0x1EFF | 0x2C60..=0x2C7F | 0xA720..=0xA7FF | 0xFB00..=0xFB06 => 0,
        0xFF21..=0xFF5A => 0,
        0x370..=0x3FF | 0x1F00..=0x1FFF => 1,
        0x400..=0x52F => 2,
        0x590..=0x5FF => 3,
        0x600..=0x77F => 4,
        0x900..=0xDFF => 5,
        0xE00..=0xEFF => 6,
        0x1100..=0x11FF | 0xAC00..=0xD7AF => 7,
        0x2E80..=0x33FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0xFF66..=0xFF9D | 0x20000..=0x3FFFF => 8,
        _ => 9,
    })
}
