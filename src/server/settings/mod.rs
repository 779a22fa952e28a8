//! A server's own settings, read as the server reads them: text in, typed
//! settings out, with the line of each and of everything that the server refuses or ignores.
//!
//! Nothing here opens a file: [`Settings::wanted`] says which paths the reading
//! depends on (included files, directories, files whose absence stops the
//! server), the caller looks, passes the results to [`Context::with_looked`], and reads again until
//! nothing more is wanted. Anything relevant that was not judged is in `not_judged`: the verdict is
//! then undecided.

mod address;
mod answering;
mod apache;
mod authorities;
mod changes;
mod client_checks;
mod command_line;
mod effective;
mod envvars;
mod files;
mod first;
mod given;
mod haproxy;
mod hosts_file;
mod ini;
mod later;
mod looked;
mod negotiation;
mod nginx;
mod notes;
mod opened;
mod openssl;
mod parts;
mod path;
mod placed;
mod port;
mod postgres;
mod rserve;
mod selection;
mod sockets;
mod stapling;
mod tabpy;
mod version;

use address::Address;
pub(crate) use address::Shown;
pub(crate) use answering::Answering;
pub use client_checks::{ClientChecks, ListsFor, Overlooked, UserName};
pub use command_line::CommandLine;
pub(crate) use command_line::words;
pub use effective::Effective;
pub use envvars::environment_file;
pub use files::{FileUse, base_directory};
pub use looked::{Looked, Looks};
pub use negotiation::{Dh, Negotiation, Switched};
pub(crate) use opened::Opened;
pub use parts::Place;
pub use placed::{ClientAuth, NamedPath, Placed, ProtocolSetting};
pub(crate) use port::NO_PORT;
use port::{Listens, port_fact};
pub use selection::Selection;
pub(crate) use sockets::Socket;
pub(crate) use stapling::{Responder, Staples};

use super::{OpensslConf, Profile, ServerVersion, System};
use crate::cipher::SecurityLevel;
use crate::protocol::Dialect;
use crate::rule::ConfigFact;
use crate::source::{Lines, Source};
use std::collections::BTreeSet;

/// The largest settings file that is read, in bytes. Real ones have a few kilobytes; nginx's own
/// limit for one directive is 4096 bytes.
const LARGEST: usize = 4 << 20;

/// The longest value that an expansion may grow to. Apache's own lines end at
/// 8190 bytes by default (`MAX_STRING_LEN`); names that refer to one another would otherwise grow
/// without limit.
const LONGEST_EXPANSION: usize = 64 << 10;

/// How many places of one file are examined. Hosters have some thousand
/// virtual hosts in a file; what the file hands down to each is copied, so the
/// number bounds the memory.
const MOST_SCOPES: usize = 2048;

/// How many certificates one place has of each kind of setting: one for each
/// kind of key (mod_ssl's CERTKEYS_IDX_MAX is 2); more are always too many.
const MOST_FILES: usize = 8;

/// The longest string of protocols that is kept: nginx reads 4096 bytes of a
/// directive (NGX_CONF_BUFFER), httpd 8190 of a line.
const LONGEST_PROTOCOLS: usize = 8192;

/// The result of reading settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// The server's name, as passed to `--server`.
    pub server: &'static str,
    /// One for each place of its own: a virtual host, a `bind` line, the server.
    pub scopes: Vec<Scope>,
    /// What the server refuses or ignores, and where ([`Settings::place`]).
    pub facts: Vec<(ConfigFact, Lines)>,
    /// What could change the answer and was not judged.
    pub not_judged: Vec<NotJudged>,
    /// Paths to look at before this answer is complete.
    pub wanted: Vec<String>,
    /// The same as a set, for fast lookup.
    asked: std::collections::HashSet<String>,
    /// Files of passphrases that no place names, and programs that print them.
    secrets: Vec<String>,
    /// Why certcheck did not check whom PostgreSQL's pg_hba.conf admits: the file is not next to
    /// the settings, as with a template that is checked elsewhere. Or that TabPy asks a question
    /// when it starts.
    pub not_asked: Option<String>,
    /// A setting by which the server may refuse a client's certificate after the handshake, and
    /// which certcheck does not evaluate.
    pub later: Option<String>,
    /// httpd's `Require ssl-verify-client`: who shows no certificate is refused after the handshake,
    /// although the handshake does not require one.
    pub verified_only: bool,
    /// Whether it looks as if a user other than root starts the server: nginx's settings
    /// name no user, temporary files of their own, and no port below 1024.
    pub(crate) unprivileged: bool,
    /// Which place answers first at each address.
    firsts: first::Firsts,
    /// The system that the server runs on.
    system: Option<System>,
    /// The server's version, if it was given or the system determines it.
    version: Option<ServerVersion>,
    /// What other versions of the server would read differently.
    depends: Vec<changes::Depends>,
    /// The files that were read.
    parts: parts::Parts,
    /// Settings files with their own syntax: crt-lists, pg_hba.conf.
    beside: Vec<String>,
    /// The sockets that Apache, nginx and PostgreSQL open.
    sockets: Vec<Socket>,
    /// The files that PostgreSQL, TabPy and Rserve open as the user that runs them.
    opened: Vec<Opened>,
    /// How often something was not interpreted, so that a reader can tell whether the current line
    /// was.
    uninterpreted: usize,
}

