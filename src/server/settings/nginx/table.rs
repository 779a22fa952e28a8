//! Every directive of nginx 1.22.1, with its contexts and its arguments.
//!
//! `directives.tsv` was read from the program itself: the `ngx_command_t` of
//! /usr/sbin/nginx and of the stream and mail modules of Debian 12 (name,
//! `NGX_…_CONF` flags, the slot function, the words of enumerations).

use super::limits;
use std::collections::HashMap;
use std::sync::LazyLock;

/// How nginx reads the argument (`ngx_conf_set_…_slot`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Flag,
    Number,
    Size,
    Offset,
    Milliseconds,
    Seconds,
    Text,
    Enumeration,
    Bits,
    Buffers,
    /// By the directive's own function.
    Other,
}

/// One directive in one place.
#[derive(Debug)]
pub(super) struct Directive {
    contexts: &'static str,
    arguments: &'static str,
    pub(super) block: bool,
    pub(super) kind: Kind,
    words: &'static str,
}

static TABLE: LazyLock<HashMap<&'static str, Vec<Directive>>> = LazyLock::new(|| {
    let mut table: HashMap<&'static str, Vec<Directive>> = HashMap::new();
    for row in include_str!("directives.tsv").lines() {
        let mut cells = row.split('\t').skip(1);
        let mut cell = || cells.next().unwrap_or_default();
        let (name, contexts, arguments, kind, words) = (cell(), cell(), cell(), cell(), cell());
        table.entry(name).or_default().push(Directive {
            contexts,
            arguments: arguments.trim_end_matches('{'),
            block: arguments.ends_with('{'),
            kind: match kind {
                "flag" => Kind::Flag,
                "num" => Kind::Number,
                "size" => Kind::Size,
                "off" => Kind::Offset,
                "msec" => Kind::Milliseconds,
                "sec" => Kind::Seconds,
                "str" => Kind::Text,
                "enum" => Kind::Enumeration,
                "bitmask" => Kind::Bits,
                "bufs" => Kind::Buffers,
                _ => Kind::Other,
            },
            words,
        });
    }
    table
});

/// The directives that nginx knows by this name.
pub(super) fn named(name: &str) -> &'static [Directive] {
    TABLE.get(name).map_or(&[], Vec::as_slice)
}

/// Names that no version in `versions/names.tsv` has.
pub(super) fn of_other_versions(name: &str) -> Option<&'static str> {
    Some(match name {
        // Neither 1.26.3 nor 1.30.6 as Debian builds them has it.
        "ssl_key_log" | "proxy_ssl_key_log" | "grpc_ssl_key_log" | "uwsgi_ssl_key_log" => {
            "only NGINX Plus knows it"
        }
        "spdy_headers_comp" | "spdy_chunk_size" => "nginx 1.9.4 and older knew it",
        _ => return None,
    })
}

impl Directive {
    pub(super) fn stands_in(&self, context: &str) -> bool {
        self.contexts.split(',').any(|part| part == context)
    }

    /// Whether it accepts this many arguments.
    pub(super) fn takes(&self, count: usize) -> bool {
        match self.arguments {
            "any" => true,
            "1+" => count >= 1,
            "2+" => count >= 2,
            counts => counts.split(',').any(|part| part.parse() == Ok(count)),
        }
    }

    /// Whether a second one in the same block is `duplicate`.
    pub(super) fn stands_once(&self, name: &str) -> bool {
        // By their own functions, with the same message.
        const BY_FUNCTION: &[&str] = &[
            "events",
            "http",
            "mail",
            "stream",
            "user",
            "worker_processes",
            "ssl_password_file",
            "ssl_alpn",
            "ssl_ocsp_cache",
            "proxy_pass",
            "grpc_pass",
            "uwsgi_pass",
            // Not of TLS, each measured with 1.22.1.
            "aio",
            "auth_basic",
            "auth_request",
            "charset",
            "client_body_temp_path",
            "default_type",
            "directio",
            "disable_symlinks",
            "expires",
            "fastcgi_index",
            "gzip_buffers",
            "keepalive_timeout",
            "large_client_header_buffers",
            "limit_rate",
            "memcached_bind",
            "open_file_cache",
            "open_log_file_cache",
            "output_buffers",
            "proxy_bind",
            "proxy_buffers",
            "proxy_cache",
            "proxy_cache_key",
            "proxy_method",
            "proxy_store",
            "proxy_temp_path",
            "real_ip_header",
            "resolver",
            "root",
            "server_tokens",
            "userid",
        ];
        let upstream = ["proxy_ssl_", "grpc_ssl_", "uwsgi_ssl_"]
            .iter()
            .any(|family| name.starts_with(family));
        let plain = !matches!(self.kind, Kind::Other | Kind::Bits);
        plain
            || BY_FUNCTION.contains(&name)
            || (upstream && self.kind == Kind::Other && self.arguments == "1")
    }

