//! A preflight's receipt, and whether the files that it was issued for are unchanged.
//!
//! A receipt binds a verdict to the SHA-256 of the bytes that were judged: every file,
//! including settings and includes, and to what was looked for but missing. The caller makes it
//! from the bytes in its memory, not from a second read. The gate reads each file once, and passes
//! only if nothing differs.

use crate::Time;
use crate::answer::{Answer, Check, Verdict};
use crate::encoding::Section;
use crate::finding::{Fingerprint, Subject};
use crate::model::{Certificate, RevocationList, sha256};
use crate::preflight::{Preflight, PreflightResult};
use crate::rule::{Finding, receipt};
use std::collections::BTreeMap;

/// How much the clocks of two machines may differ.
const SKEW_SECONDS: i64 = 300;

/// What was judged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// The version of the program.
    pub version: String,
    /// The moment of judgement.
    pub at: Time,
    /// The verdict.
    pub verdict: Verdict,
    /// The server.
    pub server: String,
    /// The system that it was assumed to run on.
    pub system: Option<String>,
    /// The clients that decided, with the versions that were measured.
    pub clients: Vec<(String, Option<String>)>,
    /// The options that let more pass: `--warn certificate.expired`.
    pub options: Vec<String>,
    /// Everything that was read, and what was looked for and not found.
    pub files: Vec<Entry>,
    /// What expires, and when.
    pub ends: Vec<(String, Time)>,
}

/// A place that was examined.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Its path, as it was given or as written in the settings.
    pub path: String,
    /// The tree that the path is in (`--root`).
    pub root: Option<String>,
    /// What was there.
    pub state: State,
}

/// What is at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// A file of these bytes.
    File {
        /// Their SHA-256.
        sha256: Fingerprint,
        /// How many there are.
        bytes: u64,
    },
    /// A directory whose entries have these names.
    Directory {
        /// SHA-256 of the sorted names, each followed by a zero byte.
        names_sha256: Fingerprint,
    },
    /// This machine's trust store.
    Store {
        /// SHA-256 of its certificates in sorted order, one after the other.
        sha256: Fingerprint,
    },
    /// A file of passphrases or passwords: a digest of it would help to guess them.
    Present,
    /// Nothing.
    Missing,
    /// Something that cannot be read.
    Unreadable,
}

impl State {
    /// A file of these bytes.
    pub fn of_file(bytes: &[u8]) -> Self {
        Self::File {
            sha256: sha256(bytes),
            bytes: bytes.len() as u64,
        }
    }

    /// A directory with these entries.
    pub fn of_directory(names: &[String]) -> Self {
        let mut names: Vec<_> = names.iter().map(String::as_str).collect();
        // The order in which a system lists a directory changes. No name has a zero byte, so two
        // different lists never have the same text.
        names.sort_unstable();
        let mut text = String::new();
        for name in names {
            text.push_str(name);
            text.push('\0');
        }
        Self::Directory {
            names_sha256: sha256(text.as_bytes()),
        }
    }

    /// A trust store with these certificates.
    pub fn of_store<'c>(certificates: impl IntoIterator<Item = &'c [u8]>) -> Self {
        let mut all: Vec<_> = certificates.into_iter().collect();
        // A bundle and a directory of the same certificates are the same store.
        all.sort_unstable();
        Self::Store {
            sha256: sha256(&all.concat()),
        }
    }

    /// `file`, `directory`, `store`, `present`, `missing` or `unreadable`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::File { .. } => "file",
            Self::Directory { .. } => "directory",
            Self::Store { .. } => "store",
            Self::Present => "present",
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
        }
    }
}

impl Entry {
    /// What was found at a path.
    pub fn new(path: impl Into<String>, root: Option<String>, state: State) -> Self {
        Self {
            path: path.into(),
            root,
            state,
        }
    }
}

