//! The result of a preflight.

use super::difference::DiffResult;
use crate::Time;
use crate::client::{Stage, Verdict};
use crate::finding::Fingerprint;
use crate::server::reload::AfterReload;
use crate::server::settings::ClientAuth;
use crate::server::{ServerVersion, System};
use crate::source::Lines;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// What the server would do with the files.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PreflightResult {
    /// The server's name.
    pub server: &'static str,
    /// The certificates that it would send, in their order.
    pub presented: Vec<Fingerprint>,
    /// The same certificates, and where each of them is.
    pub sent: Vec<Sent>,
    /// Whether the server would start; `None` if the server is not known, or if something that may
    /// keep it from starting was not judged.
    pub startup: Option<StartupResult>,
    /// What each client would say.
    pub clients: Vec<ClientVerdict>,
    /// Announced changes that concern the certificate, if a forecast was requested.
    pub announced: Vec<Announced>,
    /// The certificate that the clients were assumed to trust, if no anchors were given: the
    /// topmost one that the server would send.
    pub assumed_anchor: Option<Fingerprint>,
    /// The user whose password was asked about and is right.
    pub right_password: Option<String>,
    /// The system that the server was assumed to run on, if one was named.
    pub system: Option<System>,
    /// The requested version of the server.
    pub server_version: Option<ServerVersion>,
    /// The version of the server that was judged: that one, the system's, or the one that was
    /// measured first; `None` if no versions of the server are known.
    pub judged_version: Option<ServerVersion>,
    /// Where other versions of the server would treat these settings differently, oldest change
    /// first.
    pub server_boundaries: Vec<ServerBoundary>,
    /// The result of the protocol string, if one was given.
    pub protocols: Option<Protocols>,
    /// Each place of the server's settings, if those were given: a virtual
    /// host, a `bind` line.
    pub scopes: Vec<ScopeResult>,
    /// What clients get for each set of names at each set of addresses, if settings were given.
    pub endpoints: Vec<EndpointResult>,
    /// How each place of the server judges a client's own certificate, if requested
    /// ([`Preflight::as_client`](super::Preflight::as_client)).
    pub client_certificate: Option<Vec<ClientCertificateResult>>,
    /// The certificate that this one replaces, if requested
    /// ([`Replacement::join`](super::Replacement::join)).
    pub replaces: Option<Box<DiffResult>>,
}

/// From which version on a server treats these settings differently.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerBoundary {
    /// The version: `1.29.2`.
    pub from: &'static str,
    /// The setting that it is about.
    pub setting: &'static str,
    /// Whether it is about the protocol versions, which the option `--protocols` replaces.
    pub of_protocols: bool,
    /// Whether the version that was judged is this one or a later one.
    pub already: bool,
    /// What the versions on the other side do.
    pub says: String,
    /// The file of the first such place; `None` for a default.
    pub file: Option<String>,
    /// The line there.
    pub line: Option<usize>,
    /// The number of such places.
    pub places: usize,
    /// Its source.
    pub source: &'static str,
}

/// One announced change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Announced {
    /// From when on.
    pub date: Time,
    /// What changes.
    pub what: &'static str,
    /// Whom it affects: a CA, a browser, a library.
    pub whom: &'static str,
    /// Whether it is in force at the moment of judgement.
    pub in_force: bool,
    /// Whether a program of clients stops trusting the root.
    pub distrusts: bool,
    /// Where it was announced.
    pub source: &'static str,
}

/// What clients get that ask for one of these names at these addresses.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct EndpointResult {
    /// `ADDRESS:PORT`, as written in the settings; `*` for every address.
    pub listen: Vec<String>,
    /// The names as the server has them, including patterns; empty: clients that ask for no name,
    /// or for one that no other endpoint has.
    pub names: Vec<String>,
    /// The file of the settings that the endpoint is in.
    pub file: Option<String>,
    /// The line there where it begins.
    pub line: Option<usize>,
    /// The certificates that it would send, in their order.
    pub presented: Vec<Fingerprint>,
    /// The result of its protocol setting, if it has one.
    pub protocols: Option<Protocols>,
    /// What each client would say. Endpoints that differ only in their names share it.
    pub clients: Arc<[ClientVerdict]>,
}

/// A client's own certificate, as one place of a server judges it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientCertificateResult {
    /// What the settings file calls the place.
    pub name: String,
    /// The lines that decide.
    pub lines: Option<Lines>,
    /// Whether the server asks for a certificate.
    pub asks: ClientAuth,
    /// Whether the client is admitted with it.
    pub verdict: Verdict,
    /// Why not, in the server's words.
    pub reason: Option<String>,
    /// The path that the server's OpenSSL uses, the client's own certificate first.
    pub path: Vec<Fingerprint>,
    /// The names of the CAs that the server sends as acceptable.
    pub acceptable_cas: Vec<String>,
}

