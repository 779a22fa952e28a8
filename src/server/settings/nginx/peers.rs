//! nginx's peers: `upstream` blocks, and hosts whose names nginx looks up when it
//! starts. Measured: nginx 1.22.1.

mod written;

use super::super::hosts_file::Listed;
use super::super::{Context, Settings, shown};
use super::TEST;
use super::listen::Module;
use super::table::seconds;
use std::collections::HashSet;
use std::net::IpAddr;
use written::Written;

/// How many names are remembered; if there are more, only that is reported.
const MOST: usize = 16_384;

/// A host that a directive names.
struct Host {
    directive: String,
    name: String,
    port: Option<u16>,
    /// Whether it may be the name of an `upstream`.
    passes: bool,
    stream: bool,
    line: usize,
}

/// An `upstream` block that is open.
struct Open {
    /// Whether it has a server, or a file of them.
    has_servers: bool,
}

/// The names found so far.
#[derive(Default)]
pub(super) struct Peers {
    open: Option<Open>,
    upstreams: HashSet<(bool, String)>,
    hosts: Vec<Host>,
    /// There were more than the limit.
    lost: bool,
}

impl Peers {
    /// An `upstream` block begins.
    pub(super) fn open(
        &mut self,
        arguments: &[String],
        (within, line): (&str, usize),
        settings: &mut Settings,
    ) {
        self.open = Some(Open { has_servers: false });
        let name = arguments.first().map_or("", String::as_str);
        let stream = Module::of(within) == Module::Stream;
        if self.upstreams.len() >= MOST {
            self.lost = true;
        } else if !self.upstreams.insert((stream, name.to_ascii_lowercase())) {
            let message = format!("duplicate upstream \"{}\"", shown(name));
            settings.refuse_at("upstream", &message, TEST, line);
        }
    }

    /// The block ends; `unread`: an unread included file may contain servers.
    pub(super) fn close(&mut self, unread: bool, line: usize, settings: &mut Settings) {
        let open = self.open.take();
        if open.is_some_and(|open| !open.has_servers && !unread) {
            settings.refuse_at("upstream", "no servers are inside upstream", TEST, line);
        }
    }

    /// A directive of any block.
    pub(super) fn directive(
        &mut self,
        name: &str,
        arguments: &[String],
        (within, line): (&str, usize),
        settings: &mut Settings,
    ) {
        let first = arguments.first().map_or("", String::as_str);
        let stream = Module::of(within) == Module::Stream;
        let mut all: Vec<&str> = Vec::new();
        let (mut label, mut takes_path, mut passes) = ("upstream", false, false);
        match name {
            "server" | "state" if within.ends_with("upstream") => {
                if let Some(open) = &mut self.open {
                    open.has_servers = true;
                }
                // With `resolve`, nginx looks it up later.
                if name == "server" && !arguments.iter().any(|word| word == "resolve") {
                    all.push(first);
                }
            }
            "memcached_pass" => {
                passes = true;
                all.push(first);
            }
            // A value with a variable is known only for each request.
            "proxy_pass" | "grpc_pass" | "uwsgi_pass" | "fastcgi_pass" | "scgi_pass"
                if !first.contains('$') =>
            {
                passes = true;
                takes_path = name == "proxy_pass" && !stream;
                let schemes: &[&str] = match name {
                    "proxy_pass" if takes_path => &["http://", "https://"],
                    "grpc_pass" => &["grpc://", "grpcs://"],
                    "uwsgi_pass" => &["uwsgi://", "suwsgi://"],
                    _ => &[],
                };
                let lower = first.to_ascii_lowercase();
                let scheme = schemes.iter().find(|scheme| lower.starts_with(*scheme));
                if takes_path && scheme.is_none() {
                    settings.refuse_at(name, "invalid URL prefix", TEST, line);
                    return;
                }
                all.extend(first.get(scheme.map_or(0, |scheme| scheme.len())..));
            }
            "resolver" => {
                label = "resolver";
                let (parameters, addresses): (Vec<&str>, Vec<&str>) = arguments
                    .iter()
                    .map(String::as_str)
                    .partition(|word| word.contains('='));
                for word in parameters {
                    match parameter(word) {
                        Parameter::Known => {}
                        Parameter::Refused(message) => {
                            settings.refuse_at(name, &message, TEST, line)
                        }
                        Parameter::Other => {
                            let reason = "certcheck does not know whether this nginx has the \
                                parameter";
                            settings.not_judged(name, reason, line);
                        }
                    }
                }
                if addresses.is_empty() {
                    settings.refuse_at(name, "no name servers defined", TEST, line);
                }
                all.extend(addresses);
            }
            "set_real_ip_from" => {
                // It is not a URL: a colon belongs to an IPv6 address.
                let known =
                    first.contains('/') || first == "unix:" || first.parse::<IpAddr>().is_ok();
                if !known {
                    self.look_up(
                        (name, name, first),
                        first,
                        (None, false, stream),
                        line,
                        settings,
                    );
                }
                return;
            }
            "error_log" | "access_log" => {
                let Some(parameters) = first.strip_prefix("syslog:") else {
                    return;
                };
                label = "syslog server";
                let mut parameters = parameters.split(',');
                match parameters.find_map(|word| word.strip_prefix("server=")) {
                    Some(server) => all.push(server),
                    None => settings.refuse_at(name, "no syslog server specified", TEST, line),
                }
            }
            _ => {}
        }
        for text in all {
            match written::read(text, takes_path) {
                Ok(Written::Known) => {}
                Ok(Written::Name { host, port }) => {
                    let text = if passes { host } else { text };
                    self.look_up(
                        (name, label, text),
                        host,
                        (port, passes, stream),
                        line,
                        settings,
                    );
                }
                Err(says) => {
                    let message = format!("{says} in {label} \"{}\"", shown(text));
                    settings.refuse_at(name, &message, TEST, line);
                }
            }
        }
    }

