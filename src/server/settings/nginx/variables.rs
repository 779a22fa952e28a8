//! `$variables` of http: nginx does not start with one that nothing defines
//! (`ngx_http_variables_init_vars`: `unknown "…" variable`). Measured: nginx 1.22.1; names that
//! only newer versions or other modules may have are not judged.

use super::super::{Settings, shown};
use super::TEST;
use super::token::{End, Statement};
use std::collections::{HashMap, HashSet};

/// How many names are remembered: a configuration has some dozens. With more, it judges none.
const MOST: usize = 16_384;

/// The variables that nginx and its modules define by name.
const KNOWN: &[&str] = &[
    "ancient_browser",
    "args",
    "binary_remote_addr",
    "body_bytes_sent",
    "bytes_sent",
    "connection",
    "connection_requests",
    "connection_time",
    "connections_active",
    "connections_reading",
    "connections_waiting",
    "connections_writing",
    "content_length",
    "content_type",
    "date_gmt",
    "date_local",
    "document_root",
    "document_uri",
    "fastcgi_path_info",
    "fastcgi_script_name",
    "gzip_ratio",
    "host",
    "hostname",
    "http2",
    "https",
    "invalid_referer",
    "is_args",
    "limit_conn_status",
    "limit_rate",
    "limit_req_status",
    "modern_browser",
    "msec",
    "msie",
    "nginx_version",
    "pid",
    "pipe",
    "proxy_add_x_forwarded_for",
    "proxy_host",
    "proxy_port",
    "proxy_protocol_addr",
    "proxy_protocol_port",
    "proxy_protocol_server_addr",
    "proxy_protocol_server_port",
    "query_string",
    "realip_remote_addr",
    "realip_remote_port",
    "realpath_root",
    "remote_addr",
    "remote_port",
    "remote_user",
    "request",
    "request_body",
    "request_body_file",
    "request_completion",
    "request_filename",
    "request_id",
    "request_length",
    "request_method",
    "request_time",
    "request_uri",
    "scheme",
    "secure_link",
    "secure_link_expires",
    "server_addr",
    "server_name",
    "server_port",
    "server_protocol",
    "slice_range",
    "ssl_alpn_protocol",
    "ssl_cipher",
    "ssl_ciphers",
    "ssl_client_cert",
    "ssl_client_escaped_cert",
    "ssl_client_fingerprint",
    "ssl_client_i_dn",
    "ssl_client_i_dn_legacy",
    "ssl_client_raw_cert",
    "ssl_client_s_dn",
    "ssl_client_s_dn_legacy",
    "ssl_client_serial",
    "ssl_client_v_end",
    "ssl_client_v_remain",
    "ssl_client_v_start",
    "ssl_client_verify",
    "ssl_curve",
    "ssl_curves",
    "ssl_early_data",
    "ssl_protocol",
    "ssl_server_name",
    "ssl_session_id",
    "ssl_session_reused",
    "status",
    "tcpinfo_rcv_space",
    "tcpinfo_rtt",
    "tcpinfo_rttvar",
    "tcpinfo_snd_cwnd",
    "time_iso8601",
    "time_local",
    "uid_got",
    "uid_reset",
    "uid_set",
    "upstream_addr",
    "upstream_bytes_received",
    "upstream_bytes_sent",
    "upstream_cache_etag",
    "upstream_cache_last_modified",
    "upstream_cache_status",
    "upstream_connect_time",
    "upstream_header_time",
    "upstream_response_length",
    "upstream_response_time",
    "upstream_status",
    "uri",
];

/// Names that newer versions have, or that modules with other directives add.
const ELSEWHERE: &[&str] = &[
    "http3",
    "is_request_port",
    "memcached_key",
    "quic",
    "request_port",
];

/// Prefixes after which nginx accepts any name.
const ANY: &[&str] = &[
    "arg_",
    "cookie_",
    "http_",
    "sent_http_",
    "sent_trailer_",
    "upstream_cookie_",
    "upstream_http_",
    "upstream_trailer_",
];

/// Prefixes of names to which newer versions and modules add.
const FAMILIES: &[&str] = &[
    "geoip_",
    "jwt_",
    "otel_",
    "proxy_protocol_",
    "session_",
    "ssl_",
    "tcpinfo_",
    "upstream_",
];

