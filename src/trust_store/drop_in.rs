//! Stores with a directory for certificates and a tool that makes the rest.

use super::item::Item;
use super::layout;
use super::location::Location;
use super::plan::Plan;
use super::step::{Action, Check, Guard, Probe, Step};
use crate::model::sha256;

/// Where the journal of a machine's plans is.
pub(super) const JOURNAL: &str = "/var/lib/certcheck/trust";

/// A directory of hash links, and what a certificate is called there.
type Links = (&'static str, fn(&str) -> String);

/// What differs between such stores.
pub(super) struct DropIn {
    /// The directory for certificates.
    pub(super) directory: &'static str,
    /// Directories that the tool requires.
    pub(super) demanded: &'static [&'static str],
    /// How the tool is run to install.
    pub(super) install: Vec<Step>,
    /// How it is run to undo.
    pub(super) undo: Vec<Step>,
    /// The bundle that it writes.
    pub(super) bundle: Option<&'static str>,
    /// The directory of hash links that it writes, and the name that it gives a
    /// certificate there.
    pub(super) links: Option<Links>,
    /// A Java keystore that a hook writes.
    pub(super) keystore: Option<&'static str>,
}

impl DropIn {
    pub(super) fn build(
        self,
        location: &Location<'_>,
        install: &[Item],
        undo: &[Item],
        plan: &mut Plan,
    ) {
        let journal = location.at(JOURNAL);
        plan.journal = Some(journal.clone());
        let record = |item: &Item| format!("{journal}/{}-{}", location.platform, item.stem);
        let file = |item: &Item| {
            let name = layout::file_name(location.platform, &item.stem);
            location.at(&format!("{}/{name}", self.directory))
        };
        if !install.is_empty() {
            let directories = self.demanded.iter().chain([&self.directory]);
            // A directory that a package owns is not created twice: only a directory known to be
            // missing gets a step.
            for path in directories.filter(|path| location.lacks(path)) {
                let action = Action::MakeDirectory {
                    path: location.at(path),
                };
                let why = "the tool reads it; it may not exist yet";
                plan.steps
                    .push(Step::new(action, why).privileged(location.privileged()));
            }
            for item in install {
                let action = Action::WriteFile {
                    path: file(item),
                    mode: 0o644,
                    content: item.pem.clone(),
                };
                let why = format!("only the certificate, as clean PEM: {}", item.subject);
                let step = Step::new(action, why).privileged(location.privileged());
                plan.steps.push(step.journal(&record(item)));
                plan.verify.extend(self.present(location, item, file(item)));
            }
            plan.steps.extend(self.install.iter().cloned());
        }
        // Undoing covers what earlier plans installed too, so that one script cleans up after
        // several.
        for item in install.iter().chain(undo) {
            let action = Action::RemoveFile {
                path: file(item),
                sha256: Some(sha256(item.pem.as_bytes())),
            };
            let why = format!(
                "only if the plan wrote it and it is unchanged: {}",
                item.subject
            );
            let step = Step::new(action, why)
                .privileged(location.privileged())
                .guard(Guard::Recorded);
            plan.undo.push(step.journal(&record(item)));
            plan.undo_verify.extend(self.absent(location, item));
        }
        plan.undo.extend(self.undo);
    }

    fn present(&self, location: &Location<'_>, item: &Item, file: String) -> Vec<Check> {
        let mut checks = vec![Check::present(Probe::FileHolds {
            path: file.clone(),
            sha256: sha256(item.pem.as_bytes()),
        })];
        if let Some(bundle) = self.bundle {
            checks.push(Check::present(bundle_holds(location.at(bundle), item)));
        }
        if let Some((directory, name)) = self.links {
            checks.push(Check::present(Probe::HashLink {
                directory: location.at(directory),
                name: name(&item.stem),
                file,
                certificate: item.sha256,
                root: location.root.clone(),
            }));
        }
        if let Some((keystore, only_if)) = self.keystore(location, item) {
            checks.push(Check::present(keystore).only_if(only_if));
        }
        checks
    }

    fn absent(&self, location: &Location<'_>, item: &Item) -> Vec<Check> {
        let mut checks = Vec::new();
        if let Some(bundle) = self.bundle {
            checks.push(Check::absent(bundle_holds(location.at(bundle), item)));
        }
        if let Some((directory, name)) = self.links {
            checks.push(Check::absent(Probe::HashLink {
                directory: location.at(directory),
                name: name(&item.stem),
                file: String::new(),
                certificate: item.sha256,
                root: location.root.clone(),
            }));
        }
        if let Some((keystore, only_if)) = self.keystore(location, item) {
            checks.push(Check::absent(keystore).only_if(only_if));
        }
        checks
    }

    /// No hook runs in a scratch tree, so the plan promises nothing for Java.
    fn keystore(&self, location: &Location<'_>, item: &Item) -> Option<(Probe, Probe)> {
        let path = self.keystore.filter(|_| location.root.is_none())?;
        let holds = Probe::KeystoreHolds {
            path: Some(path.to_owned()),
            certificate: item.sha256,
            length: item.der.len(),
        };
        Some((
            holds,
            Probe::Exists {
                path: path.to_owned(),
            },
        ))
    }
}

pub(super) fn bundle_holds(path: String, item: &Item) -> Probe {
    Probe::BundleHolds {
        path,
        certificate: item.sha256,
        length: item.der.len(),
    }
}
