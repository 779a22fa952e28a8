//! macOS: keychains and trust settings. Nothing here was run: the sources are
//! Apple's documentation of SecTrustSettings and of `security`, mkcert 1.4.4,
//! and forum threads about its prompts.

use super::item::Item;
use super::location::Location;
use super::mobileconfig::mobileconfig;
use super::plan::Plan;
use super::step::{Action, Check, Guard, Probe, Step};
use super::thumbprint::sha1;
use crate::model::sha256;

const DIRECTORY: &str = "/usr/local/share/certcheck";
const JOURNAL: &str = "/var/db/certcheck/trust";
const KEYCHAIN: &str = "/Library/Keychains/System.keychain";

pub(super) fn build(location: &Location<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    let journal = location.at(JOURNAL);
    plan.journal = Some(journal.clone());
    let directory = location.at(DIRECTORY);
    if !install.is_empty() {
        let action = Action::MakeDirectory {
            path: directory.clone(),
        };
        plan.steps.push(
            Step::new(action, "for the certificates' own files").privileged(location.privileged()),
        );
    }
    for item in install.iter().chain(undo) {
        one(location, item, &directory, &journal, plan);
    }
    profile(location, install, &directory, &journal, plan);
    plan.notes.push("since macOS 11 root alone is not enough: a dialog asks for an administrator's password at each change of trust. Over ssh and in CI it fails (`The authorization was denied since no user interaction was possible`): let an MDM install the .mobileconfig instead".into());
    plan.notes.push("Keychain Access' \"New Certificate Preference\" is about S/MIME, and has no effect on trust".into());
    plan.notes.push("below an added root, a server certificate may be valid for at most 825 days; a server certificate that is itself trusted has no such limit".into());
    plan.notes.push("Tableau Desktop and Prep read the system's keychain (Tableau's pages; not run): restart them".into());
    plan.notes.push("Java, Node, Python.org's Python and Homebrew's OpenSSL do not read keychains; restart running programs".into());
    if location.root.is_some() {
        plan.notes.push(
            "a scratch tree has no keychain: the files are written, and no keychain is touched"
                .into(),
        );
    }
}

fn one(location: &Location<'_>, item: &Item, directory: &str, journal: &str, plan: &mut Plan) {
    let file = format!("{directory}/{}.pem", item.stem);
    let record = format!("{journal}/macos-{}", item.stem);
    let sha1 = sha1(&item.der);
    let sum = sha256(item.pem.as_bytes());
    let write = Action::WriteFile {
        path: file.clone(),
        mode: 0o644,
        content: item.pem.clone(),
    };
    let why = format!(
        "`security` accepts one certificate per call, to install and to undo: {}",
        item.subject
    );
    plan.steps.push(
        Step::new(write, why)
            .privileged(location.privileged())
            .journal(&record),
    );
    plan.verify.push(Check::present(Probe::FileHolds {
        path: file.clone(),
        sha256: sum,
    }));
    if location.root.is_none() {
        // SecTrustSettingsResult: trustRoot is only for self-signed certificates,
        // trustAsRoot for all others. The wrong one of the two ends with `One or
        // more parameters passed to a function were not valid`.
        let result = if item.role.is_self_signed() {
            "trustRoot"
        } else {
            "trustAsRoot"
        };
        let add = Step::run(
            [
                "security",
                "add-trusted-cert",
                "-d",
                "-r",
                result,
                // Trust for `ssl` and `basic` and nothing else: without these policies the
                // certificate would count for code signing too.
                "-p",
                "ssl",
                "-p",
                "basic",
                "-k",
                KEYCHAIN,
                &file,
            ],
            "adds the certificate to the system's keychain and trusts it for TLS; an administrator must confirm it",
        );
        let trusts = Probe::KeychainTrusts { sha1: sha1.clone() };
        let holds = Probe::KeychainHolds {
            path: KEYCHAIN.to_owned(),
            certificate: item.sha256,
        };
        plan.steps.push(
            add.privileged(true)
                .changes([KEYCHAIN])
                .guard(Guard::Unless(trusts.clone()))
                .entry(&record, &*sha1),
        );
        plan.verify
            .extend([holds.clone(), trusts.clone()].map(Check::present));
        let remove = Step::run(
            ["security", "remove-trusted-cert", "-d", &file],
            "the trust record; `No Trust Settings were found` means that it is already gone",
        );
        let delete = Step::run(
            ["security", "delete-certificate", "-Z", &sha1, KEYCHAIN],
            "the certificate itself, by its fingerprint: names and serial numbers may match several",
        );
        for (step, probe) in [(remove, trusts), (delete, holds)] {
            let step = step
                .privileged(true)
                .changes([KEYCHAIN])
                .guard(Guard::Recorded);
            plan.undo
                .push(step.guard(Guard::If(probe.clone())).entry(&record, &*sha1));
            plan.undo_verify.push(Check::absent(probe));
        }
    }
    let action = Action::RemoveFile {
        path: file,
        sha256: Some(sum),
    };
    let step = Step::new(action, "only if the plan wrote it and it is unchanged");
    plan.undo.push(
        step.privileged(location.privileged())
            .guard(Guard::Recorded)
            .journal(&record),
    );
}

/// A configuration profile for those who manage their machines.
fn profile(
    location: &Location<'_>,
    install: &[Item],
    directory: &str,
    journal: &str,
    plan: &mut Plan,
) {
    let Some((name, content)) = mobileconfig(install) else {
        return;
    };
    let path = format!("{directory}/{name}.mobileconfig");
    let record = format!("{journal}/macos-{name}");
    let sum = sha256(content.as_bytes());
    let action = Action::WriteFile {
        path: path.clone(),
        mode: 0o644,
        content,
    };
    let why = "the same as a configuration profile, for an MDM or for System Settings; it is written, not installed";
    plan.steps.push(
        Step::new(action, why)
            .privileged(location.privileged())
            .journal(&record),
    );
    let action = Action::RemoveFile {
        path,
        sha256: Some(sum),
    };
    let step = Step::new(action, "only if the plan wrote it and it is unchanged");
    plan.undo.push(
        step.privileged(location.privileged())
            .guard(Guard::Recorded)
            .journal(&record),
    );
}