/// Which words of a directive are evaluated; `None`: the directive is not in the table.
fn evaluated<'a>(name: &str, arguments: &'a [String]) -> Option<Vec<&'a str>> {
    let words = |from: usize| arguments.iter().skip(from).map(String::as_str);
    Some(match name {
        "log_format" => words(1)
            .filter(|word| !word.starts_with("escape="))
            .collect(),
        "set" | "add_header" => words(1).take(1).collect(),
        "rewrite" => words(1).take(1).collect(),
        "if" => {
            let expression = |word: &String| matches!(word.trim_start_matches('!'), "~" | "~*");
            let most = if arguments.iter().any(expression) {
                1
            } else {
                usize::MAX
            };
            words(0).take(most).collect()
        }
        "access_log" => {
            let first = words(0).take(1);
            let conditions = words(1).filter_map(|word| word.strip_prefix("if="));
            first.chain(conditions).collect()
        }
        "map" | "limit_req_zone" | "limit_conn_zone" | "split_clients" => {
            words(0).take(1).collect()
        }
        // With one word it is the one that the block defines.
        "geo" if arguments.len() > 1 => words(0).take(1).collect(),
        "auth_request_set" | "add_trailer" => words(1).take(1).collect(),
        "error_page" => words(0).next_back().into_iter().collect(),
        "charset" | "source_charset" => words(0).filter(|word| word.starts_with('$')).collect(),
        "return"
        | "root"
        | "alias"
        | "try_files"
        | "secure_link"
        | "secure_link_md5"
        | "expires"
        | "index"
        | "auth_basic"
        | "auth_basic_user_file"
        | "sub_filter" => words(0).collect(),
        "limit_rate" | "limit_rate_after" | "hash" => words(0).take(1).collect(),
        _ => return of_a_proxy(name, arguments),
    })
}

/// The same for the directives that the modules for servers behind nginx share.
fn of_a_proxy<'a>(name: &str, arguments: &'a [String]) -> Option<Vec<&'a str>> {
    let (module, directive) = name.split_once('_')?;
    if !["proxy", "fastcgi", "grpc", "memcached", "scgi", "uwsgi"].contains(&module) {
        return None;
    }
    let words = |from: usize| arguments.iter().skip(from).map(String::as_str);
    Some(match directive {
        "pass"
        | "ssl_name"
        | "ssl_certificate"
        | "ssl_certificate_key"
        | "bind"
        | "store"
        | "set_body"
        | "method"
        | "cache"
        | "cache_key" => words(0).take(1).collect(),
        "cache_bypass" | "no_cache" => words(0).collect(),
        "param" | "set_header" => words(1).take(1).collect(),
        // A word that begins with `~` is an expression.
        "redirect" | "cookie_domain" | "cookie_path" | "cookie_flags" => {
            words(0).filter(|word| !word.starts_with('~')).collect()
        }
        _ => return None,
    })
}

/// What nginx says about a `$` that no name follows: it compiles the words of this directive as it
/// reads them (`ngx_http_script_compile`); formats of logs have their own reader
/// (`ngx_http_log_compile_format`).
fn broken(directive: &str, text: &str) -> Option<String> {
    if matches!(directive, "charset" | "source_charset") {
        return None;
    }
    text.split('$').skip(1).find_map(|rest| {
        let bare = rest.strip_prefix('{');
        let name = bare.unwrap_or(rest);
        let end = name.find(|c| !is_of_a_name(c)).unwrap_or(name.len());
        let (name, rest) = name.split_at_checked(end)?;
        if bare.is_some() && !rest.starts_with('}') {
            let says = format!("the closing bracket in \"{name}\" variable is missing");
            return Some(says);
        }
        name.is_empty().then(|| match directive {
            "log_format" => format!("invalid parameter \"${rest}\""),
            _ => "invalid variable name".to_owned(),
        })
    })
}

const fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The variables of a file.
#[derive(Default)]
pub(super) struct Variables {
    /// The evaluated variables, each with the first directive that uses it, and its line.
    used: HashMap<String, (String, usize)>,
    defined: HashSet<String>,
    /// The first `$` without a name: what nginx says, the directive and its line.
    broken: Option<(String, String, usize)>,
    /// There were more than the limit.
    lost: bool,
}