/// A setting that could change what the server does, and was not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotJudged {
    /// The setting.
    pub setting: String,
    /// Why it was not judged.
    pub reason: String,
    /// Where it is.
    pub lines: Lines,
    /// Whether a predicted handshake would decide it: the setting was read into the
    /// place's [`Negotiation`].
    pub negotiated: bool,
}

/// One place that speaks TLS, or was meant to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scope {
    /// Its name in the file: `<VirtualHost *:443>`, `server`, `bind :443`.
    pub name: String,
    /// Its lines.
    pub lines: Option<Lines>,
    /// Whether TLS is switched on here.
    pub tls: bool,
    /// Whether its certificates are loaded although it speaks no TLS (HAProxy, Apache).
    pub(crate) loads_without_tls: bool,
    /// The addresses and ports, as the server reads them.
    pub ports: Vec<Placed<u16>>,
    /// The names that it answers for.
    pub hosts: Vec<Placed<String>>,
    /// The positions of names among `hosts` that the server ignores: nginx does, where another name
    /// of the address has the place.
    pub(crate) ignored_names: BTreeSet<usize>,
    /// Names that it answers for although they are not written there: httpd gives a virtual host
    /// without `ServerName` that of the main server.
    pub(crate) inherited_names: Vec<Placed<String>>,
    /// Whether other places have all of its addresses, so that no client reaches it.
    pub(crate) is_unreachable: bool,
    /// The addresses with their ports, if the settings state all of them.
    pub(crate) at: Option<Vec<Address>>,
    /// Where it listens, in the server's own words, if no other place could listen there (HAProxy,
    /// PostgreSQL): `10.0.0.1:443`, `[::]:5432`, `unix@/run/s`.
    pub(crate) bound: Vec<String>,
    /// The same of HAProxy, as it means them.
    pub(crate) spots: Vec<sockets::Spot>,
    /// Files of certificates: several for several kinds of key.
    pub certificates: Vec<NamedPath>,
    /// Files of private keys, in the order of the certificates.
    pub keys: Vec<NamedPath>,
    /// The file of the certificates after the server's own.
    pub chain: Option<NamedPath>,
    /// The server's own files of CA certificates; several add up.
    pub ca: Vec<NamedPath>,
    /// TabPy's file of names and passwords ([`super::passwords`]).
    pub passwords: Option<NamedPath>,
    /// Which protocol versions it asks for.
    pub protocols: Option<ProtocolSetting>,
    /// Whether it requests a client's certificate.
    pub client_auth: Option<Placed<ClientAuth>>,
    /// How it checks that certificate.
    pub client_checks: ClientChecks,
    /// A setting that tells the server where it gets the key's passphrase.
    pub passphrase: Option<Placed<&'static str>>,
    /// The file of passphrases, one per line, if that setting names one.
    pub passphrases: Option<NamedPath>,
    /// The cipher string for TLS 1.2 and older.
    pub ciphers: Option<Placed<String>>,
    /// Its other settings for the handshake.
    pub negotiation: Negotiation,
    /// Whether a setting says that it answers first at its address (nginx's
    /// `default_server`).
    pub is_default: bool,
    /// It rejects every handshake (nginx's `ssl_reject_handshake`).
    pub rejects: bool,
    /// Whether the key next to `site.crt` is `site.key` and not `site.crt.key`
    /// (HAProxy's `ssl-load-extra-del-ext`).
    pub without_extension: bool,
    /// Whether the name that a client asks for chooses among the certificates, only by the names in
    /// them (HAProxy without a crt-list).
    pub by_name: bool,
    /// What is reported about each of the certificates, in order (HAProxy).
    pub selections: Vec<Selection>,
    /// Whether it ends the handshake for names that no certificate has (HAProxy's
    /// `strict-sni`).
    pub strict: bool,
    /// Files of certificates for which the server looks for no separate private key: they hold one,
    /// or a setting says so (HAProxy's `ssl-load-extra-files`).
    pub keys_inside: Vec<String>,
    /// Whether CA certificates come from elsewhere than [`Scope::ca`]: the system's
    /// store, or a file used only for verification (HAProxy's `ca-verify-file`).
    pub ca_elsewhere: bool,
    /// Whether the private key is loaded before the certificate, so that
    /// nothing compares the two (Rserve).
    pub key_first: bool,
    /// The lines by which every connection must begin with a header of the PROXY protocol, which
    /// clients do not send and balancers do (nginx's `proxy_protocol`, HAProxy's `accept-proxy`).
    pub proxied: Option<Lines>,
    /// Whether it starts without its own certificate: it rejects every handshake, or another block
    /// answers first at its address.
    pub certificate_optional: bool,
    /// The TLS settings that are written in it.
    pub(crate) written: effective::AllWritten,
    /// Those that it inherits.
    pub(crate) handed: std::sync::Arc<[effective::Written]>,
}

