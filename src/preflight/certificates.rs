//! Is a certificate by itself fit for a server: dates, names, purposes, strength?

use super::host_name;
use super::key_usage;
use crate::Time;
use crate::finding::Severity;
use crate::model::{Certificate, KeyAlgorithm, PublicKey, purpose_name};
use crate::objects::Object;
use crate::rule::{self, CertificateFact, Finding};
use crate::server::Profile;
use crate::server_name::{ServerName, Wildcards};
use crate::signature;
use crate::validity::{APPLE_DAYS, APPLE_SINCE, Validity, outlives, warn_from};

/// What the certificates are judged against.
pub(crate) struct Demands<'a> {
    pub(crate) server: &'static Profile,
    pub(crate) at: Time,
    /// Days; `None`: a third of a certificate's life, at most 30.
    pub(crate) expires_within: Option<u32>,
    pub(crate) hosts: &'a [ServerName],
    /// Whether the server offers only RSA key transport.
    pub(crate) only_key_transport: bool,
}

impl Demands<'_> {
    /// The server's own certificate.
    pub(crate) fn end_entity(&self, object: &Object<'_>) -> Vec<Finding> {
        let Some(certificate) = object.certificate() else {
            return Vec::new();
        };
        let mut facts: Vec<CertificateFact> = Vec::new();
        facts.extend(Validity::of(certificate, self.at).fact(self.at, self.warn_from(certificate)));
        let names = self.names(certificate);
        let odd_names = host_name::findings(object, self.hosts, &names);
        facts.extend(names);
        facts.extend(purpose(certificate));
        // A self-signed CA certificate as a server's own is the usual test setup and has its own
        // finding. One that another CA issued is a mix-up of files.
        if certificate.is_ca() && !is_self_signed(certificate) {
            facts.push(CertificateFact::CaAsServer(
                rule::certificate::CaAsServer {},
            ));
        }
        // Issuer and subject are the same name, but another key signed: a search for the
        // issuer by name finds the certificate itself.
        if certificate.is_self_issued() && !is_self_signed(certificate) {
            facts.push(CertificateFact::IssuerName(rule::certificate::IssuerName {
                name: certificate.subject().to_string(),
            }));
        }
        facts.extend(lifetime(certificate));
        facts.extend(self.local_time(certificate));
        facts.extend(self.strength(certificate));
        facts.extend(extensions(certificate));
        facts
            .into_iter()
            .map(|fact| Finding::new(fact, object.subject()))
            .chain(odd_names)
            .chain(key_usage::finding(object, self.only_key_transport))
            .chain(self.short(certificate).map(|fact| {
                Finding::new(fact, object.subject())
                    .with_severity(Severity::Warning)
                    .because(SHORT)
            }))
            .collect()
    }

    /// A certificate so new that it is not yet valid in every local time, on a server some versions
    /// of which check that.
    fn local_time(&self, certificate: &Certificate<'_>) -> Option<CertificateFact> {
        /// The furthest time zone west of Greenwich (UTC-12).
        const WEST: i64 = 12 * 3600;
        let begin = certificate.not_before();
        let everywhere = Time::from_unix_seconds(begin.unix_seconds().saturating_add(WEST));
        let new = self.at >= begin && self.at < everywhere;
        (new && self.server.name() == "tabpy").then_some(CertificateFact::LocalTime(
            rule::certificate::LocalTime {
                not_before: begin,
                everywhere,
            },
        ))
    }

    /// An RSA key that OpenSSL loads, although it is shorter than the 2048 bits
    /// that rustls, GnuTLS's profiles and every public CA demand.
    fn short(&self, certificate: &Certificate<'_>) -> Option<CertificateFact> {
        let key = PublicKey::parse(certificate.spki_der()).ok()?;
        let (bits, least) = (u64::from(key.bits()?), self.server.least_rsa_bits);
        let rsa = matches!(key.algorithm(), KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss);
        (rsa && (least..2048).contains(&bits)).then(|| {
            CertificateFact::WeakKey(rule::certificate::WeakKey {
                algorithm: key.algorithm().to_string(),
                bits,
                least: 2048,
            })
        })
    }

    /// A CA certificate of the chain; `needed` if no valid path avoids it.
    pub(crate) fn issuer(&self, object: &Object<'_>) -> Vec<Finding> {
        let Some(certificate) = object.certificate() else {
            return Vec::new();
        };
        let mut findings = Vec::new();
        let mut facts: Vec<CertificateFact> = Vec::new();
        // An expired issuer has its own code: the CA renews it, not the
        // administrator. One that is not valid yet has none.
        match Validity::of(certificate, self.at) {
            Validity::Expired { not_after } => findings.push(Finding::new(
                rule::chain::Expired {
                    subject: certificate.subject().to_string(),
                    not_after,
                    at: self.at,
                },
                object.subject(),
            )),
            validity => facts.extend(validity.fact(self.at, self.warn_from(certificate))),
        }
        facts.extend(self.strength(certificate));
        facts.extend(extensions(certificate));
        findings.extend(
            facts
                .into_iter()
                .map(|fact| Finding::new(fact, object.subject())),
        );
        findings
    }

    /// Only judges whether an end-entity certificate is valid now.
    pub(crate) fn validity(&self, object: &Object<'_>) -> Option<Finding> {
        let certificate = object.certificate()?;
        let validity = Validity::of(certificate, self.at);
        let fact = validity.fact(self.at, self.warn_from(certificate))?;
        Some(Finding::new(fact, object.subject()))
    }

    fn warn_from(&self, certificate: &Certificate<'_>) -> Time {
        let (begin, end) = (certificate.not_before(), certificate.not_after());
        warn_from(begin, end, self.expires_within)
    }

    fn names(&self, certificate: &Certificate<'_>) -> Vec<CertificateFact> {
        // Looked up by its number, not through the parsed view, so that an unreadable
        // subjectAltName is not reported as a missing one.
        // subjectAltName, 2.5.29.17
        let has_names = certificate
            .extensions()
            .iter()
            .any(|extension| extension.oid.as_bytes() == [0x55, 0x1d, 0x11]);
        if !has_names {
            let common_name = certificate.subject().common_name();
            return vec![CertificateFact::NoSubjectAltName(
                rule::certificate::NoSubjectAltName { common_name },
            )];
        }
        if certificate.subject_alt_names().is_none() {
            return Vec::new();
        }
        // Every name is checked: a certificate that serves three of four hosts fails the fourth.
        self.hosts
            .iter()
            .filter_map(|host| host.check(certificate, Wildcards::Anywhere).err())
            .map(|mismatch| mismatch.fact())
            .collect()
    }

    fn strength(&self, certificate: &Certificate<'_>) -> Vec<CertificateFact> {
        let mut facts = Vec::new();
        if let Ok(key) = PublicKey::parse(certificate.spki_der())
            && let Some(bits) = key.bits().map(u64::from)
            && let Some(least) = self.server.least_bits(key.algorithm())
            && bits < least
        {
            let algorithm = key.algorithm().to_string();
            facts.push(CertificateFact::WeakKey(rule::certificate::WeakKey {
                algorithm,
                bits,
                least,
            }));
        }
        let algorithm = certificate.signature_algorithm();
        let broken = algorithm
            .signature()
            .hash()
            .is_some_and(|hash| hash.is_broken());
        // A self-signed certificate is trusted as itself or not at all, so its hash protects
        // nothing.
        if broken && !is_self_signed(certificate) {
            facts.push(CertificateFact::WeakSignature(
                rule::certificate::WeakSignature {
                    algorithm: algorithm.to_string(),
                },
            ));
        }
        facts
    }
}