    /// nginx's message about these arguments, if it refuses them.
    pub(super) fn refuses(&self, name: &str, arguments: &[String]) -> Option<String> {
        // A protocol's name has its length in one byte.
        if name == "ssl_alpn" && arguments.iter().any(|argument| argument.len() > 255) {
            return Some(format!("\"{name}\" directive protocol too long"));
        }
        let value = arguments.first().map_or("", String::as_str);
        let shown = super::shown(value);
        let invalid = |what: &str| Some(format!("\"{name}\" directive invalid {what}"));
        match self.kind {
            Kind::Flag
                if !["on", "off"]
                    .iter()
                    .any(|known| value.eq_ignore_ascii_case(known)) =>
            {
                Some(format!(
                    "invalid value \"{shown}\" in \"{name}\" directive, it must be \"on\" or \"off\""
                ))
            }
            Kind::Buffers => {
                let sound = |place: usize, number: fn(&str) -> bool| {
                    let value = arguments.get(place).map_or("", String::as_str);
                    number(value) && value.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
                };
                let count = sound(0, digits);
                let size = sound(1, |size| number_with(size, "kKmM"));
                match arguments {
                    _ if !(count && size) => invalid("value"),
                    [_, size] if name == "large_client_header_buffers" && limits::is_tiny(size) => {
                        Some(format!(
                            "the \"{name}\" size must be equal to or greater than \"connection_pool_size\""
                        ))
                    }
                    [count, _] if UPSTREAM_BUFFERS.contains(&name) && is_one(count) => {
                        Some(format!("there must be at least 2 \"{name}\""))
                    }
                    _ => None,
                }
            }
            Kind::Number if !digits(value) => invalid("number"),
            Kind::Size if !number_with(value, "kKmM") => invalid("value"),
            Kind::Offset if !number_with(value, "kKmMgG") => invalid("value"),
            Kind::Milliseconds if !time(value, true) => invalid("value"),
            Kind::Seconds if !time(value, false) => invalid("value"),
            Kind::Number | Kind::Size | Kind::Other => limits::refuses(name, value),
            Kind::Enumeration | Kind::Bits => {
                let known = |word: &&String| {
                    self.words
                        .split(',')
                        .all(|part| !part.eq_ignore_ascii_case(word))
                };
                // The words could not be read from the program.
                if self.words.is_empty() {
                    return None;
                }
                let strange = arguments.iter().find(known)?;
                Some(format!("invalid value \"{}\"", super::shown(strange)))
            }
            _ => None,
        }
    }
}

/// Buffers for the answers of other servers.
const UPSTREAM_BUFFERS: &[&str] = &[
    "fastcgi_buffers",
    "proxy_buffers",
    "scgi_buffers",
    "uwsgi_buffers",
];

fn is_one(count: &str) -> bool {
    count.trim_start_matches('0') == "1"
}

fn digits(text: &str) -> bool {
    // ngx_atoi: decimal, and no overflow.
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<i64>().is_ok()
}

/// A time of the slot for seconds.
pub(super) fn seconds(text: &str) -> bool {
    time(text, false)
}

fn number_with(text: &str, units: &str) -> bool {
    digits(text.strip_suffix(|c| units.contains(c)).unwrap_or(text))
}

/// `ngx_parse_time`: numbers with units, the largest first; a number alone is seconds.
fn time(text: &str, milliseconds: bool) -> bool {
    let mut rest = text;
    if rest.is_empty() {
        return false;
    }
    let mut least = 0;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let Some((number, behind)) = rest.split_at_checked(end) else {
            return false;
        };
        if !digits(number) {
            return false;
        }
        let (step, behind) = match behind.as_bytes() {
            [] => (8, ""),
            [b'y', ..] => (1, behind.get(1..).unwrap_or_default()),
            [b'M', ..] => (2, behind.get(1..).unwrap_or_default()),
            [b'w', ..] => (3, behind.get(1..).unwrap_or_default()),
            [b'd', ..] => (4, behind.get(1..).unwrap_or_default()),
            [b'h', ..] => (5, behind.get(1..).unwrap_or_default()),
            [b'm', b's', ..] if milliseconds => (8, behind.get(2..).unwrap_or_default()),
            [b'm', ..] => (6, behind.get(1..).unwrap_or_default()),
            [b's', ..] => (7, behind.get(1..).unwrap_or_default()),
            [b' ', ..] => (8, behind.get(1..).unwrap_or_default()),
            _ => return false,
        };
        if step <= least {
            return false;
        }
        least = step;
        rest = behind.trim_start_matches(' ');
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{named, time};

    #[test]
    fn the_table_has_what_nginx_has() {
        assert!(named("ssl_certficate").is_empty());
        let certificate = &named("ssl_certificate");
        assert!(
            certificate
                .iter()
                .any(|certificate| certificate.stands_in("server"))
        );
        assert!(
            certificate
                .iter()
                .any(|certificate| certificate.stands_in("stream-server"))
        );
        assert!(
            !certificate
                .iter()
                .any(|certificate| certificate.stands_in("location"))
        );
        assert!(
            named("server_name")
                .iter()
                .all(
                    |directive| directive.takes(2) == directive.stands_in("server")
                        && !directive.takes(0)
                )
        );
        assert!(named("ssl_protocols").iter().all(|directive| {
            directive
                .refuses("ssl_protocols", &["TLS1.2".to_owned()])
                .is_some()
                && directive
                    .refuses("ssl_protocols", &["tlsv1.2".to_owned()])
                    .is_none()
        }));
    }

    #[test]
    fn times_as_nginx_reads_them() {
        for good in ["10", "10s", "1d", "1h30m", "500ms", "1m 30s"] {
            assert!(time(good, true), "{good}");
        }
        for bad in ["", "x", "10x", "30m1h", "1s1s"] {
            assert!(!time(bad, true), "{bad}");
        }
        assert!(!time("500ms", false));
    }
}
