//! Which clients trust a certificate once it is in a platform's store.
//!
//! Measured on Debian 12 with one store and eleven clients (OpenSSL 3.0.20,
//! curl 7.88.1, GnuTLS 3.7.9, Python 3.11.2 and 3.13.5, Go 1.19.8 and 1.24.4, Node
//! 18.20.4, OpenJDK 17, rustls 0.23.46, libpq 17.11, NSS 3.110); for macOS and
//! Windows from their documentation. One function answers, so that a better source can replace it.

use super::candidate::Unfit;
use super::platform::Platform;
use super::verdict::Verdict;
use std::borrow::Cow;

/// What a certificate is in the store it is put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Situation {
    /// A root, within its validity.
    Root,
    /// A root whose validity is over, or has not begun.
    RootOutOfDate,
    /// An end-entity certificate whose validity is over, or has not begun: it is
    /// what the server presents, and every client checks its dates.
    EndEntityOutOfDate,
    /// An intermediate whose root is in the store as well.
    IntermediateWithRoot,
    /// An intermediate alone.
    IntermediateAlone,
    /// An end-entity certificate that a CA issued, without that CA.
    IssuedEndEntity,
    /// A self-signed certificate that is not a CA's.
    SelfSignedEndEntity,
    /// A self-signed CA certificate that the server itself presents.
    CaAsServer,
    /// A self-signed certificate of version 1.
    Version1,
}

/// How one client family judges it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientAnswer {
    /// The family, as `certcheck preflight --client` names it.
    pub client: &'static str,
    /// Whether it trusts the certificate.
    pub verdict: Verdict,
    /// Why not, or under which condition.
    pub reason: Cow<'static, str>,
}

const SYSTEM: &[&str] = &[
    "openssl",
    "openssl-partial-chain",
    "openssl-capath",
    "python",
    "python-3.13",
    "curl",
    "gnutls",
    "go",
    "rustls",
    "node",
    "requests",
    "java",
];

/// The client families that read a platform's store.
pub(super) fn readers(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Macos => &["macos", "chrome", "firefox", "go", "rustls"],
        Platform::Windows => &["windows", "chrome", "firefox", "go", "rustls"],
        Platform::Nss => &["nss", "firefox", "chrome"],
        Platform::Java => &["java"],
        Platform::PostgresClient => &["libpq"],
        // GnuTLS and Java read no variable.
        Platform::Env => &[
            "openssl",
            "python",
            "python-3.13",
            "curl",
            "go",
            "rustls",
            "node",
            "requests",
        ],
        _ => SYSTEM,
    }
}

/// How each client family that reads the store of `platform` judges a
/// certificate in that situation. `strict` says what OpenSSL's
/// `X509_V_FLAG_X509_STRICT`, which Python 3.13 sets, finds wrong with a root; `unfit` who
/// does not accept it for its own sake.
pub fn clients(
    platform: Platform,
    situation: Situation,
    strict: Option<&'static str>,
    unfit: &[Unfit],
) -> Vec<ClientAnswer> {
    readers(platform)
        .iter()
        .map(|&client| {
            let (verdict, reason) = one(platform, situation, family(client), strict);
            let mut unfit = unfit.iter().filter(|_| verdict == Verdict::Accepts);
            let unfit = unfit.find(|unfit| unfit.client == family(client));
            let (verdict, reason) = match (unfit, build(platform, client)) {
                (Some(unfit), _) => (unfit.verdict, Cow::Owned(unfit.reason.clone())),
                (None, Some(depends)) if verdict == Verdict::Accepts => {
                    (Verdict::Undecided, depends.into())
                }
                _ => (verdict, reason.into()),
            };
            ClientAnswer {
                client,
                verdict,
                reason,
            }
        })
        .collect()
}

/// The family whose rules a client follows.
fn family(client: &'static str) -> &'static str {
    match client {
        // It verifies with Python's `ssl`.
        "requests" => "python",
        other => other,
    }
}

/// Whether the client reads the store depends on who built it. Node as nodejs.org builds it
/// (measured: 20.20.2, 22.23.3), and requests from PyPI (2.34.2, with certifi), ship their own
/// lists; Debian, Fedora and Arch build both so that they read the system's.
fn build(platform: Platform, client: &str) -> Option<&'static str> {
    match client {
        _ if platform == Platform::Env => None,
        "node" => Some(
            "built by a distribution, it reads this store; built by nodejs.org, only with --use-openssl-ca or --use-system-ca, or with NODE_EXTRA_CA_CERTS",
        ),
        "requests" => Some(
            "packaged by a distribution, it reads this store; from PyPI, only certifi's list, unless REQUESTS_CA_BUNDLE names another",
        ),
        _ => None,
    }
}