/// What a key between OpenSSL's minimum and 2048 bits means.
const SHORT: &str = "OpenSSL counts it as strong enough and loads it; \
     rustls and other clients refuse RSA keys below 2048 bits";

/// Whether the certificate's own key made its signature: a client that trusts it does not check
/// that signature.
pub(crate) fn is_self_signed(certificate: &Certificate<'_>) -> bool {
    certificate.is_self_issued()
        && match signature::signed_by(certificate, certificate) {
            Ok(()) => true,
            // A signature that is not computed here counts as its own: an unsupported algorithm
            // must not turn a root into an intermediate.
            Err(problem) => problem.is_not_computed(),
        }
}

/// A server must be allowed to authenticate itself (RFC 5280 4.2.1.12).
fn purpose(certificate: &Certificate<'_>) -> Vec<CertificateFact> {
    const SERVER_AUTH: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x01";
    const ANY: &[u8] = b"\x55\x1d\x25\x00";
    let mut facts = Vec::new();
    if let Some(usage) = certificate.extended_key_usage() {
        let serves = usage
            .purposes()
            .any(|purpose| purpose.as_bytes() == SERVER_AUTH || purpose.as_bytes() == ANY);
        if !serves {
            facts.push(CertificateFact::Purpose(rule::certificate::Purpose {
                wanted: "a TLS server (serverAuth)".to_owned(),
                present: usage.purposes().take(100).map(purpose_name).collect(),
            }));
        }
    }
    facts
}

fn lifetime(certificate: &Certificate<'_>) -> Option<CertificateFact> {
    let (from, to) = (certificate.not_before(), certificate.not_after());
    if from < APPLE_SINCE || !outlives(certificate, APPLE_DAYS) {
        return None;
    }
    Some(CertificateFact::Lifetime(rule::certificate::Lifetime {
        days: u64::try_from(from.days_until(to)).unwrap_or(0),
        limit: u64::from(APPLE_DAYS),
        who: "Apple (macOS 10.15, iOS 13 and later)".to_owned(),
    }))
}

fn extensions(certificate: &Certificate<'_>) -> Vec<CertificateFact> {
    let malformed = certificate.extension_problems().iter().map(|problem| {
        CertificateFact::MalformedExtension(rule::certificate::MalformedExtension {
            oid: problem.oid.clone(),
            reason: problem.reason.clone(),
        })
    });
    let unknown = certificate
        .extensions()
        .iter()
        .filter(|extension| extension.critical && !extension.is_processed())
        .map(|extension| {
            CertificateFact::UnknownCriticalExtension(rule::certificate::UnknownCriticalExtension {
                oid: extension.oid.to_string(),
            })
        });
    // A certificate may have thousands of extensions. A hundred findings are more than anyone
    // reads.
    malformed.chain(unknown).take(100).collect()
}
