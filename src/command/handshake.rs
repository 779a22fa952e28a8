//! What each client and a server agree on, before any certificate is judged.

use crate::answer::{Answer, Check};
use crate::client::{Stage, Verdict};
use crate::finding::{Fingerprint, Severity};
use crate::preflight::StartupOutcome;
use crate::preflight::{ClientVerdict, Preflight, Protocols, StartupResult};
use crate::rule::Finding;
use crate::server::{ServerVersion, System};
use std::borrow::Cow;

/// The areas of codes that a handshake depends on.
const AREAS: [&str; 4] = ["handshake.", "protocol.", "cipher.", "config."];

/// Checks of what comes after the handshake.
const ELSEWHERE: [&str; 8] = [
    "chain",
    "clients",
    "names",
    "purpose",
    "revocation",
    "signatures",
    "trust",
    "validity",
];

/// What each client and the server agree on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HandshakeResult {
    /// The server's name.
    pub server: &'static str,
    /// Whether it starts; `None` if the server is not known.
    pub startup: Option<StartupResult>,
    /// The system that it was assumed to run on, if one was named.
    pub system: Option<System>,
    /// The version of the server that was asked for.
    pub server_version: Option<ServerVersion>,
    /// The result of its protocol string, if it has one.
    pub protocols: Option<Protocols>,
    /// One for each client.
    pub cells: Vec<Cell>,
}

/// A client and the server.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Cell {
    /// The client's name.
    pub client: Cow<'static, str>,
    /// The program and version whose ClientHello was recorded; `None`: no prediction.
    pub version: Option<Cow<'static, str>>,
    /// `accepts`: both agree. `refuses`: one of them ends the handshake. `undecided`.
    pub verdict: Verdict,
    /// The protocol version.
    pub protocol: Option<&'static str>,
    /// The cipher suite, by its IANA name.
    pub cipher_suite: Option<&'static str>,
    /// The group of the key exchange.
    pub group: Option<String>,
    /// The certificate that the server presents.
    pub certificate: Option<Fingerprint>,
    /// Who ends it, and with which words; or why nothing is predicted.
    pub reason: Option<String>,
}

/// The handshakes of a preflight: paths and names are not judged, except what keeps the server from
/// starting.
pub fn handshake(preflight: &Preflight) -> Answer<HandshakeResult> {
    let answer = preflight.run();
    let whole = answer.result;
    let serves = whole
        .startup
        .as_ref()
        .is_none_or(|startup| startup.outcome == StartupOutcome::Starts);
    let cells: Vec<_> = whole.clients.iter().map(cell).collect();
    let matters = |finding: &Finding| {
        let code = finding.code().as_str();
        let of_handshakes = AREAS.iter().any(|area| code.starts_with(area));
        of_handshakes || (!serves && finding.severity == Severity::Error)
    };
    let findings = answer.findings.into_iter().filter(matters).collect();
    let judged = |check: &Check| !ELSEWHERE.contains(&check.name);
    let mut checks: Vec<_> = answer.checks.into_iter().filter(judged).collect();
    let predicted = cells.iter().any(|cell| cell.verdict != Verdict::Undecided);
    checks.push(if predicted {
        Check::ran("handshake")
    } else {
        Check::impossible("handshake", "no handshake could be predicted")
    });
    let result = HandshakeResult {
        server: whole.server,
        startup: whole.startup,
        system: whole.system,
        server_version: whole.server_version,
        protocols: whole.protocols,
        cells,
    };
    Answer::new(result, findings, checks, [])
}

fn cell(row: &ClientVerdict) -> Cell {
    let agreed = row.cipher_suite.is_some();
    let ended = row.stage == Some(Stage::Handshake);
    let verdict = match (agreed, ended) {
        (_, true) => Verdict::Refuses,
        (true, false) => Verdict::Accepts,
        (false, false) => Verdict::Undecided,
    };
    let reason = match (verdict, &row.version) {
        (Verdict::Refuses, _) => row.reason.clone(),
        (Verdict::Undecided, None) => Some("its ClientHello was not recorded".to_owned()),
        (Verdict::Undecided, Some(_)) => {
            Some("certcheck does not understand a setting or a key".to_owned())
        }
        _ => None,
    };
    Cell {
        client: row.client.clone(),
        version: row.version.clone(),
        verdict,
        protocol: row.protocol,
        cipher_suite: row.cipher_suite,
        group: row.group.clone(),
        certificate: row.certificate,
        reason,
    }
}