impl Receipt {
    /// A receipt that binds nothing yet.
    pub fn empty(at: Time, verdict: Verdict) -> Self {
        Self {
            version: String::new(),
            at,
            verdict,
            server: String::new(),
            system: None,
            clients: Vec::new(),
            options: Vec::new(),
            files: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// The receipt of an answer, for the places that were examined.
    pub fn of(
        preflight: &Preflight,
        answer: &Answer<PreflightResult>,
        at: Time,
        files: Vec<Entry>,
    ) -> Self {
        let result = &answer.result;
        let clients = result.clients.iter().filter(|row| row.decides);
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            at,
            verdict: answer.verdict(),
            server: match result.server_version {
                Some(version) => format!("{}@{}", result.server, version.release()),
                None => result.server.to_owned(),
            },
            system: result.system.map(|system| system.name().to_owned()),
            clients: clients
                .map(|row| {
                    (
                        row.client.to_string(),
                        row.version.as_ref().map(ToString::to_string),
                    )
                })
                .collect(),
            options: Vec::new(),
            files,
            ends: ends(preflight, result, at),
        }
    }
}

/// What was judged, expires, and had not expired then: the certificates that are sent,
/// the anchors above them, the revocation lists.
fn ends(preflight: &Preflight, result: &PreflightResult, at: Time) -> Vec<(String, Time)> {
    let mut ends: Vec<(String, Time)> = Vec::new();
    let mut issuers = Vec::new();
    for sent in &result.sent {
        if let Ok(certificate) = Certificate::parse(&sent.der) {
            issuers.push(certificate.issuer().to_string());
            ends.push((sent.subject.clone(), certificate.not_after()));
        }
    }
    let mut anchors: BTreeMap<String, Time> = BTreeMap::new();
    for der in preflight.trusted() {
        let Ok(anchor) = Certificate::parse(der) else {
            continue;
        };
        let subject = anchor.subject().to_string();
        // By name alone: the receipt is made without another search, and a superfluous anchor only
        // shortens its life.
        if issuers.contains(&subject) {
            // Of several anchors with one name, the newest is enough.
            let end = anchors.entry(subject).or_insert(anchor.not_after());
            *end = (*end).max(anchor.not_after());
        }
    }
    ends.extend(anchors);
    let lists = preflight.lists().iter().flat_map(|list| list.sections());
    for der in lists.filter_map(Section::der) {
        if let Ok(list) = RevocationList::parse(der)
            && let Some(next) = list.next_update()
        {
            ends.push((format!("the revocation list of {}", list.issuer()), next));
        }
    }
    // What had expired at the time of judgement is already part of the verdict.
    ends.retain(|(_, end)| *end >= at);
    ends.sort();
    ends.dedup();
    ends
}

/// The gate's answer.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct GateResult {
    /// The receipt's file.
    pub receipt: String,
    /// The moment of its judgement.
    pub judged_at: Option<Time>,
    /// How old it is, in seconds.
    pub age_seconds: i64,
    /// The verdict in it.
    pub verdict: &'static str,
    /// The server that it is for.
    pub server: String,
    /// Each place: `same`, `present` (a file of passwords, whose content is not compared),
    /// `changed`, `missing`, `appeared` or `unreadable`.
    pub files: Vec<(String, &'static str)>,
    /// The options that let more pass in the preflight.
    pub options: Vec<String>,
    /// When the first of what was judged expires.
    pub ends_at: Option<Time>,
}

/// Whether everything is as it was judged. `found` has what is at each place of
/// [`Receipt::files`] now, in their order.
pub fn gate(
    name: &str,
    receipt: &Receipt,
    found: &[State],
    at: Time,
    max_age_seconds: Option<u64>,
) -> Answer<GateResult> {
    let subject = || Subject::file(name);
    let mut findings = Vec::new();
    let mut files = Vec::new();
    for (place, entry) in receipt.files.iter().enumerate() {
        let now = found.get(place).unwrap_or(&State::Unreadable);
        let what = compared(&entry.state, now);
        if !matches!(what, "same" | "present") {
            let fact = receipt::Changed {
                what: what.to_owned(),
                kind: entry.state.kind().to_owned(),
                judged: digest(&entry.state),
                found: digest(now),
            };
            findings.push(Finding::new(fact, Subject::file(entry.path.as_str())));
        }
        files.push((entry.path.clone(), what));
    }
    if receipt.verdict != Verdict::Pass {
        let verdict = receipt.verdict.as_str().to_owned();
        findings.push(Finding::new(receipt::NotPassed { verdict }, subject()));
    }
    for (what, not_after) in receipt.ends.iter().filter(|(_, end)| *end < at) {
        let fact = receipt::Expired {
            what: what.clone(),
            not_after: *not_after,
        };
        findings.push(Finding::new(fact, subject()));
    }
    let age = at.unix_seconds().saturating_sub(receipt.at.unix_seconds());
    let too_old = max_age_seconds.is_some_and(|most| age > i64::try_from(most).unwrap_or(i64::MAX));
    // A receipt from the future is a wrong clock or a forged receipt; either way its dates prove
    // nothing.
    if too_old || age < -SKEW_SECONDS {
        let fact = receipt::OtherTime {
            judged_at: receipt.at,
            at,
            max_age_seconds,
        };
        findings.push(Finding::new(fact, subject()));
    }
    let result = GateResult {
        receipt: name.to_owned(),
        judged_at: Some(receipt.at),
        age_seconds: age,
        verdict: receipt.verdict.as_str(),
        server: receipt.server.clone(),
        files,
        options: receipt.options.clone(),
        ends_at: receipt.ends.iter().map(|(_, end)| *end).min(),
    };
    let checks = vec![Check::ran("files"), Check::ran("expiry"), Check::ran("age")];
    Answer::new(result, findings, checks, [name])
}

fn compared(judged: &State, now: &State) -> &'static str {
    match (judged, now) {
        (State::Unreadable, State::Unreadable) => "same",
        // Apart from "same": the content was not compared, and the gate must not claim that it was.
        (State::Present, State::Present) => "present",
        // Before the comparison: what cannot be read now is never the same, whatever it was.
        (_, State::Unreadable) => "unreadable",
        (judged, now) if judged == now => "same",
        (_, State::Missing) => "missing",
        (State::Missing, _) => "appeared",
        _ => "changed",
    }
}

