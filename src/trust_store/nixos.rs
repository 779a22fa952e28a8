//! NixOS: the store is made from the machine's configuration.

use super::drop_in::bundle_holds;
use super::item::Item;
use super::layout;
use super::location::Location;
use super::plan::Plan;
use super::step::{Action, Check, Guard, Step};
use crate::model::sha256;
use std::fmt::Write;

pub(super) fn build(location: &Location<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    let journal = location.at(super::drop_in::JOURNAL);
    let directory = layout::directory(location.platform).unwrap_or_default();
    let name = |item: &Item| layout::file_name(location.platform, &item.stem);
    let bundle = layout::bundles(location.platform)
        .first()
        .copied()
        .unwrap_or_default();
    plan.journal = Some(journal.clone());
    let mut files = String::new();
    for item in install.iter().chain(undo) {
        let _ = write!(files, " ./{}", name(item));
        let path = location.at(&format!("{directory}/{}", name(item)));
        let record = format!("{journal}/{}-{}", location.platform, item.stem);
        let action = Action::RemoveFile {
            path,
            sha256: Some(sha256(item.pem.as_bytes())),
        };
        let step = Step::new(action, "only if the plan wrote it and it is unchanged");
        plan.undo.push(
            step.privileged(location.privileged())
                .guard(Guard::Recorded)
                .journal(&record),
        );
    }
    for item in install {
        let path = location.at(&format!("{directory}/{}", name(item)));
        let record = format!("{journal}/{}-{}", location.platform, item.stem);
        let action = Action::WriteFile {
            path,
            mode: 0o644,
            content: item.pem.clone(),
        };
        let step = Step::new(
            action,
            format!("only the certificate, as clean PEM: {}", item.subject),
        );
        plan.steps
            .push(step.privileged(location.privileged()).journal(&record));
        plan.verify
            .push(Check::present(bundle_holds(location.at(bundle), item)));
    }
    if !install.is_empty() {
        let instruction = format!(
            "Add this to {directory}/configuration.nix:\n\n  security.pki.certificateFiles = [{files} ];\n\nand run: nixos-rebuild switch\nThen run this again to verify it.\n"
        );
        let step = Step::new(
            Action::AskPerson { instruction },
            "the store is made from the machine's configuration; no tool updates it",
        )
        .privileged(location.privileged());
        plan.steps.push(step);
    }
    let instruction = format!(
        "Remove{files} from security.pki.certificateFiles in {directory}/configuration.nix,\nand run: nixos-rebuild switch\n"
    );
    plan.undo.push(Step::new(
        Action::AskPerson { instruction },
        "the store is made from the machine's configuration",
    ));
}
