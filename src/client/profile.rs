//! What is known about a client: what was measured, and its engine.

use super::by_version::Facts;
use super::input::Input;
use super::messages::Voice;
use super::names::{self, NameRules};
use super::openssl::Flags;
use super::reads::Family;
use super::refusal::{Cause, Refusal};
use super::search::Rules;
use super::stapled::LooksAt;
use super::webpki::Algorithms;
use super::{gnutls, key_use, nss, openssl, webpki};
use crate::finding::Fingerprint;
use crate::handshake::ClientHello;
use crate::model::Certificate;
use crate::server_name::ServerName;

/// What is known about a client: its engine, its rules for names, and its words.
///
/// certcheck has one for each client that it knows. [`ClientProfile::like`] describes
/// another one, by how it differs from a known one.
#[derive(Clone, Copy, Debug)]
pub struct ClientProfile {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) versions: &'static str,
    pub(super) sources: &'static [&'static str],
    pub(super) measured: bool,
    pub(super) engine: Engine,
    pub(super) names: NameRules,
    pub(super) voice: Voice,
    /// What its version decides.
    pub(super) facts: Facts,
    /// What this version offers in a handshake, if that is not what `ClientHello::ALL` says.
    pub(super) hello: Option<&'static ClientHello>,
    /// `None` for the clients that certcheck knows.
    pub(super) described: Option<Described>,
}

/// What a description of another client rests on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Described {
    /// The client that it is like: the rules that depend on a name are those of this client.
    pub(super) like: &'static str,
    /// What it offers, if that is not what the client that it is like offers.
    pub(super) hello: Option<ClientHello>,
}

/// How it finds and judges a path.
#[derive(Clone, Copy, Debug)]
pub(super) enum Engine {
    OpenSsl(Flags),
    GnuTls,
    Webpki(Algorithms),
    Search(Rules),
    Nss(Rules),
    /// All of these must accept.
    Each(&'static [&'static ClientProfile]),
    /// It accepts only the certificate that it was given.
    Pinned,
}

impl Engine {
    /// Whose parser reads the certificates.
    pub(super) const fn family(&self) -> Family {
        match self {
            Self::OpenSsl(_) => Family::OpenSsl,
            Self::GnuTls => Family::GnuTls,
            Self::Webpki(_) => Family::Webpki,
            Self::Search(rules) | Self::Nss(rules) => rules.family,
            Self::Each(_) | Self::Pinned => Family::Nothing,
        }
    }
}

impl Engine {
    /// What it checks in a stapled OCSP response.
    pub(super) fn looks_at_stapled(&self) -> LooksAt {
        match self {
            Self::GnuTls => LooksAt::Statuses,
            Self::Search(rules) => rules.looks_at_stapled,
            Self::Each(profiles) => {
                let each = profiles.iter();
                let each = each.map(|profile| profile.engine.looks_at_stapled());
                each.max().unwrap_or(LooksAt::Nothing)
            }
            Self::OpenSsl(_) | Self::Webpki(_) | Self::Nss(_) | Self::Pinned => LooksAt::Nothing,
        }
    }

    /// Whether the other one is the same, except for what a client's version changes.
    pub(super) const fn same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::OpenSsl(own), Self::OpenSsl(other)) => {
                own.level == other.level
                    && own.partial_chain == other.partial_chain
                    && own.strict == other.strict
            }
            (Self::Search(own), Self::Search(other)) => own.least_rsa == other.least_rsa,
            _ => true,
        }
    }
}

