//! Arguments with a meaning of their own, not only for TLS: nginx does not start with a bad one.
//! The usual one is the line below a forgotten `;`, which becomes arguments of the line above.
//! Measured: nginx 1.22.1.

use super::super::{Settings, shown};
use super::TEST;
use super::locations::{Locations, expression};
use super::token::{End, Statement};
use super::zones::size_of;
use std::collections::HashSet;
use std::net::IpAddr;

/// `err_levels` of `ngx_log.c`.
const LEVELS: &[&str] = &[
    "emerg", "alert", "crit", "error", "warn", "notice", "info", "debug",
];

/// How many names of formats are remembered.
const MOST: usize = 4096;

/// What is known so far.
pub(super) struct Values {
    /// Whether this is a whole configuration, read to its end: a name that is not in it is unknown.
    whole: bool,
    /// The names of `log_format`: a name must be defined before its use.
    formats: HashSet<String>,
    locations: Locations,
}

impl Values {
    pub(super) fn new(whole: bool) -> Self {
        Self {
            whole,
            formats: HashSet::from(["combined".to_owned()]),
            locations: Locations::default(),
        }
    }

    /// A directive, or the line that opens a block, of a kind of block that is known.
    pub(super) fn statement(
        &mut self,
        statement: &Statement,
        within: &str,
        settings: &mut Settings,
    ) {
        let Some((name, arguments)) = statement.words.split_first() else {
            return;
        };
        let message = match statement.end {
            End::Open if name == "location" => self.locations.open(arguments),
            End::Open => {
                self.locations.open_other();
                (name == "if").then(|| condition(arguments)).flatten()
            }
            End::Simple => self.directive(name, arguments, within),
            End::Close => None,
        };
        if let Some(message) = message {
            settings.refuse_at(name, &message, TEST, statement.lines.first);
        }
    }

    /// Begins a block whose line was refused or is not read.
    pub(super) fn open_other(&mut self) {
        self.locations.open_other();
    }

    pub(super) fn close(&mut self) {
        self.locations.close();
    }

    fn directive(&mut self, name: &str, arguments: &[String], within: &str) -> Option<String> {
        let http = !within.starts_with("stream") && !within.starts_with("mail");
        let first = arguments.first().map_or("", String::as_str);
        match name {
            "error_log" => level(arguments),
            "worker_cpu_affinity" => affinity(arguments),
            "log_format" if http => {
                let new = self.formats.len() >= MOST || self.formats.insert(first.to_owned());
                (!new).then(|| format!("duplicate \"log_format\" name \"{}\"", shown(first)))
            }
            "access_log" if http => self.access_log(arguments),
            "error_page" => error_page(arguments),
            "return" if http => code(arguments),
            "rewrite" => rewrite(arguments),
            "set" if http && !first.starts_with('$') => {
                Some(format!("invalid variable name \"{}\"", shown(first)))
            }
            "limit_req" => {
                let known = |word: &str| {
                    let named = ["zone=", "burst=", "delay="];
                    word == "nodelay" || named.iter().any(|name| word.starts_with(name))
                };
                strange(arguments, known)
            }
            "proxy_cache_path" | "fastcgi_cache_path" | "scgi_cache_path" | "uwsgi_cache_path" => {
                strange(arguments.get(1..)?, |word| word.contains('='))
            }
            "server" if within.ends_with("upstream") => {
                strange(arguments.get(1..)?, is_of_a_server)
            }
            "proxy_pass" if http => {
                let lower = first.to_ascii_lowercase();
                let known = ["http://", "https://"]
                    .iter()
                    .any(|scheme| lower.starts_with(scheme));
                (!known && !first.contains('$')).then(|| "invalid URL prefix".to_owned())
            }
            "fastcgi_pass" | "scgi_pass" | "uwsgi_pass" if first.parse::<IpAddr>().is_ok() => {
                Some(format!("no port in upstream \"{}\"", shown(first)))
            }
            _ => None,
        }
    }

