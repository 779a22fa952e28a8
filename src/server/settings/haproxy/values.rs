//! How many arguments and which values a keyword takes, as HAProxy's own parsers require
//! (`cfgparse-ssl.c`, `listener.c`, `httpclient.c` of 2.6.12): a table for `global`, and one for
//! the words of `bind`, `server` and lines of a crt-list.

use super::super::shown;
use value::{Value, check};

mod number;
mod value;

pub(super) use number::lowest_thread;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    /// No argument; more is an error.
    Nothing,
    /// One argument; more is an error.
    One(Value),
    /// One argument; the rest is not read.
    Begins(Value),
    /// One or more versions and switches.
    Options,
    /// `ssl-load-extra-files`.
    Extras,
}

const VERSIONS: &[&str] = &["SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
const VERIFY: &[&str] = &["none", "required"];

/// Keywords of `global` that concern TLS.
const GLOBAL: &[(&str, Takes)] = &[
    ("busy-polling", Takes::Nothing),
    ("ca-base", Takes::One(Value::Any)),
    ("chroot", Takes::One(Value::Any)),
    ("crt-base", Takes::One(Value::Any)),
    ("daemon", Takes::Nothing),
    ("external-check", Takes::Nothing),
    ("hard-stop-after", Takes::One(Value::Time)),
    ("httpclient.ssl.ca-file", Takes::One(Value::Any)),
    ("httpclient.ssl.verify", Takes::One(Value::OneOf(VERIFY))),
    ("issuers-chain-path", Takes::One(Value::Any)),
    ("maxcompcpuusage", Takes::One(Value::Between(0, 100))),
    ("maxsslconn", Takes::One(Value::From(0))),
    ("maxsslrate", Takes::One(Value::Any)),
    ("nbthread", Takes::One(Value::Count(1, 64))),
    ("node", Takes::One(Value::Any)),
    ("noepoll", Takes::Nothing),
    (
        "profiling.tasks",
        Takes::One(Value::OneOf(&["on", "auto", "off"])),
    ),
    ("quiet", Takes::Nothing),
    ("set-dumpable", Takes::Nothing),
    ("spread-checks", Takes::One(Value::Between(0, 50))),
    ("ssl-default-bind-ciphers", Takes::One(Value::Any)),
    ("ssl-default-bind-ciphersuites", Takes::One(Value::Any)),
    ("ssl-default-bind-curves", Takes::One(Value::Any)),
    ("ssl-default-bind-options", Takes::Options),
    ("ssl-default-server-ciphers", Takes::One(Value::Any)),
    ("ssl-default-server-ciphersuites", Takes::One(Value::Any)),
    ("ssl-default-server-options", Takes::Options),
    ("ssl-dh-param-file", Takes::One(Value::Any)),
    ("ssl-load-extra-files", Takes::Extras),
    ("ssl-propquery", Takes::Begins(Value::Any)),
    ("ssl-provider", Takes::Begins(Value::Any)),
    ("ssl-provider-path", Takes::Begins(Value::Any)),
    ("ssl-server-verify", Takes::One(Value::OneOf(VERIFY))),
    ("strict-limits", Takes::Nothing),
    ("thread-groups", Takes::One(Value::Between(1, 1))),
    ("tune.bufsize", Takes::One(Value::From(1))),
    ("tune.ssl.cachesize", Takes::One(Value::From(0))),
    ("tune.ssl.capture-buffer-size", Takes::One(Value::From(0))),
    (
        "tune.ssl.capture-cipherlist-size",
        Takes::One(Value::From(0)),
    ),
    ("tune.ssl.default-dh-param", Takes::One(Value::From(1024))),
    ("tune.ssl.force-private-cache", Takes::Nothing),
    ("tune.ssl.hard-maxrecord", Takes::One(Value::From(0))),
    ("tune.ssl.keylog", Takes::One(Value::OneOf(&["on", "off"]))),
    ("tune.ssl.lifetime", Takes::One(Value::Time)),
    ("tune.ssl.maxrecord", Takes::One(Value::From(0))),
    ("tune.ssl.ssl-ctx-cache-size", Takes::One(Value::From(0))),
];

/// Words of a line, by its kind.
const OPTIONS: &[(&str, &str, Value)] = &[
    ("bind", "accept-netscaler-cip", Value::Between(1, i32::MAX)),
    ("bind", "alpn", Value::Protocols),
    ("bind", "backlog", Value::Between(0, i32::MAX)),
    ("bind", "ca-ignore-err", Value::Errors),
    ("bind", "crt-ignore-err", Value::Errors),
    ("bind", "expose-fd", Value::OneOf(&["listeners"])),
    ("bind", "id", Value::Identity),
    (
        "bind",
        "level",
        Value::OneOf(&["user", "operator", "admin"]),
    ),
    ("bind", "maxconn", Value::Between(0, i32::MAX)),
    ("bind", "mode", Value::Octal),
    ("bind", "mss", Value::SegmentSize),
    ("bind", "nice", Value::Between(-1024, 1024)),
    ("bind", "npn", Value::Protocols),
    ("bind", "process", Value::Process),
    ("bind", "proto", Value::OneOf(&["h1", "h2", "none"])),
    (
        "bind",
        "severity-output",
        Value::OneOf(&["none", "number", "string"]),
    ),
    ("bind", "shards", Value::Shards),
    ("bind", "ssl-max-ver", Value::OneOf(VERSIONS)),
    ("bind", "ssl-min-ver", Value::OneOf(VERSIONS)),
    ("bind", "tcp-ut", Value::Time),
    ("bind", "thread", Value::Threads),
    (
        "bind",
        "verify",
        Value::OneOf(&["none", "optional", "required"]),
    ),
    ("server", "alpn", Value::Protocols),
    ("server", "check-alpn", Value::Protocols),
    ("server", "npn", Value::Protocols),
    ("server", "ssl-max-ver", Value::OneOf(VERSIONS)),
    ("server", "ssl-min-ver", Value::OneOf(VERSIONS)),
    ("server", "verify", Value::OneOf(VERIFY)),
];

/// HAProxy's error message for a line of `global`.
pub(super) fn global(keyword: &str, arguments: &[String]) -> Result<(), String> {
    let Some(&(_, takes)) = GLOBAL.iter().find(|known| known.0 == keyword) else {
        return Ok(());
    };
    // HAProxy's parsers read arguments up to the first empty one.
    let words: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .take_while(|argument| !argument.is_empty())
        .collect();
    let most = match takes {
        Takes::Nothing => 0,
        Takes::One(_) => 1,
        _ => usize::MAX,
    };
    if let Some(more) = words.get(most) {
        return Err(format!(
            "'{keyword}' cannot handle unexpected argument '{}'.",
            shown(more)
        ));
    }
    match (takes, words.first()) {
        (Takes::Nothing, _) => Ok(()),
        (_, None) => Err(format!("'{keyword}' expects an argument.")),
        (Takes::One(value) | Takes::Begins(value), Some(word)) => check(keyword, value, word),
        (Takes::Options, _) => options(keyword, &words),
        (Takes::Extras, _) => extras(keyword, &words),
    }
}

/// HAProxy's error message for the value of a word of a `bind` or `server` line.
pub(super) fn option(line: &str, word: &str, value: &str) -> Result<(), String> {
    match OPTIONS
        .iter()
        .find(|known| known.0 == line && known.1 == word)
    {
        Some(&(_, _, wanted)) => check(word, wanted, value),
        None => Ok(()),
    }
}

fn options(keyword: &str, words: &[&str]) -> Result<(), String> {
    let mut rest = words.iter();
    while let Some(&word) = rest.next() {
        match word {
            "no-tls-tickets" => {}
            "prefer-client-ciphers" if keyword == "ssl-default-bind-options" => {}
            "ssl-min-ver" | "ssl-max-ver" => {
                let value = rest.next().copied().unwrap_or_default();
                if !VERSIONS.contains(&value) {
                    return Err(format!(
                        "'{}' : unknown ssl/tls version on global statement '{keyword}'.",
                        shown(value)
                    ));
                }
            }
            _ => {
                let version = word
                    .strip_prefix("no-")
                    .or_else(|| word.strip_prefix("force-"));
                let known = ["sslv3", "tlsv10", "tlsv11", "tlsv12", "tlsv13"];
                if !version.is_some_and(|version| known.contains(&version)) {
                    return Err(format!(
                        "unknown option '{}' on global statement '{keyword}'.",
                        shown(word)
                    ));
                }
            }
        }
    }
    Ok(())
}

fn extras(keyword: &str, words: &[&str]) -> Result<(), String> {
    let known = ["bundle", "sctl", "ocsp", "issuer", "key", "none", "all"];
    for (at, word) in words.iter().enumerate() {
        if !known.contains(word) {
            return Err(format!(
                "'{keyword}' expects one or multiple arguments (none, all, bundle, sctl, ocsp, issuer)."
            ));
        }
        if matches!(*word, "none" | "all") && (at > 0 || words.len() > 1) {
            return Err(format!(
                "'{keyword}' 'none' and 'all' can be only used alone"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::number::atoi;
    use super::{global, option};

    fn taken(line: &str) -> bool {
        let mut words = line.split(' ').map(str::to_owned);
        let keyword = words.next().unwrap_or_default();
        let rest: Vec<String> = words.filter(|word| !word.is_empty()).collect();
        global(&keyword, &rest).is_ok()
    }

    /// What `haproxy -c` 2.6.12 said.
    #[test]
    fn lines_of_global_as_measured() {
        for line in [
            "tune.ssl.default-dh-param 1024",
            "tune.ssl.default-dh-param 2048x",
            "tune.ssl.default-dh-param -2048",
            "tune.ssl.cachesize abc",
            "tune.ssl.lifetime 1ms",
            "tune.ssl.lifetime 2147483647",
            "ssl-default-bind-options no-tls-tickets ssl-min-ver TLSv1.2",
            "ssl-load-extra-files bundle key",
            "ssl-load-extra-del-ext on",
            "ssl-skip-self-issued-ca x",
        ] {
            assert!(taken(line), "{line}");
        }
        for line in [
            "tune.ssl.default-dh-param 512",
            "tune.ssl.default-dh-param",
            "tune.ssl.default-dh-param 2048 4096",
            "tune.ssl.cachesize -1",
            "tune.ssl.cachesize 99999999999999999999",
            "tune.ssl.keylog ON",
            "tune.ssl.force-private-cache on",
            "tune.ssl.lifetime 24856d",
            "tune.ssl.lifetime 5x",
            "ssl-default-bind-options strict-sni",
            "ssl-default-bind-options",
            "ssl-default-server-options prefer-client-ciphers",
            "ssl-load-extra-files all none",
            "ssl-server-verify optional",
        ] {
            assert!(!taken(line), "{line}");
        }
    }

    #[test]
    fn values_of_words_as_measured() {
        assert!(option("bind", "crt-ignore-err", "10,20x").is_ok());
        assert!(option("bind", "crt-ignore-err", "10,").is_err());
        assert!(option("bind", "alpn", "h2,").is_ok());
        assert!(option("bind", "alpn", &"a".repeat(256)).is_err());
        assert!(option("server", "verify", "optional").is_err());
        assert!(option("server", "ssl-min-ver", "TLSv9").is_err());
        assert_eq!((atoi(" -7x"), atoi("x"), atoi("4294967297")), (-7, 0, 1));
    }
}
