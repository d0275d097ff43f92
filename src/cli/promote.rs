//! `amend promote` and `amend rollback`.

use serde::Serialize;

use super::args::{Promote, Rollback};
use super::engine::{Engine, Promoting};
use super::error::{CliError, Status};
use super::lessons;
use super::print::Printer;
use crate::corpus::{Pair, Rows};
use crate::model::ModelId;
use crate::registry::{HeldOut, Promotion, Record};

#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    promotion: &'a Promotion,
    /// What speaks against the candidate, in words.
    reasons: Vec<String>,
}

pub(super) fn promote(
    args: &Promote,
    engine: &dyn Engine,
    printer: &mut Printer,
) -> Result<Status, CliError> {
    let mut held_out = Vec::new();
    for file in &args.gate {
        let pairs = Rows::open(file)?.map(|row| row.map(|row| row.pair)).collect::<Result<Vec<Pair>, _>>()?;
        held_out.push(HeldOut { name: file.display().to_string(), pairs });
    }
    if let Some(store) = &args.feedback {
        let forgotten = lessons::forgotten(store)?;
        for remark in engine.mark_forgotten(&args.candidate, &args.registry, &forgotten)? {
            printer.remark(remark);
        }
    }
    let progress = printer.progress("judging", 0);
    let promotion = engine.promote(Promoting {
        candidate: &args.candidate,
        registry: &args.registry,
        harm_limit: args.harm_limit,
        held_out: &held_out,
    })?;
    drop(progress);
    let (verdict, last, status) = match &promotion {
        Promotion::Already { id } => (None, format!("{id} is current already"), Status::Done),
        Promotion::Promoted { record, verdict } => {
            (Some(verdict), format!("promoted {}", switched(record)), Status::Done)
        }
        Promotion::Refused { verdict, .. } => {
            let reasons = verdict.reasons().join("; ");
            (Some(verdict), format!("refused {}: {reasons}", verdict.candidate), Status::No)
        }
    };
    if args.json {
        let reasons = verdict.map(|verdict| verdict.reasons()).unwrap_or_default();
        let report = Report { promotion: &promotion, reasons };
        printer.out(&serde_json::to_string(&report).map_err(CliError::library)?)?;
    } else {
        if let Some(verdict) = verdict {
            printer.out(&format!("{verdict}\n"))?;
        }
        printer.out(&last)?;
    }
    printer.out("\n").map(|()| status)
}

pub(super) fn roll_back(
    args: &Rollback,
    engine: &dyn Engine,
    printer: &mut Printer,
) -> Result<Status, CliError> {
    let done = engine.roll_back(&args.registry)?;
    if args.json {
        printer.out(&serde_json::to_string(&done).map_err(CliError::library)?)?;
    } else {
        for skipped in &done.skipped {
            printer.out(&format!("{skipped}\n"))?;
        }
        printer.out(&format!("rolled back to {}", switched(&done.record)))?;
    }
    printer.out("\n").map(|()| Status::Done)
}

/// The model that is current now, and the former one.
fn switched(record: &Record) -> String {
    let former = record.from.as_ref().map_or("the first".to_owned(), |id: &ModelId| format!("was {id}"));
    format!("{} ({former})", record.to)
}
