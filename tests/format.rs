//! The model file as it should be: layout, same bytes, sections come back, replaced whole.

use std::fs;
use std::path::Path;

use amend::model::{ModelError, ModelFile, ModelWriter, SectionKind, describe_layout, metadata};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// A few kilobytes with every known kind, an empty section, and one that this program does not know.
fn small() -> ModelWriter<'static> {
    let bulk = |length: u32, step: u32| (0..length).map(|i| (i * step % 251) as u8).collect();
    SectionKind::all()
        .filter(|&kind| kind != SectionKind::Events)
        .fold(ModelWriter::new(), |writer, kind| {
            writer.owned_section(kind, bulk(kind.number() * 3 + 1, kind.number()))
        })
        .owned_section(SectionKind::Events, Vec::new())
        .raw(999, 7, &b"from the future"[..])
}

#[test]
fn the_layout_is_the_one_that_was_released() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/layout.txt");
    let now = describe_layout();
    if std::env::var_os("AMEND_ACCEPT").is_some_and(|v| v == "1") {
        fs::write(&golden, &now).expect("the golden file can be written");
    }
    let kept = fs::read_to_string(&golden).expect("tests/golden/layout.txt is there");
    assert!(now == kept, "the layout changed (AMEND_ACCEPT=1 keeps the new one):\n{now}");
}

#[test]
fn sections_come_back_whatever_the_order_they_came_in() {
    let bytes = small().to_bytes();
    let file = ModelFile::from_bytes(bytes.clone()).expect("it opens");
    file.verify().expect("it is whole");
    assert_eq!(file.length(), bytes.len() as u64);
    assert_eq!(file.sections().len(), SectionKind::all().count() + 1);
    assert_eq!(file.section(SectionKind::Events), Some(&[][..]));
    for row in file.sections() {
        assert_eq!(row.offset % 64, 0, "{row}");
    }
    let unknown = file.sections().last().expect("there are sections");
    assert_eq!((unknown.number, unknown.version, unknown.kind()), (999, 7, None));
    assert_eq!(unknown.to_string(), "unknown (number 999)");
    let rules = file.section(SectionKind::Rules).expect("it has rules");
    assert_eq!(rules.len(), 70 * 3 + 1);
    assert_eq!(file.share(SectionKind::Rules).expect("it has rules").as_ref(), rules);

    let mut backwards = ModelWriter::new().raw(999, 7, &b"from the future"[..]);
    for kind in SectionKind::all().collect::<Vec<_>>().into_iter().rev() {
        backwards = backwards.section(kind, file.section(kind).expect("every kind is there"));
    }
    assert!(backwards.to_bytes() == bytes, "the order of the calls reaches the file");
}

#[test]
fn the_first_bytes_are_those_drawn() {
    let bytes = ModelWriter::new().section(SectionKind::Rules, "ab").to_bytes();
    assert_eq!(bytes.len(), 66, "header and one row make 64 bytes, then comes the section");
    assert_eq!(bytes[..16], *b"AMEND\0\x01\0\x0D\x0C\x0B\x0A\x01\0\0\0");
    assert_eq!(bytes[32..56], *b"\x46\0\0\0\x01\0\0\0\x40\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0");
    assert_eq!(bytes[64..66], *b"ab");
}

#[test]
fn the_id_names_the_content() {
    let id = |writer: ModelWriter| ModelFile::from_bytes(writer.to_bytes()).expect("it opens").id();
    let one = id(small());
    assert_eq!(one, id(small()));
    assert_ne!(one, id(small().section(SectionKind::Events, "!")));
    assert_ne!(one, id(ModelWriter::new()));
}

#[test]
fn a_file_on_disk_is_replaced_whole_while_it_is_open() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let path = folder.path().join("m.amend");
    small().write_to(&path).expect("it is written");
    let old = ModelFile::open(&path).expect("it opens");
    ModelWriter::new().section(SectionKind::Rules, "new").write_to(&path).expect("it is replaced");
    let new = ModelFile::open(&path).expect("it opens");
    assert_eq!(new.section(SectionKind::Rules), Some(&b"new"[..]));
    old.verify().expect("whoever has the old file open keeps it");
    assert_ne!(old.id(), new.id());
    assert_eq!(fs::read_dir(folder.path()).expect("it can be listed").count(), 1, "nothing stays behind");
    assert_eq!(fs::read(&path).expect("it can be read").len() as u64, new.length());
}

