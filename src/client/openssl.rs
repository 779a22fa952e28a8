//! OpenSSL 3: `X509_verify_cert`, as its clients call it.
//!
//! From crypto/x509/x509_vfy.c of 3.0 (the same in 3.5): a chain is built by
//! names and key identifiers alone, one issuer after another, first from the
//! store (`X509_V_FLAG_TRUSTED_FIRST`), else from what the peer sent; it never
//! turns back. Then extensions, strength, name, signatures with dates, and name
//! constraints are looked at, in that order. A root's dates count; its
//! signature does not.

use super::constraints;
use super::issued::{has_unknown_critical, is_malformed, key_bits, key_ids_agree, kinds_agree};
use super::refusal::Cause;
use super::scene::Scene;
use crate::model::{Certificate, Hash, extension_id as id};
use crate::signature::SignatureProblem;
use crate::validity::Validity;

/// How a client calls it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flags {
    /// `X509_V_FLAG_PARTIAL_CHAIN`: any certificate of the store ends a path.
    pub(super) partial_chain: bool,
    /// `X509_V_FLAG_X509_STRICT`.
    pub(super) strict: bool,
    /// The security level: Debian builds OpenSSL with 2, upstream 3.0 with 1.
    pub(super) level: u8,
}

/// `X509_V_ERR_…` with its number, and the certificate.
pub(super) struct Error<'r, 'a> {
    pub(super) number: u8,
    pub(super) certificate: Option<&'r Certificate<'a>>,
    pub(super) cause: Cause,
}

/// The number that `X509_V_ERR_INVALID_CA` and the others have, their cause and
/// their text (`X509_verify_cert_error_string`).
pub(super) fn text(number: u8) -> &'static str {
    match number {
        2 => "unable to get issuer certificate",
        7 => "certificate signature failure",
        9 => "certificate is not yet valid",
        10 => "certificate has expired",
        18 => "self-signed certificate",
        19 => "self-signed certificate in certificate chain",
        20 => "unable to get local issuer certificate",
        21 => "unable to verify the first certificate",
        22 => "certificate chain too long",
        25 => "path length constraint exceeded",
        26 => "unsuitable certificate purpose",
        32 => "key usage does not include certificate signing",
        34 => "unhandled critical extension",
        47 => "permitted subtree violation",
        62 => "hostname mismatch",
        64 => "IP address mismatch",
        66 => "EE certificate key too weak",
        67 => "CA certificate key too weak",
        68 => "CA signature digest algorithm too weak",
        79 => "invalid CA certificate",
        80 => "Path length invalid for non-CA cert",
        81 => "Path length given without key usage keyCertSign",
        82 => "Key usage keyCertSign invalid for non-CA cert",
        83 => "Issuer name empty",
        84 => "Subject name empty",
        85 => "Missing Authority Key Identifier",
        86 => "Missing Subject Key Identifier",
        87 => "Empty Subject Alternative Name extension",
        88 => "Subject empty and Subject Alt Name extension not critical",
        89 => "Basic Constraints of CA cert not marked critical",
        90 => "Authority Key Identifier marked critical",
        91 => "Subject Key Identifier marked critical",
        92 => "CA cert does not include key usage extension",
        93 => "Using cert extension requires at least X509v3",
        94 => "Certificate public key has explicit ECC parameters",
        _ => "unspecified certificate verification error",
    }
}

/// `SSL_CTX_set_verify_depth`'s default: the certificates below the anchor.
const DEPTH: usize = 100;

type Outcome<'r, 'a, T> = Result<T, Error<'r, 'a>>;

struct Chain<'s, 'r, 'a> {
    scene: &'s Scene<'r, 'a>,
    flags: Flags,
    /// The server's certificate first.
    path: Vec<&'r Certificate<'a>>,
    /// How many of them the peer sent.
    untrusted: usize,
}

