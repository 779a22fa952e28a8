//! What a plan does, one step at a time, and how to see that it was done.

use crate::finding::Fingerprint;

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Creates a directory and those above it, where they do not exist.
    MakeDirectory {
        /// The directory.
        path: String,
    },
    /// Writes a new file. One that is there with the same content is left as it
    /// is; one with other content ends the plan before anything is changed.
    WriteFile {
        /// The file.
        path: String,
        /// Its permission bits.
        mode: u32,
        /// Its content, ASCII with LF.
        content: String,
    },
    /// Writes a new file out of another and `content` after it, under the same
    /// conditions.
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
    /// Appends to a file that others may write to, and creates it if there is none.
    Append {
        /// The file.
        path: String,
        /// Its permission bits, where it is new.
        mode: u32,
        /// What is appended, unless it is there already.
        content: String,
    },
    /// Removes a file that the plan wrote, if it is as the plan left it.
    RemoveFile {
        /// The file.
        path: String,
        /// SHA-256 of its content; `None` if it was known only when it was written.
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
        /// The program and its arguments, none of which a shell may look into.
        argv: Vec<String>,
        /// What it reads from its standard input.
        stdin: Option<String>,
        /// A tool that ran from outside of a scratch tree leaves its links pointing
        /// into the tree's path: they are to be made absolute within it again.
        links: Option<TreeLinks>,
    },
    /// If the bundle still holds one of the certificates: puts back the bundle that
    /// was there before the plan, or removes it if there was none. Debian's tool
    /// leaves the bundle alone when a store becomes empty.
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

/// Links to be made absolute within a scratch tree again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeLinks {
    /// The directory with the links.
    pub directory: String,
    /// The scratch tree.
    pub root: String,
}

/// Something that can be seen to be so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Probe {
    /// There is something of that name.
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
        /// Length of the DER form, in bytes: sections of another length need no look.
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
        /// The scratch tree in which absolute links are meant.
        root: Option<String>,
    },
    /// A Java keystore holds the certificate, under whatever alias.
    KeystoreHolds {
        /// The keystore; none for the runtime's own (`keytool -cacerts`).
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
    /// The trust settings of macOS (admin domain) speak of the certificate.
    KeychainTrusts {
        /// SHA-1 of the DER form in upper-case hexadecimal digits, by which they are kept.
        sha1: String,
    },
    /// A certificate store of Windows holds the certificate.
    WindowsStoreHolds {
        /// `Cert:\LocalMachine\Root`.
        store: String,
        /// SHA-1 of the DER form in upper-case hexadecimal digits, Windows' thumbprint.
        thumbprint: String,
        /// SHA-256 of the certificate's DER form.
        certificate: Fingerprint,
    },
}

/// When a step is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Guard {
    /// If a step before it changed something, or a check does not hold yet.
    Changed,
    /// If it is so.
    If(Probe),
    /// Unless it is so.
    Unless(Probe),
    /// If the journal says that a plan did what the step undoes.
    Recorded,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// What it does.
    pub action: Action,
    /// Whether it needs the administrator's rights.
    pub privileged: bool,
    /// Why it is taken, in words.
    pub why: String,
    /// The files and stores that it changes.
    pub changes: Vec<String>,
    /// It is taken if all of these hold.
    pub guards: Vec<Guard>,
    /// The journal's file in which it is recorded before it is taken, and by
    /// which it is undone.
    pub journal: Option<String>,
    /// What the journal calls an entry that a program makes in a store: the step
    /// that undoes it bears the same.
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

    pub(super) fn run<const N: usize>(argv: [&str; N], why: impl Into<String>) -> Self {
        let argv = argv.map(str::to_owned).into();
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

    /// The step makes, or undoes, the entry of that name.
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

    /// The name of what it does in JSON: `write-file`, `run`, …
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

    /// The file or directory that it is about; `~/` means the home directory.
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

    /// The program that it runs and its arguments; empty where it runs none.
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

/// One thing to look at once the steps are done. What the tools return says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// What to look at.
    pub probe: Probe,
    /// Whether it must hold (installed) or must not (undone).
    pub expected: bool,
    /// It is checked if this holds: not every machine has a Java.
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
