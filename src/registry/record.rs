//! The history of a registry: a line an event, TSV.

use std::fmt::{self, Write as _};
use std::path::Path;
use std::str::FromStr;

use serde::Serialize;

use super::error::RegistryError;
use crate::model::ModelId;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// A candidate became current.
    Promote,
    /// A former model became current again.
    Rollback,
    /// The gate said no; nothing changed.
    Refused,
}

impl Action {
    const ALL: [Self; 3] = [Self::Promote, Self::Rollback, Self::Refused];
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Promote => "promote",
            Self::Rollback => "rollback",
            Self::Refused => "refused",
        })
    }
}

/// What the gate measured over all held-out pairs. Rates are shares; `None` where nothing was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Rows judged.
    pub rows: Option<u64>,
    /// Documents that they come from.
    pub documents: Option<u64>,
    /// CER of the uncorrected text.
    pub cer_before: Option<f64>,
    /// CER of the model that was current; none for the first.
    pub cer_current: Option<f64>,
    /// CER of the candidate.
    pub cer_candidate: Option<f64>,
    /// CER of the candidate − CER of the current one.
    pub cer_change: Option<f64>,
    /// Lower end of its 95 % interval.
    pub cer_change_low: Option<f64>,
    /// Upper end.
    pub cer_change_high: Option<f64>,
    /// Harm of the model that was current.
    pub harm_current: Option<f64>,
    /// Harm of the candidate.
    pub harm_candidate: Option<f64>,
    /// Repair of the model that was current.
    pub repair_current: Option<f64>,
    /// Repair of the candidate.
    pub repair_candidate: Option<f64>,
}

/// The columns before the figures.
const COLUMNS: &str = "# number\taction\tfrom\tto\trows\tdocuments";
/// The columns of rates, in order.
const RATES: [&str; 10] = [
    "cer_before",
    "cer_current",
    "cer_candidate",
    "cer_change",
    "cer_change_low",
    "cer_change_high",
    "harm_current",
    "harm_candidate",
    "repair_current",
    "repair_candidate",
];

impl Figures {
    fn rates(&mut self) -> [&mut Option<f64>; RATES.len()] {
        [
            &mut self.cer_before,
            &mut self.cer_current,
            &mut self.cer_candidate,
            &mut self.cer_change,
            &mut self.cer_change_low,
            &mut self.cer_change_high,
            &mut self.harm_current,
            &mut self.harm_candidate,
            &mut self.repair_current,
            &mut self.repair_candidate,
        ]
    }
}

/// A line of the history. Displays as it stands there, figures to the sixth decimal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Record {
    /// 1, 2, 3 …
    pub number: u64,
    /// What happened.
    pub action: Action,
    /// The model that was current, if there was one.
    pub from: Option<ModelId>,
    /// The model that became current, or would have.
    pub to: ModelId,
    /// What the gate measured.
    pub figures: Figures,
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, action, to, .. } = self;
        write!(f, "{number}\t{action}\t{}\t{to}", Known(self.from))?;
        let mut figures = self.figures;
        write!(f, "\t{}\t{}", Known(figures.rows), Known(figures.documents))?;
        figures.rates().into_iter().try_for_each(|rate| write!(f, "\t{:.6}", Known(*rate)))
    }
}

/// What is not known is a dash.
struct Known<T>(Option<T>);

impl<T: fmt::Display> fmt::Display for Known<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(known) => known.fmt(f),
            None => f.write_str("-"),
        }
    }
}

/// What a column holds, if it is known.
fn known<T: FromStr>(column: &str, wrong: &'static str) -> Result<Option<T>, &'static str> {
    if column == "-" { Ok(None) } else { column.parse().map(Some).map_err(|_| wrong) }
}

impl FromStr for Record {
    type Err = &'static str;

    /// Columns behind those that this program knows are passed over.
    fn from_str(line: &str) -> Result<Self, &'static str> {
        let mut columns = line.split('\t');
        let mut next = || columns.next().ok_or("too few columns");
        let number = next()?.parse().map_err(|_| "its number is none")?;
        let action = next()?;
        let action = Action::ALL.into_iter().find(|a| a.to_string() == action);
        let action = action.ok_or("neither promote, rollback nor refused")?;
        let id = "an id that is none";
        let from: Option<ModelId> = known(next()?, id)?;
        let to: ModelId = next()?.parse().map_err(|_| id)?;
        let number_wanted = "a figure that is no number";
        let rows = known(next()?, number_wanted)?;
        let mut figures = Figures { rows, documents: known(next()?, number_wanted)?, ..Figures::default() };
        for rate in figures.rates() {
            *rate = known(next()?, number_wanted)?;
        }
        Ok(Self { number, action, from, to, figures })
    }
}

