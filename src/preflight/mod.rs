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

mod access;
mod alike;
mod announced;
mod as_client;
mod asked;
mod audience;
mod authorities;
mod bind_line;
mod boundaries;
pub(crate) mod certificates;
pub(crate) mod chain;
mod client_ca;
mod client_refusals;
mod clients;
mod demand;
mod difference;
mod endpoint;
pub(crate) mod endpoints;
mod excerpt;
mod explained_refusals;
pub(crate) mod files;
mod forecast;
mod found;
mod given_to;
mod handshake;
mod host_name;
mod inputs;
mod key_choice;
mod key_usage;
mod keys;
mod listeners;
mod loaded;
mod passphrases;
mod passwords;
mod patterns;
mod place;
pub(crate) mod protocol;
pub(crate) mod refused_settings;
mod remedy;
mod replacement;
mod result;
pub(crate) mod revocation;
mod run;
mod sent;
mod server_versions;
mod settings;
mod settings_access;
mod stapling;
mod startup;
mod together;
pub(crate) mod trust;
pub mod tsm;

pub use difference::{DiffResult, InPath, Side, StoreSeen, VerdictChange};
pub use found::Found;
pub use replacement::{NotOne, Replacement, contents_of, safe_to_replace};
pub use result::{
    Announced, Boundary, ClientCertificateResult, ClientVerdict, EndpointResult, PreflightResult,
    Protocols, ReloadResult, ScopeResult, Sent, ServerBoundary, StartupOutcome, StartupResult,
};
pub use tsm::TsmResult;

