//! What `--fetch` fetched, for the report.

use crate::shown::without_keys;

/// One attempt to get a missing issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fetched {
    /// The issuer's name.
    pub issuer: String,
    /// The address that was tried; `None` if the issuer was fetched earlier, or has no address.
    pub url: Option<String>,
    /// SHA-256 of the certificate; `None` if there is none that a signature proves.
    pub sha256: Option<String>,
    /// Why there is none, or why it was not kept.
    pub why: Option<String>,
}

impl Fetched {
    /// A certificate that a signature proves.
    pub fn from(issuer: &str, url: &str, sha256: &str) -> Self {
        Self {
            url: Some(url.to_owned()),
            ..Self::kept(issuer, sha256)
        }
    }

    /// The same, fetched by an earlier run.
    pub fn kept(issuer: &str, sha256: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            url: None,
            sha256: Some(sha256.to_owned()),
            why: None,
        }
    }

    /// An attempt that failed.
    pub fn failed(issuer: &str, url: Option<&str>, why: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            url: url.map(str::to_owned),
            sha256: None,
            why: Some(without_keys(why).into_owned()),
        }
    }
}
