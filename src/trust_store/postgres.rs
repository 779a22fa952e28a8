//! PostgreSQL's clients. Measured: libpq 17.11.

use super::drop_in::bundle_holds;
use super::item::Item;
use super::location::Location;
use super::personal;
use super::plan::Plan;
use super::step::{Action, Check, Guard, Step};

pub(super) fn build(location: &Location<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    let journal = personal::journal(location);
    plan.journal = Some(journal.clone());
    let file = location.at("~/.postgresql/root.crt");
    let record = |item: &Item| format!("{journal}/postgres-client-{}", item.stem);
    if !install.is_empty() {
        let directory = Action::MakeDirectory {
            path: location.at("~/.postgresql"),
        };
        plan.steps.push(Step::new(directory, "it may not exist"));
    }
    for item in install {
        let content = item.pem.clone();
        let append = Action::Append {
            path: file.clone(),
            mode: 0o644,
            content,
        };
        let why = format!(
            "libpq reads only this file, which may contain several certificates: {}",
            item.subject
        );
        let holds = bundle_holds(file.clone(), item);
        plan.steps.push(
            Step::new(append, why)
                .guard(Guard::Unless(holds.clone()))
                .journal(&record(item)),
        );
        plan.verify.push(Check::present(holds));
    }
    // The last first: each step cuts off the end of the file.
    for item in install.iter().chain(undo).rev() {
        let action = Action::CutBack { path: file.clone() };
        let why = "the file as it was before, if it is unchanged since";
        plan.undo.push(
            Step::new(action, why)
                .guard(Guard::Recorded)
                .journal(&record(item)),
        );
        plan.undo_verify
            .push(Check::absent(bundle_holds(file.clone(), item)));
    }
    plan.notes.push("once root.crt exists, sslmode=require verifies the chain as well (libpq documentation, 34.19.1)".into());
    plan.notes.push("libpq accepts neither an intermediate nor an issued certificate as an anchor; sslrootcert=system uses the system's store instead, and requires sslmode=verify-full".into());
}
