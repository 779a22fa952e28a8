//! What clients say when they refuse, in their own words.

use super::gnutls;
use super::refusal::Cause;
use crate::server_name::ServerName;

/// Whose words these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    OpenSsl,
    Python,
    Curl,
    Node,
    LibPq,
    GnuTls,
    Go,
    Java,
    Nss,
    Macos,
    Windows,
    Chrome,
    Firefox,
    Plain,
}

impl Voice {
    /// Whether OpenSSL is given the name, and refuses with an error number for it.
    pub(super) const fn names_in_openssl(self) -> bool {
        matches!(self, Self::OpenSsl | Self::Python)
    }

    /// An error of OpenSSL's verification, as the client shows it.
    pub(super) fn openssl(self, number: u8, text: &str) -> String {
        match self {
            Self::Python => format!("certificate verify failed: {text}"),
            Self::Curl => format!("curl: (60) SSL certificate problem: {text}"),
            Self::Node => {
                node(number).map_or_else(|| text.to_owned(), |code| format!("{code}: {text}"))
            }
            Self::LibPq => format!("SSL error: certificate verify failed ({text})"),
            _ => format!("verify error:num={number}:{text}"),
        }
    }

    /// Any other refusal.
    pub(super) fn says(
        self,
        cause: Cause,
        subject: Option<&str>,
        name: Option<&ServerName>,
    ) -> String {
        let expected = name.map_or_else(|| "the host".to_owned(), ToString::to_string);
        let subject = subject.unwrap_or("a certificate");
        let said = match self {
            Self::GnuTls => match gnutls::text(cause) {
                "" => None,
                text => Some(format!("The certificate is NOT trusted. {text}")),
            },
            Self::Go => go(cause, &expected),
            Self::Java => java(cause, subject, &expected),
            Self::Curl => matches!(cause, Cause::Name | Cause::NoSubjectAltName).then(|| {
                format!(
                    "curl: (60) SSL: no alternative certificate subject name matches target host name '{expected}'"
                )
            }),
            Self::Node => matches!(cause, Cause::Name | Cause::NoSubjectAltName).then(|| {
                format!(
                    "ERR_TLS_CERT_ALTNAME_INVALID: Hostname/IP does not match certificate's altnames: {expected}"
                )
            }),
            Self::LibPq => matches!(cause, Cause::Name | Cause::NoSubjectAltName).then(|| {
                format!("server certificate does not match host name \"{expected}\"")
            }),
            Self::Nss => code(NSS, cause),
            Self::Macos => code(MACOS, cause),
            Self::Windows => code(WINDOWS, cause),
            Self::Chrome => code(CHROME, cause),
            Self::Firefox => code(FIREFOX, cause),
            Self::OpenSsl | Self::Python | Self::Plain => None,
        };
        said.unwrap_or_else(|| plain(cause, subject, &expected))
    }
}

/// The codes of Node's errors (`X509_V_ERR_…` without the prefix).
fn node(number: u8) -> Option<&'static str> {
    Some(match number {
        2 => "UNABLE_TO_GET_ISSUER_CERT",
        7 => "CERT_SIGNATURE_FAILURE",
        9 => "CERT_NOT_YET_VALID",
        10 => "CERT_HAS_EXPIRED",
        18 => "DEPTH_ZERO_SELF_SIGNED_CERT",
        19 => "SELF_SIGNED_CERT_IN_CHAIN",
        20 => "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
        21 => "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        22 => "CERT_CHAIN_TOO_LONG",
        25 => "PATH_LENGTH_EXCEEDED",
        26 => "INVALID_PURPOSE",
        79 => "INVALID_CA",
        _ => return None,
    })
}

fn go(cause: Cause, expected: &str) -> Option<String> {
    let text = match cause {
        Cause::Untrusted | Cause::NoRoot | Cause::BadSignature | Cause::WeakSignature => {
            "certificate signed by unknown authority"
        }
        Cause::Expired | Cause::IssuerExpired | Cause::NotYetValid => {
            "certificate has expired or is not yet valid"
        }
        Cause::Name => {
            return Some(format!(
                "x509: certificate is valid for other names, not {expected}"
            ));
        }
        Cause::NoSubjectAltName => {
            "certificate relies on legacy Common Name field, use SANs instead"
        }
        Cause::NotACa => "certificate is not authorized to sign other certificates",
        Cause::PathLength => "too many intermediates for path length constraint",
        Cause::NameConstraints => {
            "a root or intermediate certificate is not authorized to sign for this name"
        }
        Cause::Purpose => "certificate specifies an incompatible key usage",
        Cause::UnknownCriticalExtension => "unhandled critical extension",
        Cause::Algorithm => "cannot verify signature: algorithm unimplemented",
        Cause::Serial => "negative serial number",
        _ => return None,
    };
    Some(format!("x509: {text}"))
}

