//! Every keyword of HAProxy 2.6.
//!
//! In `keywords.tsv`, the words of `bind` and `server` lines and the number of their arguments
//! come from `haproxy -dKall` (2.6.12). The keywords of each section are those that `haproxy -c`
//! does not report as unknown.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

#[derive(Default)]
struct Tables {
    /// For each word, the sections that have it.
    keywords: HashMap<&'static str, HashSet<&'static str>>,
    /// For each word, the number of its arguments on each kind of line.
    options: HashMap<&'static str, HashMap<&'static str, usize>>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables::default();
    for row in include_str!("keywords.tsv").lines() {
        let mut cells = row.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let (section, word, arguments) = (cell(), cell(), cell());
        if matches!(section, "bind" | "server") {
            // -1 (`source`): at least one argument, and the words that follow it.
            let count = arguments.trim_start_matches('-').parse().unwrap_or(0);
            let _ = tables
                .options
                .entry(word)
                .or_default()
                .insert(section, count);
        } else {
            let _ = tables.keywords.entry(word).or_default().insert(section);
        }
    }
    tables
});

/// Sections that 2.6 does not have.
pub(super) const LATER_SECTIONS: [&str; 3] = ["acme", "crt-store", "traces"];

/// The kind of section that `name` begins; all proxies are one kind.
pub(super) fn section(name: &str) -> Option<&'static str> {
    Some(match name {
        "global" => "global",
        "defaults" | "frontend" | "listen" | "backend" => "proxy",
        "peers" => "peers",
        "resolvers" => "resolvers",
        "userlist" => "userlist",
        "program" => "program",
        "cache" => "cache",
        "mailers" => "mailers",
        "http-errors" => "http-errors",
        "ring" => "ring",
        "fcgi-app" => "fcgi-app",
        "log-forward" => "log-forward",
        _ => return None,
    })
}

/// `word` itself, if it begins a section.
pub(super) fn named_section(word: &str) -> Option<&'static str> {
    const PROXIES: &[&str] = &["defaults", "frontend", "listen", "backend"];
    match section(word)? {
        "proxy" => PROXIES.iter().copied().find(|known| *known == word),
        other => Some(other),
    }
}

/// Whether a section of that kind has the keyword.
pub(super) fn knows(section: &'static str, word: &str) -> bool {
    TABLES
        .keywords
        .get(word)
        .is_some_and(|sections| sections.contains(section))
}

/// How many arguments a word of a `bind` or `server` line takes.
pub(super) fn arguments(line: &'static str, word: &str) -> Option<usize> {
    TABLES.options.get(word)?.get(line).copied()
}

/// Which other versions know a word that 2.6 does not know.
pub(super) fn of_other_versions(word: &str) -> Option<&'static str> {
    Some(match word {
        "ktls" | "renegotiate" => "HAProxy 3.3 and newer know it",
        "jwt" => "HAProxy 3.2 and newer know it",
        "ocsp-update" => "HAProxy 2.8 and newer know it",
        "npn" => "HAProxy 3.2 and older knew it",
        "appsession" => "HAProxy 1.5 and older knew it",
        "monitor-net" | "redisp" | "cliexp" | "clitimeout" | "contimeout" | "srvexp"
        | "srvtimeout" | "block" => "HAProxy 2.0 and older knew it",
        _ if word.starts_with("reqi") || word.starts_with("rspi") => {
            "HAProxy 2.0 and older knew it"
        }
        "reqadd" | "reqallow" | "reqdel" | "reqdeny" | "reqpass" | "reqrep" | "reqtarpit"
        | "rspadd" | "rspdel" | "rspdeny" | "rsprep" => "HAProxy 2.0 and older knew it",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{arguments, knows};

    #[test]
    fn the_tables_have_what_haproxy_has() {
        assert!(knows("global", "ssl-default-bind-options") && knows("proxy", "use_backend"));
        assert!(!knows("global", "bind") && !knows("proxy", "reqadd"));
        assert_eq!(
            (arguments("bind", "alpn"), arguments("bind", "ssl")),
            (Some(1), Some(0))
        );
        assert_eq!(
            (arguments("bind", "sigalgs"), arguments("server", "sni")),
            (None, Some(1))
        );
    }
}
