//! The steps of a plan, and the checks that verify them.

use crate::finding::Fingerprint;

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Creates a directory and those above it, if they do not exist.
    MakeDirectory {
        /// The directory.
        path: String,
    },
    /// Writes a new file. An existing file with the same content is left as it is; one with
    /// different content stops the plan before it changes anything.
    WriteFile {
        /// The file.
        path: String,
        /// Its permission bits.
        mode: u32,
        /// Its content, ASCII with LF.
        content: String,
    },
    /// Writes a new file: the content of another file, and `content` after it. An existing file
    /// is treated as [`Action::WriteFile`] treats it.
    CombineFiles {
        /// The file to write.
        path: String,
        /// Its permission bits.
        mode: u32,
        /// The file whose content comes first.
        first: String,
        /// What comes after it.
        content: String,
    },
    /// Appends to a file to which others may write too, and creates it if it does not exist.
    Append {
        /// The file.
        path: String,
        /// Its permission bits, if the step creates it.
        mode: u32,
        /// What is appended, unless the file already contains it.
        content: String,
    },
    /// Removes a file that the plan wrote, if it has not changed since.
    RemoveFile {
        /// The file.
        path: String,
        /// SHA-256 of its content; `None` if it is known only once the file is written.
        sha256: Option<Fingerprint>,
    },
    /// Cuts a file back to what it was before [`Action::Append`], if nothing else
    /// has written to it since.
    CutBack {
        /// The file.
        path: String,
    },
    /// Runs a program.
    Run {
        /// The program and its arguments, which no shell may interpret.
        argv: Vec<String>,
        /// What it reads from its standard input.
        stdin: Option<String>,
        /// Links to repair afterwards. A tool that runs outside a scratch tree makes links that
        /// contain the tree's own path; they must be absolute within the tree again.
        links: Option<TreeLinks>,
    },
    /// Restores the bundle from before the plan, or removes it if there was none, but only if
    /// it still holds one of the certificates: Debian's tool does not rewrite the bundle when a
    /// store becomes empty.
    RestoreFile {
        /// The bundle.
        path: String,
        /// The certificates that must not be in it.
        without: Vec<Fingerprint>,
    },
    /// Something that only a person can do.
    AskPerson {
        /// What to do.
        instruction: String,
    },
}

/// Links that must be made absolute within a scratch tree again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeLinks {
    /// The directory with the links.
    pub directory: String,
    /// The scratch tree.
    pub root: String,
}

/// A condition that can be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Probe {
    /// The path exists.
    Exists {
        /// The path.
        path: String,
    },
    /// A file has exactly that content.
    FileHolds {
        /// The file.
        path: String,
        /// SHA-256 of its content.
        sha256: Fingerprint,
    },
    /// A file of PEM sections holds the certificate.
    BundleHolds {
        /// The file.
        path: String,
        /// SHA-256 of the certificate's DER form.
        certificate: Fingerprint,
        /// Length of the DER form, in bytes: sections of another length are skipped.
        length: usize,
    },
    /// OpenSSL finds the certificate in a directory by its subject's hash.
    HashLink {
        /// The directory.
        directory: String,
        /// The certificate's own file there.
        name: String,
        /// A file that holds the certificate alone.
        file: String,
        /// SHA-256 of the certificate's DER form.
        certificate: Fingerprint,
        /// The scratch tree within which absolute links are resolved.
        root: Option<String>,
    },
    /// A Java keystore holds the certificate, under any alias.
    KeystoreHolds {
        /// The keystore; `None` for the runtime's own (`keytool -cacerts`).
        path: Option<String>,
        /// SHA-256 of the certificate's DER form.
        certificate: Fingerprint,
        /// Length of the DER form, in bytes.
        length: usize,
    },
    /// An NSS database holds the certificate under that nickname.
    DatabaseHolds {
        /// The directory of `cert9.db`.
        directory: String,
        /// The nickname.
        nickname: String,
        /// SHA-256 of the certificate's DER form.
        certificate: Fingerprint,
    },
    /// A keychain of macOS holds the certificate.
    KeychainHolds {
        /// The keychain's file.
        path: String,
        /// SHA-256 of the certificate's DER form.
        certificate: Fingerprint,
    },
    /// The trust settings of macOS (admin domain) contain an entry for the certificate.
    KeychainTrusts {
        /// SHA-1 of the DER form in upper-case hexadecimal digits, the key of the entry.
        sha1: String,
    },
    /// A certificate store of Windows holds the certificate.
    WindowsStoreHolds {
        /// The store's path, such as `Cert:\LocalMachine\Root`.
        store: String,
        /// SHA-1 of the DER form in upper-case hexadecimal digits, Windows' thumbprint.
        thumbprint: String,
        /// SHA-256 of the certificate's DER form.
        certificate: Fingerprint,
    },
}

