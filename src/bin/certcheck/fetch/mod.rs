//! `--fetch`: fetches what a certificate names by its address, if the options ask for it.
//!
//! The address comes from a file that anyone may have made, and the answer from anyone on the way.
//! Every request is bounded in size, time and redirects, is sent to public addresses only, without
//! a proxy and without credentials; and what was fetched counts only after a signature proves it.

mod address;
mod cache;
mod issuers;

pub(crate) use issuers::{issuers, upwards};

use crate::args::Fetch;
use crate::bounded;
use address::Addresses;
use cache::Cache;
use std::time::{Duration, Instant};
use ureq::http::Uri;
use ureq::http::header::LOCATION;
use ureq::unversioned::transport::TcpConnector;
use ureq::{Agent, Error};

/// The largest answer: certificates have 1 to 4 KB, and PKCS#7 files of a CA a few of them.
const MOST_BYTES: u64 = 64 << 10;
/// The most redirects of one request.
const REDIRECTS: usize = 3;
/// The time limit for one request with its redirects.
const PATIENCE: Duration = Duration::from_secs(10);
/// The time limit for all requests of a command.
const ALTOGETHER: Duration = Duration::from_secs(30);
/// The longest address that is fetched.
const LONGEST_URL: usize = 2_048;

/// Fetches, and remembers how much time is left.
pub(crate) struct Fetcher {
    agent: Agent,
    until: Instant,
    cache: Option<Cache>,
}

impl Fetcher {
    /// The fetcher that the options ask for; `None` without `--fetch`.
    pub(crate) fn new(options: &Fetch) -> Option<Self> {
        if !options.fetch {
            return None;
        }
        let config = Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_response_header_size(16 << 10)
            .max_idle_connections(0)
            .user_agent(concat!("certcheck/", env!("CARGO_PKG_VERSION")))
            .build();
        let resolver = Addresses {
            allow_private: options.fetch_private,
            ..Addresses::default()
        };
        Some(Self {
            agent: Agent::with_parts(config, TcpConnector::default(), resolver),
            until: Instant::now() + ALTOGETHER,
            cache: options.fetch_cache.clone().map(Cache::new),
        })
    }

    /// The answer to GET.
    fn get(&self, url: &str) -> Result<Vec<u8>, String> {
        let left = self.until.saturating_duration_since(Instant::now());
        let until = Instant::now() + left.min(PATIENCE);
        let mut url = allowed(url)?;
        for _ in 0..=REDIRECTS {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(timed_out());
            }
            let request = self.agent.get(&url).config();
            let request = request.timeout_global(Some(left)).build();
            let mut response = request.call().map_err(|error| why(&error))?;
            match response.status().as_u16() {
                200 => {
                    let body = response.body_mut();
                    if body.content_length().is_some_and(|said| said > MOST_BYTES) {
                        return Err(too_large());
                    }
                    let read = bounded::read(body.as_reader(), 0, MOST_BYTES);
                    let (bytes, is_all) = read.map_err(unreadable)?;
                    return if is_all {
                        Ok(bytes.to_vec())
                    } else {
                        Err(too_large())
                    };
                }
                301 | 302 | 303 | 307 | 308 => {
                    let to = response.headers().get(LOCATION);
                    let to = to.and_then(|to| to.to_str().ok());
                    let to = to.ok_or("a redirect without an address")?;
                    url = redirected(&url, to)?;
                }
                status => return Err(format!("the server answers with HTTP status {status}")),
            }
        }
        Err(format!("more than {REDIRECTS} redirects"))
    }
}

/// An address that may be fetched: plain HTTP, as in RFC 5280 section 4.2.2.1. There is no TLS,
/// whose certificate would raise the same question.
fn allowed(url: &str) -> Result<String, String> {
    let uri: Option<Uri> = (url.len() <= LONGEST_URL)
        .then(|| url.parse().ok())
        .flatten();
    let Some(uri) = uri else {
        return Err("not an address that can be asked".to_owned());
    };
    let is_http = uri.scheme_str() == Some("http");
    let authority = uri.authority().map(ureq::http::uri::Authority::as_str);
    match authority {
        _ if !is_http => Err("certcheck fetches over plain http:// only".to_owned()),
        None | Some("") => Err("an address without a server".to_owned()),
        Some(authority) if authority.contains('@') => {
            Err("an address with a user name in it".to_owned())
        }
        Some(_) => Ok(url.to_owned()),
    }
}

/// Where a redirect leads.
fn redirected(from: &str, to: &str) -> Result<String, String> {
    let refused = |why: String| format!("a redirect to `{to}`: {why}");
    if !to.starts_with('/') {
        return allowed(to).map_err(refused);
    }
    let uri: Uri = from.parse().map_err(|_| refused("no address".to_owned()))?;
    let authority = uri.authority().map(ureq::http::uri::Authority::as_str);
    match (authority, to.strip_prefix("//")) {
        (_, Some(other)) => allowed(&format!("http://{other}")),
        (Some(authority), None) => allowed(&format!("http://{authority}{to}")),
        (None, None) => Err("no address".to_owned()),
    }
    .map_err(refused)
}

fn why(error: &Error) -> String {
    match error {
        Error::Timeout(_) => timed_out(),
        Error::HostNotFound => "the name of the server has no address".to_owned(),
        Error::Io(error) => error.to_string(),
        error => format!("no answer in HTTP: {error}"),
    }
}

fn unreadable(error: std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::TimedOut => timed_out(),
        _ => why(&Error::from(error)),
    }
}

fn timed_out() -> String {
    format!("timed out after {} s", PATIENCE.as_secs())
}

fn too_large() -> String {
    format!("the answer is larger than {} KiB", MOST_BYTES >> 10)
}

#[cfg(test)]
mod tests {
    use super::{allowed, redirected};

    #[test]
    fn only_http_is_asked() {
        for url in [
            "http://ca.test/a.crt",
            "http://ca.test:81/",
            "http://[::1]/a",
            "HTTP://ca.test/",
        ] {
            assert!(allowed(url).is_ok(), "{url}");
        }
        let long = format!("http://ca.test/{}", "a".repeat(2_048));
        for url in [
            "https://ca.test/",
            "file:///etc/passwd",
            "ldap://ca.test/",
            "/a",
            "",
            "http://",
            "http://a@ca.test/",
            "http://ca.test/\n",
            "ca.test",
            &long,
        ] {
            assert!(allowed(url).is_err(), "{url}");
        }
        let from = "http://ca.test:81/a";
        assert_eq!(redirected(from, "/b").unwrap(), "http://ca.test:81/b");
        assert_eq!(redirected(from, "//c.test/b").unwrap(), "http://c.test/b");
        assert_eq!(
            redirected(from, "http://c.test/b").unwrap(),
            "http://c.test/b"
        );
        for to in [
            "file:///etc/passwd",
            "https://ca.test/",
            "b",
            "",
            "//u@c.test/",
        ] {
            assert!(redirected(from, to).is_err(), "{to}");
        }
    }
}
