//! The model file as it should not be: cut, flipped, made up. Never a panic, always an error.

use amend::model::{ModelError, ModelFile, ModelWriter, SectionKind, metadata};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use xxhash_rust::xxh3::xxh3_64;

/// About two kilobytes, with padding before every section.
fn small() -> Vec<u8> {
    let bulk = |length: u32| (0..length).map(|i| (i * 7 % 251) as u8).collect();
    ModelWriter::new()
        .owned_section(SectionKind::Metadata, bulk(301))
        .owned_section(SectionKind::Vocabulary, bulk(1))
        .owned_section(SectionKind::WordNgrams, bulk(1200))
        .owned_section(SectionKind::Events, bulk(40))
        .raw(4321, 1, bulk(77))
        .to_bytes()
}

/// Opens, looks at everything, verifies.
fn use_all(bytes: Vec<u8>) -> Result<(), ModelError> {
    let file = ModelFile::from_bytes(bytes)?;
    for kind in SectionKind::all() {
        if let Some(bytes) = file.section(kind) {
            assert!(bytes.len() as u64 <= file.length());
            assert_eq!(file.share(kind).expect("it is there").as_ref(), bytes);
        }
        let _ = file.decode::<Vec<(String, u64)>>(kind);
    }
    file.verify()
}

/// Writes the header's checksum anew, as somebody would who forges a file.
fn forge(bytes: &mut [u8]) {
    let rows = u32::from_le_bytes(bytes[12..16].try_into().expect("four bytes")) as usize;
    let end = (32 + rows * 32).min(bytes.len());
    bytes[24..32].fill(0);
    let checksum = xxh3_64(&bytes[..end]);
    bytes[24..32].copy_from_slice(&checksum.to_le_bytes());
}

#[test]
fn the_sample_is_whole() {
    use_all(small()).expect("nothing is wrong with it");
    let mut forged = small();
    forge(&mut forged);
    assert_eq!(forged, small(), "the forger knows the format");
}

#[test]
fn cut_at_any_length_it_does_not_open() {
    let bytes = small();
    for length in 0..bytes.len() {
        let error = ModelFile::from_bytes(bytes[..length].to_vec()).expect_err("it is cut");
        assert!(
            matches!(error, ModelError::Truncated { have, .. } if have == length as u64),
            "{length}: {error}"
        );
    }
    let longer = [&bytes[..], b"\0"].concat();
    assert!(matches!(ModelFile::from_bytes(longer), Err(ModelError::TooLong { .. })));
}

#[test]
fn any_changed_byte_is_seen() {
    let bytes = small();
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xFF] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            assert!(use_all(changed).is_err(), "byte {at} xor {flip:#04x}");
        }
    }
}

#[test]
fn padding_has_to_be_zero() {
    let mut bytes = small();
    let at = 32 + 5 * 32;
    assert_eq!((at % 64, bytes[at - 1]), (0, small()[at - 1]), "five rows end on a multiple of 64");
    let end = 192 + 301;
    assert_eq!(bytes[end..512], [0; 19]);
    bytes[end] = 1;
    let error = use_all(bytes).expect_err("it is damaged");
    assert!(matches!(error, ModelError::Padding { at, .. } if at == end as u64), "{error}");
}

#[test]
fn a_forged_table_is_refused() {
    let forged = |row: usize, field: usize, value: &[u8]| {
        let mut bytes = small();
        let at = 32 + row * 32 + field;
        bytes[at..at + value.len()].copy_from_slice(value);
        forge(&mut bytes);
        use_all(bytes)
    };
    for row in 0..5 {
        for (field, name) in [(8, "offset"), (16, "length")] {
            for value in [0_u64, 2, 63, 65, 1 << 31, u64::MAX - 63, u64::MAX] {
                assert!(forged(row, field, &value.to_le_bytes()).is_err(), "{name} of row {row}: {value}");
            }
        }
        // A kind twice, or out of order: that of the row before, that of the row behind.
        let kinds = [10_u32, 30, 40, 110, 4321];
        for other in [row.checked_sub(1), Some(row + 1)] {
            if let Some(kind) = other.and_then(|other| kinds.get(other)) {
                assert!(forged(row, 0, &kind.to_le_bytes()).is_err(), "kind {kind} in row {row}");
            }
        }
        assert!(forged(row, 4, &9_u32.to_le_bytes()).is_err() || row == 4, "version of row {row}");
    }
}

