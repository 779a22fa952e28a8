//! The effective value of each TLS setting of a place, its source, and what it overrode.
//!
//! The readers record every TLS setting as they find it, for the place that contains it. What a
//! place inherits (from nginx's `http`, httpd's main server, HAProxy's `global`) is a second list,
//! shared by all places. Which entry counts is the server's own rule of inheritance: the last, all
//! of the innermost, or all.

use super::{Scope, Settings, shown};
use crate::protocol::VersionSet;
use crate::source::Lines;
use std::sync::Arc;

/// How many settings of one place are kept: nginx has 40 directives of TLS.
const MOST: usize = 256;

/// A setting as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) name: String,
    pub(crate) value: String,
    /// `None`: it comes from the environment.
    pub(crate) lines: Option<Lines>,
}

/// The settings that are written in one place.
pub(crate) type AllWritten = Vec<Written>;

/// The effective value of a setting in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Effective {
    /// The setting, as the server spells it.
    pub name: String,
    /// Its value; a command or a key in it is not shown.
    pub value: String,
    /// Where it is written ([`Settings::place`]); `None`: it is the default, or comes from the
    /// environment.
    pub lines: Option<Lines>,
    /// Whether it is the server's default.
    pub default: bool,
    /// The values that it overrode, the last one first.
    pub overrides: Vec<(String, Option<Lines>)>,
}

/// Which of several entries counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// The last of the place, otherwise the last inherited one.
    Last,
    /// All of the place, otherwise all inherited ones.
    Innermost,
    /// The place's first replaces the first inherited one, and so on (mod_ssl).
    ByPosition,
    /// All inherited ones, then all of the place.
    All,
}

/// A setting in the order in which it is shown, and its default if that is worth knowing.
type Row = (&'static str, Option<&'static str>);

/// nginx 1.22: `ngx_http_ssl_merge_srv_conf`.
const NGINX: &[Row] = &[
    ("ssl_certificate", None),
    ("ssl_certificate_key", None),
    ("ssl_protocols", Some("TLSv1 TLSv1.1 TLSv1.2")),
    ("ssl_ciphers", Some("HIGH:!aNULL:!MD5")),
    ("ssl_prefer_server_ciphers", Some("off")),
    ("ssl_ecdh_curve", Some("auto")),
    ("ssl_verify_client", Some("off")),
    ("ssl_stapling", Some("off")),
];

/// httpd 2.4: `modssl_ctx_init`, ssl_engine_config.c.
const APACHE: &[Row] = &[
    ("SSLEngine", Some("off")),
    ("SSLCertificateFile", None),
    ("SSLCertificateKeyFile", None),
    ("SSLCertificateChainFile", None),
    ("SSLProtocol", Some("all -SSLv3")),
    ("SSLCipherSuite", Some("DEFAULT")),
    ("SSLHonorCipherOrder", Some("off")),
    ("SSLVerifyClient", Some("none")),
    ("SSLUseStapling", Some("off")),
];

/// HAProxy 2.6: `global_ssl`, src/ssl_sock.c.
const HAPROXY: &[Row] = &[
    ("crt-base", None),
    ("crt", None),
    ("crt-list", None),
    ("ssl-min-ver", Some("TLSv1.2")),
    ("ciphers", Some("DEFAULT")),
    ("verify", Some("none")),
];

/// PostgreSQL 15: guc.c.
const POSTGRES: &[Row] = &[
    ("ssl", Some("off")),
    ("ssl_cert_file", Some("server.crt")),
    ("ssl_key_file", Some("server.key")),
    ("ssl_ca_file", Some("")),
    ("ssl_min_protocol_version", Some("TLSv1.2")),
    ("ssl_max_protocol_version", Some("")),
    ("ssl_ciphers", Some("HIGH:MEDIUM:+3DES:!aNULL")),
    ("ssl_prefer_server_ciphers", Some("on")),
    ("ssl_ecdh_curve", Some("prime256v1")),
    ("ssl_passphrase_command", Some("")),
];

/// TabPy 2.16: app.py.
const TABPY: &[Row] = &[
    ("TABPY_TRANSFER_PROTOCOL", Some("http")),
    ("TABPY_CERTIFICATE_FILE", None),
    ("TABPY_KEY_FILE", None),
    ("TABPY_MINIMUM_TLS_VERSION", Some("TLSv1_2")),
    ("TABPY_PORT", Some("9004")),
];

fn defaults(server: &str) -> &'static [Row] {
    match server {
        "nginx" => NGINX,
        "apache" => APACHE,
        "haproxy" => HAPROXY,
        "postgres" => POSTGRES,
        "tabpy" => TABPY,
        _ => &[],
    }
}

fn counts(server: &str, name: &str) -> Counts {
    match (server, name) {
        (
            "nginx",
            "ssl_certificate"
            | "ssl_certificate_key"
            | "ssl_conf_command"
            | "ssl_protocols"
            | "ssl_session_ticket_key",
        )
        | ("haproxy", "crt" | "crt-list")
        | ("rserve", "tls.cert" | "tls.key" | "tls.ca") => Counts::Innermost,
        // ssl_engine_config.c, `modssl_ctx_cfg_merge_certkeys_array`: the virtual host's n-th file
        // replaces the main server's n-th, and the rest of the main server's files stay.
        ("apache", "SSLCertificateFile" | "SSLCertificateKeyFile") => Counts::ByPosition,
        // `modssl_ctx_cfg_merge` appends the array, so that a later command runs after the outer
        // one and may undo it.
        ("apache", "SSLOpenSSLConfCmd") => Counts::All,
        _ => Counts::Last,
    }
}

