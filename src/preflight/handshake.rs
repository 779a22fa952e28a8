//! What each client and the server agree on before the client checks a certificate.

use super::endpoint::Nameless;
use super::result::StartupOutcome;
use super::{Preflight, Protocols, StartupResult};
use crate::cipher::{Authentication, KeyExchange, SecurityLevel, Suite};
use crate::client::Client;
use crate::finding::{Code, Severity};
use crate::handshake::{
    Agreement, ClientEnd, ClientHello, DhParameters, Failure, Group, KeyKind, Scheme, ServerKey,
    ServerOffer, agree, client_end, suite_b,
};
use crate::model::{Certificate, Curve, Hash, KeyAlgorithm, PublicKey, SignatureAlgorithm};
use crate::objects::Object;
use crate::protocol::Version;
use crate::rule::{self, Evidence, Finding, HandshakeFact};
use crate::server::settings::Scope;

/// What [`End::about`] says where keyUsage does not allow the key to sign.
pub(super) const FOR_SIGNATURES: &str = "signatures of the key";
/// The same if it does not allow the key to decrypt.
pub(super) const FOR_KEY_TRANSPORT: &str = "key transport";

/// The same where the server ends the handshake of a client without a certificate.
const CERTIFICATE_DEMANDED: &str = "client certificate";

/// How a handshake goes.
#[derive(Clone, Debug)]
pub(super) enum Met {
    /// Both go on to the certificates.
    Agreed(Agreement),
    /// One of them ends it.
    Ended(End),
    /// Unknown: certcheck does not interpret a setting that affects it.
    Open,
}

impl Met {
    /// Whether they agree on this key of the server's.
    pub(super) fn reaches(&self, place: usize) -> bool {
        matches!(self, Self::Agreed(agreement) if agreement.key == place)
    }

    /// The same about a key that was the only one of the offer and has this place among all.
    fn with_key(self, place: usize) -> Self {
        match self {
            Self::Agreed(agreement) => Self::Agreed(Agreement {
                key: place,
                ..agreement
            }),
            met => met,
        }
    }
}

/// Why there is no handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// What they do not agree on, in the words of `handshake.no-agreement`, or one of the two
    /// about keyUsage.
    pub(super) about: &'static str,
    /// Who ends it, and what it says.
    pub(super) says: String,
}

impl Preflight {
    /// What the server offers, except its keys; `None` if a setting that affects it is not
    /// understood.
    pub(super) fn offer(&self) -> Option<ServerOffer> {
        match (&self.endpoint, self.said_of_handshakes()) {
            (Some(endpoint), _) => endpoint.offer.clone(),
            (None, Some(scope)) => self.server.offer_at(scope, scope),
            (None, None) => Some(self.server.offer(Vec::new())),
        }
    }

    /// What options say about the handshake, instead of settings.
    fn said_of_handshakes(&self) -> Option<&Scope> {
        self.given.as_ref()?.scopes.first()
    }

    /// The security level set before the server loads its certificates; `None`: its default.
    pub(super) fn level_at_load(&self) -> Option<SecurityLevel> {
        match (&self.endpoint, self.said_of_handshakes()) {
            (Some(endpoint), _) => endpoint.level,
            (None, Some(scope)) => self.server.level_at_load(scope),
            (None, None) => None,
        }
    }

    /// Whether the settings leave suites in which a DSA key signs; no server's
    /// defaults do.
    pub(super) fn offers_dss(&self) -> bool {
        self.offer().is_some_and(|offer| {
            let suites = offer
                .suites
                .iter()
                .filter(|suite| offer.level.allows(suite));
            let mut kinds = suites.map(|suite| suite.authentication);
            // A DSS suite also needs parameters for DHE, without which OpenSSL does not use it.
            kinds.any(|kind| kind == Authentication::Dss) && offer.dh != DhParameters::None
        })
    }