fn java(cause: Cause, subject: &str, expected: &str) -> Option<String> {
    let text = match cause {
        Cause::Untrusted | Cause::NoRoot | Cause::NotACa => {
            "PKIX path building failed: unable to find valid certification path to requested target"
                .to_owned()
        }
        Cause::BadSignature => "PKIX path validation failed: signature check failed".to_owned(),
        Cause::Expired | Cause::IssuerExpired | Cause::NotYetValid => {
            "PKIX path validation failed: validity check failed".to_owned()
        }
        Cause::Name => format!("No subject alternative DNS name matching {expected} found."),
        Cause::NoSubjectAltName => format!("No name matching {expected} found"),
        Cause::Purpose => {
            "Extended key usage does not permit use for TLS server authentication".to_owned()
        }
        Cause::WeakKey | Cause::WeakSignature => {
            format!("Algorithm constraints check failed on {subject}")
        }
        Cause::TooMany => {
            "The certificate chain length exceeds the maximum allowed length (10)".to_owned()
        }
        _ => return None,
    };
    Some(text)
}

type Codes = &'static [(Cause, &'static str)];

fn code(codes: Codes, cause: Cause) -> Option<String> {
    codes
        .iter()
        .find(|(it, _)| *it == cause)
        .map(|(_, text)| (*text).to_owned())
}

const NSS: Codes = &[
    (Cause::Untrusted, "SEC_ERROR_UNKNOWN_ISSUER"),
    (Cause::BadSignature, "SEC_ERROR_BAD_SIGNATURE"),
    (Cause::Expired, "SEC_ERROR_EXPIRED_CERTIFICATE"),
    (Cause::NotYetValid, "SEC_ERROR_EXPIRED_CERTIFICATE"),
    (Cause::IssuerExpired, "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE"),
    (Cause::Name, "SSL_ERROR_BAD_CERT_DOMAIN"),
    (Cause::NoSubjectAltName, "SSL_ERROR_BAD_CERT_DOMAIN"),
    (Cause::NotACa, "SEC_ERROR_CA_CERT_INVALID"),
    (Cause::Purpose, "SEC_ERROR_INADEQUATE_CERT_TYPE"),
    (Cause::PathLength, "SEC_ERROR_PATH_LEN_CONSTRAINT_INVALID"),
    (
        Cause::UnknownCriticalExtension,
        "SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION",
    ),
    (
        Cause::WeakSignature,
        "SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED",
    ),
];

const FIREFOX: Codes = &[
    (Cause::Untrusted, "SEC_ERROR_UNKNOWN_ISSUER"),
    (Cause::BadSignature, "SEC_ERROR_BAD_SIGNATURE"),
    (Cause::Expired, "SEC_ERROR_EXPIRED_CERTIFICATE"),
    (
        Cause::NotYetValid,
        "MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE",
    ),
    (Cause::IssuerExpired, "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE"),
    (Cause::Name, "SSL_ERROR_BAD_CERT_DOMAIN"),
    (Cause::NoSubjectAltName, "SSL_ERROR_BAD_CERT_DOMAIN"),
    (Cause::NotACa, "SEC_ERROR_CA_CERT_INVALID"),
    (
        Cause::CaAsServer,
        "MOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY",
    ),
    (Cause::Purpose, "SEC_ERROR_INADEQUATE_CERT_TYPE"),
    (
        Cause::NotStapled,
        "MOZILLA_PKIX_ERROR_REQUIRED_TLS_FEATURE_MISSING",
    ),
    (Cause::WeakKey, "MOZILLA_PKIX_ERROR_INADEQUATE_KEY_SIZE"),
    (
        Cause::WeakSignature,
        "SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED",
    ),
    (
        Cause::UnknownCriticalExtension,
        "SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION",
    ),
    (Cause::NameConstraints, "SEC_ERROR_CERT_NOT_IN_NAME_SPACE"),
];

const CHROME: Codes = &[
    (Cause::Untrusted, "NET::ERR_CERT_AUTHORITY_INVALID"),
    (Cause::BadSignature, "NET::ERR_CERT_AUTHORITY_INVALID"),
    (Cause::Expired, "NET::ERR_CERT_DATE_INVALID"),
    (Cause::IssuerExpired, "NET::ERR_CERT_DATE_INVALID"),
    (Cause::NotYetValid, "NET::ERR_CERT_DATE_INVALID"),
    (Cause::Name, "NET::ERR_CERT_COMMON_NAME_INVALID"),
    (Cause::NoSubjectAltName, "NET::ERR_CERT_COMMON_NAME_INVALID"),
    (Cause::WeakKey, "NET::ERR_CERT_WEAK_KEY"),
    (
        Cause::WeakSignature,
        "NET::ERR_CERT_WEAK_SIGNATURE_ALGORITHM",
    ),
    (Cause::NameConstraints, "NET::ERR_CERT_INVALID"),
    (Cause::NotACa, "NET::ERR_CERT_INVALID"),
    (Cause::Purpose, "NET::ERR_CERT_INVALID"),
];

