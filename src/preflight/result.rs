//! What a preflight comes to.

use crate::finding::Fingerprint;

/// What the server would do with the files.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PreflightResult {
    /// The server's name.
    pub server: &'static str,
    /// The certificates that it would send, in their order.
    pub presented: Vec<Fingerprint>,
    /// What each client would say.
    pub clients: Vec<ClientVerdict>,
    /// What the protocol string comes to, where one was given.
    pub protocols: Option<Protocols>,
}

/// What a client would say.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClientVerdict {
    /// The client's name.
    pub client: &'static str,
    /// `accepts`, `refuses` or `undecided`.
    pub verdict: &'static str,
    /// Why it refuses.
    pub reason: Option<String>,
    /// The smallest set of certificates to install for it to accept, where there is one.
    pub anchors_needed: Option<Vec<Fingerprint>>,
}

/// What a protocol string comes to.
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
}

impl PreflightResult {
    /// Nothing yet, for the server of that name.
    pub fn of(server: &'static str) -> Self {
        Self {
            server,
            ..Self::default()
        }
    }
}

/// What a `tsm` command would come to: the preflight of Tableau's gateway.
#[derive(Clone, Debug, Default)]
pub struct TsmResult(pub PreflightResult);