/// A certificate that the server would send.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sent {
    /// SHA-256 of the certificate.
    pub sha256: Fingerprint,
    /// Its subject.
    pub subject: String,
    /// Its issuer.
    pub issuer: String,
    /// The first moment of its validity.
    pub not_before: Time,
    /// The last one.
    pub not_after: Time,
    /// The certificate, in DER.
    pub der: Vec<u8>,
    /// The file that it is in.
    pub source: String,
    /// Its place among the objects of the file, from 0.
    pub index: usize,
    /// Its lines, if the file has lines.
    pub lines: Option<Lines>,
}

/// Whether a server would start.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StartupResult {
    /// How far it gets.
    pub outcome: StartupOutcome,
    /// What it prints or logs about that, in its own words; `…` replaces names.
    pub message: Option<String>,
    /// What a reload of a running server would do if a start fails.
    pub reload: Option<ReloadResult>,
}

/// What runs after a reload that the server does not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReloadResult {
    /// What is left.
    pub outcome: AfterReload,
    /// What administrators run; `None` if the server has no reload.
    pub command: Option<&'static str>,
    /// The consequence in a sentence.
    pub text: String,
}

/// How far a server gets; if there are several places, the first in this order decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum StartupOutcome {
    /// Its configuration test refuses (`apachectl -t`, `nginx -t`, `haproxy -c`).
    RefusesAtConfigTest,
    /// It does not start; a configuration test, if it has one, does not report it.
    FailsAtStart,
    /// It starts, but no handshake works.
    FailsAtHandshake,
    /// It starts, but speaks plain text although TLS was requested.
    StartsWithoutTls,
    /// It starts and serves.
    Starts,
}

impl StartupOutcome {
    /// `starts`, `starts-without-tls`, `refuses-at-config-test`, `fails-at-start` or
    /// `fails-at-handshake`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RefusesAtConfigTest => "refuses-at-config-test",
            Self::FailsAtStart => "fails-at-start",
            Self::FailsAtHandshake => "fails-at-handshake",
            Self::StartsWithoutTls => "starts-without-tls",
            Self::Starts => "starts",
        }
    }
}

/// One place of a server's settings.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ScopeResult {
    /// What the file calls it.
    pub name: String,
    /// The file that it is in; `None`: the one that was given.
    pub file: Option<String>,
    /// Its lines there.
    pub lines: Option<Lines>,
    /// Whether TLS is switched on there.
    pub tls: bool,
    /// The names that were checked against its certificate.
    pub hosts: Vec<String>,
    /// The certificates that it would send, in their order.
    pub presented: Vec<Fingerprint>,
    /// Whether the server would start with it.
    pub startup: Option<StartupResult>,
    /// The result of its protocol setting, if it has one.
    pub protocols: Option<Protocols>,
}

/// What a client would say.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClientVerdict {
    /// The client's name, with the requested version: `java@8`.
    pub client: Cow<'static, str>,
    /// Whether the verdict depends on it: it was named, or decides by default.
    pub decides: bool,
    /// Whether it compares the server's certificate with one that it was given.
    pub pinned: bool,
    /// The program and version whose ClientHello was recorded.
    pub version: Option<Cow<'static, str>>,
    /// Whether this version was run; otherwise its rules come from documentation, or from other
    /// versions.
    pub measured: bool,
    /// A note about the version: that it is newer than the known ones.
    pub note: Option<String>,
    /// Whether it connects.
    pub verdict: Verdict,
    /// Where it stops; `None` if it accepts.
    pub stage: Option<Stage>,
    /// Why it refuses.
    pub reason: Option<String>,
    /// The protocol version that it and the server agree on, if that is known.
    pub protocol: Option<&'static str>,
    /// The cipher suite, by its IANA name.
    pub cipher_suite: Option<&'static str>,
    /// The group of the key exchange; `DH-n`: finite-field Diffie-Hellman with a
    /// prime of n bits.
    pub group: Option<String>,
    /// The certificate that the server then sends to it.
    pub certificate: Option<Fingerprint>,
    /// The smallest set of certificates that makes it accept if installed, if there is one.
    pub anchors_needed: Option<Vec<Fingerprint>>,
    /// The path that it uses, the server's certificate first, its anchor last; empty if it does not
    /// accept.
    pub path: Vec<Fingerprint>,
    /// The last moment at which it accepts, if that was requested and is known.
    pub accepts_until: Option<Time>,
    /// What ends it.
    pub accepts_until_reason: Option<String>,
    /// Where other versions of it answer differently, the oldest first. If a version was requested,
    /// only those that it may mean.
    pub boundaries: Vec<Boundary>,
}

/// From which version on a client answers differently.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Boundary {
    /// The version: `24.5`, or `OpenSSL 3.5` for the library of a client.
    pub from: String,
    /// What it says then, up to the next one.
    pub verdict: Verdict,
}