/// A condition under which a step is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Guard {
    /// An earlier step changed something, or a check does not hold yet.
    Changed,
    /// The probe holds.
    If(Probe),
    /// The probe does not hold.
    Unless(Probe),
    /// The journal records that a plan did what this step undoes.
    Recorded,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// What it does.
    pub action: Action,
    /// Whether it needs administrator rights.
    pub privileged: bool,
    /// Why it is taken, as text for the reader.
    pub why: String,
    /// The files and stores that it changes.
    pub changes: Vec<String>,
    /// The step is taken if all of these hold.
    pub guards: Vec<Guard>,
    /// The journal file that records the step before it is taken, and from which it is undone.
    pub journal: Option<String>,
    /// The journal's name for an entry that a program makes in a store. The step that undoes it
    /// has the same name.
    pub entry: Option<String>,
}

impl Step {
    pub(super) fn new(action: Action, why: impl Into<String>) -> Self {
        let mut step = Self {
            action,
            privileged: false,
            why: why.into(),
            changes: Vec::new(),
            guards: Vec::new(),
            journal: None,
            entry: None,
        };
        step.changes.extend(step.path().map(str::to_owned));
        step
    }

    pub(super) fn run<'a>(argv: impl IntoIterator<Item = &'a str>, why: impl Into<String>) -> Self {
        let argv = argv.into_iter().map(str::to_owned).collect();
        Self::new(
            Action::Run {
                argv,
                stdin: None,
                links: None,
            },
            why,
        )
    }

    pub(super) fn privileged(mut self, privileged: bool) -> Self {
        self.privileged = privileged;
        self
    }

    pub(super) fn changes<const N: usize>(mut self, paths: [&str; N]) -> Self {
        self.changes = paths.map(str::to_owned).into();
        self
    }

    pub(super) fn guard(mut self, guard: Guard) -> Self {
        self.guards.push(guard);
        self
    }

    pub(super) fn journal(mut self, file: &str) -> Self {
        self.journal = Some(file.to_owned());
        self
    }

    /// The step makes, or undoes, the entry `name` in a store.
    pub(super) fn entry(mut self, journal: &str, name: impl Into<String>) -> Self {
        self.journal = Some(journal.to_owned());
        self.entry = Some(name.into());
        self
    }

    pub(super) fn stdin(mut self, text: &str) -> Self {
        if let Action::Run { stdin, .. } = &mut self.action {
            *stdin = Some(text.to_owned());
        }
        self
    }

    /// The name of its action in JSON: `write-file`, `run`, …
    pub const fn kind(&self) -> &'static str {
        match self.action {
            Action::MakeDirectory { .. } => "make-directory",
            Action::WriteFile { .. } => "write-file",
            Action::CombineFiles { .. } => "combine-files",
            Action::Append { .. } => "append",
            Action::RemoveFile { .. } => "remove-file",
            Action::CutBack { .. } => "cut-back",
            Action::Run { .. } => "run",
            Action::RestoreFile { .. } => "restore-file",
            Action::AskPerson { .. } => "ask-person",
        }
    }

    /// The file or directory that it changes; `~/` means the home directory.
    pub fn path(&self) -> Option<&str> {
        match &self.action {
            Action::MakeDirectory { path }
            | Action::WriteFile { path, .. }
            | Action::CombineFiles { path, .. }
            | Action::Append { path, .. }
            | Action::RemoveFile { path, .. }
            | Action::CutBack { path }
            | Action::RestoreFile { path, .. } => Some(path),
            Action::Run { .. } | Action::AskPerson { .. } => None,
        }
    }

    /// The program that it runs and its arguments; empty if it runs none.
    pub fn argv(&self) -> &[String] {
        match &self.action {
            Action::Run { argv, .. } => argv,
            _ => &[],
        }
    }

    /// What it writes, if that is known beforehand.
    pub fn content(&self) -> Option<&str> {
        match &self.action {
            Action::WriteFile { content, .. }
            | Action::CombineFiles { content, .. }
            | Action::Append { content, .. } => Some(content),
            Action::Run { stdin, .. } => stdin.as_deref(),
            Action::AskPerson { instruction } => Some(instruction),
            _ => None,
        }
    }

    /// The permission bits of what it writes.
    pub const fn mode(&self) -> Option<u32> {
        match self.action {
            Action::WriteFile { mode, .. }
            | Action::CombineFiles { mode, .. }
            | Action::Append { mode, .. } => Some(mode),
            _ => None,
        }
    }
}

/// One thing to verify after the steps: the exit status of a tool proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// What to verify.
    pub probe: Probe,
    /// Whether the probe must hold (after installing) or must not (after undoing).
    pub expected: bool,
    /// The check applies only if this holds: not every machine has Java.
    pub only_if: Option<Probe>,
}

impl Check {
    pub(super) const fn present(probe: Probe) -> Self {
        Self {
            probe,
            expected: true,
            only_if: None,
        }
    }

    pub(super) const fn absent(probe: Probe) -> Self {
        Self {
            probe,
            expected: false,
            only_if: None,
        }
    }

    pub(super) fn only_if(mut self, probe: Probe) -> Self {
        self.only_if = Some(probe);
        self
    }
}
