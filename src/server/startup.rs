//! What happens when a server starts with these files, and what it prints: each profile's table of
//! conditions, measured with the real programs.

use super::Profile;
use crate::key_file::{self, AccessProblem, OwnerRule, ServiceUser};
use crate::source::FileFacts;

/// Why a server cannot use a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileState {
    /// The settings do not name it.
    NotSet,
    /// It does not exist.
    Missing,
    /// The server may not read it.
    Unreadable,
    /// The server may not enter a directory above it.
    OutOfReach,
    /// It is a directory or something else that is not a regular file.
    NotAFile,
    /// It is empty.
    Empty,
    /// It contains its object, in DER.
    Der,
    /// PKCS#12.
    Pkcs12,
    /// PKCS#7.
    Pkcs7,
    /// The first section has no end.
    Truncated,
    /// It has no object of the kind wanted: a key where a certificate belongs,
    /// or vice versa.
    OtherObject,
    /// It begins with a UTF-8 byte order mark.
    ByteOrderMark,
    /// Around the object there is text in UTF-8 that is not ASCII.
    NotAscii,
    /// Around the object there are bytes that are not UTF-8.
    NotUtf8,
    /// It contains its object, but the server's loader does not accept it.
    Damaged,
}

/// One condition of a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Condition {
    /// The certificate file.
    Certificate(FileState),
    /// The key file.
    Key(FileState),
    /// The chain file.
    Chain(FileState),
    /// The server's own CA file.
    Ca(FileState),
    /// The file of passphrases that the settings name.
    Passphrases(FileState),
    /// The key does not match the first certificate in its file.
    KeyMismatch,
    /// The key's type differs from that certificate's: RSA versus EC.
    KeyOfOtherType,
    /// The key is loaded before the certificate (`tls.key` before `tls.cert`).
    KeyFirst,
    /// The key is encrypted, and no passphrase is given.
    KeyEncrypted,
    /// The key is encrypted, and the passphrase given is wrong.
    WrongPassphrase,
    /// The command that should give the passphrase fails.
    PassphraseCommandFails,
    /// The certificate's RSA or DSA key is too short for security level 2.
    WeakKey,
    /// A certificate that the server loads is signed with a hash that is too weak
    /// for security level 2, or by an algorithm that OpenSSL does not know.
    WeakHash,
    /// The key of a certificate after the first is too short for security level 2.
    WeakChainKey,
    /// The certificate's key is a DSA key.
    Dsa,
    /// The first certificate is expired.
    Expired,
    /// A date of the first certificate has a form that the server's own reader refuses.
    UnreadableDate,
    /// The first certificate is not valid yet.
    NotYetValid,
    /// The first certificate has none of the server's names.
    NameMismatch,
    /// The first certificate is a CA's.
    CaAsServer,
    /// Users other than the owner have rights to the key file that PostgreSQL forbids.
    KeyModeTooOpen,
    /// The key file belongs to someone else.
    KeyOwner,
    /// A client certificate is required, but there is no CA file.
    ClientAuthWithoutCa,
}

/// How far the server gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum StartOutcome {
    /// Its own configuration test refuses (`apachectl -t`, `nginx -t`, `haproxy -c`).
    ConfigTestFails,
    /// It does not start; its configuration test, if it has one, succeeds.
    StartFails,
    /// It starts, but no handshake works.
    HandshakeFails,
    /// It starts and serves.
    Serves,
}

impl StartOutcome {
    /// When a refusal is detected, in words.
    pub(crate) const fn noticed(self) -> &'static str {
        match self {
            Self::ConfigTestFails => "by its configuration test",
            Self::StartFails => "at start",
            Self::HandshakeFails => "in every handshake",
            Self::Serves => "never",
        }
    }
}

/// What happens at start-up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Startup {
    /// How far it gets.
    pub outcome: StartOutcome,
    /// What it prints or logs about that, in its own words; `…` means names. Empty: nothing.
    pub says: Vec<&'static str>,
}

/// What happens if all conditions in `when` hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) when: &'static [Condition],
    pub(crate) outcome: StartOutcome,
    pub(crate) says: &'static str,
}

/// Writes a table of rules.
macro_rules! rules {
    ($( [$($when:expr),+] $outcome:ident $says:literal )*) => {
        &[ $( $crate::server::startup::Rule {
            when: &[$($when),+],
            outcome: $crate::server::startup::StartOutcome::$outcome,
            says: $says,
        } ),* ]
    };
}
pub(crate) use rules;

/// Who runs the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunAs<'a> {
    /// The user's id.
    pub uid: u32,
    /// The ids of all groups of the user.
    pub gids: &'a [u32],
}