impl ClientProfile {
    /// The name by which rules know it: its own, or that of the client that it is like.
    pub(super) const fn known_as(&self) -> &'static str {
        match self.described {
            Some(Described { like, .. }) => like,
            None => self.name,
        }
    }

    /// The path, or what the client says.
    pub(super) fn verify(&self, input: &Input<'_, '_>) -> Result<Vec<Fingerprint>, Refusal> {
        // In the order of the wire: a certificate that the parser refuses, or a key that the
        // handshake cannot use, ends the connection before a path is looked for.
        if !matches!(self.engine, Engine::Each(_) | Engine::Pinned)
            && let Some(leaf) = input.leaf()
        {
            let family = self.engine.family();
            let refusal = key_use::refuses(self.known_as(), family, self.facts, leaf)
                .or_else(|| family.refuses(input));
            if let Some(refusal) = refusal {
                return Err(self.worded(refusal, input.names.first()));
            }
        }
        let path = match &self.engine {
            Engine::OpenSsl(flags) => return self.openssl(input, *flags),
            Engine::Webpki(algorithms) => {
                let path = webpki::verify(input, *algorithms)
                    .map_err(|refusal| self.worded(refusal, None))?;
                let ring = *algorithms == Algorithms::Ring;
                let refused = |leaf| key_use::rustls_refuses(leaf, ring);
                return match input.leaf().and_then(refused) {
                    Some(refusal) => Err(refusal),
                    None => Ok(path),
                };
            }
            Engine::Each(profiles) => {
                let mut path = Ok(Vec::new());
                for profile in *profiles {
                    let one = profile.verify(input).map_err(|mut refusal| {
                        refusal.says = format!("on {}: {}", profile.title, refusal.says);
                        refusal
                    });
                    match one {
                        // What one of them refuses, the others cannot change.
                        Err(refusal) if !refusal.cause.is_undecided() => return Err(refusal),
                        Err(refusal) if path.is_ok() => path = Err(refusal),
                        Ok(found) if path.is_ok() => path = Ok(found),
                        _ => {}
                    }
                }
                return path;
            }
            Engine::GnuTls => gnutls::verify(input)
                .map(|path| {
                    path.iter()
                        .map(|certificate| certificate.sha256())
                        .collect()
                })
                .map_err(|(cause, certificate)| {
                    let refusal = Refusal::new(cause, "");
                    match certificate {
                        Some(it) => refusal.of(it),
                        None => refusal,
                    }
                }),
            Engine::Search(rules) => rules.verify(input),
            Engine::Nss(rules) => nss::verify(rules, input),
            Engine::Pinned if input.assumed => {
                let says = "unknown: the certificate that it was given";
                return Err(Refusal::new(Cause::NotMeasured, says));
            }
            Engine::Pinned => pinned(input),
        };
        let path = match path {
            // A wrong name stays wrong, whatever the client fetches.
            Err(refusal) if refusal.cause == Cause::IssuerNotRead => {
                return self.named(input).and(Err(refusal));
            }
            path => path.map_err(|refusal| self.worded(refusal, input.names.first()))?,
        };
        self.named(input)?;
        Ok(path)
    }

    /// Whether the certificate is for every expected name.
    fn named(&self, input: &Input<'_, '_>) -> Result<(), Refusal> {
        let Some(leaf) = input.leaf() else {
            return Ok(());
        };
        match self.names.refuses(leaf, input.names) {
            Some((name, cause)) => {
                let refusal = names::refusal(String::new(), cause, leaf);
                Err(self.worded(refusal, Some(name)))
            }
            None => Ok(()),
        }
    }

    fn openssl(&self, input: &Input<'_, '_>, flags: Flags) -> Result<Vec<Fingerprint>, Refusal> {
        // OpenSSL compares the name after extensions and strength, and before signatures and dates
        // (x509_vfy.c, `verify_chain`): if both are wrong, it prints the name's error.
        let within = |path: &[&Certificate<'_>]| {
            let leaf = path.first()?;
            // curl and libpq compare names themselves, afterwards.
            if !self.voice.names_in_openssl() {
                return None;
            }
            let (name, cause) = self.names.refuses(leaf, input.names)?;
            let number = if matches!(name, ServerName::Ip(_)) {
                64
            } else {
                62
            };
            Some((number, cause))
        };
        let path = openssl::verify(input, flags, within).map_err(|error| {
            let says = match error.cause {
                // The client would say nothing: certcheck does not know whether it refuses.
                Cause::NotComputed => String::new(),
                _ => self
                    .voice
                    .openssl(error.number, openssl::text(error.number)),
            };
            let refusal = Refusal::new(error.cause, says);
            let refusal = match error.certificate {
                Some(it) => refusal.of(it),
                None => refusal,
            };
            self.worded(refusal, None)
        })?;
        // curl prints the issuer before it accepts the certificate, so there must be one.
        if self.voice == Voice::Curl
            && let Some(leaf) = input.leaf().filter(|leaf| leaf.issuer().is_empty())
        {
            let says = "curl: (60) SSL: couldn't get X509-issuer name";
            return Err(Refusal::new(Cause::Encoding, says).of(leaf));
        }
        self.named(input)?;
        Ok(path
            .iter()
            .map(|certificate| certificate.sha256())
            .collect())
    }

    fn worded(&self, mut refusal: Refusal, name: Option<&ServerName>) -> Refusal {
        if refusal.says.is_empty() {
            refusal.says = self
                .voice
                .says(refusal.cause, refusal.subject.as_deref(), name);
        }
        refusal
    }
}

fn pinned(input: &Input<'_, '_>) -> Result<Vec<Fingerprint>, Refusal> {
    let leaf = input
        .leaf()
        .ok_or_else(|| Refusal::new(Cause::NothingPresented, ""))?;
    if input.holds(leaf) {
        Ok(vec![leaf.sha256()])
    } else {
        Err(Refusal::new(Cause::NotPinned, "").of(leaf))
    }
}