/// The path that OpenSSL takes, before names; `name` looks at the server's
/// certificate where OpenSSL does (`check_id`), and gives an error's number.
pub(super) fn verify<'r, 'a>(
    scene: &Scene<'r, 'a>,
    flags: Flags,
    name: impl Fn(&Certificate<'a>) -> Option<(u8, Cause)>,
) -> Outcome<'r, 'a, Vec<&'r Certificate<'a>>> {
    let leaf = scene.leaf().ok_or(Error {
        number: 0,
        certificate: None,
        cause: Cause::NothingPresented,
    })?;
    let mut chain = Chain {
        scene,
        flags,
        path: vec![leaf],
        untrusted: 1,
    };
    if !is_strong(leaf, flags.level) {
        return Err(error(66, leaf, Cause::WeakKey));
    }
    chain.build()?;
    chain.check_extensions()?;
    chain.check_strength()?;
    if let Some(leaf) = chain.path.first()
        && let Some((number, cause)) = name(leaf)
    {
        return Err(error(number, leaf, cause));
    }
    chain.check_signatures_and_dates()?;
    if constraints::broken(&chain.path, true, scene.at).is_some() {
        return Err(error(47, leaf, Cause::NameConstraints));
    }
    Ok(chain.path)
}

fn error<'r, 'a>(number: u8, certificate: &'r Certificate<'a>, cause: Cause) -> Error<'r, 'a> {
    Error {
        number,
        certificate: Some(certificate),
        cause,
    }
}

/// `ossl_x509_likely_issued`: names, key identifiers, kinds of keys; no signature.
fn likely_issued(issuer: &Certificate<'_>, subject: &Certificate<'_>) -> bool {
    issuer.subject().matches(&subject.issuer())
        && !is_malformed(issuer)
        && !is_malformed(subject)
        && key_ids_agree(subject, issuer)
        && kinds_agree(subject, issuer)
}

/// `EXFLAG_SS`.
fn is_self_signed(certificate: &Certificate<'_>) -> bool {
    likely_issued(certificate, certificate)
}

impl<'r, 'a> Chain<'_, 'r, 'a> {
    fn is_valid_now(&self, certificate: &Certificate<'_>) -> bool {
        Validity::of(certificate, self.scene.at).is_valid()
    }

    /// The first that is valid now, else the one that ended last.
    fn best(
        &self,
        candidates: impl Iterator<Item = &'r Certificate<'a>>,
    ) -> Option<&'r Certificate<'a>> {
        let mut best: Option<&Certificate<'_>> = None;
        for candidate in candidates {
            if self.is_valid_now(candidate) {
                return Some(candidate);
            }
            if best.is_none_or(|best| candidate.not_after() > best.not_after()) {
                best = Some(candidate);
            }
        }
        best
    }

    /// `X509_STORE_CTX_get1_issuer`.
    fn in_store(&self, below: &Certificate<'_>) -> Option<&'r Certificate<'a>> {
        let anchors = self.scene.anchors.iter().copied();
        self.best(anchors.filter(|issuer| likely_issued(issuer, below)))
    }

    /// `find_issuer`.
    fn among_sent(
        &self,
        peer: &[&'r Certificate<'a>],
        below: &Certificate<'_>,
    ) -> Option<&'r Certificate<'a>> {
        let first = self.path.len() == 1 && below.is_self_issued();
        let free = |issuer: &&Certificate<'_>| {
            likely_issued(issuer, below)
                && (first || self.path.iter().all(|it| it.der() != issuer.der()))
        };
        self.best(peer.iter().copied().filter(free))
    }

    /// `build_chain`.
    fn build(&mut self) -> Outcome<'r, 'a, ()> {
        let mut peer: Vec<_> = self.scene.chain.iter().collect();
        let (mut ask_peer, mut trusted) = (true, false);
        while let Some(&current) = self.path.last() {
            let within = self.path.len() <= DEPTH;
            let issuer = self.in_store(current).filter(|_| within);
            if let Some(issuer) = issuer
                && let Some(from) = self.grow(current, issuer)
            {
                // From here on the peer's certificates are not asked.
                ask_peer = false;
                if self.is_trusted_from(from) {
                    trusted = true;
                    break;
                }
                if !is_self_signed(issuer) {
                    continue;
                }
            }
            let sent = self
                .among_sent(&peer, current)
                .filter(|_| ask_peer && within && !is_self_signed(current));
            let Some(issuer) = sent else { break };
            peer.retain(|it| !std::ptr::eq(*it, issuer));
            self.path.push(issuer);
            self.untrusted += 1;
        }
        if trusted || self.is_trusted_leaf() {
            return Ok(());
        }
        let Some(&last) = self.path.last() else {
            return Ok(());
        };
        let below_root = self.path.len() > self.untrusted;
        Err(if self.path.len() > DEPTH {
            error(22, last, Cause::PathLength)
        } else if is_self_signed(last) && !below_root {
            let number = if self.path.len() == 1 { 18 } else { 19 };
            error(number, last, Cause::Untrusted)
        } else if below_root {
            error(2, last, Cause::NoRoot)
        } else {
            error(20, last, Cause::Untrusted)
        })
    }

    /// Puts an issuer from the store above `current`, or in its place where it
    /// is itself a root that the peer sent: from which place the path is
    /// trusted. A root of the same name that is another certificate is none.
    fn grow(&mut self, current: &'r Certificate<'a>, issuer: &'r Certificate<'a>) -> Option<usize> {
        if !is_self_signed(current) {
            self.path.push(issuer);
            return Some(self.path.len() - 1);
        }
        if current.der() != issuer.der() {
            return None;
        }
        self.untrusted = self.untrusted.min(self.path.len() - 1);
        Some(self.path.len() - 1)
    }

    /// `check_trust`, of what was just added.
    fn is_trusted_from(&self, place: usize) -> bool {
        let mut added = self.path.iter().skip(place);
        self.flags.partial_chain || added.any(|it| is_self_signed(it))
    }

    /// `check_trust`'s last resort: the server's own certificate in the store.
    fn is_trusted_leaf(&mut self) -> bool {
        let whole = self.path.len() <= DEPTH && self.path.len() == self.untrusted;
        let held = self.path.first().is_some_and(|it| self.scene.holds(it));
        if whole && self.flags.partial_chain && held {
            self.untrusted = 0;
            return true;
        }
        false
    }

    /// `check_extensions`.
    fn check_extensions(&self) -> Outcome<'r, 'a, ()> {
        let count = self.path.len();
        let mut length = 0_u64;
        for (place, &it) in self.path.iter().enumerate() {
            if has_unknown_critical(it) {
                return Err(error(34, it, Cause::UnknownCriticalExtension));
            }
            let ca = ca_kind(it);
            let last = place + 1 == count;
            let wrong = if place == 0 {
                self.flags.strict && !matches!(ca, Ca::Yes | Ca::No)
            } else {
                ca == Ca::No || (!last || self.flags.strict) && ca != Ca::Yes
            };
            if wrong {
                return Err(error(79, it, Cause::NotACa));
            }
            if count > 1 && has_explicit_curve(it) {
                return Err(error(94, it, Cause::Algorithm));
            }
            if self.flags.strict
                && count > 1
                && let Some(number) = strictness(it, last)
            {
                return Err(error(number, it, Cause::Strictness));
            }
            if !serves(it, place > 0, ca) {
                return Err(error(26, it, Cause::Purpose));
            }
            let limit = it.basic_constraints().and_then(|it| it.path_length);
            if place > 1 && limit.is_some_and(|limit| length > u64::from(limit)) {
                return Err(error(25, it, Cause::PathLength));
            }
            if place > 0 && !it.is_self_issued() {
                length += 1;
            }
        }
        Ok(())
    }

    /// `check_auth_level`: the keys of issuers, and every signature but the last.
    fn check_strength(&self) -> Outcome<'r, 'a, ()> {
        let level = self.flags.level;
        for (place, &it) in self.path.iter().enumerate() {
            if place > 0 && !is_strong(it, level) {
                return Err(error(67, it, Cause::WeakKey));
            }
            let hash = it.signature_algorithm().signature().hash();
            let weak = match hash {
                // 39 and 63 bits since 3.0: below those of level 1.
                Some(Hash::Md5 | Hash::Sha1) => level > 0,
                Some(Hash::Sha224) => level > 2,
                _ => false,
            };
            if place + 1 < self.path.len() && weak {
                return Err(error(68, it, Cause::WeakSignature));
            }
        }
        Ok(())
    }

    /// `internal_verify`, from the top down.
    fn check_signatures_and_dates(&self) -> Outcome<'r, 'a, ()> {
        let Some(&top) = self.path.last() else {
            return Ok(());
        };
        let mut issuer: Option<&Certificate<'_>> = None;
        for (place, &it) in self.path.iter().enumerate().rev() {
            if let Some(issuer) = issuer {
                if issuer
                    .key_usage()
                    .is_some_and(|usage| !usage.key_cert_sign())
                {
                    return Err(error(32, it, Cause::NotACa));
                }
                match self.scene.signed(it, issuer) {
                    Ok(()) => {}
                    Err(SignatureProblem::Unsupported { .. }) => {
                        return Err(error(7, it, Cause::NotComputed));
                    }
                    Err(_) => return Err(error(7, it, Cause::BadSignature)),
                }
            } else if !is_self_signed(top) && !self.flags.partial_chain && place == 0 {
                return Err(error(21, it, Cause::Untrusted));
            }
            let own = place == 0;
            match Validity::of(it, self.scene.at) {
                Validity::NotYet { .. } => return Err(error(9, it, Cause::NotYetValid)),
                Validity::Expired { .. } if own => return Err(error(10, it, Cause::Expired)),
                Validity::Expired { .. } => return Err(error(10, it, Cause::IssuerExpired)),
                Validity::Valid { .. } => {}
            }
            issuer = Some(it);
        }
        Ok(())
    }
}