/// The whole file: what its columns are, then a line a record.
pub(super) fn to_text(records: &[Record]) -> String {
    let mut text = format!("{COLUMNS}\t{}\n", RATES.join("\t"));
    for record in records {
        let _ = writeln!(text, "{record}");
    }
    text
}

/// The records of a file; lines that begin with # are remarks.
pub(super) fn parse(bytes: &[u8], path: &Path) -> Result<Vec<Record>, RegistryError> {
    let text = String::from_utf8_lossy(bytes);
    let mut records: Vec<Record> = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        let damaged = |what| RegistryError::Damaged { path: path.to_owned(), line: at + 1, what };
        let record: Record = line.parse().map_err(damaged)?;
        if records.last().is_some_and(|last| last.number >= record.number) {
            return Err(damaged("its number does not rise"));
        }
        records.push(record);
    }
    Ok(records)
}

/// The models that were current and left by promoting another, the last one last; the current one is not among them.
/// A rollback takes away what it went back over.
pub(super) fn way_back(records: &[Record]) -> Vec<ModelId> {
    let mut way: Vec<ModelId> = Vec::new();
    for record in records {
        match record.action {
            Action::Promote => way.push(record.to),
            Action::Rollback => {
                way.pop();
                while way.last().is_some_and(|&id| id != record.to) {
                    way.pop();
                }
                if way.is_empty() {
                    way.push(record.to);
                }
            }
            Action::Refused => {}
        }
    }
    way.pop();
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(letter: char) -> ModelId {
        letter.to_string().repeat(ModelId::DIGITS).parse().expect("a hex digit")
    }

    fn records(events: &str) -> Vec<Record> {
        let event = |(number, event): (u64, &str)| {
            let to = event.chars().nth(1).map(id).expect("an action and a model");
            let action = match &event[..1] {
                "+" => Action::Promote,
                "-" => Action::Rollback,
                _ => Action::Refused,
            };
            Record { number, action, from: None, to, figures: Figures::default() }
        };
        (1..).zip(events.split_whitespace()).map(event).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let mut all = records("+a +b ?c -a");
        all[1].from = Some(id('a'));
        for (k, rate) in all[1].figures.rates().into_iter().enumerate() {
            *rate = (k != 4).then_some(k as f64 - 1.5);
        }
        all[1].figures.rows = Some(838);
        let text = to_text(&all);
        assert_eq!(parse(text.as_bytes(), Path::new("history")).expect("as written"), all);
        let line = text.lines().nth(2).expect("the second record");
        let (a, b) = (id('a'), id('b'));
        let want =
            format!("2\tpromote\t{a}\t{b}\t838\t-\t-1.500000\t-0.500000\t0.500000\t1.500000\t-\t3.500000");
        assert!(line.starts_with(&want), "{line}");
        assert!(parse(b"", Path::new("history")).expect("no history").is_empty());
    }

    #[test]
    fn a_damaged_line_is_named() {
        let good = to_text(&records("+a +b"));
        let cases = [
            (good.replace("promote", "promoted"), "line 2: neither promote"),
            (good.replace("\n2\t", "\n1\t"), "line 3: its number does not rise"),
            (good.replace("\n2\t", "\nx\t"), "line 3: its number is none"),
            (good.replace("bb", "BB"), "line 3: an id that is none"),
            (good.trim_end().trim_end_matches("\t-").to_owned(), "line 3: too few columns"),
            (good.replace("\t-\n", "\tx\n"), "line 2: a figure that is no number"),
        ];
        for (text, want) in cases {
            let error = parse(text.as_bytes(), Path::new("history")).expect_err(want).to_string();
            assert!(error.contains(want), "{error}\nlacks {want}");
        }
    }

    #[test]
    fn rollbacks_go_back_over_promotions() {
        let cases = [
            ("", ""),
            ("+a", ""),
            ("+a +b", "a"),
            ("+a ?b", ""),
            ("+a +b +c", "ab"),
            ("+a +b +c -b", "a"),
            ("+a +b +c -b -a", ""),
            ("+a +b +c -a", ""),
            ("+a +b +a", "ab"),
            ("+a +b +a -b", "a"),
            ("+a +b +a -b -a", ""),
            ("+a +b -a +c", "a"),
            ("+a +b -a ?b +c +d", "ac"),
            // Nobody can have gone back to what never was there; it is current now, and nothing stands before it.
            ("+a +b -c", ""),
        ];
        for (events, want) in cases {
            let want: Vec<ModelId> = want.chars().map(id).collect();
            assert_eq!(way_back(&records(events)), want, "{events}");
        }
    }
}
