//! Errors without relation to TLS that stop HAProxy, and TLS outside proxies.
//! Measured: HAProxy 2.6.12.

use super::super::{Looked, path, shown};
use super::line::microseconds;
use super::{Reader, Server};

/// Options of proxies that have no opposite: `no option httplog` is refused.
const WITHOUT_OPPOSITE: &[&str] = &[
    "external-check",
    "forwardfor",
    "http-restrict-req-hdr-names",
    "httpchk",
    "httplog",
    "httpslog",
    "ldap-check",
    "mysql-check",
    "originalto",
    "pgsql-check",
    "redis-check",
    "smtpchk",
    "spop-check",
    "ssl-hello-chk",
    "tcp-check",
    "tcpka",
    "tcplog",
];

/// Words that make a `stats socket` speak TLS.
const TLS: &[&str] = &["ssl", "crt", "crt-list", "ca-file", "crl-file"];

/// What `log` may name (`log_facilities`).
const FACILITIES: &[&str] = &[
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "auth2",
    "ftp", "ntp", "audit", "alert", "cron2", "local0", "local1", "local2", "local3", "local4",
    "local5", "local6", "local7",
];

/// `log_levels`.
const LEVELS: &[&str] = &[
    "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug",
];

/// HAProxy's message about the words of `log`, if it refuses them.
fn log(arguments: &[String]) -> Option<String> {
    let mut words = arguments.iter().map(String::as_str);
    if words.next()? == "global" {
        return None;
    }
    let mut word = words.next();
    while let Some("len" | "format" | "sample") = word {
        let _ = words.next();
        word = words.next();
    }
    let facility = word.unwrap_or_default();
    if !FACILITIES.contains(&facility) {
        return Some(format!("unknown log facility '{}'", shown(facility)));
    }
    let mut levels = words.take(2).filter(|level| !level.is_empty());
    let strange = levels.find(|level| !LEVELS.contains(level))?;
    Some(format!("unknown optional log level '{}'", shown(strange)))
}

/// HAProxy's message about the words of `timeout` in a proxy, if it refuses them.
fn timeout(arguments: &[String]) -> Option<String> {
    const NAMES: &[&str] = &[
        "check",
        "client",
        "client-fin",
        "connect",
        "http-keep-alive",
        "http-request",
        "queue",
        "server",
        "server-fin",
        "tarpit",
        "tunnel",
    ];
    let word = |place: usize| arguments.get(place).map_or("", String::as_str);
    if !NAMES.contains(&word(0)) {
        return Some(format!(
            "'timeout' supports {} (got '{}')",
            NAMES.join(", "),
            shown(word(0))
        ));
    }
    let value = word(1);
    let most = u64::from(u32::MAX >> 1) * 1000;
    let sound = microseconds(value).is_some_and(|time| time <= most);
    if !sound {
        return Some(format!(
            "unexpected value '{}' in 'timeout {}'",
            shown(value),
            shown(word(0))
        ));
    }
    let more = word(2);
    (!more.is_empty()).then(|| {
        format!(
            "'timeout' cannot handle unexpected argument '{}'",
            shown(more)
        )
    })
}

impl Reader<'_, '_> {
    /// `log` of `global` and of proxies.
    pub(super) fn logs(&mut self, arguments: &[String], number: usize) {
        if let Some(message) = log(arguments) {
            self.refuse("log", &message, number);
        }
    }

    /// `default-path`: where HAProxy looks for files with a relative name.
    pub(super) fn default_path(&mut self, arguments: &[String], number: usize) {
        const NAME: &str = "default-path";
        let word = |place: usize| arguments.get(place).map_or("", String::as_str);
        match word(0) {
            "current" => {}
            "config" | "parent" | "origin" => {
                let origin = path::join(self.context.base, word(1));
                let there = self.settings.look(self.context, &origin);
                if word(0) == "origin" && matches!(there, Some(Looked::Missing)) {
                    let message = format!("couldn't set '{NAME}' to origin '{}'", shown(word(1)));
                    self.refuse(NAME, &message, number);
                } else {
                    let reason = "certcheck does not follow it to files with a relative name";
                    self.settings.not_judged(NAME, reason, number);
                }
            }
            other => {
                let message = format!("unsupported {NAME} mode '{}'", shown(other));
                self.refuse(NAME, &message, number);
            }
        }
    }

    /// `no option NAME` and `default option NAME`.
    pub(super) fn negated(&mut self, option: &str, number: usize) {
        if WITHOUT_OPPOSITE.contains(&option) {
            let message = format!("negation/default is not supported for option '{option}'");
            self.refuse("option", &message, number);
        }
    }