/// `X509_check_ca`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ca {
    No,
    Yes,
    /// A self-signed certificate of version 1.
    Version1,
    /// Without basicConstraints, but with keyCertSign.
    Tolerated,
}

fn ca_kind(certificate: &Certificate<'_>) -> Ca {
    let usage = certificate.key_usage();
    if usage.is_some_and(|usage| !usage.key_cert_sign()) {
        return Ca::No;
    }
    match certificate.basic_constraints() {
        Some(basic) if basic.is_ca => Ca::Yes,
        Some(_) => Ca::No,
        None if certificate.version() == 1 && is_self_signed(certificate) => Ca::Version1,
        None if usage.is_some() => Ca::Tolerated,
        None => Ca::No,
    }
}

/// `check_purpose_ssl_server`: anyExtendedKeyUsage is not enough.
fn serves(certificate: &Certificate<'_>, as_ca: bool, ca: Ca) -> bool {
    /// id-kp-serverAuth, Microsoft's and Netscape's server gated cryptography.
    const SERVER: [&[u8]; 3] = [
        b"\x2b\x06\x01\x05\x05\x07\x03\x01",
        b"\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x03",
        b"\x60\x86\x48\x01\x86\xf8\x42\x04\x01",
    ];
    let extended = certificate.extended_key_usage().is_none_or(|usage| {
        usage
            .purposes()
            .any(|purpose| SERVER.contains(&purpose.as_bytes()))
    });
    if as_ca {
        return extended && ca != Ca::No;
    }
    let usage = certificate.key_usage();
    extended
        && usage.is_none_or(|usage| {
            usage.digital_signature() || usage.key_encipherment() || usage.key_agreement()
        })
}

