//! Windows: certificate stores. Nothing here was run; certutil's and PowerShell's
//! own documentation is the source.

use super::item::Item;
use super::location::Location;
use super::plan::Plan;
use super::role::Role;
use super::step::{Action, Check, Guard, Probe, Step};
use super::thumbprint::sha1;
use crate::model::sha256;

const DIRECTORY: &str = r"C:\ProgramData\certcheck";

pub(super) fn build(location: &Location<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    if location.root.is_some() {
        let instruction = "A scratch tree has no certificate store: run the plan without --root, on the machine.\n";
        let action = Action::AskPerson {
            instruction: instruction.to_owned(),
        };
        plan.steps
            .push(Step::new(action, "no step may change the machine"));
        return;
    }
    let journal = format!(r"{DIRECTORY}\trust");
    plan.journal = Some(journal.clone());
    for item in install.iter().chain(undo) {
        let store = match item.role {
            Role::Intermediate => "CA",
            Role::IssuedEndEntity => "TrustedPeople",
            _ => "Root",
        };
        let thumbprint = sha1(&item.der);
        let file = format!(r"{DIRECTORY}\{}.cer", item.stem);
        let record = format!(r"{journal}\windows-{}", item.stem);
        let path = format!(r"Cert:\LocalMachine\{store}");
        let holds = Probe::WindowsStoreHolds {
            store: path.clone(),
            thumbprint: thumbprint.clone(),
            certificate: item.sha256,
        };
        let write = Action::WriteFile {
            path: file.clone(),
            mode: 0o644,
            content: item.pem.clone(),
        };
        let why = format!(
            "ASCII, which PowerShell's own `>` does not write: {}",
            item.subject
        );
        plan.steps
            .push(Step::new(write, why).privileged(true).journal(&record));
        plan.steps.push(
            Step::run(
                ["certutil", "-f", "-addstore", store, &file],
                "adds it to the machine's store; a user's own store would ask in a dialog",
            )
            .privileged(true)
            .changes([&path])
            .guard(Guard::Unless(holds.clone()))
            .entry(&record, &*thumbprint),
        );
        plan.verify.push(Check::present(holds.clone()));
        plan.undo.push(
            Step::run(
                ["certutil", "-delstore", store, &thumbprint],
                "by thumbprint: names and serial numbers may match several",
            )
            .privileged(true)
            .changes([&path])
            .guard(Guard::Recorded)
            .guard(Guard::If(holds.clone()))
            .entry(&record, &*thumbprint),
        );
        let action = Action::RemoveFile {
            path: file,
            sha256: Some(sha256(item.pem.as_bytes())),
        };
        let step = Step::new(action, "only if the plan wrote it and it is unchanged");
        plan.undo.push(
            step.privileged(true)
                .guard(Guard::Recorded)
                .journal(&record),
        );
        plan.undo_verify.push(Check::absent(holds));
    }
    plan.notes.push("Java, Python's requests and Node (without --use-system-ca) do not read this store; WSL has its own store".into());
    plan.notes.push("Tableau Server, Desktop and Prep read these stores (Tableau's pages; not run): restart them, Tableau Server with `tsm restart` on each node that has the certificate".into());
    plan.notes.push("for many machines: Group Policy, Computer Configuration, Windows Settings, Security Settings, Public Key Policies".into());
}
