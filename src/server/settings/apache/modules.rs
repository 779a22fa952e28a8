//! Which modules are present, and what follows for conditions and unknown names.

use super::super::shown;
use super::{Reader, table};
use std::collections::HashSet;

/// What is known about the modules.
#[derive(Debug, Default)]
pub(super) struct Modules {
    loaded: HashSet<String>,
    /// A loaded module's directives are not in the table.
    pub(super) has_unknown: bool,
    /// The files of modules that are known to be loaded after one of their directives.
    expected: Later,
    /// Modules without which a directive was not accepted.
    missed: Later,
}

/// The source files of modules that are loaded after their directives.
pub(super) type Later = HashSet<String>;

/// Whether a statement holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Yes,
    No,
    /// Not known; assumed to be this.
    Assumed(bool),
}

impl Known {
    pub(super) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Assumed(value) => Self::Assumed(!value),
        }
    }

    pub(super) fn counts(self) -> bool {
        matches!(self, Self::Yes | Self::Assumed(true))
    }
}

/// The source file of `NAME_module`, as `<IfModule>` takes either.
fn file_of(name: &str) -> String {
    match name.strip_suffix("_module") {
        Some("mpm_event") => "event.c".to_owned(),
        Some("mpm_prefork") => "prefork.c".to_owned(),
        Some("mpm_worker") => "worker.c".to_owned(),
        Some("ldap") => "util_ldap.c".to_owned(),
        Some(name) => format!("mod_{name}.c"),
        None => name.to_owned(),
    }
}

impl Modules {
    pub(super) fn expecting(expected: Later) -> Self {
        Self {
            expected,
            ..Self::default()
        }
    }

    /// The modules that a directive lacked, and that are loaded after it.
    pub(super) fn late(&self) -> Later {
        self.missed.intersection(&self.loaded).cloned().collect()
    }

    pub(super) fn load(&mut self, name: &str) {
        let file = file_of(name);
        self.has_unknown |= !table::knows_module(&file);
        let _ = self.loaded.insert(file);
    }

    /// A whole configuration loads its modules; a fragment says nothing about them.
    pub(super) fn are_listed(&self) -> bool {
        !self.loaded.is_empty()
    }

    /// Whether one of the MPMs is loaded, as a whole configuration does it.
    pub(super) fn has_mpm(&self) -> bool {
        let mut mpms = ["event.c", "prefork.c", "worker.c"].iter();
        mpms.any(|file| self.loaded.contains(*file))
    }

    /// Whether the module is present; `unread`: a file that may load it was not read.
    pub(super) fn has(&self, name: &str, unread: bool) -> Known {
        let file = file_of(name);
        if self.loaded.contains(&file) || table::STATIC.contains(&file.as_str()) {
            Known::Yes
        } else if self.are_listed() && !unread {
            Known::No
        } else if file == "mod_ssl.c" {
            // Without it, none of this matters.
            Known::Yes
        } else {
            Known::Assumed(true)
        }
    }

    /// Whether the module of a directive is present; `Listen` belongs to the MPMs.
    pub(super) fn serves(&self, module: &str, unread: bool) -> Known {
        let mpm = matches!(module, "event.c" | "prefork.c" | "worker.c");
        if mpm || self.expected.contains(module) {
            Known::Yes
        } else {
            self.has(module, unread)
        }
    }
}

impl Reader<'_, '_> {
    /// A directive or section that is not accepted: certain if all modules are known, otherwise not
    /// judged.
    pub(super) fn unknown(&mut self, written: &str, line: usize) {
        let mut message = format!(
            "Invalid command '{}', perhaps misspelled or defined by a module not included in the server configuration",
            shown(written)
        );
        if let Some(version) = table::of_other_versions(written) {
            message = format!("{message} ({version})");
        }
        let certain = self.modules.are_listed() && !self.unread && !self.modules.has_unknown;
        let ours = written
            .trim_start_matches('<')
            .to_ascii_lowercase()
            .starts_with("ssl");
        if certain || ours {
            self.refuse(written, &message, line);
        } else {
            let reason = "no module of Apache's own has it, and certcheck does not know all others";
            self.settings.not_judged(written, reason, line);
        }
    }

    /// Whether httpd accepts this directive or section at all.
    pub(super) fn admits(&mut self, written: &str, line: usize) -> bool {
        let Some(known) = table::named(written) else {
            self.unknown(written, line);
            return false;
        };
        match self.modules.serves(known.module, self.unread) {
            Known::No => {
                let _ = self.modules.missed.insert(known.module.to_owned());
                self.unknown(written, line);
                false
            }
            _ => true,
        }
    }
}
