//! How each client judges a presented chain: data, and the few engines that apply it.
//!
//! A [`Client`] is a program with its version and its sources. [`judge`] walks the path as that
//! program walks it: OpenSSL follows one issuer after another and never backtracks, GnuTLS sorts
//! the list and looks up the last one, Go and Java try every path, rustls is rustls-webpki itself.
//!
//! ```no_run
//! use certcheck::client::{Client, Presented, Store, Verdict, judge};
//! use certcheck::model::Certificate;
//! # let (leaf, root) = (vec![], vec![]);
//! let chain = [Certificate::parse(&leaf)?];
//! let anchors = [Certificate::parse(&root)?];
//! let java = Client::named("java").ok_or("no such client")?;
//! let names = ["tableau.example.com".parse()?];
//! let judgement = judge(
//!     java,
//!     &Presented::of(&chain).named(&names),
//!     &Store::of(&anchors),
//!     "2026-11-22T00:00:00Z".parse()?,
//! );
//! assert_eq!(judgement.verdict, Verdict::Refuses);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod anchor;
mod anchors_file;
mod by_version;
mod constraints;
mod described;
mod every_name;
mod gnutls;
mod go_constraints;
mod input;
mod issued;
mod java_names;
mod key_use;
mod known;
mod messages;
mod names;
mod needed;
mod nss;
mod openssl;
pub(crate) mod peer;
mod profile;
mod profiles;
mod reads;
mod refusal;
mod search;
mod stapled;
mod tableau;
mod versions;
mod webpki;

pub use anchor::unfit;
pub(crate) use anchors_file::{AnchorsFile, Loaded};
pub(crate) use every_name::{NameComparisons, NameOutcome};
pub use input::{Presented, Store};
pub(crate) use issued::must_staple;
pub use known::Client;
pub use profile::ClientProfile;
pub use refusal::{Cause, Refusal, Stage};
pub(crate) use stapled::LooksAt;
pub use versions::{Change, KnownProgram};

pub use crate::trust_store::Verdict;

use crate::Time;
use crate::finding::Fingerprint;
use input::Input;

/// What a client says about a chain, and which certificates would make it accept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Judgement {
    /// Its verdict.
    pub verdict: Verdict,
    /// Why it does not accept, with its own words.
    pub reason: Option<Refusal>,
    /// The path that it took, the server's certificate first; empty if it refuses, or only compares
    /// certificates.
    pub path: Vec<Fingerprint>,
    /// The smallest set of known certificates (presented, or in [`Store::known`]) that its store
    /// must also contain for it to accept: empty if it accepts as it is; `None` if none of them
    /// changes anything, or if no set was looked for (hundreds of certificates).
    pub anchors_needed: Option<Vec<Fingerprint>>,
}

impl Judgement {
    /// The handshake ends before the certificates; who says what.
    pub(crate) fn ended(says: &str) -> Self {
        Self {
            verdict: Verdict::Refuses,
            reason: Some(Refusal::new(Cause::Handshake, says)),
            path: Vec::new(),
            anchors_needed: None,
        }
    }

    /// The file of trust anchors does not give it those that it needs; its error.
    pub(crate) fn unloaded(says: String) -> Self {
        Self {
            verdict: Verdict::Refuses,
            reason: Some(Refusal::new(Cause::AnchorsFile, says)),
            path: Vec::new(),
            anchors_needed: None,
        }
    }

    /// It would accept, except that it distrusts what this root issued later.
    pub(crate) fn distrusted(says: String) -> Self {
        Self {
            verdict: Verdict::Refuses,
            reason: Some(Refusal::new(Cause::Untrusted, says)),
            path: Vec::new(),
            anchors_needed: None,
        }
    }

    /// It would accept, but the server requires a client certificate, and which one it has is
    /// unknown.
    pub(crate) fn without_certificate() -> Self {
        let says = "it accepts the server, which then requires a client certificate";
        Self {
            verdict: Verdict::Undecided,
            reason: Some(Refusal::new(Cause::ClientCertificate, says)),
            path: Vec::new(),
            anchors_needed: None,
        }
    }

    /// It would accept through a proxy that speaks the PROXY protocol: whether there is one is
    /// unknown, and without it the server rejects the client.
    pub(crate) fn without_proxy() -> Self {
        let says = "it accepts the server only behind a proxy that sends the PROXY protocol first";
        Self {
            verdict: Verdict::Undecided,
            reason: Some(Refusal::new(Cause::ProxyProtocol, says)),
            path: Vec::new(),
            anchors_needed: None,
        }
    }

    /// The same if it does not accept, otherwise `other`.
    pub(crate) fn unless_accepted(self, other: impl FnOnce() -> Self) -> Self {
        if self.verdict == Verdict::Accepts {
            other()
        } else {
            self
        }
    }

    /// Whether only its own side is undecided: its certificate, or what precedes
    /// the server.
    pub(crate) fn lacks_own_side(&self) -> bool {
        let cause = self.reason.as_ref().map(|reason| reason.cause);
        matches!(cause, Some(Cause::ClientCertificate | Cause::ProxyProtocol))
    }

    /// certcheck cannot tell, for this reason.
    pub(crate) fn open(reason: &str) -> Self {
        Self {
            verdict: Verdict::Undecided,
            reason: Some(Refusal::new(Cause::NotMeasured, reason)),
            path: Vec::new(),
            anchors_needed: None,
        }
    }
}

/// What `client` says about what a server presents, with `store` and at the moment `at`.
///
/// It cannot fail, and its work is bounded: signatures and steps are counted.
pub fn judge(
    client: Client,
    presented: &Presented<'_, '_>,
    store: &Store<'_, '_>,
    at: Time,
) -> Judgement {
    let profile = client.profile();
    let input = Input::new(presented, store, at).of_version(profile.facts);
    match profile.verify(&input) {
        Ok(path) => Judgement {
            verdict: Verdict::Accepts,
            reason: None,
            path,
            anchors_needed: Some(Vec::new()),
        },
        Err(refusal) => Judgement {
            verdict: if refusal.cause.is_undecided() {
                Verdict::Undecided
            } else {
                Verdict::Refuses
            },
            path: Vec::new(),
            anchors_needed: needed::smallest(&profile, &input, &refusal),
            reason: Some(refusal),
        },
    }
}
