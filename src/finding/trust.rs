//! Findings about certificates that are to be put into a trust store.

use super::table::facts;
use super::{Fingerprint, Remedy, Subject, quote};

facts! {
    /// What is wrong with putting a certificate into a trust store, or worth knowing of it.
    TrustFact {
        EndEntityAsAnchor = "trust.end-entity-as-anchor" Warning
            "an end-entity certificate is to be a trust anchor, which some clients refuse" {
            /// Its subject.
            subject: String,
            /// The platform whose store it is for.
            platform: String,
            /// Client families that will not trust it.
            refused_by: Vec<String>,
            /// Client families that will.
            accepted_by: Vec<String>,
        }
        IntermediateWithoutRoot = "trust.intermediate-without-root" Warning
            "an intermediate is to be a trust anchor without its root, which some clients refuse" {
            /// Its subject.
            subject: String,
            /// The name of its issuer, which is neither given nor in the store.
            issuer_name: String,
            /// Client families that will not trust it.
            refused_by: Vec<String>,
            /// Client families that will.
            accepted_by: Vec<String>,
        }
        AlreadyTrusted = "trust.already-trusted" Notice "the certificate is in the store already" {
            /// SHA-256 of the certificate.
            sha256: Fingerprint,
            /// The file or store that holds it.
            found_in: String,
        }
        SeveralCertificates = "trust.several-certificates" Warning
            "one file holds several certificates, of which this platform takes one" {
            /// How many it holds.
            count: u64,
            /// The platform.
            platform: String,
            /// What the platform makes of such a file.
            effect: String,
        }
        FileName = "trust.file-name" Warning
            "the platform passes over files of this name without a word" {
            /// The platform.
            platform: String,
            /// What the name must be like.
            needed: String,
            /// The name that the plan gives it.
            planned: String,
        }
        Blocked = "trust.blocked" Error "the store's administrator has blocked this certificate" {
            /// SHA-256 of the certificate.
            sha256: Fingerprint,
            /// The file that blocks it.
            blocked_by: String,
        }
        SameNameOtherKey = "trust.same-name-other-key" Warning
            "the store trusts another certificate of the same name with another key" {
            /// The name.
            subject: String,
            /// SHA-256 of the certificate that is in the store.
            trusted: Fingerprint,
            /// The file that holds it.
            found_in: String,
        }
        BundleWithoutSources = "trust.bundle-without-sources" Warning
            "the bundle holds certificates that no source provides: rebuilding it loses them" {
            /// The bundle.
            bundle: String,
            /// How many certificates stand in it alone.
            count: u64,
        }
    }
}

impl TrustFact {
    pub(super) fn message(&self) -> String {
        match self {
            Self::EndEntityAsAnchor {
                subject,
                platform,
                refused_by,
                accepted_by,
            } => format!(
                "`{subject}` is an end-entity certificate: installed on {platform}, {}",
                who(accepted_by, refused_by)
            ),
            Self::IntermediateWithoutRoot {
                subject,
                issuer_name,
                refused_by,
                accepted_by,
            } => format!(
                "`{subject}` is an intermediate, and its issuer `{issuer_name}` is neither given nor in the store: {}",
                who(accepted_by, refused_by)
            ),
            Self::AlreadyTrusted { found_in, .. } => {
                format!("it is in the store already ({found_in}): nothing to do")
            }
            Self::SeveralCertificates {
                count,
                platform,
                effect,
            } => format!("the file holds {count} certificates, and {platform} {effect}"),
            Self::FileName {
                platform, needed, ..
            } => format!("copied as it is, {platform} would pass over it without a word: {needed}"),
            Self::Blocked { blocked_by, .. } => {
                format!(
                    "`{blocked_by}` blocks this certificate, and blocking wins over installing it"
                )
            }
            Self::SameNameOtherKey {
                subject,
                trusted,
                found_in,
            } => format!(
                "{found_in} holds another certificate called `{subject}` with another key, {}",
                trusted.short()
            ),
            Self::BundleWithoutSources { bundle, count } => format!(
                "{count} certificate(s) of {bundle} come from no file that the platform's tool reads: it will write the bundle anew, without them"
            ),
        }
    }

    pub(super) fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        match self {
            Self::EndEntityAsAnchor { .. } => Some(Remedy::words(
                "install the root of the CA that issued it; for a self-signed certificate, make a CA and issue the server's certificate from it, or hand the file to the one program that needs it",
            )),
            Self::IntermediateWithoutRoot { .. } => {
                Some(Remedy::words("give the root as well").run(format!(
                    "certcheck trust plan {} root.crt",
                    quote(&subject.source)
                )))
            }
            Self::AlreadyTrusted { .. } => None,
            Self::SeveralCertificates { .. } => {
                Some(Remedy::words("the plan writes each into a file of its own"))
            }
            Self::FileName { planned, .. } => {
                Some(Remedy::words(format!("the plan calls it `{planned}`")))
            }
            Self::Blocked { blocked_by, .. } => Some(Remedy::words(format!(
                "ask who blocked it, and why; if it was a mistake, take it out of {blocked_by} and plan again"
            ))),
            Self::SameNameOtherKey { .. } => Some(Remedy::words(
                "if the CA has changed its key both may be needed for a while; else find out which one is genuine, and remove the other",
            )),
            Self::BundleWithoutSources { bundle, .. } => Some(Remedy::words(format!(
                "put these certificates where the tool finds them before it runs; the plan keeps a copy of {bundle} until it is undone"
            ))),
        }
    }

    pub(super) fn references(&self) -> Vec<&'static str> {
        match self {
            Self::EndEntityAsAnchor { .. } => vec![
                "measured: Debian 12, one store and eleven clients: OpenSSL 3.0 20 `unable to get local issuer certificate`",
                "p11-kit 0.25.5 trust/builder.c: `category: other-entry` is left out of tls-ca-bundle.pem",
            ],
            Self::IntermediateWithoutRoot { .. } => vec![
                "measured: OpenSSL 3.0, Python 3.11, Node 18 refuse a path that does not end in a self-signed certificate",
            ],
            Self::SeveralCertificates { .. } => vec![
                "measured: ca-certificates 20230311, `does not contain exactly one certificate or CRL`",
                "measured: keytool (JDK 17) and NSS certutil 3.110 import the first certificate of a file",
            ],
            Self::FileName { .. } => {
                vec!["measured: ca-certificates 20230311, `0 added, 0 removed`"]
            }
            Self::Blocked { .. } => {
                vec!["measured: p11-kit 0.25.5: blocklist beats anchors wherever either sits"]
            }
            Self::BundleWithoutSources { .. } => vec![
                "measured: ca-certificates 20230311 replaces ca-certificates.crt when anything was added",
            ],
            Self::AlreadyTrusted { .. } | Self::SameNameOtherKey { .. } => vec![],
        }
    }
}

fn who(accepted: &[String], refused: &[String]) -> String {
    match (accepted, refused) {
        ([], []) => "no client family that is known here reads this store".into(),
        ([], refused) => format!("no client will trust it ({} refuse)", refused.join(", ")),
        (accepted, []) => format!("{} will trust it", accepted.join(", ")),
        (accepted, refused) => format!(
            "{} will trust it, {} will not",
            accepted.join(", "),
            refused.join(", ")
        ),
    }
}
