//! Summaries and comparisons as people read them.

use std::fmt::{Display, Formatter, Result};

use super::{Comparison, Summary};

impl Display for Summary {
    fn fmt(&self, f: &mut Formatter) -> Result {
        let Self { rows, documents, characters, words, .. } = self;
        writeln!(f, "rows {rows}, documents {documents}, characters {characters}, words {words}")?;
        let (before, after) = (percent(self.cer_before, 3), percent(self.cer_after, 3));
        let (e, errors) = (self.errors_before, self.errors_after);
        writeln!(f, "CER micro        {before} -> {after}  (errors {e} -> {errors})")?;
        let (change, range) = (signed(self.relative_change, 2), interval(self.relative_change_interval));
        writeln!(f, "relative change  {change}   95 % by {}: {range}", self.bootstrap_unit)?;
        let (before, after) = (percent(self.mean_row_cer_before, 3), percent(self.mean_row_cer_after, 3));
        let change = signed(self.mean_row_cer_change, 3);
        writeln!(f, "mean-row CER     {before} -> {after}  (change {change})")?;
        let (mean, median) = (percent(self.mean_row_reduction, 2), percent(self.median_row_reduction, 2));
        let with_errors = self.rows_with_errors;
        writeln!(
            f,
            "row reduction    mean {mean}, median {median}   (the {with_errors} rows that had errors)"
        )?;
        writeln!(f, "WER              {} -> {}", percent(self.wer_before, 2), percent(self.wer_after, 2))?;
        let (harm, broken, right) = (percent(self.harm, 3), self.broken_words, self.right_words);
        writeln!(f, "harm             {harm}   ({broken} of {right} right words broken)")?;
        if self.units != self.words {
            let (harm, broken, right) = (percent(self.unit_harm, 3), self.broken_units, self.right_units);
            let what = "where each character of a script without spaces is a word";
            writeln!(f, "character harm   {harm}   ({broken} of {right} broken, {what})")?;
        }
        let (repair, mended, wrong) = (percent(self.repair, 2), self.mended_words, self.wrong_words);
        writeln!(f, "repair           {repair}   ({mended} of {wrong} wrong words mended)")?;
        writeln!(f, "surplus words    {} -> {}", self.surplus_words_before, self.surplus_words_after)?;
        writeln!(f, "exact rows       {} -> {}", self.exact_rows_before, self.exact_rows_after)?;
        let (changed, better, worse) = (self.rows_changed, self.rows_better, self.rows_worse);
        writeln!(f, "rows changed     {changed}, better {better}, worse {worse}")?;
        write!(f, "clean rows broken {} of {}", self.clean_rows_broken, self.clean_rows)?;
        if let Some(worst) = &self.worst_document {
            let (change, before, after) =
                (signed(Some(worst.cer_change), 2), worst.errors_before, worst.errors_after);
            write!(f, "\nworst document   {}: CER {change} (errors {before} -> {after})", worst.document)?;
        }
        for band in self.bands.iter().filter(|band| band.rows > 0) {
            let range = match band.up_to_percent {
                Some(end) => format!("{}–{end} %", band.above_percent),
                None => format!("> {} %", band.above_percent),
            };
            let (change, rows) = (signed(band.relative_change, 2), band.rows);
            let (before, after) = (band.errors_before, band.errors_after);
            write!(f, "\nrow CER {range:<8} {change}   ({rows} rows, errors {before} -> {after})")?;
        }
        Ok(())
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter) -> Result {
        writeln!(f, "first\n{}\n\nsecond\n{}\n", self.first, self.second)?;
        let (difference, range) = (signed(self.difference, 2), interval(self.difference_interval));
        let unit = self.first.bootstrap_unit;
        writeln!(f, "first − second   {difference} of the errors before   95 % by {unit}: {range}")?;
        let (difference, range) = (signed(self.harm_difference, 3), interval(self.harm_difference_interval));
        writeln!(f, "of harm          {difference} of the right words   95 % by {unit}: {range}")?;
        let (first, second) = (self.rows_first_better, self.rows_second_better);
        write!(f, "rows             first better {first}, second better {second}")
    }
}

pub(super) fn percent(share: Option<f64>, digits: usize) -> String {
    share.map_or("n/a".to_owned(), |share| format!("{:.digits$} %", 100.0 * share))
}

pub(super) fn signed(share: Option<f64>, digits: usize) -> String {
    share.map_or("n/a".to_owned(), |share| format!("{:+.digits$} %", 100.0 * share))
}

fn interval(range: Option<[f64; 2]>) -> String {
    range.map_or("n/a".to_owned(), |[low, high]| {
        format!("{} .. {}", signed(Some(low), 2), signed(Some(high), 2))
    })
}
