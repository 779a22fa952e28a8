//! The servers behind nginx: `upstream` blocks, and hosts whose names nginx looks up when it
//! starts. Measured: nginx 1.22.1.

use super::super::{Settings, shown};
use super::TEST;
use super::listen::Module;
use std::collections::HashSet;
use std::net::IpAddr;

/// How many names are remembered; of more, nothing is said but that.
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

/// What is known so far.
#[derive(Default)]
pub(super) struct Peers {
    open: Option<Open>,
    upstreams: HashSet<(bool, String)>,
    hosts: Vec<Host>,
    /// More than are remembered.
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

    /// It ends; `unread`: a file that it includes may have servers.
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
    ) {
        let first = arguments.first().map_or("", String::as_str);
        let stream = Module::of(within) == Module::Stream;
        let schemes: &[&str] = match name {
            "proxy_pass" if stream => &[],
            "proxy_pass" => &["http://", "https://"],
            "grpc_pass" => &["grpc://", "grpcs://"],
            "uwsgi_pass" => &["uwsgi://", "suwsgi://"],
            _ => &[],
        };
        let mut all: Vec<&str> = Vec::new();
        let mut passes = false;
        match name {
            "server" if within.ends_with("upstream") => {
                if let Some(open) = &mut self.open {
                    open.has_servers = true;
                }
                // With `resolve`, nginx looks it up later.
                if !arguments.iter().any(|word| word == "resolve") {
                    all.push(first);
                }
            }
            "state" if within.ends_with("upstream") => {
                if let Some(open) = &mut self.open {
                    open.has_servers = true;
                }
            }
            "proxy_pass" | "grpc_pass" | "uwsgi_pass" | "fastcgi_pass" | "scgi_pass"
            | "memcached_pass" => {
                passes = true;
                let lower = first.to_ascii_lowercase();
                let scheme = schemes.iter().find(|scheme| lower.starts_with(*scheme));
                all.extend(first.get(scheme.map_or(0, |scheme| scheme.len())..));
            }
            "resolver" => {
                let addresses = arguments.iter().filter(|word| !word.contains('='));
                all.extend(addresses.map(String::as_str));
            }
            "set_real_ip_from" if !first.contains('/') => all.push(first),
            "error_log" | "access_log" => {
                let server = first.strip_prefix("syslog:server=");
                all.extend(server.and_then(|rest| rest.split(',').next()));
            }
            _ => {}
        }
        for text in all {
            let Some((host, port)) = host_of(text) else {
                continue;
            };
            if self.hosts.len() >= MOST {
                self.lost = true;
                return;
            }
            self.hosts.push(Host {
                directive: name.to_owned(),
                name: host.to_ascii_lowercase(),
                port,
                passes,
                stream,
                line,
            });
        }
    }

    /// Of a whole configuration: names that are neither upstreams nor known everywhere.
    pub(super) fn judge(self, settings: &mut Settings) {
        let mut said: HashSet<&str> = HashSet::new();
        for host in &self.hosts {
            let known = host.passes && self.upstreams.contains(&(host.stream, host.name.clone()));
            if known {
                if let Some(port) = host.port.filter(|_| !host.stream) {
                    let name = shown(&host.name);
                    let message = format!("upstream \"{name}\" may not have port {port}");
                    settings.refuse_at(&host.directive, &message, TEST, host.line);
                }
            } else if said.insert(&host.name) {
                let reason = format!(
                    "certcheck does not look up `{}`: nginx does not start if no address is found",
                    shown(&host.name)
                );
                settings.not_judged(&host.directive, reason, host.line);
            }
        }
        if self.lost {
            let reason = "certcheck does not judge so many names of upstream servers";
            settings.not_judged("upstream", reason, 1);
        }
    }
}

/// The name and the port of what is written as `HOST[:PORT][/PATH]`; none for an address, a
/// socket of files, `localhost`, and what is known only for each request.
fn host_of(text: &str) -> Option<(&str, Option<u16>)> {
    if text.contains('$') || text.starts_with("unix:") || text.starts_with('[') {
        return None;
    }
    let text = text.split('/').next()?;
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse().ok()?)),
        None => (text, None),
    };
    let known = host.is_empty() || host.eq_ignore_ascii_case("localhost");
    (!known && host.parse::<IpAddr>().is_err()).then_some((host, port))
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

    /// All of these were given to `nginx -t` of 1.22.1.
    #[test]
    fn servers_behind_nginx() {
        for good in [
            "upstream u { server 127.0.0.1; server localhost:8080; server unix:/x; }",
            "server { location / { proxy_pass http://U/; } } upstream u { server 127.0.0.1; }",
            "server { location / { fastcgi_pass u; } } upstream u { server 127.0.0.1; }",
            "server { location / { proxy_pass http://nope.invalid/$uri; } }",
            "server { location / { grpc_pass grpcs://[::1]:9000; } }",
            "resolver 127.0.0.1 [::1]:53 valid=3s ipv6=off;",
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