    /// `access_log off | PATH [FORMAT [PARAMETER]...]` (`ngx_http_log_set_log`).
    fn access_log(&self, arguments: &[String]) -> Option<String> {
        let (path, rest) = arguments.split_first()?;
        let (format, rest) = rest.split_first()?;
        if path == "off" {
            return Some(invalid(format));
        }
        if self.whole && self.formats.len() < MOST && !self.formats.contains(format) {
            return Some(format!("unknown log format \"{}\"", shown(format)));
        }
        let (mut buffered, mut flushed) = (false, false);
        for word in rest {
            if let Some(size) = word.strip_prefix("buffer=") {
                if size_of(size).is_none_or(|size| size == 0) {
                    return Some(format!("invalid buffer size \"{}\"", shown(size)));
                }
                buffered = true;
            } else if word.starts_with("flush=") {
                flushed = true;
            } else if word == "gzip" || word.starts_with("gzip=") {
                buffered = true;
            } else if !word.starts_with("if=") {
                return Some(invalid(word));
            }
        }
        (flushed && !buffered)
            .then(|| format!("no buffer is defined for access_log \"{}\"", shown(path)))
    }
}

fn invalid(word: &str) -> String {
    format!("invalid parameter \"{}\"", shown(word))
}

/// The first word that is not one of the parameters.
fn strange(words: &[String], known: impl Fn(&str) -> bool) -> Option<String> {
    words
        .iter()
        .find(|word| !known(word))
        .map(|word| invalid(word))
}

/// A parameter of an upstream's `server`; those of newer versions are not judged.
fn is_of_a_server(word: &str) -> bool {
    let number = |least: u32| {
        let value = word.split_once('=').map_or("", |(_, value)| value);
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        digits && value.parse::<u32>().is_ok_and(|value| value >= least)
    };
    match word.split('=').next().unwrap_or_default() {
        "weight" => number(1),
        "max_conns" | "max_fails" => number(0),
        name => word.contains('=') || matches!(name, "backup" | "down" | "resolve" | "drain"),
    }
}

/// `error_log FILE [LEVEL]` (`ngx_log_set_levels`).
fn level(arguments: &[String]) -> Option<String> {
    let mut found = false;
    for word in arguments.iter().skip(1) {
        if LEVELS.contains(&word.as_str()) {
            if found {
                return Some(format!("duplicate log level \"{}\"", shown(word)));
            }
            found = true;
        } else if !word.starts_with("debug_") {
            return Some(format!("invalid log level \"{}\"", shown(word)));
        }
    }
    None
}

/// `auto [MASK] | MASK...` (`ngx_set_cpu_affinity`).
fn affinity(arguments: &[String]) -> Option<String> {
    let first = arguments.first()?;
    if first == "auto" && arguments.len() > 2 {
        return Some("invalid number of arguments in \"worker_cpu_affinity\" directive".to_owned());
    }
    let masks = arguments.iter().skip(usize::from(first == "auto"));
    let strange = masks
        .flat_map(|mask| mask.chars())
        .find(|c| !matches!(c, '0' | '1' | ' '));
    strange.map(|c| format!("invalid character \"{c}\" in \"worker_cpu_affinity\""))
}

/// `error_page CODE... [=[RESPONSE]] URI` (`ngx_http_core_error_page`).
fn error_page(arguments: &[String]) -> Option<String> {
    let (_, codes) = arguments.split_last()?;
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|_| digits)
    };
    let bad = |word: &str| Some(format!("invalid value \"{}\"", shown(word)));
    let codes = match codes.split_last() {
        Some((last, rest)) if last.starts_with('=') => {
            let response = last.get(1..).unwrap_or_default();
            if !response.is_empty() && number(response).is_none() {
                return bad(last);
            }
            rest
        }
        _ => codes,
    };
    for word in codes {
        match number(word) {
            None | Some(499) => return bad(word),
            Some(code) if !(300..=599).contains(&code) => {
                return Some(format!(
                    "value \"{}\" must be between 300 and 599",
                    shown(word)
                ));
            }
            Some(_) => {}
        }
    }
    None
}

/// `return CODE [TEXT] | URL` (`ngx_http_rewrite_return`).
fn code(arguments: &[String]) -> Option<String> {
    let first = arguments.first()?;
    let digits = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
    let sound = if digits {
        first.parse::<u32>().is_ok_and(|code| code <= 999)
    } else {
        let link = ["http://", "https://", "$scheme"];
        arguments.len() == 1 && link.iter().any(|start| first.starts_with(start))
    };
    (!sound).then(|| format!("invalid return code \"{}\"", shown(first)))
}