use crate::Time;
use crate::client::Client;
use crate::encoding::Document;
use crate::key_file::ServiceUser;
use crate::known_bad::Blocklist;
use crate::model::{Computed, Passphrase};
use crate::server::settings::Settings;
use crate::server::{Profile, ServerVersion, System};
use crate::server_name::ServerName;
use crate::source::Source;
use crate::trust_store::Anchors;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// What to enable, where, and for whom.
///
/// A clone shares the files.
#[derive(Clone, Debug)]
pub struct Preflight {
    server: &'static Profile,
    at: Time,
    certificate_files: Vec<Arc<Document>>,
    key_files: Vec<Arc<Document>>,
    chain_file: Option<Arc<Document>>,
    ca_files: Vec<Arc<Document>>,
    crl_files: Vec<Arc<Document>>,
    protocols: Option<String>,
    hosts: Vec<ServerName>,
    clients: Vec<Client>,
    anchors: Option<Arc<Anchors>>,
    passphrase: Option<Arc<Passphrase>>,
    saml: bool,
    run_as: Option<ServiceUser>,
    /// The directories above the settings.
    above_settings: Vec<String>,
    /// Who owns the settings file, if not root.
    settings_owner: Option<ServiceUser>,
    /// Whether the settings are those that the server uses, not a copy.
    settings_in_place: bool,
    expires_within: Option<u32>,
    /// The system that the server runs on.
    system: Option<System>,
    /// The requested version of the server.
    version: Option<ServerVersion>,
    /// What options say about the handshake when there are no settings.
    given: Option<Arc<Settings>>,
    /// The server's settings, and the name of their file.
    settings: Option<Arc<(String, Settings)>>,
    /// What was found for the files that the settings name.
    found: Arc<BTreeMap<String, found::Kept>>,
    /// Which place of the settings is judged, once they are split into places.
    endpoint: Option<Arc<endpoint::Endpoint>>,
    password_file: Option<Arc<Source>>,
    user: Option<String>,
    /// The certificate is a client's own, judged as the server would.
    as_client: bool,
    blocklist: Option<Arc<Blocklist>>,
    /// Computed signatures: for all places of the settings and all clients.
    computed: Arc<Computed>,
    /// Whether to ask until when each client accepts.
    forecast: bool,
    /// Whether to ask clients in other versions, too.
    compares_versions: bool,
    /// How each client's loader reads the files of anchors, once for all places.
    loads: Arc<OnceLock<Vec<loaded::Load>>>,
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
            ca_files: Vec::new(),
            crl_files: Vec::new(),
            protocols: None,
            hosts: Vec::new(),
            clients: Vec::new(),
            anchors: None,
            passphrase: None,
            saml: false,
            run_as: None,
            above_settings: Vec::new(),
            settings_owner: None,
            settings_in_place: false,
            expires_within: None,
            system: None,
            version: None,
            given: None,
            settings: None,
            found: Arc::default(),
            endpoint: None,
            password_file: None,
            user: None,
            as_client: false,
            blocklist: None,
            computed: Arc::default(),
            forecast: false,
            compares_versions: true,
            loads: Arc::default(),
        }
    }

    /// Also until when each client accepts ([`ClientVerdict::accepts_until`]), which asks the same
    /// question again for a few later moments.
    #[must_use]
    pub fn forecast(mut self) -> Self {
        self.forecast = true;
        self
    }

    /// The server's certificate, alone or with its chain. Given again: a
    /// second certificate for the same server, such as ECDSA next to RSA.
    #[must_use]
    pub fn certificate_file(mut self, source: Source) -> Self {
        self.certificate_files
            .push(Arc::new(Document::read(source)));
        self
    }

    /// The same server, names, clients, anchors and options with another certificate: the one
    /// that is in use, to compare with. Key, chain and settings belong to the new one, and
    /// are left out.
    #[must_use]
    pub fn with_certificate(&self, source: Source) -> Self {
        let mut other = self.clone();
        other.certificate_files.clear();
        other.key_files.clear();
        other.ca_files.clear();
        other.chain_file = None;
        other.settings = None;
        other.endpoint = None;
        other.password_file = None;
        other.certificate_file(source)
    }

    /// The private key. Given again: the second certificate's.
    #[must_use]
    pub fn key_file(mut self, source: Source) -> Self {
        self.key_files.push(Arc::new(Document::read(source)));
        self
    }

    /// The intermediates, if the server reads them from a separate file.
    #[must_use]
    pub fn chain_file(mut self, source: Source) -> Self {
        self.chain_file = Some(Arc::new(Document::read(source)));
        self
    }

    /// The server's own CA setting (`SSLCACertificateFile`, `tls.ca`,
    /// `ssl_ca_file`), from which OpenSSL completes the chain. Given again:
    /// several add up.
    #[must_use]
    pub fn ca_file(mut self, source: Source) -> Self {
        self.ca_files.push(Arc::new(Document::read(source)));
        self
    }

    /// Certificate revocation lists: is a certificate of the chain on one, and do they stay valid
    /// for long? Given again: more of them.
    #[must_use]
    pub fn crl_file(mut self, source: Source) -> Self {
        self.crl_files.push(Arc::new(Document::read(source)));
        self
    }

    /// The protocol string, as it is after the server's directive.
    #[must_use]
    pub fn protocols(mut self, text: impl Into<String>) -> Self {
        self.protocols = Some(text.into());
        self
    }

    /// The system that the server runs on, as the answer names it. What it changes is in
    /// the settings ([`Context::with_system`](crate::server::settings::Context::with_system),
    /// [`Settings::given_in`]).
    #[must_use]
    pub fn system(mut self, system: System) -> Self {
        self.system = Some(system);
        self
    }

    /// The server's version, as the answer names it. What it changes is in the settings
    /// ([`Context::with_version`](crate::server::settings::Context::with_version),
    /// [`Settings::given_in`]).
    #[must_use]
    pub fn server_version(mut self, version: ServerVersion) -> Self {
        self.version = Some(version);
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
        self.loads = Arc::default();
        self
    }

    /// What the clients trust; without it, trust is not judged.
    #[must_use]
    pub fn anchors(mut self, anchors: impl Into<Arc<Anchors>>) -> Self {
        self.anchors = Some(anchors.into());
        self.loads = Arc::default();
        self
    }

    /// The passphrase of the private keys, or, with [`user`](Self::user), that user's password.
    #[must_use]
    pub fn passphrase(mut self, passphrase: Passphrase) -> Self {
        self.passphrase = Some(Arc::new(passphrase));
        self
    }

    /// The same key also serves SAML.
    #[must_use]
    pub fn saml(mut self, saml: bool) -> Self {
        self.saml = saml;
        self
    }

    /// The directories above the file of settings: a server that reads that file enters them.
    #[must_use]
    pub fn below(mut self, directories: impl IntoIterator<Item = String>) -> Self {
        self.above_settings.extend(directories);
        self
    }

    /// The same with the owner of the file of settings: if that is not root, the files are not a
    /// copy that root made, and PostgreSQL cannot read what only root can read.
    #[must_use]
    pub fn settings_owner(mut self, uid: u32) -> Self {
        self.settings_owner = (uid != 0).then(|| ServiceUser {
            uid,
            gids: Vec::new(),
        });
        self
    }

    /// The settings are those that the server uses, not a copy of them: owner and mode of
    /// the files count.
    #[must_use]
    pub fn settings_in_place(mut self) -> Self {
        self.settings_in_place = true;
        self
    }

    /// The user that runs the server: can it read the key file?
    #[must_use]
    pub fn run_as(mut self, user: ServiceUser) -> Self {
        self.run_as = Some(user);
        self
    }

    /// Warn of certificates that end within so many days; if not set, within a
    /// third of their life, at most 30 days.
    #[must_use]
    pub fn expires_within(mut self, days: impl Into<Option<u32>>) -> Self {
        self.expires_within = days.into();
        self
    }

    /// Cipher string, level and `openssl.cnf` of a server whose settings are not given:
    /// [`Settings::given`].
    #[must_use]
    pub fn given(mut self, settings: Settings) -> Self {
        self.given = Some(Arc::new(settings));
        self
    }

    /// The server's own settings, and the name of the file that they are in.
    ///
    /// [`questions`](Self::questions) lists the files that they name; what the other methods here
    /// set (certificate files, hosts, protocols…) overrides the settings.
    #[must_use]
    pub fn settings(mut self, file: impl Into<String>, settings: Settings) -> Self {
        self.settings = Some(Arc::new((file.into(), settings)));
        self
    }

    /// TabPy's file of names and passwords, if no settings name it.
    #[must_use]
    pub fn password_file(mut self, source: Source) -> Self {
        self.password_file = Some(Arc::new(source));
        self
    }

    /// Keys that must not be used, whatever else is right.
    #[must_use]
    pub fn blocklist(mut self, list: Blocklist) -> Self {
        self.blocklist = Some(Arc::new(list));
        self
    }

    /// Whether the passphrase is the password of this user of TabPy; with
    /// [`as_client`](Self::as_client), the database user to whom the certificate belongs.
    #[must_use]
    pub fn user(mut self, name: impl Into<String>) -> Self {
        self.user = Some(name.into());
        self
    }

    /// The moment of judgement.
    pub(crate) const fn moment(&self) -> Time {
        self.at
    }

    /// The bytes of the files that options name, together.
    pub(crate) fn size(&self) -> usize {
        let files = self.certificate_files.iter().chain(&self.key_files);
        let files = files.chain(&self.chain_file).chain(&self.ca_files);
        files.map(|file| file.source().bytes().len()).sum()
    }

    /// The content of an input, by its name.
    pub(crate) fn input(&self, name: &str) -> Option<&[u8]> {
        let files = self.certificate_files.iter().chain(&self.key_files);
        let mut files = files.chain(&self.chain_file).chain(&self.ca_files);
        let file = files.find(|file| file.source().name() == name)?;
        Some(file.source().bytes())
    }

    /// The same preflight with another file in place of the one of that name; `None` if the
    /// server's settings name its files.
    pub(crate) fn instead(&self, old: &str, new: Source) -> Option<Self> {
        if self.settings.is_some() || self.as_client {
            return None;
        }
        let new = Arc::new(Document::read(new));
        let mut other = self.clone();
        let files = other
            .certificate_files
            .iter_mut()
            .chain(&mut other.key_files);
        let files = files
            .chain(&mut other.chain_file)
            .chain(&mut other.ca_files);
        let mut found = false;
        for file in files.filter(|file| file.source().name() == old) {
            *file = Arc::clone(&new);
            found = true;
        }
        found.then_some(other)
    }

    /// The same preflight with another file, given with `option`; `None` if that is not known,
    /// or has a file already.
    pub(crate) fn also(&self, option: &str, new: Source) -> Option<Self> {
        if self.settings.is_some() || self.as_client {
            return None;
        }
        match option {
            "--chain-file" if self.chain_file.is_none() => Some(self.clone().chain_file(new)),
            "--ca-file" => Some(self.clone().ca_file(new)),
            _ => None,
        }
    }

    /// The files that hold certificates, those that the settings name among them.
    pub(crate) fn documents(&self) -> impl Iterator<Item = &Document> + Clone {
        let named = self.found.values().filter_map(|found| match found {
            found::Kept::Read(document) => Some(document),
            _ => None,
        });
        let files = self.certificate_files.iter().chain(&self.chain_file);
        files.chain(&self.ca_files).chain(named).map(Arc::as_ref)
    }

    /// The file that a certificate above the last one in the file `source` belongs in, if it is
    /// not the server's own certificate file.
    pub(crate) fn above_last(&self, source: &str) -> Option<String> {
        let mut own = self.certificate_files.iter();
        let is_own = own.any(|file| file.source().name() == source);
        (!is_own).then(|| source.to_owned())
    }

    /// The certificates that the clients trust, in DER.
    pub(crate) fn trusted(&self) -> impl Iterator<Item = &[u8]> {
        self.anchors.iter().flat_map(|all| all.certificates())
    }

    /// The revocation lists that were given.
    pub(crate) fn lists(&self) -> &[Arc<Document>] {
        &self.crl_files
    }
}