/// What a server's settings depend on in addition to their text.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Context<'a> {
    /// The directory that relative paths start from: TabPy and Rserve, the
    /// working directory; Apache, `ServerRoot`; nginx, the directory of
    /// nginx.conf; PostgreSQL, the data directory; HAProxy, the working
    /// directory. Empty: paths stay as written.
    pub base: &'a str,
    /// The server's environment. It is an argument, since TabPy and Apache read it.
    pub environment: &'a [(&'a str, &'a str)],
    /// Apache's `-D NAME` and the `Define`s of files that are not given.
    pub defines: &'a [(&'a str, &'a str)],
    /// The server's own command line, if it contains settings.
    pub arguments: Option<&'a CommandLine>,
    /// What was found at the paths of [`Settings::wanted`].
    pub looked: Option<&'a Looks>,
    /// The `openssl.cnf` that the server runs with.
    pub openssl_conf: Option<&'a OpensslConf>,
    /// The security level that its OpenSSL was built with; `None`: 2, as on Debian.
    pub security_level: Option<SecurityLevel>,
    /// The system that it runs on, if named; `None`: Debian 12.
    pub system: Option<System>,
    /// The server's version; `None`: the system's, or the measured one.
    pub version: Option<ServerVersion>,
}

impl<'a> Context<'a> {
    /// Relative paths start from `base`; no environment, no defines.
    pub const fn at(base: &'a str) -> Self {
        Self {
            base,
            environment: &[],
            defines: &[],
            arguments: None,
            looked: None,
            openssl_conf: None,
            security_level: None,
            system: None,
            version: None,
        }
    }

    /// The same with an environment.
    #[must_use]
    pub const fn with_environment(mut self, environment: &'a [(&'a str, &'a str)]) -> Self {
        self.environment = environment;
        self
    }

    /// The same with names that are defined outside.
    #[must_use]
    pub const fn with_defines(mut self, defines: &'a [(&'a str, &'a str)]) -> Self {
        self.defines = defines;
        self
    }

    /// The same with the server's own command line.
    #[must_use]
    pub const fn with_arguments(mut self, arguments: &'a CommandLine) -> Self {
        self.arguments = Some(arguments);
        self
    }

    /// The same with what was found at the paths that a reading wanted.
    #[must_use]
    pub const fn with_looked(mut self, looked: &'a Looks) -> Self {
        self.looked = Some(looked);
        self
    }

    /// The same with the server's `openssl.cnf`. It counts for Apache, nginx, HAProxy and
    /// PostgreSQL.
    #[must_use]
    pub const fn with_openssl_conf(mut self, conf: &'a OpensslConf) -> Self {
        self.openssl_conf = Some(conf);
        self
    }

    /// The same with an OpenSSL with another security level.
    #[must_use]
    pub const fn with_security_level(mut self, level: SecurityLevel) -> Self {
        self.security_level = Some(level);
        self
    }