/// `rewrite EXPRESSION REPLACEMENT [FLAG]` (`ngx_http_rewrite`).
fn rewrite(arguments: &[String]) -> Option<String> {
    let broken = expression(arguments.first()?);
    broken.or_else(|| {
        let flag = arguments.get(2)?;
        let known = ["last", "break", "redirect", "permanent"];
        (!known.contains(&flag.as_str())).then(|| invalid(flag))
    })
}

/// `if (CONDITION)` (`ngx_http_rewrite_if_condition`).
fn condition(arguments: &[String]) -> Option<String> {
    let (first, last) = (arguments.first()?, arguments.last()?);
    if !first.starts_with('(') {
        return Some(format!("invalid condition \"{}\"", shown(first)));
    }
    let Some(last) = last.strip_suffix(')') else {
        return Some(format!("invalid condition \"{}\"", shown(last)));
    };
    let mut words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let _ = words.pop();
    words.extend(Some(last).filter(|last| !last.is_empty()));
    match words.as_slice() {
        [.., "~" | "~*" | "!~" | "!~*", pattern] => expression(pattern),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{End, Statement, Values};
    use crate::server::settings::Settings;
    use crate::source::Lines;

    fn refused(all: &[&str]) -> bool {
        let mut settings = Settings::default();
        let mut values = Values::new(true);
        for text in all {
            let end = if text.ends_with('{') {
                End::Open
            } else {
                End::Simple
            };
            let words = text.trim_end_matches('{').split_whitespace();
            let statement = Statement {
                words: words.map(str::to_owned).collect(),
                lines: Lines::new(1, 1),
                end,
            };
            values.statement(&statement, "server", &mut settings);
        }
        !settings.facts.is_empty()
    }

    /// What `nginx -t` 1.22.1 said.
    #[test]
    fn arguments_as_measured() {
        for good in [
            &["error_log /x warn"][..],
            &["error_log stderr"],
            &["worker_cpu_affinity auto"],
            &["access_log off"],
            &["access_log /x combined buffer=32k flush=5s"],
            &["access_log /x combined gzip if=$x"],
            &["log_format main $host", "access_log /x main"],
            &["error_page 404 =200 /x"],
            &["error_page 404 = /x"],
            &["return 444"],
            &["return https://x"],
            &["return 301 /x"],
            &["rewrite ^ /x last"],
            &["set $a b"],
            &["limit_req zone=one burst=5 nodelay"],
            &["proxy_pass http://127.0.0.1"],
            &["proxy_pass $up"],
            &["fastcgi_pass unix:/run/x.sock"],
            &["if ($host ~ ^a) {"],
            &["if (-f $request_filename) {"],
            &["location ~ \\.php$ {"],
            &["location /a {", "location /a/b {"],
            &["location = / {", "return 200"],
        ] {
            assert!(!refused(good), "{good:?}");
        }
        for bad in [
            &["error_log /x bogus"][..],
            &["error_log /x warn user root"],
            &["worker_cpu_affinity auto user root"],
            &["access_log off ssl_protocols"],
            &["access_log /x main"],
            &["access_log /x combined buffer=x"],
            &["access_log /x combined flush=5s"],
            &["access_log /x combined ssl_protocols TLSv1.2"],
            &["log_format combined $host"],
            &["error_page 404 /404.html ssl_protocols TLSv1.2"],
            &["error_page 200 /x"],
            &["return bogus"],
            &["rewrite ^ /x bogus"],
            &["rewrite a( /x"],
            &["set a b"],
            &["limit_req zone=one ssl_protocols"],
            &["proxy_cache_path /c keys_zone=a:1m ssl_protocols TLSv1.2"],
            &["proxy_pass 127.0.0.1"],
            &["fastcgi_pass 127.0.0.1"],
            &["if $host {"],
            &["if ($host ~ a() {"],
            &["location ~ \\.ph(p$ {"],
            &["location /a {", "location /b {"],
        ] {
            assert!(refused(bad), "{bad:?}");
        }
    }
}
