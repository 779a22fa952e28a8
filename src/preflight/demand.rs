//! What a certificate lacks for a client that refuses it: the field, its value, and the value that
//! the client requires.
//!
//! A client says `unable to get local issuer certificate` even if the issuer is present and only
//! one number differs. Each cause names its field, and the issuers of that name in the files show
//! which value would fit.

use crate::client::Cause;
use crate::finding::{Fingerprint, hex};
use crate::model::{Certificate, PublicKey};

/// What is in a field, and what is wanted there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Demand {
    pub(super) field: &'static str,
    pub(super) found: String,
    pub(super) wanted: String,
}

impl Demand {
    fn new(field: &'static str, found: impl Into<String>, wanted: impl Into<String>) -> Self {
        Self {
            field,
            found: found.into(),
            wanted: wanted.into(),
        }
    }

    /// What the certificate at fault lacks, if it is known and has the fault.
    pub(super) fn of(
        cause: Cause,
        says: &str,
        at: Option<Fingerprint>,
        known: &[Certificate<'_>],
    ) -> Option<Self> {
        let certificate = known
            .iter()
            .find(|certificate| Some(certificate.sha256()) == at)?;
        match cause {
            Cause::Untrusted | Cause::NoRoot => identifier(certificate, known),
            Cause::Strictness => strict(certificate, says),
            _ => field(cause, certificate),
        }
    }
}

/// How the certificate's identifier excludes every certificate with its issuer's name: OpenSSL and
/// what is built on it then accept none of them (`X509_check_akid`).
fn identifier(certificate: &Certificate<'_>, known: &[Certificate<'_>]) -> Option<Demand> {
    let pointer = certificate.authority_key_id()?;
    let mut issuers = known.iter().filter(|issuer| {
        issuer.subject().der() == certificate.issuer().der()
            // A self-signed certificate is its own issuer by name, which would explain nothing.
            && issuer.sha256() != certificate.sha256()
    });
    let issuer = issuers.next()?;
    let name = issuer.subject();
    // The key identifier first, as OpenSSL compares it before issuer and serial number.
    if let (Some(wanted), Some(has)) = (pointer.key_id, issuer.subject_key_id())
        && wanted != has
    {
        return Some(Demand::new(
            "authorityKeyIdentifier, keyIdentifier",
            hex(wanted),
            format!("{}, the subjectKeyIdentifier of `{name}`", hex(has)),
        ));
    }
    let serial = pointer.serial?;
    (serial != issuer.serial()).then(|| {
        Demand::new(
            "authorityKeyIdentifier, authorityCertSerialNumber",
            hex(serial),
            format!("{}, the serial number of `{name}`", hex(issuer.serial())),
        )
    })
}