fn digest(state: &State) -> Option<Fingerprint> {
    match state {
        State::File { sha256, .. } | State::Store { sha256 } => Some(*sha256),
        State::Directory { names_sha256 } => Some(*names_sha256),
        State::Present | State::Missing | State::Unreadable => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(state: State) -> Receipt {
        Receipt {
            version: "1".into(),
            at: Time::from_unix_seconds(1_000_000),
            verdict: Verdict::Pass,
            server: "nginx".into(),
            system: None,
            clients: vec![],
            options: vec![],
            files: vec![Entry::new("a", None, state)],
            ends: vec![("CN=a".into(), Time::from_unix_seconds(2_000_000))],
        }
    }

    #[test]
    fn one_byte_or_one_second_closes_it() {
        let file = |bytes: &[u8]| State::of_file(bytes);
        let codes = |judged: State, now: State, seconds: i64, age: Option<u64>| {
            let at = Time::from_unix_seconds(seconds);
            let answer = gate("r.json", &receipt(judged), &[now], at, age);
            let findings = answer.findings.iter();
            findings
                .map(|finding| finding.code().as_str())
                .collect::<Vec<_>>()
        };
        let now = 1_000_010;
        assert!(codes(file(b"x"), file(b"x"), now, None).is_empty());
        assert!(codes(file(b"x"), file(b"x"), now, Some(10)).is_empty());
        assert_eq!(
            codes(file(b"x"), file(b"x"), now, Some(9)),
            ["receipt.other-time"]
        );
        assert_eq!(
            codes(file(b"x"), file(b"x"), 999_000, None),
            ["receipt.other-time"]
        );
        assert_eq!(
            codes(file(b"x"), file(b"x"), 2_000_001, None),
            ["receipt.expired"]
        );
        for (judged, now_there) in [
            (file(b"x"), file(b"y")),
            (file(b"x"), State::Missing),
            (file(b"x"), State::Unreadable),
            (State::Missing, file(b"x")),
            (State::of_directory(&["a".into()]), State::of_directory(&[])),
            (
                State::of_directory(&["ab".into()]),
                State::of_directory(&["a".into(), "b".into()]),
            ),
        ] {
            assert_eq!(codes(judged, now_there, now, None), ["receipt.changed"]);
        }
        let found = gate(
            "r",
            &receipt(file(b"x")),
            &[],
            Time::from_unix_seconds(now),
            None,
        );
        assert_eq!(found.verdict(), Verdict::Fail);
    }
}