const MACOS: Codes = &[
    (
        Cause::Untrusted,
        "certificate is not trusted (errSecNotTrusted)",
    ),
    (
        Cause::Expired,
        "certificate is expired (errSecCertificateExpired)",
    ),
    (
        Cause::IssuerExpired,
        "certificate is expired (errSecCertificateExpired)",
    ),
    (Cause::Name, "host name mismatch (errSecHostNameMismatch)"),
    (
        Cause::NoSubjectAltName,
        "host name mismatch (errSecHostNameMismatch)",
    ),
    (
        Cause::Lifetime,
        "certificate is not standards compliant (valid for more than 825 days)",
    ),
    (
        Cause::WeakKey,
        "certificate is not standards compliant (key below 2048 bits)",
    ),
    (
        Cause::WeakSignature,
        "certificate is not standards compliant (SHA-1)",
    ),
];

const WINDOWS: Codes = &[
    (Cause::Untrusted, "CERT_E_UNTRUSTEDROOT or CERT_E_CHAINING"),
    (Cause::Expired, "CERT_E_EXPIRED"),
    (Cause::IssuerExpired, "CERT_E_EXPIRED"),
    (Cause::NotYetValid, "CERT_E_EXPIRED"),
    (Cause::Name, "CERT_E_CN_NO_MATCH"),
    (Cause::NoSubjectAltName, "CERT_E_CN_NO_MATCH"),
    (Cause::Purpose, "CERT_E_WRONG_USAGE"),
    (Cause::BadSignature, "TRUST_E_CERT_SIGNATURE"),
    (Cause::NotACa, "TRUST_E_BASIC_CONSTRAINTS"),
];

/// For clients whose own words are not known.
fn plain(cause: Cause, subject: &str, expected: &str) -> String {
    let text = match cause {
        Cause::NothingPresented => "no certificate is presented",
        Cause::Untrusted => "no path leads to a certificate that it trusts",
        Cause::NoRoot => "the certificate that it trusts is not a root",
        Cause::AnchorsFile => "it cannot load the file of trust anchors",
        Cause::Name => return format!("the certificate is not for {expected}"),
        Cause::NoSubjectAltName => "the certificate has no subjectAltName",
        Cause::Expired => "the certificate has expired",
        Cause::IssuerExpired => return format!("`{subject}` has expired"),
        Cause::NotYetValid => return format!("`{subject}` is not valid yet"),
        Cause::Purpose => return format!("`{subject}` is not for a TLS server"),
        Cause::NotACa => return format!("`{subject}` is not a CA certificate"),
        Cause::CaAsServer => "the server's own certificate is a CA certificate",
        Cause::PathLength => "the path is too long",
        Cause::NameConstraints => "a CA may not issue for one of the names",
        Cause::Policy => "the certificate policies are not acceptable",
        Cause::BadSignature => return format!("the signature of `{subject}` is not valid"),
        Cause::WeakSignature => return format!("`{subject}` is signed with a weak hash"),
        Cause::WeakKey => return format!("the key of `{subject}` is too short"),
        Cause::MalformedExtension => return format!("an extension of `{subject}` is malformed"),
        Cause::UnknownCriticalExtension => {
            return format!("`{subject}` has an unknown critical extension");
        }
        Cause::Strictness => return format!("`{subject}` breaks RFC 5280's rules for issuers"),
        Cause::Encoding => return format!("it cannot read the encoding of `{subject}`"),
        Cause::Handshake => "it cannot use the server's key in a handshake",
        Cause::ClientCertificate => "the server requires a client certificate",
        Cause::ProxyProtocol => "the server requires the PROXY protocol before TLS",
        Cause::NotMeasured => {
            return format!("we did not measure how it reads a certificate such as `{subject}`");
        }
        Cause::IssuerNotRead => "it fetches the issuer, which certcheck did not read",
        Cause::Serial => return format!("the serial number of `{subject}` is not allowed"),
        Cause::Lifetime => "the certificate is valid for too long",
        Cause::NotStapled => "the certificate requires a stapled OCSP response",
        Cause::Version => return format!("it does not support the version of `{subject}`"),
        Cause::Revoked => {
            return format!("`{subject}` is revoked, or no current revocation list covers it");
        }
        Cause::NotPinned => "it is not the certificate that the client was given",
        Cause::Algorithm => return format!("the algorithm of `{subject}` is unknown"),
        Cause::TooMany => "the server presents too many certificates",
        Cause::NotComputed => {
            return format!(
                "certcheck cannot check the signature of `{subject}`: it does not implement this \
                 algorithm"
            );
        }
        Cause::Exhausted => "certcheck stopped the search before it found an answer",
        Cause::Other => "it refuses",
    };
    text.to_owned()
}