/// Settings without any effect that a client or an administrator sees.
const ASIDE: [&str; 4] = [
    "SSLRandomSeed",
    "SSLSessionCache",
    "SSLSessionCacheTimeout",
    "SSLStaplingCache",
];

/// Adds a setting as written.
pub(super) fn write(all: &mut AllWritten, name: &str, value: &str, lines: Option<Lines>) {
    if all.len() < MOST && !ASIDE.contains(&name) {
        all.push(Written {
            name: name.to_owned(),
            value: value_shown(name, value),
            lines,
        });
    }
}

/// A value without possible secrets.
fn value_shown(name: &str, value: &str) -> String {
    let value = value.trim();
    let command = matches!(name, "ssl_passphrase_command" | "SSLPassPhraseDialog");
    // Administrators write the passphrase itself into such a command; a plain path has no blank.
    if command && (value.contains(' ') || value.starts_with('|')) {
        // `echo secret` is a command, too.
        return "(a command, not shown)".to_owned();
    }
    if value.starts_with("data:") {
        return "data:… (not shown)".to_owned();
    }
    shown(value)
}

impl Scope {
    /// Where it listens, as `ADDRESS:PORT`.
    pub fn listens(&self) -> Vec<String> {
        if let Some(at) = self.at.as_ref().filter(|at| !at.is_empty()) {
            return at.iter().map(|address| address.text.clone()).collect();
        }
        if !self.bound.is_empty() {
            return self.bound.clone();
        }
        let ports = self.ports.iter().filter(|port| port.value != 0);
        ports.map(|port| format!("*:{}", port.value)).collect()
    }
}

impl Settings {
    /// The effective value of each TLS setting in a place, those with a default first.
    ///
    /// ```
    /// use certcheck::{Source, server::{Profile, settings::{Context, Settings}}};
    /// let nginx = Profile::named("nginx").unwrap();
    /// let text = "ssl_protocols TLSv1;\nserver { listen 443 ssl; ssl_protocols TLSv1.3; }\n";
    /// let conf = Source::new("a.conf", text.as_bytes().to_vec());
    /// let settings = Settings::read(nginx, &conf, &Context::at("/")).unwrap();
    /// let all = settings.effective(&settings.scopes[0]);
    /// assert_eq!((all[0].name.as_str(), all[0].value.as_str()), ("ssl_protocols", "TLSv1.3"));
    /// assert_eq!(all[0].overrides[0].0, "TLSv1");
    /// assert!(all[1].default); // ssl_ciphers
    /// ```
    pub fn effective(&self, scope: &Scope) -> Vec<Effective> {
        let rows = defaults(self.server);
        let mut names: Vec<&str> = rows.iter().map(|&(name, _)| name).collect();
        for written in scope.handed.iter().chain(&scope.written) {
            if !names.contains(&written.name.as_str()) {
                names.push(&written.name);
            }
        }
        let mut all = Vec::new();
        for name in names {
            let of = |all: &[Written]| -> Vec<Written> {
                all.iter().filter(|one| one.name == name).cloned().collect()
            };
            let (outer, own) = (of(&scope.handed), of(&scope.written));
            if outer.is_empty() && own.is_empty() {
                let default = rows.iter().find(|row| row.0 == name).and_then(|row| row.1);
                let of_version = self.default_of_version(name);
                let default = of_version.or(default.map(str::to_owned));
                all.extend(default.map(|value| Effective {
                    name: name.to_owned(),
                    value,
                    lines: None,
                    default: true,
                    overrides: Vec::new(),
                }));
                continue;
            }
            all.extend(merged(counts(self.server, name), outer, own));
        }
        all
    }
}

impl Settings {
    /// A default that differs from the measured version's.
    fn default_of_version(&self, name: &str) -> Option<String> {
        let [oldest, newest] = self.version?.default_versions()?;
        let all = VersionSet::between(oldest, newest);
        (name == "ssl_protocols").then(|| all.to_string())
    }
}

fn merged(counts: Counts, outer: Vec<Written>, own: Vec<Written>) -> Vec<Effective> {
    let (counting, lost): (Vec<_>, Vec<_>) = match counts {
        Counts::All => (outer.into_iter().chain(own).collect(), Vec::new()),
        Counts::Innermost if own.is_empty() => (outer, Vec::new()),
        Counts::Innermost => (own, outer),
        Counts::ByPosition => {
            let rest = outer.get(own.len()..).unwrap_or_default().to_vec();
            let lost = outer.into_iter().take(own.len()).collect();
            (own.into_iter().chain(rest).collect(), lost)
        }
        // In reading order: the last setting outside comes before the first one inside.
        Counts::Last => {
            let mut all: Vec<_> = outer.into_iter().chain(own).collect();
            let last = all.pop();
            (last.into_iter().collect(), all)
        }
    };
    let mut lost: Vec<_> = lost.into_iter().map(|one| (one.value, one.lines)).collect();
    lost.reverse();
    let mut all: Vec<_> = counting
        .into_iter()
        .map(|one| Effective {
            name: one.name,
            value: one.value,
            lines: one.lines,
            default: false,
            overrides: Vec::new(),
        })
        .collect();
    if let Some(first) = all.first_mut() {
        first.overrides = lost;
    }
    all
}

/// What all places inherit.
pub(super) fn handed(all: &AllWritten) -> Arc<[Written]> {
    Arc::from(all.as_slice())
}
