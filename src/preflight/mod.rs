//! Files × server × clients × trust store: may this be switched on?
//!
//! ```
//! use certcheck::{Source, answer::Verdict, preflight::Preflight, server::Profile};
//! # let pem = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n".as_bytes().to_vec();
//! let apache = Profile::named("apache").unwrap();
//! let answer = Preflight::new(apache, "2026-11-22T00:00:00Z".parse()?)
//!     .certificate_file(Source::new("server.crt", pem))
//!     .protocols("all -SSLv2 -SSLv3")
//!     .run();
//! assert_eq!(answer.verdict(), Verdict::Fail);
//! # Ok::<(), certcheck::InvalidTime>(())
//! ```

pub(crate) mod certificates;
pub(crate) mod chain;
mod clients;
pub(crate) mod files;
mod keys;
pub(crate) mod protocol;
mod result;
mod run;
mod sent;
mod trust;
pub mod tsm;

pub use result::{ClientVerdict, PreflightResult, Protocols, TsmResult};

use crate::Time;
use crate::client::Client;
use crate::encoding::Document;
use crate::key_file::ServiceUser;
use crate::model::Passphrase;
use crate::server::Profile;
use crate::server_name::ServerName;
use crate::source::Source;
use crate::trust_store::Anchors;

/// The days before notAfter from which a certificate is said to expire soon.
pub const EXPIRES_WITHIN: u32 = 30;

/// What is to be enabled, where, and for whom.
#[derive(Debug)]
pub struct Preflight {
    server: &'static Profile,
    at: Time,
    certificate_files: Vec<Document>,
    key_files: Vec<Document>,
    chain_file: Option<Document>,
    ca_file: Option<Document>,
    protocols: Option<String>,
    hosts: Vec<ServerName>,
    clients: Vec<Client>,
    anchors: Option<Anchors>,
    passphrase: Option<Passphrase>,
    saml: bool,
    run_as: Option<ServiceUser>,
    expires_within: u32,
}

impl Preflight {
    /// A preflight for `server`, judged at the moment `at`.
    pub fn new(server: &'static Profile, at: Time) -> Self {
        Self {
            server,
            at,
            certificate_files: Vec::new(),
            key_files: Vec::new(),
            chain_file: None,
            ca_file: None,
            protocols: None,
            hosts: Vec::new(),
            clients: Vec::new(),
            anchors: None,
            passphrase: None,
            saml: false,
            run_as: None,
            expires_within: EXPIRES_WITHIN,
        }
    }

    /// The server's certificate, alone or with its chain. Given again: a
    /// second certificate for the same server, such as ECDSA beside RSA.
    #[must_use]
    pub fn certificate_file(mut self, source: Source) -> Self {
        self.certificate_files.push(Document::read(source));
        self
    }

    /// The private key. Given again: the second certificate's.
    #[must_use]
    pub fn key_file(mut self, source: Source) -> Self {
        self.key_files.push(Document::read(source));
        self
    }

    /// The intermediates, where the server reads them from a file of their own.
    #[must_use]
    pub fn chain_file(mut self, source: Source) -> Self {
        self.chain_file = Some(Document::read(source));
        self
    }

    /// The server's own CA setting (`SSLCACertificateFile`, `tls.ca`,
    /// `ssl_ca_file`), from which OpenSSL completes the chain.
    #[must_use]
    pub fn ca_file(mut self, source: Source) -> Self {
        self.ca_file = Some(Document::read(source));
        self
    }

    /// The protocol string, as it stands behind the server's directive.
    #[must_use]
    pub fn protocols(mut self, text: impl Into<String>) -> Self {
        self.protocols = Some(text.into());
        self
    }

    /// A name by which clients reach the server.
    #[must_use]
    pub fn host(mut self, name: ServerName) -> Self {
        self.hosts.push(name);
        self
    }

    /// A client whose verdict counts. Without any, those that connect to most
    /// servers decide (`openssl python curl gnutls go rustls node java`; for
    /// PostgreSQL `libpq java go python`), and all others inform.
    #[must_use]
    pub fn client(mut self, client: Client) -> Self {
        self.clients.push(client);
        self
    }

    /// What the clients trust; without it, trust is not judged.
    #[must_use]
    pub fn anchors(mut self, anchors: Anchors) -> Self {
        self.anchors = Some(anchors);
        self
    }

    /// The passphrase of the private keys.
    #[must_use]
    pub fn passphrase(mut self, passphrase: Passphrase) -> Self {
        self.passphrase = Some(passphrase);
        self
    }

    /// The same key will serve SAML as well.
    #[must_use]
    pub fn saml(mut self, saml: bool) -> Self {
        self.saml = saml;
        self
    }

    /// The user that runs the server: can it read the key file?
    #[must_use]
    pub fn run_as(mut self, user: ServiceUser) -> Self {
        self.run_as = Some(user);
        self
    }

    /// Warn of certificates that end within so many days; 30 if not set.
    #[must_use]
    pub fn expires_within(mut self, days: u32) -> Self {
        self.expires_within = days;
        self
    }
}