    /// A name: an invalid one is refused at once, unless an `upstream` may have that name.
    fn look_up(
        &mut self,
        (directive, label, text): (&str, &str, &str),
        name: &str,
        (port, passes, stream): (Option<u16>, bool, bool),
        line: usize,
        settings: &mut Settings,
    ) {
        if !passes && written::is_no_name(name) {
            let message = not_found(label, text);
            settings.refuse_at(directive, &message, TEST, line);
        } else if self.hosts.len() >= MOST {
            self.lost = true;
        } else {
            self.hosts.push(Host {
                directive: directive.to_owned(),
                name: name.to_ascii_lowercase(),
                port,
                passes,
                stream,
                line,
            });
        }
    }

    /// In a whole configuration, judges names that are neither upstreams nor known everywhere.
    pub(super) fn judge(self, context: &Context<'_>, settings: &mut Settings) {
        let is_upstream =
            |host: &Host| host.passes && self.upstreams.contains(&(host.stream, host.name.clone()));
        let (upstreams, others): (Vec<_>, Vec<_>) =
            self.hosts.iter().partition(|host| is_upstream(host));
        for host in upstreams {
            if let Some(port) = host.port.filter(|_| !host.stream) {
                let name = shown(&host.name);
                let message = format!("upstream \"{name}\" may not have port {port}");
                settings.refuse_at(&host.directive, &message, TEST, host.line);
            }
        }
        let names = others.iter().map(|host| host.name.as_str());
        let mut listed = settings.in_hosts_file(&names.collect(), context);
        for host in others {
            if written::is_no_name(&host.name) {
                let message = not_found("upstream", &host.name);
                settings.refuse_at(&host.directive, &message, TEST, host.line);
                continue;
            }
            // Each name is reported once.
            let Some(listed) = listed.remove(host.name.as_str()) else {
                continue;
            };
            if let Some(reason) = unresolved(&host.name, listed) {
                settings.not_judged(&host.directive, reason, host.line);
            }
        }
        if self.lost {
            let reason = "certcheck does not judge so many names of upstream servers";
            settings.not_judged("upstream", reason, 1);
        }
    }
}

/// A word with `=` of `resolver`.
enum Parameter {
    Known,
    Refused(String),
    /// Newer versions and NGINX Plus have it.
    Other,
}

/// `ngx_resolver_create`: a word that it does not know is an address.
fn parameter(word: &str) -> Parameter {
    let fits = match word.split_once('=') {
        Some(("valid", value)) => seconds(value),
        Some(("ipv6", value)) => matches!(value, "on" | "off"),
        Some(("ipv4" | "status_zone", _)) => return Parameter::Other,
        _ => return Parameter::Refused(not_found("resolver", word)),
    };
    match fits {
        true => Parameter::Known,
        false => Parameter::Refused(format!("invalid parameter: {}", shown(word))),
    }
}

fn not_found(label: &str, text: &str) -> String {
    format!("host not found in {label} \"{}\"", shown(text))
}

