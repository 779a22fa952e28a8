//! What `--fetch` fetched, for the report: it is not what the server sends, and decides nothing.

use super::Answer;
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

    /// In words.
    pub fn words(&self) -> String {
        let from = match &self.url {
            Some(url) => format!(" from {url}"),
            None if self.sha256.is_some() => ", fetched by an earlier run".to_owned(),
            None => String::new(),
        };
        let why = self.why.as_deref();
        let why = why.map_or_else(String::new, |why| format!(": {why}"));
        match &self.sha256 {
            Some(sha256) => format!("fetched {}{from} (SHA-256 {sha256}){why}", self.issuer),
            None => format!("not fetched: {}{from}{why}", self.issuer),
        }
    }
}

impl<T> Answer<T> {
    /// The same answer, with what was fetched and what was not.
    #[must_use]
    pub fn having_fetched(mut self, fetched: Vec<Fetched>) -> Self {
        self.fetched = fetched;
        self
    }

    /// What was fetched and what was not; empty without `--fetch`.
    pub fn fetched(&self) -> &[Fetched] {
        &self.fetched
    }
}
