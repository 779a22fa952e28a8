//! Whether each client can use the certificate at all: load it, and sign with its key in a
//! handshake with this server.
//!
//! The server judges the path; before that, the client's own OpenSSL refuses to load what is too
//! weak for its security level, and a client sends no certificate if the server accepts no
//! signature of its key.

use super::words;
use crate::client::{Client, Verdict};
use crate::finding::{Severity, Subject};
use crate::handshake::{
    ClientHello, ClientKeyFailure, Group, KeyKind, ServerKey, ServerOffer, client_key,
};
use crate::model::Certificate;
use crate::preflight::handshake::{server_key, strength};
use crate::protocol::Version;
use crate::rule::{self, Finding};
use crate::server::Profile;
use crate::server::settings::ClientAuth;

/// Why a client does not use the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unused {
    /// What it fails for, in the words of `handshake.no-agreement`.
    pub(super) about: &'static str,
    pub(super) reason: String,
    /// Whether the connection fails, too.
    pub(super) fails: bool,
}

/// The client's certificate and what the server offers.
pub(super) struct Own<'c, 'd> {
    chain: &'c [Certificate<'d>],
    key: ServerKey,
    offer: ServerOffer,
    server: &'static Profile,
    asks: ClientAuth,
}

/// What a library says of a key of another kind.
const NOT_KNOWN: &str = "it does not know such keys";

/// What certcheck does not know of such a key.
pub(super) const NOT_JUDGED: &str =
    "certcheck does not judge handshakes with this kind of client key";
/// The same of a server.
pub(super) const NOT_UNDERSTOOD: &str = "certcheck does not understand a setting that decides which \
     signatures the server accepts from clients";

impl<'c, 'd> Own<'c, 'd> {
    /// What decides; why not, if something is not known.
    pub(super) fn new(
        chain: &'c [Certificate<'d>],
        offer: Option<ServerOffer>,
        server: &'static Profile,
        asks: ClientAuth,
    ) -> Result<Self, &'static str> {
        Ok(Self {
            chain,
            key: server_key(chain).ok_or(NOT_JUDGED)?,
            offer: offer.ok_or(NOT_UNDERSTOOD)?,
            server,
            asks,
        })
    }

    /// Why this client does not use the certificate; `None` if it does, or is not known.
    pub(super) fn unused(&self, client: Client) -> Option<Unused> {
        let hellos = client.hellos();
        hellos
            .into_iter()
            .find_map(|hello| self.with(client, hello))
    }

    fn with(&self, client: Client, hello: &ClientHello) -> Option<Unused> {
        if let Some(text) = self.load_fault(client, hello) {
            return Some(Unused {
                about: match text == NOT_KNOWN || text.contains("curve") {
                    true => "client-signature",
                    false => "client-strength",
                },
                reason: format!("the client does not load it: {text}"),
                fails: true,
            });
        }
        let failure = client_key(&self.offer, hello, &self.key).err()?;
        let required = self.asks == ClientAuth::Required;
        Some(match failure {
            ClientKeyFailure::NotSent(version) => {
                let seen = if required {
                    let seen = match (self.server.demands_in_handshake(), version) {
                        (true, Version::TLSv1_3) | (false, _) => words::none_sent(self.server),
                        (true, _) if self.server.name() == "postgres" => {
                            words::none_sent(self.server)
                        }
                        (true, _) => "the alert `handshake failure (alert 40)`",
                    };
                    format!(", and sees {seen}")
                } else {
                    String::new()
                };
                Unused {
                    about: "client-signature",
                    reason: format!(
                        "the client sends none, because the server accepts no signature \
                         of its key in {}{seen}",
                        version.as_str()
                    ),
                    fails: required,
                }
            }
            ClientKeyFailure::Curve => Unused {
                about: "client-signature",
                reason: "the curve of its key is not among the groups of both sides, and \
                         the server ends the handshake with `illegal_parameter (alert 47)`"
                    .to_owned(),
                fails: true,
            },
            _ => Unused {
                about: "version",
                reason: "no protocol version in common: the server ends the handshake with \
                         `protocol_version`"
                    .to_owned(),
                fails: true,
            },
        })
    }

    /// What the client's library says when it loads the certificate.
    fn load_fault(&self, client: Client, hello: &ClientHello) -> Option<&'static str> {
        if let Some(least) = hello.least_bits_of_its_own() {
            let too_weak = |bits: u32| bits < least;
            if too_weak(self.key.kind.bits()) {
                return Some("`ee key too small`");
            }
            if self.key.own_digest_bits.is_some_and(too_weak) {
                return Some("`ca md too weak`");
            }
            // `s_client -cert` loads only the first certificate of the file.
            let above = self.chain.iter().skip(1);
            let weak = |issuer: &Certificate<'_>| strength(issuer).is_some_and(too_weak);
            return (client.name() != "openssl" && above.into_iter().any(weak))
                .then_some("`ca key too small` or `ca md too weak`");
        }
        let rare = |curve: Group| {
            !matches!(
                curve,
                Group::SECP224R1 | Group::SECP256R1 | Group::SECP384R1 | Group::SECP521R1
            )
        };
        match (client.name(), self.key.kind) {
            ("rustls", KeyKind::Rsa(bits)) if bits < 2048 => {
                Some("RSA keys have at least 2048 bits")
            }
            ("go", KeyKind::Rsa(bits)) if bits < 1024 => {
                Some("`crypto/rsa: key size less than 1024 bits`")
            }
            ("go", KeyKind::Ec(curve)) if rare(curve) => Some("`x509: unsupported elliptic curve`"),
            ("gnutls", KeyKind::Ec(curve)) if rare(curve) => Some("`The curve is unsupported`"),
            ("rustls", KeyKind::Ec(curve)) if rare(curve) || curve == Group::SECP224R1 => {
                Some(NOT_KNOWN)
            }
            ("go" | "rustls", KeyKind::Dsa(_) | KeyKind::Ed448 | KeyKind::RsaPss(_)) => {
                Some(NOT_KNOWN)
            }
            _ => None,
        }
    }
}