    /// How the handshake of each client goes with the server that sends these
    /// chains; clients without a known ClientHello are left out. Empty if the keys or the protocol
    /// string cannot be read: other checks say so.
    pub(super) fn meetings(
        &self,
        chains: &[&[Certificate<'_>]],
        protocols: Option<&Protocols>,
    ) -> Vec<(Client, Met)> {
        let keys: Option<Vec<_>> = chains.iter().map(|chain| server_key(chain)).collect();
        let Some(keys) = keys else { return Vec::new() };
        let Some(offer) = self.offer() else {
            return self
                .clients_met()
                .map(|client| (client, Met::Open))
                .collect();
        };
        let mut offer = ServerOffer { keys, ..offer };
        // The server does not start with a refused string: no handshake to predict.
        if protocols.is_some_and(|protocols| !(protocols.accepted && protocols.starts)) {
            return Vec::new();
        }
        self.limit(&mut offer, protocols);
        let default = self.default_key().and_then(|place| {
            let keys = vec![offer.keys.get(place)?.clone()];
            let offer = ServerOffer {
                keys,
                ..offer.clone()
            };
            Some((place, offer))
        });
        let met = |client: Client| {
            let met = match &default {
                Some((place, default)) if self.asks_for_no_name(client) => {
                    meets(default, client)?.with_key(*place)
                }
                _ => meets(&offer, client)?,
            };
            Some((client, met))
        };
        self.clients_met().filter_map(met).collect()
    }

    /// The one key of several that a client without a name in its ClientHello is offered.
    fn default_key(&self) -> Option<usize> {
        match self.endpoint.as_ref()?.nameless {
            Nameless::Only(place) => Some(place),
            Nameless::Same | Nameless::Other => None,
        }
    }

    /// Whether the client names none of the hosts that are asked about in its ClientHello.
    pub(super) fn asks_for_no_name(&self, client: Client) -> bool {
        !self.hosts.is_empty() && self.hosts.iter().all(|host| client.omits_name(host))
    }

    /// Whether RSA key transport is all that the server offers: its key never signs.
    pub(super) fn offers_only_key_transport(&self, protocols: Option<&Protocols>) -> bool {
        let Some(mut offer) = self.offer() else {
            return false;
        };
        self.limit(&mut offer, protocols);
        let allowed = |suite: &&&Suite| offer.level.allows(suite);
        let mut exchanges = offer.suites.iter().filter(allowed).peekable();
        !offer.versions.contains(Version::TLSv1_3)
            && exchanges.peek().is_some()
            && exchanges.all(|suite| suite.key_exchange == KeyExchange::Rsa)
    }

    /// What a string of protocol versions leaves of the offer.
    fn limit(&self, offer: &mut ServerOffer, protocols: Option<&Protocols>) {
        if let Some(protocols) = protocols {
            // The offer already contains the settings, including OpenSSL commands. A command-line
            // option overrides the settings. TabPy and Rserve have no OpenSSL commands, so nothing
            // else applies to versions there.
            let in_settings = self.endpoint.is_some() && self.protocols.is_none();
            if !in_settings || matches!(self.server.name(), "tabpy" | "rserve") {
                let named = |name: &String| {
                    Version::ALL
                        .into_iter()
                        .find(|version| version.as_str() == name)
                };
                offer.versions = protocols.effective.iter().filter_map(named).collect();
                for own in &mut offer.by_key {
                    own.versions = offer.versions;
                }
            }
        }
    }
}

/// Leaves out what follows from another finding: a server that serves no client, a key
/// that no handshake can use, a certificate that is not the server's own.
pub(super) fn leave_to_causes(findings: &mut Vec<Finding>, startup: Option<&StartupResult>) {
    // No client reaches a server that does not start, and its finding says more than a list of clients.
    let serves = startup.is_none_or(|startup| startup.outcome == StartupOutcome::Starts);
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let causes: Vec<_> = errors.map(Finding::code).collect();
    let has = |codes: &[Code]| codes.iter().any(|code| causes.contains(code));
    findings.retain(|finding| {
        let Evidence::HandshakeFact(HandshakeFact::NoAgreement(rule::handshake::NoAgreement {
            about,
            ..
        })) = &finding.evidence
        else {
            return true;
        };
        // The wrong certificate is sent first, which causes every disagreement below.
        let is_caused = has(&[Code::ChainEndEntityNotFirst])
            || match about.as_str() {
                "version" => has(&[Code::ProtocolNoModernVersion]),
                "strength" => has(&[
                    Code::KeyWeak,
                    Code::CertificateWeakKey,
                    Code::CertificateWeakSignature,
                ]),
                "suite" | "signature" => {
                    has(&[Code::KeyDsaUnusable, Code::KeyUnsupportedAlgorithm])
                }
                "extension" => has(&[Code::CertificateMalformedExtension]),
                _ => false,
            };
        serves && !is_caused
    });
}

/// The clients that decide and cannot connect, by what is not agreed on.
pub(super) fn findings(
    ended: &[(Client, End)],
    deciding: &[Client],
    own: &Object<'_>,
) -> Vec<Finding> {
    let mut groups: Vec<(&End, Vec<String>)> = Vec::new();
    for (client, end) in ended {
        // Clients that only inform are listed with their verdicts, but cause no finding. What
        // keyUsage does not allow is `certificate.key-usage`, and a check says what is demanded of
        // clients.
        let elsewhere = matches!(
            end.about,
            FOR_SIGNATURES | FOR_KEY_TRANSPORT | CERTIFICATE_DEMANDED
        );
        if !deciding.contains(client) || elsewhere {
            continue;
        }
        let name = client.label().into_owned();
        // One finding for each thing that is not agreed on: ten clients fail for one reason.
        match groups
            .iter_mut()
            .find(|(known, _)| known.about == end.about)
        {
            Some((_, clients)) if !clients.contains(&name) => clients.push(name),
            Some(_) => {}
            None => groups.push((end, vec![name])),
        }
    }
    let finding = |(end, clients): (&End, Vec<String>)| {
        let fact = rule::handshake::NoAgreement {
            clients,
            about: end.about.to_owned(),
            reason: end.says.clone(),
        };
        Finding::new(fact, own.subject())
    };
    groups.into_iter().map(finding).collect()
}

/// The handshake of a client with each of its ClientHellos: if one fails, it fails. `None` for a
/// client without a known ClientHello.
fn meets(offer: &ServerOffer, client: Client) -> Option<Met> {
    let hellos = client.hellos();
    let mut first = None;
    for hello in &hellos {
        match meeting(offer, hello) {
            Met::Ended(end) if hellos.len() > 1 => {
                let says = format!("on {}: {}", hello.program, end.says);
                return Some(Met::Ended(End { says, ..end }));
            }
            met @ Met::Ended(_) => return Some(met),
            met => first = first.or(Some(met)),
        }
    }
    first
}

fn meeting(offer: &ServerOffer, hello: &ClientHello) -> Met {
    let agreement = match agree(offer, hello) {
        Ok(agreement) => agreement,
        Err(failure) => {
            return Met::Ended(End {
                about: match failure {
                    Failure::Version => "version",
                    Failure::Group => "group",
                    Failure::Signature | Failure::SaltTooShort | Failure::CertificateRequest => {
                        "signature"
                    }
                    Failure::DhTooShort => "dh-parameters",
                    Failure::CertificateTooWeak => "strength",
                    Failure::SuiteBelowGap => "gap",
                    Failure::InvalidCertificate => "extension",
                    Failure::ClientCertificate => CERTIFICATE_DEMANDED,
                    _ => "suite",
                },
                says: format!(
                    "{failure}: the server ends the handshake with `{}` (alert {})",
                    failure.openssl_reason(),
                    failure.alert()
                ),
            });
        }
    };
    let key = offer.keys.get(agreement.key);
    let offer = offer.with_key(agreement.key);
    // How the server hands its chain to OpenSSL decides then, and that is not known here.
    let open = key.is_some_and(|key| key.in_suite_b.is_none());
    if offer.suite_b.is_some() && open && agreement.version != Version::TLSv1_3 {
        return Met::Open;
    }
    let end = key.and_then(|key| client_end(hello, &agreement, key, offer).err());
    match end {
        Some(end) => Met::Ended(End {
            about: match end {
                ClientEnd::LegacySignature => "version",
                ClientEnd::DhTooShort => "dh-parameters",
                ClientEnd::NotForSignatures => FOR_SIGNATURES,
                ClientEnd::NotForKeyTransport => FOR_KEY_TRANSPORT,
                ClientEnd::Http2Suite | ClientEnd::Http2SuiteAtServer => "http2",
                ClientEnd::NoBindingHash => "channel-binding",
                ClientEnd::NoAnswer => "setting",
            },
            says: match end {
                ClientEnd::Http2SuiteAtServer => end.words(hello.client).to_owned(),
                ClientEnd::NoAnswer => {
                    let closes = offer.closes.as_ref();
                    let setting = closes.map_or("", |closes| closes.setting.as_str());
                    format!("the client gets no answer because of `{setting}`")
                }
                ClientEnd::NoBindingHash => {
                    format!(
                        "the client ends the connection: {}",
                        end.words(hello.client)
                    )
                }
                _ => format!("the client ends the handshake: {}", end.words(hello.client)),
            },
        }),
        None => Met::Agreed(agreement),
    }
}

/// What the handshake looks at of a chain, the server's own certificate first.
pub(super) fn server_key(chain: &[Certificate<'_>]) -> Option<ServerKey> {
    let own = chain.first()?;
    let mut server_key = ServerKey::new(kind(own)?);
    server_key.may_sign = own
        .key_usage()
        .is_none_or(|usage| usage.digital_signature());
    server_key.may_encipher = own.key_usage().is_none_or(|usage| usage.key_encipherment());
    server_key.is_invalid = own.is_invalid_to_openssl();
    server_key.certificate_scheme = scheme(own.signature_algorithm().signature());
    if let SignatureAlgorithm::RsaPss { hash, salt, .. } = own.key_info().algorithm.signature() {
        server_key.pss_digest = Some(hash.bytes() * 8);
        server_key.pss_salt = salt;
    }
    // The weakest certificate of the chain decides, as OpenSSL asks for each of them.
    let above = chain.iter().skip(1).filter_map(strength);
    let own_key = server_key.kind.bits();
    server_key.chain_bits = above.chain([own_key]).min();
    server_key.own_digest_bits = signature_strength(own);
    let link = |certificate: &Certificate<'_>| {
        let curve = match kind(certificate) {
            Some(KeyKind::Ec(curve)) => Some(curve),
            _ => None,
        };
        (curve, scheme(certificate.signature_algorithm().signature()))
    };
    let path: Vec<_> = chain.iter().map(link).collect();
    // Whether a version counts depends on the server too.
    let version3 = chain.iter().all(|certificate| certificate.version() == 3);
    server_key.in_suite_b = suite_b::takes_path(&path).filter(|_| version3);
    Some(server_key)
}

/// The kind of a certificate's key, if handshakes use that kind.
fn kind(certificate: &Certificate<'_>) -> Option<KeyKind> {
    let key = PublicKey::parse(certificate.spki_der()).ok()?;
    let bits = key.bits().unwrap_or(0);
    Some(match key.algorithm() {
        KeyAlgorithm::Rsa => KeyKind::Rsa(bits),
        KeyAlgorithm::RsaPss => KeyKind::RsaPss(bits),
        KeyAlgorithm::Dsa => KeyKind::Dsa(bits),
        KeyAlgorithm::Ec(curve) => KeyKind::Ec(group(curve)?),
        KeyAlgorithm::Ed25519 => KeyKind::Ed25519,
        KeyAlgorithm::Ed448 => KeyKind::Ed448,
        _ => return None,
    })
}

/// Bits of security of a certificate's key and of its signature's digest, which does not count if
/// the certificate is self-signed (ssl/t1_lib.c, `ssl_security_cert_chain`).
pub(super) fn strength(certificate: &Certificate<'_>) -> Option<u32> {
    let kind = kind(certificate)?;
    let digest = signature_strength(certificate);
    Some(digest.map_or(kind.bits(), |digest| digest.min(kind.bits())))
}

fn signature_strength(certificate: &Certificate<'_>) -> Option<u32> {
    match certificate.signature_algorithm().signature() {
        SignatureAlgorithm::Unsupported => None,
        _ if certificate.is_self_issued() => None,
        algorithm => algorithm.hash().map(digest_bits),
    }
}

/// Bits of security of a digest (crypto/x509/x509_set.c, `x509_sig_info_init`).
const fn digest_bits(hash: Hash) -> u32 {
    match hash {
        Hash::Md5 => 39,
        Hash::Sha1 => 63,
        Hash::Sha224 => 112,
        Hash::Sha256 => 128,
        Hash::Sha384 => 192,
        Hash::Sha512 => 256,
    }
}

fn group(curve: &Curve) -> Option<Group> {
    Group::named(match curve {
        Curve::P224 => "secp224r1",
        Curve::P256 => "secp256r1",
        Curve::P384 => "secp384r1",
        Curve::P521 => "secp521r1",
        Curve::Secp256k1 => "secp256k1",
        Curve::BrainpoolP256r1 => "brainpoolP256r1",
        Curve::BrainpoolP384r1 => "brainpoolP384r1",
        Curve::BrainpoolP512r1 => "brainpoolP512r1",
        Curve::Other(_) | Curve::Explicit => return None,
    })
}

/// The scheme of TLS that a certificate's signature is: 0 for one that TLS does not have, `None`
/// for one that is not known here.
fn scheme(algorithm: SignatureAlgorithm) -> Option<Scheme> {
    Some(Scheme(match algorithm {
        SignatureAlgorithm::RsaPkcs1(hash) => match hash {
            Hash::Md5 => 0,
            Hash::Sha1 => 0x0201,
            Hash::Sha224 => 0x0301,
            Hash::Sha256 => 0x0401,
            Hash::Sha384 => 0x0501,
            Hash::Sha512 => 0x0601,
        },
        SignatureAlgorithm::RsaPss { hash, .. } => match hash {
            Hash::Sha256 => 0x0804,
            Hash::Sha384 => 0x0805,
            Hash::Sha512 => 0x0806,
            _ => 0,
        },
        SignatureAlgorithm::Ecdsa(hash) => match hash {
            Hash::Sha1 => 0x0203,
            Hash::Sha224 => 0x0303,
            Hash::Sha256 => 0x0403,
            Hash::Sha384 => 0x0503,
            Hash::Sha512 => 0x0603,
            Hash::Md5 => 0,
        },
        SignatureAlgorithm::Dsa(hash) => match hash {
            Hash::Sha1 => 0x0202,
            Hash::Sha224 => 0x0302,
            Hash::Sha256 => 0x0402,
            _ => 0,
        },
        SignatureAlgorithm::Ed25519 => 0x0807,
        SignatureAlgorithm::Unsupported => return None,
    }))
}