/// The result of a protocol string.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Protocols {
    /// The dialect that it was read in.
    pub dialect: &'static str,
    /// Whether the configuration parser accepts it.
    pub accepted: bool,
    /// Whether the server then starts.
    pub starts: bool,
    /// The versions that it asks for.
    pub configured: Vec<String>,
    /// The versions that work.
    pub effective: Vec<String>,
    /// The versions that clients reach: at the server's security level, and with all settings.
    pub reachable: Vec<String>,
    /// Whether no setting names versions: these are the server's defaults.
    pub by_default: bool,
}

impl PreflightResult {
    /// The same for the one place of the settings that answers to the requested hosts, if there are
    /// several.
    #[must_use]
    pub fn of_host(mut self) -> Self {
        let several = self.scopes.iter().filter(|scope| scope.tls).count() > 1;
        if several && let Some(scope) = self.answering(|_| true).cloned() {
            self.send(&scope);
        }
        self
    }

    /// The same for the one place that answers to the hosts at a port. If no setting has the port,
    /// it may be translated on the way: then [`of_host`](Self::of_host).
    #[must_use]
    pub fn at_port(self, port: u16) -> Self {
        let here = |scope: &&ScopeResult| self.endpoint_of(scope, port).is_some();
        match self.answering(here).cloned() {
            Some(scope) => self.of_scope(scope, port),
            None => self.of_host(),
        }
    }

    /// The same for one place of the settings, as clients see it at a port: its certificates in
    /// its own order, its protocols, and what the clients say there.
    #[must_use]
    pub fn of_scope(mut self, scope: ScopeResult, port: u16) -> Self {
        let clients = self
            .endpoint_of(&scope, port)
            .map(|endpoint| endpoint.clients.to_vec());
        self.clients = clients.unwrap_or(self.clients);
        self.send(&scope);
        self.scopes = vec![scope];
        self
    }

    /// The place with TLS that answers to the requested hosts, else the first one.
    fn answering(&self, is: impl Fn(&&ScopeResult) -> bool) -> Option<&ScopeResult> {
        let speaks = || self.scopes.iter().filter(|scope| scope.tls).filter(&is);
        let answers = speaks().find(|scope| !scope.hosts.is_empty());
        answers.or_else(|| speaks().next())
    }

    fn endpoint_of(&self, scope: &ScopeResult, port: u16) -> Option<&EndpointResult> {
        let port = port.to_string();
        let is_there = |place: &String| place.rsplit_once(':').is_some_and(|(_, it)| it == port);
        self.endpoints.iter().find(|endpoint| {
            endpoint.line == scope.lines.map(|lines| lines.first)
                && (scope.file.is_none() || endpoint.file == scope.file)
                && endpoint.listen.iter().any(is_there)
        })
    }

    /// Only what this place sends: another place may send the same issuer before it.
    fn send(&mut self, scope: &ScopeResult) {
        let sent = |digest: &Fingerprint| self.sent.iter().find(|object| object.sha256 == *digest);
        self.sent = scope.presented.iter().filter_map(sent).cloned().collect();
        self.presented.clone_from(&scope.presented);
        self.protocols.clone_from(&scope.protocols);
    }

    /// No client accepts a server that does not start, or starts without TLS.
    pub(super) fn without_server(&mut self) {
        let Some(startup) = &self.startup else { return };
        let what = match startup.outcome {
            StartupOutcome::RefusesAtConfigTest | StartupOutcome::FailsAtStart => {
                "the server does not start"
            }
            StartupOutcome::FailsAtHandshake => "every handshake fails at the server",
            StartupOutcome::StartsWithoutTls => "the server starts without TLS",
            StartupOutcome::Starts => return,
        };
        let refuse = |client: &mut ClientVerdict| {
            client.verdict = Verdict::Refuses;
            client.stage = Some(Stage::Handshake);
            client.reason = Some(what.to_owned());
            client.protocol = None;
            client.cipher_suite = None;
            client.group = None;
            client.certificate = None;
            client.anchors_needed = None;
            client.path.clear();
            client.boundaries.clear();
        };
        self.clients.iter_mut().for_each(refuse);
        // What endpoints share, they still share afterwards.
        let mut changed: HashMap<usize, (Arc<[ClientVerdict]>, Arc<[ClientVerdict]>)> =
            HashMap::new();
        for endpoint in &mut self.endpoints {
            let own = &endpoint.clients;
            let (_, new) = changed.entry(own.as_ptr().addr()).or_insert_with(|| {
                let mut new = Arc::clone(own);
                Arc::make_mut(&mut new).iter_mut().for_each(refuse);
                // The old one is kept too, so that its address stays its own.
                (Arc::clone(own), new)
            });
            endpoint.clients = Arc::clone(new);
        }
    }

    /// An empty result for the server of that name.
    pub fn of(server: &'static str) -> Self {
        Self {
            server,
            ..Self::default()
        }
    }
}
