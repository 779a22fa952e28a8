//! The requirements on a certificate for its place in a path.

mod cab;
mod issuing;
mod lifetime;
mod syntax;

pub(super) use issuing::SERIAL;
pub(super) use syntax::is_network;
pub(crate) use syntax::is_preferred_name;

use super::policy;
use super::profile::PathProfile;
use super::reason::Reason;
use crate::Time;
use crate::model::extension_id as id;
use crate::model::{
    Certificate, Curve, KeyAlgorithm, KeyUsage, Oid, PublicKey, SignatureAlgorithm, purpose_name,
};
use crate::signature;
use crate::validity::Validity;

/// Where in the path a certificate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathRole {
    EndEntity,
    Intermediate,
    Anchor,
}

/// What certificates are judged by.
pub(super) struct Rules<'r> {
    pub(super) profile: &'r PathProfile,
    pub(super) at: Time,
    /// The object identifier of the purpose; `None` for any.
    pub(super) purpose: Option<&'r [u8]>,
}

/// Whether its own key signed it: two certificates of one name may have
/// different keys (CVE-2024-0567).
pub(super) fn is_self_signed(certificate: &Certificate<'_>) -> bool {
    certificate.is_self_issued() && signature::signed_by(certificate, certificate).is_ok()
}

impl Rules<'_> {
    /// Everything that is wrong with `certificate` in `role`.
    pub(super) fn check(&self, certificate: &Certificate<'_>, role: PathRole) -> Vec<Reason> {
        // RFC 5280 6.1.1 (d): a trust anchor is input to validation, as a name and a key. Its
        // dates and extensions bind only those who choose to look at them.
        if role == PathRole::Anchor && !self.profile.judges_anchors {
            return Vec::new();
        }
        let mut found = Vec::new();
        self.check_cheap(certificate, role, &mut found);
        self.check_costly(certificate, role, &mut found);
        found
    }

    /// The first fault that can be found without computing a signature.
    pub(super) fn cheap(&self, certificate: &Certificate<'_>, role: PathRole) -> Option<Reason> {
        let mut found = Vec::new();
        self.check_cheap(certificate, role, &mut found);
        found.into_iter().next()
    }

    /// The first other fault: recognising a self-signed certificate may need a signature, so this
    /// comes after the path's own.
    pub(super) fn costly(&self, certificate: &Certificate<'_>, role: PathRole) -> Option<Reason> {
        let mut found = Vec::new();
        self.check_costly(certificate, role, &mut found);
        found.into_iter().next()
    }

    /// What is wrong with the signer of a revocation list by itself.
    pub(super) fn cheap_for_signer(&self, certificate: &Certificate<'_>) -> Option<Reason> {
        // A CRL's signer needs no extended key usage for TLS: RFC 5280 6.3.3 (f) validates its
        // path without asking for the purpose of the certificate in question.
        let any = Rules {
            purpose: None,
            ..*self
        };
        any.cheap(certificate, PathRole::EndEntity)
    }

    fn check_cheap(&self, certificate: &Certificate<'_>, role: PathRole, found: &mut Vec<Reason>) {
        self.validity(certificate, found);
        extensions(certificate, role, self.profile, found);
        self.usage(certificate, role, found);
        self.algorithm(certificate, role, found);
    }

    fn check_costly(&self, certificate: &Certificate<'_>, role: PathRole, found: &mut Vec<Reason>) {
        issuing::check(certificate, role, self.profile, found);
        cab::check(certificate, role, self.profile, found);
        if role == PathRole::EndEntity && self.profile.lifetimes {
            found.extend(lifetime::too_long(certificate));
        }
    }

    fn validity(&self, certificate: &Certificate<'_>, found: &mut Vec<Reason>) {
        let at = self.at;
        match Validity::of(certificate, at) {
            Validity::NotYet { not_before } => found.push(Reason::NotYetValid { not_before, at }),
            Validity::Expired { not_after } => found.push(Reason::Expired { not_after, at }),
            Validity::Valid { .. } => {}
        }
    }

    fn usage(&self, certificate: &Certificate<'_>, role: PathRole, found: &mut Vec<Reason>) {
        if role != PathRole::EndEntity {
            if let Some(reason) = not_a_ca(certificate) {
                found.push(Reason::NotACa { reason });
            }
            if policy::maps_any(certificate) {
                let reason = "its policyMappings map anyPolicy".to_owned();
                found.push(Reason::Policy { reason });
            }
        // A CA certificate used as a server's own has the usages of a CA. It is judged elsewhere,
        // as a warning, and not refused for lacking those of a server.
        } else if !certificate.is_ca() {
            found.extend(self.unfit_usage(certificate));
        }
        // RFC 5280 4.2.1.12 applies only to the certificate's own key; but
        // NSS, OpenSSL, Go, webpki and CryptoAPI all apply it to CAs too.
        let usage = certificate.extended_key_usage();
        // An empty list of purposes is malformed (RFC 5280 4.2.1.12 has SIZE 1..MAX): a caller that
        // reads certificates itself has refused it or skipped it.
        let usage = usage.filter(|usage| !usage.is_empty() || !self.profile.reads_elsewhere);
        if let (Some(purpose), Some(usage)) = (self.purpose, usage) {
            let purpose = Oid::from_der_contents(purpose);
            let any = Oid::from_der_contents(crate::model::ANY_EXTENDED_KEY_USAGE);
            if !usage.lists(purpose) && !usage.lists(any) {
                found.push(Reason::Purpose {
                    wanted: purpose_name(purpose),
                    present: usage.names(),
                });
            }
        }
    }

    /// A keyUsage of the end-entity that lacks everything that TLS needs. x509-limbo
    /// accepts a CA's certificate anyway (rfc5280::ca-as-leaf), whose
    /// usages are those of a CA: there it is a warning.
    pub(super) fn unfit_usage(&self, certificate: &Certificate<'_>) -> Option<Reason> {
        if !self.profile.usage_fits_purpose {
            return None;
        }
        let usage = certificate.key_usage()?;
        let wanted = unfit(usage, self.purpose?)?;
        Some(Reason::Purpose {
            wanted: wanted.to_owned(),
            present: usage.names().into_iter().map(str::to_owned).collect(),
        })
    }

    fn algorithm(&self, certificate: &Certificate<'_>, role: PathRole, found: &mut Vec<Reason>) {
        if self.profile.named_curves && has_explicit_curve(certificate) {
            found.push(Reason::ExplicitParameters);
        }
        let algorithm = certificate.signature_algorithm();
        // An anchor's own signature protects nothing.
        if role != PathRole::Anchor
            && self.profile.refuses_broken_hashes
            && algorithm
                .signature()
                .hash()
                .is_some_and(|hash| hash.is_broken())
        {
            let algorithm = algorithm.to_string();
            found.push(Reason::WeakSignature { algorithm });
        }
        if role == PathRole::Anchor
            && self.profile.cab_keys
            && algorithm.signature() == SignatureAlgorithm::Unsupported
        {
            let algorithm = algorithm.to_string();
            found.push(Reason::WeakSignature { algorithm });
        }
    }
}