#[test]
fn files_without_a_section_open_too() {
    let file = ModelFile::from_static(b"").expect_err("an empty file is no model");
    assert!(matches!(file, ModelError::Truncated { want: 32, have: 0, .. }), "{file}");
    let file = ModelFile::from_bytes(ModelWriter::new().to_bytes()).expect("it opens");
    file.verify().expect("it is whole");
    assert_eq!((file.length(), file.sections().len()), (32, 0));
}

#[test]
fn errors_say_what_where_and_what_to_do() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let at = |name: &str| folder.path().join(name);
    let said = |path: &Path| ModelFile::open(path).expect_err("it does not open").to_string();

    assert!(said(&at("none")).starts_with("cannot open "), "{}", said(&at("none")));
    assert!(said(folder.path()).contains("is not a regular file: give"), "{}", said(folder.path()));
    let to_folder = small().write_to(folder.path()).expect_err("a folder is no file");
    assert!(matches!(to_folder, ModelError::NotAFile { .. }), "{to_folder}");
    let nowhere = small().write_to(at("no/m.amend")).expect_err("there is no such folder");
    assert!(matches!(nowhere, ModelError::Write { .. }), "{nowhere}");

    let mut bytes = small().to_bytes();
    let whole = bytes.len();
    let mut table = vec![
        ("text", b"the quick brown fox".to_vec(), "is not a model (it does not begin with AMEND): give"),
        ("short", bytes[..whole - 1].to_vec(), "is cut short ("),
        (
            "unfinished",
            [b"UNDONE", &bytes[6..]].concat(),
            "is unfinished (what wrote it was stopped): delete",
        ),
        ("long", [&bytes[..], b"\0"].concat(), "is too long ("),
    ];
    bytes[6] = 2;
    table.push(("newer", bytes, "in format 2, this is amend "));
    let events = SectionKind::Events.number();
    let newer = ModelWriter::new().raw(events, 9, &b""[..]).to_bytes();
    table.push(("section", newer, "has version 9 of its event section, this is amend "));
    let graphemes = SectionKind::GraphemeNgrams.number();
    let older = ModelWriter::new().raw(graphemes, 1, &b""[..]).to_bytes();
    table.push(("older", older, "has version 1 of its grapheme n-gram section, this is amend "));
    for (name, bytes, expected) in table {
        fs::write(at(name), bytes).expect("it is written");
        let message = said(&at(name));
        assert!(message.starts_with(&at(name).display().to_string()), "{message}");
        assert!(message.contains(expected), "{message}");
        assert!(message.contains(": ") && !message.contains('\n'), "{message}");
    }
}

#[test]
fn metadata_comes_back_and_says_what_is_wrong() {
    let value = (String::from("bln"), vec![0.1_f32, f32::MIN_POSITIVE], Some(u64::MAX));
    let bytes = metadata::to_bytes(&value).expect("it has a form");
    assert_eq!(metadata::from_bytes::<(String, Vec<f32>, Option<u64>)>(&bytes).expect("it reads"), value);

    let file = ModelWriter::new().section(SectionKind::Metadata, &bytes).to_bytes();
    let file = ModelFile::from_bytes(file).expect("it opens");
    let again: (String, Vec<f32>, Option<u64>) = file.decode(SectionKind::Metadata).expect("it reads");
    assert_eq!(again, value);
    let tail = file.decode::<String>(SectionKind::Metadata).expect_err("more follows").to_string();
    assert!(tail.contains("damaged metadata section") && tail.contains("bytes follow"), "{tail}");
    let missing = file.decode::<String>(SectionKind::Guard).expect_err("there is none");
    assert!(matches!(missing, ModelError::Missing { section: SectionKind::Guard, .. }), "{missing}");

    let most = metadata::MOST_BYTES;
    assert!(matches!(
        metadata::to_bytes(&vec![7_u8; most + 1]),
        Err(metadata::MetadataError::TooLarge { .. })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(8), ..ProptestConfig::default() })]

    #[test]
    fn any_sections_come_back(sections in proptest::collection::btree_map(any::<u32>(), (Just(0_u32), proptest::collection::vec(any::<u8>(), 0..200)), 0..8)) {
        let writer = sections.iter().fold(ModelWriter::new(), |w, (&n, (version, bytes))| w.raw(n, *version, bytes));
        let bytes = writer.to_bytes();
        let file = ModelFile::from_bytes(bytes.clone()).expect("it opens");
        file.verify().expect("it is whole");
        let again = file.sections().iter().fold(ModelWriter::new(), |w, row| {
            let at = usize::try_from(row.offset).expect("small");
            let length = usize::try_from(row.length).expect("small");
            w.raw(row.number, row.version, bytes[at..at + length].to_vec())
        });
        prop_assert_eq!(again.to_bytes(), bytes);
    }
}