    /// `stats` of `global`.
    pub(super) fn statistics(&mut self, arguments: &[String], number: usize) {
        const NAME: &str = "stats";
        match arguments.first().map_or("", String::as_str) {
            "socket" if arguments.iter().any(|word| TLS.contains(&word.as_str())) => {
                let reason = "certcheck does not judge TLS of the statistics socket";
                self.settings.not_judged("stats socket", reason, number);
            }
            "socket" | "maxconn" | "bind-process" | "timeout" => {}
            other => {
                let message = format!(
                    "'stats' only supports 'socket', 'maxconn', 'bind-process' and 'timeout' (got '{}').",
                    shown(other)
                );
                self.refuse(NAME, &message, number);
            }
        }
    }

    /// Lines of sections other than `global` and proxies, and files that proxies name.
    pub(super) fn other(&mut self, kind: &str, keyword: &str, arguments: &[String], number: usize) {
        let word = |place: usize| arguments.get(place).map_or("", String::as_str);
        match (kind, keyword) {
            // A `program` needs the master, which `-W` asks for as well.
            ("program", "command") => {
                let reason = "HAProxy starts with a `program` only as a master with workers (`-W`)";
                self.settings.not_judged("program", reason, number);
            }
            ("resolvers", "nameserver") => {
                let address = word(1);
                let address = address.split_once('@').map_or(address, |(_, bare)| bare);
                let port = address.rsplit_once(':').map_or("", |(_, port)| port);
                let sound = port.parse::<u16>().is_ok_and(|port| port > 0);
                if !sound && !address.contains(['/', '$']) {
                    let message = format!(
                        "'nameserver {}' : missing port number in '{}'",
                        shown(word(0)),
                        shown(address)
                    );
                    self.refuse(keyword, &message, number);
                }
            }
            // HAProxy loads nothing for a section that does not list HAProxy itself as a peer.
            ("peers", "server" | "peer" | "default-server" | "default-bind")
                if arguments.iter().any(|word| TLS.contains(&word.as_str())) =>
            {
                let reason = "certcheck does not judge TLS among peers";
                self.settings.not_judged(keyword, reason, number);
            }
            ("proxy", "timeout") => {
                if let Some(message) = timeout(arguments) {
                    self.refuse(keyword, &message, number);
                }
            }
            ("proxy", "tcp-check" | "http-check")
                if word(0) == "connect" && arguments.iter().any(|word| word == "ssl") =>
            {
                let reason = "certcheck does not judge TLS of health checks";
                self.settings.not_judged(keyword, reason, number);
            }
            ("proxy" | "http-errors", "errorfile") => {
                let file = path::join(self.context.base, word(1));
                let there = self.settings.look(self.context, &file);
                // Files of HAProxy's packages may belong to another machine.
                if matches!(there, Some(Looked::Missing))
                    && !file.starts_with("/etc/haproxy/errors/")
                {
                    let _ = self.settings.demanded(self.context, keyword, &file, number);
                }
            }
            _ => {}
        }
    }

    /// A section begins: which `defaults` it uses, and whether that one exists.
    pub(super) fn defaults_of(&mut self, keyword: &str, arguments: &[String], number: usize) {
        let name = arguments.first().filter(|word| *word != "from");
        if keyword == "defaults" {
            let name = name.cloned().unwrap_or_default();
            self.named_defaults.push((name, Server::default()));
        }
        if !matches!(keyword, "defaults" | "frontend" | "listen" | "backend") {
            return;
        }
        let mut words = arguments.iter();
        if !words.any(|word| word == "from") {
            return;
        }
        let wanted = words.next().map_or("", String::as_str);
        let before = self.named_defaults.len() - usize::from(keyword == "defaults");
        let earlier = self.named_defaults.iter().take(before);
        let mut found = earlier.filter(|(name, _)| name == wanted && !name.is_empty());
        let own = name.map_or("", String::as_str);
        let problem = match (found.next(), found.next()) {
            (Some((_, server)), None) => {
                self.servers = server.clone();
                return;
            }
            (Some(_), Some(_)) => format!(
                "ambiguous defaults section name '{}' referenced by {keyword} '{}'.",
                shown(wanted),
                shown(own)
            ),
            (None, _) => format!(
                "defaults section '{}' not found for {keyword} '{}'.",
                shown(wanted),
                shown(own)
            ),
        };
        self.refuse("from", &problem, number);
    }

    /// `default-server` of a `defaults`: the sections that use that `defaults` inherit it.
    pub(super) fn hand_to_servers(&mut self, server: &Server) {
        if let Some((_, last)) = self.named_defaults.last_mut() {
            *last = server.clone();
        }
    }
}
