//! Every directive of Apache HTTP Server 2.4 and its own modules.
//!
//! `directives.tsv`: names and modules as `apache2 -L` lists them with all modules of Debian 12
//! loaded (2.4.71), where each is allowed (`req_override` of `command_rec`) and how it takes its
//! arguments (`args_how`), both read from the modules' files.

use std::collections::HashMap;
use std::sync::LazyLock;

/// One directive.
#[derive(Debug)]
pub(super) struct Directive {
    pub(super) name: &'static str,
    /// Its module's source file, as `<IfModule>` accepts it.
    pub(super) module: &'static str,
    places: u32,
    how: &'static str,
}

/// `http_config.h`: outside of `<Directory>` and the like; in a `<Proxy>`.
const RSRC_CONF: u32 = 128;
const PROXY_CONF: u32 = 2048;
/// Executed as soon as it is read, in any section (measured: `LoadModule`).
const EXEC_ON_READ: u32 = 256;
/// `OR_ALL | ACCESS_CONF`.
const IN_DIRECTORIES: u32 = 0x5f;
/// The `AllowOverride` classes that are allowed outside directories (`process_command_config`).
const OUTSIDE: u32 = RSRC_CONF | 0x16 | 0x20;

static TABLE: LazyLock<HashMap<String, Directive>> = LazyLock::new(|| {
    let rows = include_str!("directives.tsv").lines();
    rows.map(|row| {
        let mut cells = row.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let directive = Directive {
            name: cell(),
            module: cell(),
            places: cell().parse().unwrap_or_default(),
            how: cell(),
        };
        (directive.name.to_ascii_lowercase(), directive)
    })
    .collect()
});

/// The directive of that name, or the section if `<` precedes it.
pub(super) fn named(name: &str) -> Option<&'static Directive> {
    TABLE.get(&name.to_ascii_lowercase())
}

/// Whether a module of that source file has directives here.
pub(super) fn knows_module(file: &str) -> bool {
    TABLE.values().any(|directive| directive.module == file) || NO_DIRECTIVES.contains(&file)
}

/// Modules of 2.4 that have no directives.
const NO_DIRECTIVES: &[&str] = &[
    "mod_access_compat.c",
    "mod_asis.c",
    "mod_auth_basic.c",
    "mod_authn_socache.c",
    "mod_authz_host.c",
    "mod_authz_owner.c",
    "mod_authz_user.c",
    "mod_data.c",
    "mod_lbmethod_bybusyness.c",
    "mod_lbmethod_byrequests.c",
    "mod_lbmethod_bytraffic.c",
    "mod_lbmethod_heartbeat.c",
    "mod_proxy_ajp.c",
    "mod_proxy_balancer.c",
    "mod_proxy_fdpass.c",
    "mod_proxy_http.c",
    "mod_proxy_http2.c",
    "mod_proxy_uwsgi.c",
    "mod_ratelimit.c",
    "mod_slotmem_plain.c",
    "mod_slotmem_shm.c",
    "mod_socache_dbm.c",
    "mod_socache_dc.c",
    "mod_socache_memcache.c",
    "mod_socache_redis.c",
    "mod_socache_shmcb.c",
    "mod_suexec.c",
    "mod_unique_id.c",
    "prefork.c",
    "worker.c",
    "event.c",
];

/// Modules that Debian builds into the program (`apache2 -l`).
pub(super) const STATIC: &[&str] = &[
    "core.c",
    "mod_so.c",
    "mod_watchdog.c",
    "http_core.c",
    "mod_log_config.c",
    "mod_logio.c",
    "mod_version.c",
    "mod_unixd.c",
];

/// Names that exist in other versions.
pub(super) fn of_other_versions(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "sslpolicy" | "sslproxypolicy" | "<sslpolicydefine" => {
            "no release of 2.4 has it, only the development version (trunk)"
        }
        "sslechkeydir" => "no release of 2.4 has it, only the development version (trunk)",
        "ssllog" | "sslloglevel" | "sslmutex" => "2.2 and older knew it",
        "namevirtualhost" => "2.2 and older required it",
        _ => return None,
    })
}