    /// The same on a system: its OpenSSL's build options and its policy count if neither
    /// [`with_security_level`](Self::with_security_level) nor
    /// [`with_openssl_conf`](Self::with_openssl_conf) says otherwise.
    #[must_use]
    pub const fn with_system(mut self, system: System) -> Self {
        self.system = Some(system);
        self
    }

    /// The same with another version of the server.
    #[must_use]
    pub const fn with_version(mut self, version: ServerVersion) -> Self {
        self.version = Some(version);
        self
    }

    fn variable(&self, name: &str) -> Option<&'a str> {
        self.environment
            .iter()
            .find(|(known, _)| *known == name)
            .map(|&(_, value)| value)
    }
}

impl Settings {
    /// The settings in `source`, as the server of `profile` reads them; `None` if that server's
    /// settings are not known (`generic`, and `tableau`, which is configured by commands).
    ///
    /// ```
    /// use certcheck::{Source, server::{Profile, settings::{Context, Settings}}};
    /// let profile = Profile::named("rserve").unwrap();
    /// let source = Source::new("Rserv.conf", b"tls.cert /c.pem\ntls.key /k.pem\ntls.port 99999\n".to_vec());
    /// let settings = Settings::read(profile, &source, &Context::at("/")).unwrap();
    /// assert_eq!(settings.scopes[0].ports[0].value, 34463); // modulo 65536
    /// assert_eq!(settings.facts.len(), 1);
    /// ```
    pub fn read(profile: &Profile, source: &Source, context: &Context<'_>) -> Option<Self> {
        Self::read_all(profile, std::slice::from_ref(source), context)
    }

    /// The same for several files, in the order in which the server reads them; `None` if it reads
    /// only one.
    pub fn read_all(profile: &Profile, sources: &[Source], context: &Context<'_>) -> Option<Self> {
        let mut settings = Self::of(profile);
        settings.system = context.system;
        settings.set_version(context.version);
        let mut files = Vec::new();
        for source in sources {
            let before = settings.enter(source.name(), &lossy(source.bytes()));
            settings.opens(source);
            // Refused before it is read: several readers expand variables and includes, and each
            // of them would have to bound its work.
            if source.bytes().len() > LARGEST {
                let message = "the file is too large to be a file of settings";
                settings.refuse("", message, before + 1);
                return Some(settings);
            }
            files.push((before, source.bytes()));
        }
        let bytes = match files.as_slice() {
            [(_, bytes)] => *bytes,
            [_, ..] if profile.reads_several_files() => &[],
            _ => return None,
        };
        match profile.name {
            "apache" => apache::read(bytes, context, &mut settings),
            "nginx" => nginx::read(bytes, context, &mut settings),
            "haproxy" => haproxy::read(&files, context, &mut settings),
            "postgres" => postgres::read(&files, context, &mut settings),
            "tabpy" => tabpy::read(bytes, context, &mut settings),
            "rserve" => rserve::read(bytes, context, &mut settings),
            _ => return None,
        }
        let strange = context.arguments.map(|line| &*line.not_understood);
        for word in strange.unwrap_or_default() {
            let before = settings.enter(command_line::NAME, "");
            let reason = "certcheck does not know this word of the command line";
            settings.not_judged(word, reason, before + 1);
        }
        settings.finish(context.security_level, context.openssl_conf);
        Some(settings)
    }

    fn of(profile: &Profile) -> Self {
        Self {
            server: profile.name,
            ..Self::default()
        }
    }

    fn add(&mut self, scope: Scope) {
        if self.scopes.len() < MOST_SCOPES {
            self.scopes.push(scope);
        // One more than the limit is kept, so that the caller can tell that there were more.
        } else if self.scopes.len() == MOST_SCOPES {
            let line = scope.lines.map_or(1, |lines| lines.first);
            let reason = format!("certcheck checks only the first {MOST_SCOPES} places");
            self.ignored("", &scope.name, &reason, line);
            self.scopes.push(scope);
        }
    }
}

pub(super) use crate::shown::value as shown;

/// Adds a file to those of its kind, unless there are enough.
fn few(files: &mut Vec<NamedPath>, file: NamedPath) {
    if files.len() < MOST_FILES {
        files.push(file);
    }
}

/// Text in UTF-8; anything else becomes U+FFFD, which no setting of ours contains.
fn lossy(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