/// Why it is not known whether nginx finds an address for a name.
fn unresolved(name: &str, listed: Listed) -> Option<String> {
    let name = shown(name);
    let file = match listed {
        Listed::Address => return None,
        Listed::OnlyIpv6 => {
            return Some(format!(
                "/etc/hosts has only IPv6 addresses for `{name}`: on a machine without IPv6, nginx does not start"
            ));
        }
        Listed::Missing => ", which is not in /etc/hosts",
        Listed::Unknown => "",
    };
    // A name from DNS has a dot, unless a search domain completes it.
    let compose = if name.contains('.') {
        ""
    } else {
        "; a service of Docker Compose has a name only in its network"
    };
    Some(format!(
        "certcheck does not look up `{name}`{file}: nginx does not start if no address is found{compose}"
    ))
}

#[cfg(test)]
mod tests {
    use crate::server::Profile;
    use crate::server::settings::{Context, Settings};
    use crate::source::Source;

    fn read(http: &str) -> (String, usize) {
        let nginx = Profile::named("nginx").unwrap();
        let text = format!("events {{}}\nhttp {{\n{http}\n}}\n");
        let source = Source::new("nginx.conf", text.into_bytes());
        let settings = Settings::read(nginx, &source, &Context::at("/")).unwrap();
        (format!("{:?}", settings.facts), settings.not_judged.len())
    }

    /// All of these were tested with `nginx -t` of 1.22.1.
    #[test]
    fn servers_behind_nginx() {
        for good in [
            "upstream u { server 127.0.0.1; server localhost:8080; server unix:/x; }",
            "server { location / { proxy_pass http://U/; } } upstream u { server 127.0.0.1; }",
            "server { location / { fastcgi_pass u; } } upstream u { server 127.0.0.1; }",
            "server { location / { proxy_pass http://nope.invalid/$uri; } }",
            "server { location / { grpc_pass grpcs://[::1]:9000; } }",
            "server { location / { fastcgi_pass app$uri:9000; } }",
            "resolver 127.0.0.1 [::1]:53 valid=3s ipv6=off;",
            "server { set_real_ip_from ::1; set_real_ip_from unix:; set_real_ip_from 10.0.0.0/8; }",
            "server { error_log syslog:facility=local1,server=unix:/x; }",
        ] {
            assert_eq!(read(good), ("[]".to_owned(), 0), "{good}");
        }
        for (bad, says) in [
            ("upstream u { }", "no servers are inside upstream"),
            (
                "upstream u { keepalive 2; }",
                "no servers are inside upstream",
            ),
            (
                "upstream u { server 127.0.0.1; } upstream u { server 127.0.0.1; }",
                "duplicate upstream",
            ),
            (
                "server { location / { proxy_pass http://u:8080; } } upstream u { server 127.0.0.1; }",
                "may not have port 8080",
            ),
            (
                "upstream u { server $backend:8080; }",
                "host not found in upstream \\\"$backend:8080\\\"",
            ),
            (
                "server { location / { memcached_pass $host:11211; } }",
                "host not found in upstream \\\"$host\\\"",
            ),
            (
                "server { location / { grpc_pass grpc://127.0.0.1:9/x; } }",
                "invalid host in upstream \\\"127.0.0.1:9/x\\\"",
            ),
            (
                "server { location / { proxy_pass 127.0.0.1:9; } }",
                "invalid URL prefix",
            ),
            (
                "server { location / { proxy_pass http://localhost:99999; } }",
                "invalid port in upstream \\\"localhost:99999\\\"",
            ),
            ("resolver ::1;", "invalid port in resolver \\\"::1\\\""),
            ("resolver $x;", "host not found in resolver \\\"$x\\\""),
            (
                "server { set_real_ip_from localhost:80; }",
                "host not found in set_real_ip_from \\\"localhost:80\\\"",
            ),
            (
                "server { error_log syslog:facility=local1; }",
                "no syslog server specified",
            ),
            (
                "server { access_log syslog:server=127.0.0.1:99999; }",
                "invalid port in syslog server \\\"127.0.0.1:99999\\\"",
            ),
        ] {
            let (facts, _) = read(bad);
            assert!(facts.contains(says), "{bad}: {facts}");
        }
        for open in [
            "upstream u { server nope.invalid; }",
            "server { location / { proxy_pass http://nope.invalid; } }",
            "server { location / { proxy_pass http://nope.invalid:80/a; } }",
            "server { location / { fastcgi_pass nope.invalid:9000; } }",
            "server { location / { grpc_pass grpc://nope.invalid:9000; } }",
            "server { location / { memcached_pass nope.invalid:9000; } }",
            "resolver nope.invalid;",
            "server { set_real_ip_from nope.invalid; }",
            "server { error_log syslog:server=nope.invalid; }",
        ] {
            assert_eq!(read(open), ("[]".to_owned(), 1), "{open}");
        }
    }
}
