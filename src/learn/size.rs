//! How large the parts of a model may be, so that the file stays within what was asked for.

use super::flow::LearnError;
use crate::model::{ModelWriter, SectionKind};

/// Most bytes of the parts that are cut to size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) graphemes: Option<usize>,
    pub(super) words: Option<usize>,
}

/// Share of the limit for graphemes and for words, per cent; the rest is left to channel, guard, entries and rules.
const GRAPHEMES: usize = 72;
const WORDS: usize = 18;
/// What graphemes keep of the limit, per cent, however large the parts are that are not cut.
const LEAST: usize = 10;

impl Size {
    /// Parts of a file of so many bytes; `None`: of any size.
    pub(super) fn within(limit: Option<usize>) -> Self {
        let part = |percent: usize| limit.map(|limit| limit / 100 * percent);
        Self { graphemes: part(GRAPHEMES), words: part(WORDS) }
    }

    /// The bytes of a file with `parts` as large as these, and `rest` as it is. Where that is over `limit`, the graphemes
    /// make room; a file whose rest alone is too large is over it still.
    pub(super) fn fit(
        self,
        limit: Option<usize>,
        parts: impl Fn(Self) -> Result<ModelWriter<'static>, LearnError>,
        rest: &[(SectionKind, Vec<u8>)],
    ) -> Result<Vec<u8>, LearnError> {
        let write = |size: Self| -> Result<Vec<u8>, LearnError> {
            let with_rest = |writer: ModelWriter<'static>, (kind, bytes): &(SectionKind, Vec<u8>)| {
                writer.owned_section(*kind, bytes.clone())
            };
            Ok(rest.iter().fold(parts(size)?, with_rest).to_bytes())
        };
        let mut bytes = write(self)?;
        let (Some(limit), Some(mut graphemes)) = (limit, self.graphemes) else { return Ok(bytes) };
        let least = limit / 100 * LEAST;
        // Once as a rule; more often where they took less than they might have.
        while bytes.len() > limit && graphemes > least {
            graphemes = graphemes.saturating_sub(bytes.len() - limit).max(least);
            bytes = write(Self { graphemes: Some(graphemes), ..self })?;
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphemes_make_room_for_what_is_not_cut() {
        let limit = 100_000;
        let parts = |size: Size| {
            let section = |of: Option<usize>| vec![0; of.unwrap_or(3 * limit)];
            Ok(ModelWriter::new()
                .owned_section(SectionKind::GraphemeNgrams, section(size.graphemes))
                .owned_section(SectionKind::WordNgrams, section(size.words)))
        };
        let length = |limit: Option<usize>, rest: usize| {
            let rest = [(SectionKind::Guard, vec![0; rest])];
            Size::within(limit).fit(limit, parts, &rest).expect("nothing can go wrong").len()
        };
        let small = length(Some(limit), 5_000);
        assert!((95_000..limit).contains(&small), "what fits stays as it is: {small}");
        for rest in [20_000, 60_000] {
            let cut = length(Some(limit), rest);
            assert!((limit - 100..=limit).contains(&cut), "{cut} with a rest of {rest}");
        }
        let over = length(Some(limit), 90_000);
        assert!((118_000..119_000).contains(&over), "a tenth for graphemes, 18 for words: {over}");
        assert!(length(None, 5_000) > 600_000);
    }

    #[test]
    fn graphemes_that_do_not_fill_their_part_are_cut_again() {
        let limit = 100_000;
        // In steps of a thousand bytes.
        let parts = |size: Size| {
            let section = |of: Option<usize>| vec![0; of.unwrap_or(0) / 1_000 * 1_000];
            Ok(ModelWriter::new().owned_section(SectionKind::GraphemeNgrams, section(size.graphemes)))
        };
        for rest in 40_000..40_200 {
            let rest = [(SectionKind::Guard, vec![0; rest])];
            let size = Size { graphemes: Some(60_900), words: None };
            let found = size.fit(Some(limit), parts, &rest).expect("nothing can go wrong").len();
            assert!((limit - 1_100..=limit).contains(&found), "{found}");
        }
    }
}
