//! Parts of a section one after the other, with their lengths in front.

use zerocopy::little_endian::U64;
use zerocopy::{FromBytes, IntoBytes};

/// `parts` as one run of bytes: the lengths (64 bits each), then the parts.
pub(super) fn frame(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.iter().map(|p| p.len() + 8).sum());
    for part in parts {
        bytes.extend_from_slice(U64::new(part.len() as u64).as_bytes());
    }
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}

/// The `N` parts of what [`frame`] wrote; `None` where the lengths do not add up.
pub(super) fn parts<const N: usize>(bytes: &[u8]) -> Option<[&[u8]; N]> {
    let (lengths, mut rest) = <[U64]>::ref_from_prefix_with_elems(bytes, N).ok()?;
    let mut found: [&[u8]; N] = [&[]; N];
    for (part, length) in found.iter_mut().zip(lengths) {
        (*part, rest) = rest.split_at_checked(usize::try_from(length.get()).ok()?)?;
    }
    rest.is_empty().then_some(found)
}

/// A part as numbers or records of fixed size; a part that is no whole number of them reads as empty.
pub(super) fn array<T: FromBytes + zerocopy::Immutable + zerocopy::Unaligned + zerocopy::KnownLayout>(
    bytes: &[u8],
) -> &[T] {
    <[T]>::ref_from_bytes(bytes).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back_and_wrong_lengths_do_not() {
        let bytes = frame(&[b"ab", b"", b"c"]);
        assert_eq!(parts::<3>(&bytes), Some([&b"ab"[..], b"", b"c"]));
        for cut in 0..bytes.len() {
            assert_eq!(parts::<3>(&bytes[..cut]), None, "cut at {cut}");
        }
        assert_eq!(parts::<2>(&bytes), None);
    }
}