/// Where a directive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Server,
    Directory,
    Proxy,
}

impl Directive {
    /// httpd's message if the directive is not allowed here.
    pub(super) fn is_misplaced(&self, place: Place) -> Option<String> {
        let fits = match place {
            Place::Server => self.places & OUTSIDE != 0 || self.places & EXEC_ON_READ != 0,
            Place::Directory => self.places & (IN_DIRECTORIES | EXEC_ON_READ) != 0,
            Place::Proxy => self.places & (IN_DIRECTORIES | PROXY_CONF | EXEC_ON_READ) != 0,
        };
        (!fits).then(|| match place {
            Place::Server => format!("{} not allowed here", self.name),
            _ => format!("{} not allowed in <Directory> context", self.name),
        })
    }

    /// What httpd says about the number of arguments, and about a value that is not a flag.
    pub(super) fn refuses(&self, words: &[String]) -> Option<String> {
        // As `invoke_cmd` does: an empty word counts as missing, and a word after the last one read
        // is one too many. A flag's words are not checked.
        let has = |number: usize| words.get(number).is_some_and(|word| !word.is_empty());
        let count = words.len();
        let flag = || {
            let is = |known: &&str| {
                words
                    .first()
                    .is_some_and(|word| word.eq_ignore_ascii_case(known))
            };
            ["on", "off"].iter().any(is)
        };
        let (fits, says) = match self.how {
            "TAKE1" => (has(0) && count == 1, "takes one argument"),
            "TAKE2" => (has(0) && has(1) && count == 2, "takes two arguments"),
            "TAKE3" => (
                has(0) && has(1) && has(2) && count == 3,
                "takes three arguments",
            ),
            "TAKE12" => (has(0) && count <= 2, "takes 1-2 arguments"),
            "TAKE23" => (has(0) && has(1) && count <= 3, "takes 2-3 arguments"),
            "TAKE123" => (has(0) && count <= 3, "takes one, two or three arguments"),
            "TAKE13" => (
                has(0) && count <= 3 && (!has(1) || count == 3),
                "takes one or three arguments",
            ),
            "ITERATE" => (has(0) || count > 0, "requires at least one argument"),
            "ITERATE2" => (has(0) && count >= 2, "requires at least two arguments"),
            "FLAG" => (flag(), "must be On or Off"),
            _ => (true, ""),
        };
        (!fits).then(|| format!("{} {says}", self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, named};

    #[test]
    fn the_table_has_what_httpd_has() {
        let file = named("sslcertificatefile").unwrap();
        assert_eq!(
            (file.name, file.module),
            ("SSLCertificateFile", "mod_ssl.c")
        );
        assert!(file.is_misplaced(Place::Server).is_none());
        assert!(file.is_misplaced(Place::Directory).is_some());
        assert!(
            named("Require")
                .unwrap()
                .is_misplaced(Place::Server)
                .is_some()
        );
        assert!(
            named("Define")
                .unwrap()
                .is_misplaced(Place::Server)
                .is_none()
        );
        assert!(named("<VirtualHost").is_some() && named("SSLPolicy").is_none());
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let flag = named("SSLHonorCipherOrder").unwrap();
        assert!(flag.refuses(&words("ON")).is_none() && flag.refuses(&words("maybe")).is_some());
        assert!(
            flag.refuses(&words("on # c")).is_none() && flag.refuses(&words("maybe ")).is_some()
        );
        let suites = named("SSLCipherSuite").unwrap();
        assert!(
            suites.refuses(&words("HIGH ")).is_none()
                && suites.refuses(&words("SSL HIGH ")).is_some()
        );
        let file = named("SSLCertificateFile").unwrap();
        assert!(file.refuses(&words("a ")).is_some());
        assert!(
            named("SSLCipherSuite")
                .unwrap()
                .refuses(&words("a b c"))
                .is_some()
        );
    }
}