/// What owner and mode a server requires of its key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFileRule {
    /// Nothing: the server reads the file as root, before it switches to another user.
    Nothing,
    /// Nothing: a tool copies the file when it sets the server up (`tsm`).
    Copied,
    /// It must be readable for the user that runs the server.
    Readable,
    /// PostgreSQL's `check_ssl_key_file_permissions`: its user's own with no bit for anyone else,
    /// or root's with at most 0640.
    Postgres,
}

impl Profile {
    /// What happens when the server starts while all of `conditions` hold.
    ///
    /// The earliest stage decides: after a refusal by the configuration test, there is no start.
    ///
    /// ```
    /// use certcheck::server::{Profile, startup::{Condition, StartOutcome}};
    /// let mismatch = [Condition::KeyMismatch, Condition::KeyFirst];
    /// let rserve = Profile::named("rserve").unwrap().startup(&mismatch);
    /// assert_eq!(rserve.outcome, StartOutcome::HandshakeFails);
    /// assert!(rserve.says.is_empty(), "not a word");
    /// ```
    pub fn startup(&self, conditions: &[Condition]) -> Startup {
        let holds = |rule: &&Rule| rule.when.iter().all(|one| conditions.contains(one));
        let matching: Vec<&Rule> = self.startup.iter().filter(holds).collect();
        // A rule with more conditions replaces those with a subset of them.
        let covered = |rule: &Rule| {
            matching.iter().any(|other| {
                other.when.len() > rule.when.len()
                    && rule.when.iter().all(|one| other.when.contains(one))
            })
        };
        // The smallest outcome is the earliest: a server that does not start gets no handshakes.
        let outcome = matching
            .iter()
            .filter(|rule| !covered(rule))
            .map(|rule| rule.outcome)
            .min()
            .unwrap_or(StartOutcome::Serves);
        let says = matching
            .iter()
            .filter(|rule| !covered(rule) && rule.outcome == outcome && !rule.says.is_empty())
            .map(|rule| rule.says)
            // A server that stops prints one message: the first in its table.
            .take(match outcome {
                StartOutcome::ConfigTestFails | StartOutcome::StartFails => 1,
                StartOutcome::HandshakeFails | StartOutcome::Serves => usize::MAX,
            })
            .collect();
        Startup { outcome, says }
    }

    /// The server's objections to owner and mode of its key file
    /// ([`key_file::judge`] has the rule).
    pub fn key_file(&self, file: FileFacts, run_as: RunAs<'_>) -> Option<Condition> {
        let service = ServiceUser {
            uid: run_as.uid,
            gids: run_as.gids.to_vec(),
        };
        let rule = self.key_file.owner_rule()?;
        access_condition(&key_file::judge(file, Some(&service), rule))
    }

    /// What owner and mode the server requires of its key file.
    pub(crate) const fn key_file_rule(&self) -> KeyFileRule {
        self.key_file
    }

    /// Whether it is known what happens at start-up.
    pub(crate) const fn has_startup_rules(&self) -> bool {
        !self.startup.is_empty()
    }

    /// Whether it has a configuration test.
    pub(crate) fn tests_settings(&self) -> bool {
        let tests = |rule: &Rule| rule.outcome == StartOutcome::ConfigTestFails;
        self.startup.iter().any(tests)
    }

    /// How far a server gets if its parser refuses its settings: a configuration test, if there is
    /// one, reports that.
    pub(crate) fn refused_settings(&self) -> StartOutcome {
        if self.tests_settings() {
            StartOutcome::ConfigTestFails
        } else {
            StartOutcome::StartFails
        }
    }
}

impl KeyFileRule {
    /// The rule in the terms of [`key_file`]; `None` if the server has none.
    pub(crate) const fn owner_rule(self) -> Option<OwnerRule> {
        match self {
            Self::Nothing | Self::Copied => None,
            Self::Readable => Some(OwnerRule::Readable),
            Self::Postgres => Some(OwnerRule::OwnerOrRoot),
        }
    }

    /// Who reads the file, and what else is required.
    pub(crate) const fn reader(self) -> OwnerRule {
        match self {
            Self::Nothing => OwnerRule::ReadByRoot,
            Self::Copied => OwnerRule::Unknown,
            Self::Readable => OwnerRule::Readable,
            Self::Postgres => OwnerRule::OwnerOrRoot,
        }
    }
}

/// The condition that stops a server with such a key file: PostgreSQL checks the owner, then the
/// mode, and then opens the file.
pub(crate) fn access_condition(problems: &[AccessProblem]) -> Option<Condition> {
    let stops = problems.iter().filter_map(|problem| match problem {
        AccessProblem::RefusedOwner { .. } => Some((0, Condition::KeyOwner)),
        AccessProblem::RefusedMode { .. } => Some((1, Condition::KeyModeTooOpen)),
        AccessProblem::ServiceCannotRead { .. } => Some((2, Condition::Key(FileState::Unreadable))),
        _ => None,
    });
    stops
        .min_by_key(|(order, _)| *order)
        .map(|(_, condition)| condition)
}