/// Whether the key is strong enough for the level: 80 bits at 1, 112 at 2.
fn is_strong(certificate: &Certificate<'_>, level: u8) -> bool {
    let (modulus, curve) = match level {
        0 => return true,
        1 => (1024, 160),
        2 => (2048, 224),
        _ => (3072, 256),
    };
    key_bits(certificate).is_none_or(|(rsa, bits)| bits >= if rsa { modulus } else { curve })
}

fn has_explicit_curve(certificate: &Certificate<'_>) -> bool {
    use crate::model::{Curve, PublicKey};
    PublicKey::parse(certificate.spki_der())
        .is_ok_and(|key| key.algorithm().curve() == Some(&Curve::Explicit))
}

/// What `X509_V_FLAG_X509_STRICT` finds wrong, in its order.
fn strictness(it: &Certificate<'_>, last: bool) -> Option<u8> {
    let basic = it.basic_constraints();
    let is_ca = it.is_ca();
    let usage = it.key_usage();
    let signs = usage.is_none_or(|usage| usage.key_cert_sign());
    let critical = |number| {
        it.standard_extension(number)
            .is_some_and(|extension| extension.critical)
    };
    let names = it.subject_alt_names();
    let has_names = it.standard_extension(id::SUBJECT_ALT_NAME).is_some();
    let rules = [
        (
            80,
            basic.is_some_and(|it| it.path_length.is_some() && !it.is_ca),
        ),
        (
            81,
            basic.is_some_and(|it| it.path_length.is_some()) && !signs,
        ),
        (89, is_ca && !critical(id::BASIC_CONSTRAINTS)),
        (92, is_ca && usage.is_none()),
        (
            82,
            !is_ca && usage.is_some_and(|usage| usage.key_cert_sign()),
        ),
        (83, it.issuer().is_empty()),
        (
            84,
            it.subject().is_empty()
                && (is_ca || usage.is_some_and(|usage| usage.crl_sign()) || !has_names),
        ),
        (
            88,
            it.subject().is_empty() && has_names && !critical(id::SUBJECT_ALT_NAME),
        ),
        (87, names.is_some_and(|names| names.is_empty())),
        (78, !it.algorithms_agree()),
        (90, critical(id::AUTHORITY_KEY_ID)),
        (91, critical(id::SUBJECT_KEY_ID)),
        (
            85,
            it.version() == 3
                && !last
                && it.authority_key_id().is_none_or(|it| it.key_id.is_none()),
        ),
        (
            86,
            it.version() == 3 && is_ca && it.subject_key_id().is_none(),
        ),
        (93, it.version() < 3 && !it.extensions().is_empty()),
    ];
    rules
        .into_iter()
        .find(|(_, broken)| *broken)
        .map(|(number, _)| number)
}
