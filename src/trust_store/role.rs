//! The role of a certificate in a trust store.

use crate::model::{Certificate, GeneralName, Oid};
use crate::signature::{SignatureProblem, signed_by};

/// The role of a certificate in a trust store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// A self-signed CA certificate.
    Root,
    /// A CA certificate that another CA has signed.
    Intermediate,
    /// A self-signed certificate that is not a CA certificate.
    SelfSignedEndEntity,
    /// A self-signed certificate that is marked as a CA but issued for a server, as `openssl req
    /// -x509` makes them.
    CaAsServer,
    /// An end-entity certificate that a CA has issued.
    IssuedEndEntity,
    /// A self-signed certificate of version 1, which cannot declare its role; p11-kit and OpenSSL
    /// treat it as a CA certificate.
    Version1,
}

impl Role {
    /// What `certificate` is. Verifies one signature.
    pub fn of(certificate: &Certificate<'_>) -> Self {
        let self_signed = is_self_signed(certificate);
        if self_signed && certificate.version() < 3 {
            return Self::Version1;
        }
        match (certificate.is_ca(), self_signed) {
            (true, true) if is_made_out_to_a_server(certificate) => Self::CaAsServer,
            (true, true) => Self::Root,
            (true, false) => Self::Intermediate,
            (false, true) => Self::SelfSignedEndEntity,
            (false, false) => Self::IssuedEndEntity,
        }
    }

    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Intermediate => "intermediate",
            Self::SelfSignedEndEntity => "self-signed-end-entity",
            Self::CaAsServer => "ca-as-server",
            Self::IssuedEndEntity => "issued-end-entity",
            Self::Version1 => "version-1",
        }
    }

    /// In words, with an article.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Root => "a root",
            Self::Intermediate => "an intermediate",
            Self::SelfSignedEndEntity => "a self-signed end-entity certificate",
            Self::CaAsServer => "a self-signed server certificate that is marked as a CA's",
            Self::IssuedEndEntity => "an end-entity certificate that a CA issued",
            Self::Version1 => "a self-signed certificate of version 1",
        }
    }

    /// Whether its own key signed it.
    pub const fn is_self_signed(self) -> bool {
        !matches!(self, Self::Intermediate | Self::IssuedEndEntity)
    }

    /// Whether p11-kit counts it among the authorities.
    pub const fn is_authority(self) -> bool {
        matches!(
            self,
            Self::Root | Self::Intermediate | Self::CaAsServer | Self::Version1
        )
    }
}

/// Whether the certificate's own key signed it. A signature that certcheck cannot compute counts as
/// valid if subject and issuer are equal: the stores' tools do not compute it either.
pub(super) fn is_self_signed(certificate: &Certificate<'_>) -> bool {
    certificate.is_self_issued()
        && match signed_by(certificate, certificate) {
            Ok(()) => true,
            Err(problem) => !matches!(
                problem,
                SignatureProblem::Wrong | SignatureProblem::OtherAlgorithm { .. }
            ),
        }
}

const fn is_host(name: GeneralName<'_>) -> bool {
    matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_))
}

/// Whether it has names of hosts, or the purpose of a server, which no root has (CA/Browser Forum BR
/// 7.1.2.1 forbids both in roots). With another purpose it serves no client as a server's.
fn is_made_out_to_a_server(certificate: &Certificate<'_>) -> bool {
    // id-kp-serverAuth
    let server = Oid::from_der_contents(b"\x2b\x06\x01\x05\x05\x07\x03\x01");
    let names = certificate.subject_alt_names();
    let hosts = names.is_some_and(|names| names.iter().any(is_host));
    let serves = certificate
        .key_usage()
        .is_none_or(|usage| usage.digital_signature() || usage.key_encipherment());
    match certificate.extended_key_usage() {
        Some(usage) => usage.lists(server) && (hosts || serves),
        None => hosts && serves,
    }
}