#[test]
fn a_forged_count_is_refused() {
    for count in [0_u32, 1, 4, 6, 60, 1 << 27, u32::MAX] {
        let mut bytes = small();
        bytes[12..16].copy_from_slice(&count.to_le_bytes());
        assert!(use_all(bytes.clone()).is_err(), "{count}");
        forge(&mut bytes);
        assert!(use_all(bytes).is_err(), "{count}, checksum forged");
    }
}

#[test]
fn lengths_in_metadata_are_not_believed() {
    // A string or list that promises 2^60 bytes in nine.
    let mut bytes = vec![253];
    bytes.extend((1_u64 << 60).to_le_bytes());
    assert!(metadata::from_bytes::<String>(&bytes).is_err());
    assert!(metadata::from_bytes::<Vec<u64>>(&bytes).is_err());
    assert!(metadata::from_bytes::<Vec<Vec<String>>>(&bytes).is_err());
    assert!(metadata::from_bytes::<std::collections::BTreeMap<String, f32>>(&bytes).is_err());
}

#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Sample {
    name: String,
    languages: Vec<String>,
    weights: Vec<(String, f32)>,
    threshold: Option<f64>,
    kind: Kind,
}

#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
enum Kind {
    Text,
    Field { lengths: [u8; 4] },
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, rng_seed: RngSeed::Fixed(8), ..ProptestConfig::default() })]

    #[test]
    fn made_up_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(use_all(bytes).is_err());
    }

    #[test]
    fn made_up_bytes_behind_a_good_start_are_refused(
        tail in proptest::collection::vec(any::<u8>(), 0..300), rows in 0_u32..8
    ) {
        let mut bytes = small()[..24].to_vec();
        bytes[12..16].copy_from_slice(&rows.to_le_bytes());
        bytes.extend([0; 8]);
        bytes.extend(tail);
        forge(&mut bytes);
        let whole = use_all(bytes.clone()).is_ok();
        prop_assert!(!whole || (rows == 0 && bytes.len() == 32));
    }

    #[test]
    fn several_damages_at_once_are_seen(damages in proptest::collection::vec((any::<prop::sample::Index>(), 1_u8..), 1..5)) {
        let mut bytes = small();
        for (at, flip) in damages {
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
        }
        prop_assert!(bytes == small() || use_all(bytes).is_err());
    }

    #[test]
    fn made_up_metadata_is_a_value_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(value) = metadata::from_bytes::<Sample>(&bytes) {
            let again = metadata::to_bytes(&value).expect("it has a form");
            prop_assert_eq!(metadata::to_bytes(&metadata::from_bytes::<Sample>(&again).expect("it reads")).expect("it has a form"), again);
        }
    }

    #[test]
    fn metadata_cut_anywhere_is_an_error(name in ".{0,20}", weight in any::<f32>(), at in any::<prop::sample::Index>()) {
        let value = Sample { name, languages: vec!["en".into()], weights: vec![("λ".into(), weight)], threshold: None, kind: Kind::Field { lengths: [1, 2, 3, 4] } };
        let bytes = metadata::to_bytes(&value).expect("it has a form");
        prop_assert!(metadata::from_bytes::<Sample>(&bytes[..at.index(bytes.len())]).is_err());
        prop_assert!(metadata::from_bytes::<Sample>(&bytes).is_ok());
    }
}