fn one(
    platform: Platform,
    situation: Situation,
    client: &str,
    strict: Option<&'static str>,
) -> (Verdict, &'static str) {
    use Situation as S;
    use Verdict::{Accepts, Refuses, Undecided};
    const OK: (Verdict, &str) = (Verdict::Accepts, "");

    // p11-kit writes into its bundles what it may call a CA. A server's own certificate is left out
    // silently.
    if platform.wants_ca() && matches!(situation, S::IssuedEndEntity | S::SelfSignedEndEntity) {
        return if client == "gnutls" {
            (
                Undecided,
                "it may read p11-kit's store itself, which keeps the certificate",
            )
        } else {
            (
                Refuses,
                "p11-kit leaves certificates that are not CA certificates out of the bundle",
            )
        };
    }
    // The server presents this very certificate, and clients check the dates of a presented
    // certificate before they check trust.
    if situation == S::EndEntityOutOfDate {
        return (Refuses, "it has expired or is not valid yet");
    }
    if situation == S::Version1 {
        return match client {
            "python-3.13" => (
                Refuses,
                "its certificates must be of version 3 (VERIFY_X509_STRICT)",
            ),
            // As an anchor rustls-webpki reads it too; what a server presents must be of
            // version 3 for it.
            "openssl"
            | "openssl-partial-chain"
            | "openssl-capath"
            | "curl"
            | "python"
            | "node"
            | "gnutls"
            | "go"
            | "java"
            | "rustls"
            | "libpq" => OK,
            _ => (Undecided, "certificates of version 1 were not measured"),
        };
    }
    if situation == S::RootOutOfDate {
        return match client {
            "java" | "rustls" => (Accepts, "it does not look at the dates of anchors"),
            _ => (Refuses, "it has expired or is not valid yet"),
        };
    }
    match client {
        // OpenSSL accepts an anchor that is not self-signed only with X509_V_FLAG_PARTIAL_CHAIN,
        // which these clients do not set.
        "openssl" | "openssl-capath" | "python" | "node" | "libpq" => match situation {
            S::IntermediateAlone => (Refuses, "its path must end in a self-signed certificate"),
            S::IssuedEndEntity => (
                Refuses,
                "it does not accept an issued certificate as an anchor",
            ),
            _ => OK,
        },
        "python-3.13" => match (situation, strict) {
            (S::Root, Some(problem)) => (Refuses, problem),
            _ => OK,
        },
        "rustls" => match situation {
            S::IssuedEndEntity => (
                Refuses,
                "an anchor must have issued something (UnknownIssuer)",
            ),
            S::CaAsServer => (
                Refuses,
                "no CA certificate may be a server's (CaUsedAsEndEntity)",
            ),
            S::IntermediateAlone if platform == Platform::Windows => {
                (Refuses, "it reads only the store Root")
            }
            _ => OK,
        },
        "macos" => OK,
        "windows" | "chrome" | "go" if platform == Platform::Windows => match situation {
            S::IssuedEndEntity => (Undecided, "some programs read the store TrustedPeople"),
            S::IntermediateAlone => (Refuses, "the store CA completes chains but ends none"),
            _ => OK,
        },
        "firefox" if platform != Platform::Nss => match situation {
            S::Root | S::IntermediateWithRoot => (Accepts, "since version 120"),
            _ => (Undecided, "it imports roots from the system"),
        },
        "chrome" if platform == Platform::Macos => match situation {
            S::Root | S::IntermediateWithRoot => OK,
            _ => (Undecided, "not measured"),
        },
        _ => OK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The measured matrix, Debian 12: a letter for each client that accepts.
    #[test]
    fn the_measured_matrix() {
        let short = [
            ("openssl", 'o'),
            ("openssl-partial-chain", 'p'),
            ("openssl-capath", 'd'),
            ("curl", 'c'),
            ("gnutls", 'g'),
            ("python", 'y'),
            ("python-3.13", 'z'),
            ("go", 'G'),
            ("node", 'n'),
            ("java", 'j'),
            ("rustls", 'r'),
        ];
        let measured = [
            (Situation::Root, "opdcgyzGnjr"),
            (Situation::IntermediateWithRoot, "opdcgyzGnjr"),
            (Situation::IntermediateAlone, "pcgzGjr"),
            (Situation::IssuedEndEntity, "pcgzGj"),
            (Situation::SelfSignedEndEntity, "opdcgyzGnjr"),
            (Situation::CaAsServer, "opdcgyzGnj"),
            (Situation::RootOutOfDate, "jr"),
            (Situation::Version1, "opdcgyGnjr"),
        ];
        let mut compared = 0;
        for (situation, accepted) in measured {
            let all = clients(Platform::Debian, situation, None, &[]).into_iter();
            for answer in all.filter(|answer| answer.client != "requests") {
                let letter = short
                    .iter()
                    .find(|(name, _)| *name == answer.client)
                    .unwrap()
                    .1;
                let expected = accepted.contains(letter);
                // For Node, the build that reads the store was measured.
                let accepts = match answer.client {
                    "node" => answer.verdict != Verdict::Refuses,
                    _ => answer.verdict == Verdict::Accepts,
                };
                assert_eq!(accepts, expected, "{situation:?} {}", answer.client);
                assert_eq!(
                    answer.verdict == Verdict::Refuses,
                    !answer.reason.is_empty() && !expected
                );
                compared += 1;
            }
        }
        assert_eq!(compared, 88);
    }

    #[test]
    fn p11_kit_leaves_end_entities_out_for_every_client() {
        for platform in [Platform::Rpm, Platform::Arch, Platform::OpenSuse] {
            for situation in [Situation::IssuedEndEntity, Situation::SelfSignedEndEntity] {
                let answers = clients(platform, situation, None, &[]);
                assert!(
                    answers.iter().all(|a| a.verdict != Verdict::Accepts),
                    "{answers:?}"
                );
            }
        }
    }
}
