//! Findings about certificates that are to be put into a trust store.

use super::remedy::beside;
use super::table::facts;
use super::{Fingerprint, Need, Remedy, Subject, quote};

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
        IssuerMissing = "trust.issuer-missing" Error
            "what clients of the server need as an anchor is in none of the files" {
            /// The certificate whose issuer is missing.
            subject: String,
            /// The issuer's name.
            issuer_name: String,
            /// Where the issuer can be had, by the certificate's own word.
            ca_issuers: Vec<String>,
        }
        NotACertificate = "trust.not-a-certificate" Warning
            "the file holds something besides certificates, which is not installed" {
            /// What it is.
            kind: String,
        }
        NotInStore = "trust.not-in-store" Notice "no store that was looked at holds the certificate" {
            /// SHA-256 of the certificate.
            sha256: Fingerprint,
            /// How many stores were looked at.
            stores: u64,
        }
        NotTakenUp = "trust.not-taken-up" Warning
            "a file with the certificate is there, but the platform's tool has not taken it up" {
            /// SHA-256 of the certificate.
            sha256: Fingerprint,
            /// The platform whose tool it is.
            platform: String,
        }
        StrayAnchor = "trust.stray-anchor" Warning
            "a file in OpenSSL's directory is an anchor for programs that read all of it, and not for OpenSSL" {
            /// SHA-256 of the certificate.
            sha256: Fingerprint,
            /// Its subject.
            subject: String,
        }
        NativeStore = "trust.native-store" Warning
            "rustls-native-certs met an error while reading this machine's store" {
            /// What it says.
            problem: String,
        }
        NotRead = "trust.not-read" Warning "a part of the store could not be read" {
            /// Why.
            why: String,
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
            Self::IssuerMissing {
                subject,
                issuer_name,
                ..
            } => format!(
                "clients find no way from `{subject}` to an anchor: its issuer, `{issuer_name}`, is neither sent nor in the files nor in the store"
            ),
            Self::NotACertificate { kind } => {
                format!("this is no certificate but a {kind}: it is not installed")
            }
            Self::NotInStore { stores, .. } => {
                format!("none of the {stores} stores that were looked at holds it")
            }
            Self::NotTakenUp { platform, .. } => format!(
                "the file is there, but not in {platform}'s bundle: its tool was not run since, or passes over the file"
            ),
            Self::StrayAnchor { subject, .. } => format!(
                "no hash link leads to it and no bundle holds it: OpenSSL does not trust `{subject}`, but rustls-native-certs and Go read every file of the directory"
            ),
            Self::NativeStore { problem } => format!("rustls-native-certs: {problem}"),
            Self::NotRead { why } => format!("what is there was not looked at: {why}"),
        }
    }

    pub(super) fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        match self {
            Self::EndEntityAsAnchor { .. } => Some(Remedy::words(
                "install the root of the CA that issued it; for a self-signed certificate, make a CA and issue the server's certificate from it, or hand the file to the one program that needs it",
            )),
            Self::IntermediateWithoutRoot { issuer_name, .. } => {
                let root = beside(&subject.source, "root", Some("crt"));
                let words = format!(
                    "get the certificate of `{issuer_name}` from whoever runs that CA, save it as {root}, and give it as well"
                );
                let command = format!(
                    "certcheck trust plan {} {}",
                    quote(&subject.source),
                    quote(&root)
                );
                Some(
                    Remedy::words(words)
                        .run(command)
                        .needing(Need::Certificate)
                        .then_also(root),
                )
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
            Self::IssuerMissing { ca_issuers, .. } => Some(match ca_issuers.as_slice() {
                [] => Remedy::words(
                    "ask whoever issued it for the issuer's certificate, and give that file as well; or let the server send it",
                ),
                [first, ..] => Remedy::words(format!(
                    "get the issuer from {first}, compare its fingerprint with whoever runs that CA, and give the file as well; or let the server send it"
                )),
            }),
            Self::NotACertificate { .. } => Some(Remedy::words(
                "a file of anchors should hold certificates alone: give the CA's own file",
            )),
            Self::NotInStore { .. } => Some(
                Remedy::words("plan how to install it")
                    .run(format!("certcheck trust plan {}", quote(&subject.source))),
            ),
            Self::NotTakenUp { .. } => Some(Remedy::words(
                "plan anew from this file: the plan gives it a name that the tool reads, runs the tool, and looks at the result",
            ).run(format!("certcheck trust plan {}", quote(&subject.source)))),
            Self::StrayAnchor { .. } => Some(Remedy::words(
                "move it to another directory, unless it is meant to be trusted (Debian's ssl-cert puts its snakeoil certificate here)",
            )),
            Self::NativeStore { .. } => Some(Remedy::words(
                "repair or unset what is named; a program that takes any error for the end trusts nothing at all",
            )),
            Self::NotRead { .. } => Some(Remedy::words("run it as a user who may read it")),
        }
    }

    pub(super) fn references(&self) -> Vec<&'static str> {
        match self {
            Self::EndEntityAsAnchor { .. } => vec![
                "measured: Debian 12, one store and eleven clients: OpenSSL 3.0.20 `unable to get local issuer certificate`",
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
            Self::IssuerMissing { .. } => vec![
                "measured: Rserve 1.8-11 sends its own certificate alone; no client fetches the issuer",
            ],
            Self::NotTakenUp { .. } => vec![
                "measured: update-ca-certificates and p11-kit end with status 0 over files that they pass over",
            ],
            Self::StrayAnchor { .. } => vec![
                "measured: rustls-native-certs 0.8.5 loads 151 anchors where OpenSSL finds 150",
            ],
            Self::NativeStore { .. } => vec!["rustls-native-certs 0.8: CertificateResult::errors"],
            Self::AlreadyTrusted { .. }
            | Self::SameNameOtherKey { .. }
            | Self::NotACertificate { .. }
            | Self::NotInStore { .. }
            | Self::NotRead { .. } => vec![],
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