impl Variables {
    /// A directive, or the line that opens a block, of a kind of block that is known.
    pub(super) fn statement(&mut self, statement: &Statement, within: &str) {
        let Some((name, arguments)) = statement.words.split_first() else {
            return;
        };
        if statement.end == End::Close || within.starts_with("stream") || within.starts_with("mail")
        {
            return;
        }
        for argument in arguments {
            self.captures(argument);
        }
        let evaluated = evaluated(name, arguments);
        // A word that is just one variable may be the one that the directive defines.
        let defines = match name.as_str() {
            "set" | "auth_request_set" => arguments.iter().take(1),
            "split_clients" | "geo" => {
                let last = arguments.len().saturating_sub(1);
                arguments.get(last..).unwrap_or_default().iter().take(1)
            }
            "map" => arguments.get(1..).unwrap_or_default().iter().take(1),
            _ if evaluated.is_none() => arguments.iter().take(usize::MAX),
            _ => [].iter().take(0),
        };
        for word in defines {
            if let Some(name) = word.strip_prefix('$') {
                self.define(name);
            }
        }
        for word in evaluated.into_iter().flatten() {
            let line = statement.lines.first;
            self.uses(name, word, line);
        }
    }

    /// A value in a block of `map`.
    pub(super) fn map_entry(&mut self, statement: &Statement) {
        if let [key, value] = statement.words.as_slice()
            && key != "include"
        {
            self.uses("map", value, statement.lines.first);
        }
    }

    fn uses(&mut self, directive: &str, word: &str, line: usize) {
        if self.broken.is_none()
            && let Some(says) = broken(directive, word)
        {
            self.broken = Some((says, directive.to_owned(), line));
        }
        for variable in named(word) {
            if self.used.len() >= MOST {
                self.lost = true;
                return;
            }
            self.used
                .entry(variable.to_ascii_lowercase())
                .or_insert_with(|| (directive.to_owned(), line));
        }
    }

    fn define(&mut self, name: &str) {
        if self.defined.len() >= MOST {
            self.lost = true;
            return;
        }
        self.defined.insert(name.to_ascii_lowercase());
    }

    /// Groups with names in an expression: `(?<name>…)`, `(?P<name>…)`, `(?'name'…)`.
    fn captures(&mut self, text: &str) {
        for group in text.split("(?").skip(1) {
            let group = group.strip_prefix('P').unwrap_or(group);
            let end = match group.chars().next() {
                Some('<') => '>',
                Some('\'') => '\'',
                _ => continue,
            };
            let rest = group.get(1..).unwrap_or_default();
            if let Some((name, _)) = rest.split_once(end) {
                self.define(name);
            }
        }
    }

    /// In a whole configuration without unknown modules, reports what nothing defines.
    pub(super) fn judge(self, settings: &mut Settings) {
        if let Some((says, directive, line)) = &self.broken {
            settings.refuse_at(directive, &shown(says), TEST, *line);
            return;
        }
        if self.lost {
            return;
        }
        let begins = |name: &str, all: &[&str]| all.iter().any(|first| name.starts_with(first));
        let known =
            |name: &str| KNOWN.contains(&name) || begins(name, ANY) || self.defined.contains(name);
        let mut unknown: Vec<_> = self.used.iter().filter(|(name, _)| !known(name)).collect();
        unknown.sort_by_key(|(name, (_, line))| (*line, name.as_str()));
        for (name, (directive, line)) in unknown {
            if ELSEWHERE.contains(&name.as_str()) || begins(name, FAMILIES) {
                let reason = "certcheck does not know whether this nginx has the variable";
                settings.not_judged(directive, reason, *line);
                continue;
            }
            let message = format!("unknown \"{}\" variable", shown(name));
            settings.refuse_at(directive, &message, TEST, *line);
        }
    }
}