/// What a TLS server or client would need, if the key usages include none of those that RFC 5280
/// 4.2.1.12 lists for it.
fn unfit(usage: KeyUsage, purpose: &[u8]) -> Option<&'static str> {
    // keyAgreement serves ECDH as digitalSignature serves ECDHE; a certificate that allows either
    // can take part in some handshake.
    let signs = usage.digital_signature() || usage.key_agreement();
    match purpose {
        SERVER_AUTH if !signs && !usage.key_encipherment() => {
            Some("a TLS server (keyUsage digitalSignature)")
        }
        CLIENT_AUTH if !signs => Some("a TLS client (keyUsage digitalSignature)"),
        _ => None,
    }
}

/// id-kp-clientAuth.
pub(super) const CLIENT_AUTH: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02];
/// id-kp-serverAuth.
pub(super) const SERVER_AUTH: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];

/// What a certificate lacks in order to sign others (RFC 5280 6.1.4 (k), (n)).
fn not_a_ca(certificate: &Certificate<'_>) -> Option<&'static str> {
    match certificate.basic_constraints() {
        None => Some("it has no basicConstraints"),
        // cA FALSE refuses even a certificate whose keyUsage has keyCertSign: RFC 5280 6.1.4 (k)
        // and (n) ask for both. CVE-2021-3450 was OpenSSL losing the first check in strict mode.
        Some(basic) if !basic.is_ca => Some("its basicConstraints say that it is not a CA"),
        Some(_) => match certificate.key_usage() {
            Some(usage) if !usage.key_cert_sign() => Some("its keyUsage lacks keyCertSign"),
            _ => None,
        },
    }
}

fn extensions(
    certificate: &Certificate<'_>,
    role: PathRole,
    profile: &PathProfile,
    found: &mut Vec<Reason>,
) {
    if profile.reads_elsewhere {
        return;
    }
    for oddity in certificate.oddities() {
        found.push(Reason::NotConforming {
            reason: oddity.to_string(),
            clause: oddity.clause(),
        });
    }
    // A version 1 or 2 certificate has no field for extensions in its grammar. Some parsers read
    // them anyway, and would then obey a basicConstraints that others never see.
    if certificate.version() < 3 && !certificate.extensions().is_empty() {
        found.push(Reason::NotConforming {
            reason: format!(
                "it has extensions, which version {} does not allow",
                certificate.version()
            ),
            clause: "RFC 5280 4.1.2.9",
        });
    }
    for problem in certificate.extension_problems() {
        // A client does not decode what it does not process: a malformed extension of that kind is
        // not noticed, unless the profile asks for every extension.
        if problem.processed || problem.duplicate || profile.every_extension {
            found.push(Reason::MalformedExtension {
                oid: problem.oid.clone(),
                reason: problem.reason.clone(),
            });
        }
    }
    let unknown =
        |extension: &&crate::model::Extension<'_>| extension.critical && !extension.is_processed();
    if let Some(extension) = certificate.extensions().iter().find(unknown) {
        found.push(Reason::UnknownCriticalExtension {
            oid: extension.oid.to_string(),
        });
    }
    // RFC 5280 4.2.1.4: a program that processes the extension must know every qualifier
    // of a critical one, or refuse the certificate.
    if profile.known_qualifiers
        && let Some(extension) = certificate.standard_extension(id::CERTIFICATE_POLICIES)
        && extension.critical
        && let Some(policies) = certificate.policies()
        && let Some(qualifier) = policies.unknown_qualifier()
    {
        found.push(Reason::MalformedExtension {
            oid: extension.oid.to_string(),
            reason: format!(
                "it is critical and has the policy qualifier {qualifier}, which is unknown (RFC 5280 4.2.1.4)"
            ),
        });
    }
    if profile.name_syntax {
        syntax::check(certificate, role, found);
    }
}

/// Whether its key has a curve's parameters in place of its name.
fn has_explicit_curve(certificate: &Certificate<'_>) -> bool {
    PublicKey::parse(certificate.spki_der())
        .is_ok_and(|key| key.algorithm().curve() == Some(&Curve::Explicit))
}

/// A key that is too weak for today: below 112 bits of security (NIST SP 800-57
/// part 1, table 2), which RSA and DSA have from 2048 bits on, curves from 224.
pub(super) fn weak_key(certificate: &Certificate<'_>) -> Option<Reason> {
    let key = PublicKey::parse(certificate.spki_der()).ok()?;
    let bits = key.bits()?;
    let least = match key.algorithm() {
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss | KeyAlgorithm::Dsa => 2048,
        KeyAlgorithm::Ec(_) => 224,
        _ => return None,
    };
    (bits < least).then(|| Reason::WeakKey {
        algorithm: key.algorithm().to_string(),
        bits: u64::from(bits),
        least: u64::from(least),
    })
}