/// What a cause is about.
fn field(cause: Cause, it: &Certificate<'_>) -> Option<Demand> {
    let extended = it.extended_key_usage().map(|usage| usage.names());
    let usage = it.key_usage().map(|usage| usage.names().join(", "));
    let basic = it.basic_constraints();
    let key = || PublicKey::parse(it.spki_der()).ok();
    Some(match cause {
        Cause::Purpose => match extended {
            // extendedKeyUsage first: where both are wrong, a new certificate from a server
            // template fixes both.
            Some(names) if !names.iter().any(|name| name == "serverAuth") => {
                Demand::new("extendedKeyUsage", names.join(", "), "serverAuth")
            }
            _ => Demand::new("keyUsage", usage?, "digitalSignature"),
        },
        Cause::NotACa => match basic {
            Some(basic) if basic.is_ca => Demand::new("keyUsage", usage?, "keyCertSign"),
            Some(_) => Demand::new("basicConstraints", "cA false", "cA true"),
            None => Demand::new("basicConstraints", "none", "cA true"),
        },
        Cause::CaAsServer => Demand::new("basicConstraints", "cA true", "cA false"),
        Cause::Serial => Demand::new(
            "serialNumber",
            hex(it.serial()),
            "a positive number of at most 20 bytes",
        ),
        Cause::Version => Demand::new("version", it.version().to_string(), "3"),
        Cause::Lifetime => {
            let days = it.not_before().days_until(it.not_after());
            Demand::new("validity", format!("{days} days"), "fewer days")
        }
        Cause::NotStapled => Demand::new(
            "TLS feature",
            "status_request (must-staple)",
            "none, or a server that staples",
        ),
        Cause::WeakSignature | Cause::Algorithm => Demand::new(
            "signatureAlgorithm",
            it.signature_algorithm().to_string(),
            "an algorithm that this client accepts, such as SHA-256 with RSA or ECDSA",
        ),
        Cause::WeakKey => {
            let key = key()?;
            let bits = key
                .bits()
                .map_or_else(String::new, |bits| format!(", {bits} bits"));
            Demand::new(
                "subjectPublicKeyInfo",
                format!("{}{bits}", key.algorithm()),
                "RSA of 2048 bits or more, or P-256",
            )
        }
        Cause::NotYetValid => {
            Demand::new("notBefore", it.not_before().to_string(), "a past moment")
        }
        Cause::Expired | Cause::IssuerExpired => {
            Demand::new("notAfter", it.not_after().to_string(), "a future moment")
        }
        Cause::NoSubjectAltName => Demand::new("subjectAltName", "none", "the server's names"),
        Cause::NotPinned => Demand::new("SHA-256", it.sha256().to_string(), "the pinned one"),
        _ => return None,
    })
}

/// The rules of `X509_V_FLAG_X509_STRICT`, by what OpenSSL says about each.
fn strict(it: &Certificate<'_>, says: &str) -> Option<Demand> {
    let usage = it
        .key_usage()
        .map_or_else(|| "none".to_owned(), |usage| usage.names().join(", "));
    let not_critical = |field| Demand::new(field, "not critical", "critical");
    let critical = |field| Demand::new(field, "critical", "not critical");
    let rules: [(&str, Demand); 13] = [
        (
            "Missing Authority Key Identifier",
            Demand::new(
                "authorityKeyIdentifier",
                "none",
                "the identifier of the issuer's key",
            ),
        ),
        (
            "Missing Subject Key Identifier",
            Demand::new("subjectKeyIdentifier", "none", "an identifier of its key"),
        ),
        (
            "Basic Constraints of CA cert not marked critical",
            not_critical("basicConstraints"),
        ),
        (
            "Authority Key Identifier marked critical",
            critical("authorityKeyIdentifier"),
        ),
        (
            "Subject Key Identifier marked critical",
            critical("subjectKeyIdentifier"),
        ),
        (
            "CA cert does not include key usage extension",
            Demand::new("keyUsage", "none", "keyCertSign"),
        ),
        (
            "Path length invalid for non-CA cert",
            Demand::new(
                "basicConstraints",
                "pathLenConstraint without cA",
                "no pathLenConstraint",
            ),
        ),
        (
            "Path length given without key usage keyCertSign",
            Demand::new("keyUsage", usage.clone(), "keyCertSign"),
        ),
        (
            "Key usage keyCertSign invalid for non-CA cert",
            Demand::new("keyUsage", usage, "no keyCertSign"),
        ),
        (
            "Issuer name empty",
            Demand::new("issuer", "empty", "a name"),
        ),
        (
            "Subject name empty",
            Demand::new("subject", "empty", "a name"),
        ),
        (
            "Empty Subject Alternative Name extension",
            Demand::new("subjectAltName", "empty", "the server's names"),
        ),
        (
            "Subject empty and Subject Alt Name extension not critical",
            not_critical("subjectAltName"),
        ),
    ];
    // Matched by OpenSSL's own words, which say which of the thirteen rules was broken.
    let found = rules.into_iter().find(|(text, _)| says.contains(text));
    found.map(|(_, demand)| demand)
}