impl Unused {
    /// The verdict of the client's row, and its reason: a client that sends nothing where nothing is
    /// required connects.
    pub(super) fn of_row(&self) -> (Verdict, Option<String>) {
        if self.fails {
            (Verdict::Refuses, Some(self.reason.clone()))
        } else {
            (Verdict::Accepts, None)
        }
    }
}

/// The clients that do not use the certificate, and what follows.
#[derive(Default)]
pub(super) struct Effect {
    all: Vec<(Client, Unused)>,
    /// Those that decide.
    deciding: Vec<(Client, Unused)>,
    /// No client that decides uses it.
    pub(super) of_all: bool,
    /// That decides the verdict: some fail, and they are all or were named.
    is_error: bool,
}

impl Effect {
    pub(super) fn new(all: Vec<(Client, Unused)>, deciding: &[Client], named: bool) -> Self {
        let own = all.iter().filter(|(client, _)| deciding.contains(client));
        let own: Vec<_> = own.cloned().collect();
        let of_all = !own.is_empty() && own.len() == deciding.len();
        let is_error = (of_all || named) && own.iter().any(|(_, why)| why.fails);
        Self {
            all,
            deciding: own,
            of_all,
            is_error,
        }
    }

    /// Whether a client that decides does not use it.
    pub(super) fn any(&self) -> bool {
        !self.deciding.is_empty()
    }

    /// Why this client does not use it.
    pub(super) fn of(&self, client: Client) -> Option<&Unused> {
        let mut all = self.all.iter();
        all.find(|(known, _)| *known == client).map(|(_, why)| why)
    }

    /// The verdict of the place, if the clients decide it.
    pub(super) fn verdict(&self) -> Option<(Verdict, Option<String>)> {
        let mut own = self.deciding.iter().map(|(_, why)| why);
        if self.is_error {
            let why = own.find(|why| why.fails)?;
            return Some((Verdict::Refuses, Some(why.reason.clone())));
        }
        let why = own.next().filter(|_| self.of_all)?;
        Some((Verdict::Accepts, Some(why.reason.clone())))
    }

    /// One for each reason.
    pub(super) fn findings(&self, subject: &Subject) -> Vec<Finding> {
        let mut groups: Vec<(&Unused, Vec<String>)> = Vec::new();
        for (client, why) in &self.deciding {
            let name = client.label().into_owned();
            match groups.iter_mut().find(|(known, _)| *known == why) {
                Some((_, clients)) => clients.push(name),
                None => groups.push((why, vec![name])),
            }
        }
        let finding = |(why, clients): (&Unused, Vec<String>)| {
            let fact = rule::handshake::NoAgreement {
                clients,
                about: why.about.to_owned(),
                reason: why.reason.clone(),
            };
            let severity = if self.is_error && why.fails {
                Severity::Error
            } else {
                Severity::Warning
            };
            Finding::new(fact, subject.clone()).with_severity(severity)
        };
        groups.into_iter().map(finding).collect()
    }
}