/// The variables in a text: `$name`, `${name}`. Numbers are groups of an expression, but not
/// between brackets.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split('$').skip(1).filter_map(|rest| {
        let inner = rest.strip_prefix('{');
        let bare = inner.is_none();
        let rest = inner.unwrap_or(rest);
        let end = rest.find(|c| !is_of_a_name(c)).unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default();
        let group = bare && name.starts_with(|c: char| matches!(c, '1'..='9'));
        (!name.is_empty() && !group).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use crate::server::Profile;
    use crate::server::settings::{Context, Settings};
    use crate::source::Source;

    fn unknown(http: &str) -> Vec<String> {
        let nginx = Profile::named("nginx").unwrap();
        let text = format!("events {{}}\nhttp {{\n{http}\n}}\n");
        let source = Source::new("nginx.conf", text.into_bytes());
        let settings = Settings::read(nginx, &source, &Context::at("/")).unwrap();
        let said = settings.facts.iter().map(|(fact, _)| format!("{fact:?}"));
        said.filter(|fact| fact.contains("variable")).collect()
    }

    /// All of these were tested with `nginx -t` of 1.22.1.
    #[test]
    fn nginx_knows_what_is_defined_anywhere() {
        for good in [
            "log_format x '$HOST $Host $arg_a $cookie_b $http_c $sent_http_d $upstream_http_e';",
            "server { set $Foo 1; return 200 $foo; }",
            "server { return 200 \"a$1b\"; }",
            "server { rewrite ^/(?<cap>.*) /$cap; }",
            "server { server_name ~^(?P<sub>.+)\\.example\\.test$; root /srv/$sub; }",
            "server { return 200 $later; }\nmap $host $later { default $host; a$nope 1; }",
            "server { add_header $nope x; }",
            "server { if ($host ~ ^a$) { return 200; } }",
            "geo $near { default 0; } server { if ($near) { return 403; } }",
            "split_clients $remote_addr $half { 50% a; * b; } server { return 200 $half; }",
            "server { location / { proxy_redirect ~^(.*)$ /x$1; proxy_cookie_path ~*^/(.*)$ /x/$1; } }",
            "server { location / { sub_filter a$host b; proxy_ssl_name ${host}; proxy_store off; } }",
            "server { location / { auth_request /a; auth_request_set $who $upstream_status; return 200 $who; } }",
        ] {
            assert!(unknown(good).is_empty(), "{good}: {:?}", unknown(good));
        }
        for bad in [
            "log_format x $nope;",
            "log_format x escape=json '${nope}';",
            "server { return 200 $nope; }",
            "server { add_header X $nope; }",
            "server { if ($nope) { return 200; } }",
            "server { if ($host = $nope) { return 200; } }",
            "server { access_log /dev/null combined if=$nope; }",
            "server { location / { proxy_pass http://$nope; } }",
            "server { location / { proxy_set_header X $nope; } }",
            "server { location / { try_files $nope =404; } }",
            "server { location / { error_page 404 /$nope; } }",
            "map $nope $x { default 1; }",
            "limit_req_zone $nope zone=a:1m rate=1r/s;",
            "server { location / { proxy_ssl_name x$nope; } }",
            "server { location / { grpc_ssl_name $nope; } }",
            "server { location / { uwsgi_ssl_certificate $nope; } }",
            "server { location / { proxy_ssl_certificate_key ${nope}; } }",
            "server { location / { proxy_ssl_name ${host; } }",
            "server { location / { proxy_ssl_name ${a-b}; } }",
            "server { location / { proxy_ssl_name a$; } }",
            "server { return 200 \"cost 5$\"; }",
            "server { location / { proxy_cookie_path /x $nope; } }",
            "server { location / { proxy_no_cache $host $nope; } }",
            "server { location / { auth_request_set $a $nope; } }",
            "split_clients $nope $half { 50% a; * b; }",
            "geo $nope $near { default 0; }",
            "upstream u { hash $nope; server 127.0.0.1:1; }",
        ] {
            assert_eq!(unknown(bad).len(), 1, "{bad}: {:?}", unknown(bad));
        }
    }

    /// nginx 1.22.1 refuses all of these; a newer one, or a module, has some.
    #[test]
    fn names_of_other_versions_are_not_judged() {
        let open = |name: &str| {
            let nginx = Profile::named("nginx").unwrap();
            let text = format!("events {{}}\nhttp {{ server {{ return 200 ${name}; }} }}\n");
            let source = Source::new("nginx.conf", text.into_bytes());
            let settings = Settings::read(nginx, &source, &Context::at("/")).unwrap();
            settings.not_judged.len()
        };
        for name in [
            "ssl_sigalg",
            "ssl_nope",
            "upstream_nope",
            "quic",
            "http3",
            "geoip_nope",
        ] {
            assert_eq!(open(name), 1, "{name}");
        }
        for name in [
            "ssl_client_s_dn",
            "upstream_http_any",
            "tcpinfo_rtt",
            "http_any",
        ] {
            assert_eq!(open(name), 0, "{name}");
        }
    }
}
