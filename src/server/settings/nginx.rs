//! nginx.conf: `ssl_*`, `listen` and `server_name` of each `server`.
//! Measured: nginx 1.22.1; its tokenizer is `ngx_conf_read_token`.

use super::{
    ClientAuth, Context, Listens, Path, Placed, ProtocolSetting, Scope, Settings, lossy, path,
    port_fact, shown,
};
use crate::finding::ConfigFact;
use crate::protocol::Dialect;
use crate::source::Lines;

mod token;
use token::{End, Statement};

/// What `http` or `server` sets by itself.
#[derive(Clone, Debug, Default)]
struct Level {
    certificates: Vec<Path>,
    keys: Vec<Path>,
    protocols: Option<(Vec<String>, Lines)>,
    client_ca: Option<Path>,
    trusted: Option<Path>,
    password_file: Option<Lines>,
    verify: Option<(String, usize)>,
    rejects: bool,
    listens: Vec<Listen>,
    ssl_on: bool,
    hosts: Vec<Placed<String>>,
    first_line: usize,
}

#[derive(Clone, Debug)]
struct Listen {
    address: String,
    port: u16,
    ssl: bool,
    default: bool,
    line: usize,
}

/// A block that is open.
struct Block {
    name: String,
    level: Option<Level>,
}

struct Server {
    level: Level,
    lines: Lines,
    outer: usize,
}

pub(super) fn read(bytes: &[u8], context: &Context<'_>, settings: &mut Settings) {
    let text = lossy(bytes);
    let statements = match token::statements(&text) {
        Ok(statements) => statements,
        Err((line, message)) => {
            settings.refuse_at("", &message, "by `nginx -t`", line);
            return;
        }
    };
    let mut walk = Walk {
        context,
        settings,
        stack: Vec::new(),
        outer: vec![Level::default()],
        servers: Vec::new(),
    };
    for statement in &statements {
        walk.statement(statement);
    }
    let Walk { outer, servers, .. } = walk;
    finish(&servers, &outer, settings);
}

struct Walk<'a, 'b> {
    context: &'a Context<'a>,
    settings: &'b mut Settings,
    stack: Vec<Block>,
    /// What each `http` block, or the file itself when it is a fragment, hands down.
    outer: Vec<Level>,
    servers: Vec<Server>,
}

impl Walk<'_, '_> {
    fn statement(&mut self, statement: &Statement) {
        let name = statement.words.first().map_or("", String::as_str);
        match statement.end {
            End::Open => {
                let http = matches!(name, "http" | "stream" | "mail");
                if http {
                    self.outer.push(Level::default());
                }
                let level = (name == "server"
                    && !self.inside("server")
                    && !self.inside("upstream"))
                .then(|| Level {
                    first_line: statement.lines.first,
                    ..Level::default()
                });
                self.stack.push(Block {
                    name: name.to_owned(),
                    level,
                });
            }
            End::Close => self.close(statement.lines.last),
            End::Simple => self.directive(name, statement),
        }
    }

    fn inside(&self, name: &str) -> bool {
        self.stack.iter().any(|block| block.name == name)
    }

    fn close(&mut self, line: usize) {
        let Some(block) = self.stack.pop() else {
            return;
        };
        if let Some(level) = block.level {
            let lines = Lines::new(level.first_line, line);
            let outer = if self.stack.is_empty() {
                0
            } else {
                self.outer.len() - 1
            };
            self.servers.push(Server {
                level,
                lines,
                outer,
            });
        }
    }

    fn directive(&mut self, name: &str, statement: &Statement) {
        let line = statement.lines.first;
        let arguments = statement.words.get(1..).unwrap_or_default();
        if name == "include" {
            let fact = ConfigFact::IncludeNotRead {
                directive: "include".to_owned(),
                path: shown(arguments.first().map_or("", String::as_str)),
            };
            self.settings.note(fact, line);
            return;
        }
        // Innermost block: `server`, a block that hands down, or something else.
        let level = match self.stack.last_mut() {
            Some(block) if block.level.is_some() => block.level.as_mut(),
            Some(block) if !matches!(block.name.as_str(), "http" | "stream" | "mail") => return,
            Some(_) => self.outer.last_mut(),
            None => self.outer.first_mut(),
        };
        let Some(level) = level else { return };
        set(
            level,
            name,
            arguments,
            statement.lines,
            self.context,
            self.settings,
        );
    }
}

/// The directives that take one argument and may stand once.
const SINGLE: &[&str] = &[
    "ssl_client_certificate",
    "ssl_trusted_certificate",
    "ssl_verify_client",
    "ssl_password_file",
    "ssl_reject_handshake",
];

fn set(
    level: &mut Level,
    name: &str,
    arguments: &[String],
    lines: Lines,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let line = lines.first;
    let value = arguments.first().map_or("", String::as_str);
    let one = SINGLE.contains(&name) || matches!(name, "ssl_certificate" | "ssl_certificate_key");
    let none = arguments.is_empty() && matches!(name, "ssl_protocols" | "listen" | "server_name");
    if (one && arguments.len() != 1) || none {
        let message = format!("invalid number of arguments in \"{name}\" directive");
        settings.refuse_at(name, &message, "by `nginx -t`", line);
        return;
    }
    let mut file = |setting: &'static str| {
        if value.contains('$') {
            settings.note(
                ConfigFact::PathFromVariable {
                    setting: setting.to_owned(),
                    path: shown(value),
                },
                line,
            );
        }
        Path {
            setting,
            written: value.to_owned(),
            path: path::join(context.base, value),
            lines: Some(lines),
        }
    };
    let repeated = match name {
        "ssl_certificate" => {
            level.certificates.push(file("ssl_certificate"));
            false
        }
        "ssl_certificate_key" => {
            level.keys.push(file("ssl_certificate_key"));
            false
        }
        "ssl_client_certificate" => level
            .client_ca
            .replace(file("ssl_client_certificate"))
            .is_some(),
        "ssl_trusted_certificate" => level
            .trusted
            .replace(file("ssl_trusted_certificate"))
            .is_some(),
        "ssl_password_file" => level.password_file.replace(lines).is_some(),
        "ssl_verify_client" => {
            if !matches!(value, "on" | "off" | "optional" | "optional_no_ca") {
                let message = format!("invalid value \"{}\"", shown(value));
                settings.refuse_at(name, &message, "by `nginx -t`", line);
            }
            level.verify.replace((value.to_owned(), line)).is_some()
        }
        "ssl_reject_handshake" => {
            level.rejects = value.eq_ignore_ascii_case("on");
            false
        }
        "ssl_protocols" => {
            // A second line adds to the first.
            let (words, all) = level.protocols.get_or_insert_with(|| (Vec::new(), lines));
            words.extend(arguments.iter().cloned());
            all.last = lines.last;
            false
        }
        "ssl" => {
            level.ssl_on = value.eq_ignore_ascii_case("on");
            false
        }
        "listen" => {
            listen(level, arguments, line, settings);
            false
        }
        "server_name" => {
            level.hosts.extend(arguments.iter().map(|host| Placed {
                value: host.clone(),
                lines: Some(lines),
            }));
            false
        }
        _ => false,
    };
    if repeated {
        let message = format!("\"{name}\" directive is duplicate");
        settings.refuse_at(name, &message, "by `nginx -t`", line);
    }
}

fn listen(level: &mut Level, arguments: &[String], line: usize, settings: &mut Settings) {
    let Some((address, options)) = arguments.split_first() else {
        return;
    };
    let has = |word: &str| options.iter().any(|option| option == word);
    let port = match port_of(address) {
        Ok(port) => port,
        Err(()) => {
            settings.note(port_fact("listen", address, Listens::Nowhere), line);
            return;
        }
    };
    // `443` and `*:443` are one address.
    let address = match address.strip_prefix("*:") {
        Some(rest) => rest.to_owned(),
        None => address.clone(),
    };
    level.listens.push(Listen {
        address,
        port,
        ssl: has("ssl"),
        default: has("default_server") || has("default"),
        line,
    });
}

/// The port of `443`, `a.b.c.d:443`, `[::]:443`, `host`; 0 for `unix:`.
/// nginx says `invalid port in "…" of the "listen" directive` to the rest.
fn port_of(address: &str) -> Result<u16, ()> {
    if address.starts_with("unix:") {
        return Ok(0);
    }
    let port = match address.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') && !host.is_empty() => port,
        Some(_) => return Ok(80),
        None if !address.is_empty() && address.bytes().all(|b| b.is_ascii_digit()) => address,
        None => return Ok(80),
    };
    port.parse::<u16>().ok().filter(|&port| port != 0).ok_or(())
}

fn finish(servers: &[Server], outer: &[Level], settings: &mut Settings) {
    // `ssl` belongs to the address: one server that says so says it for all.
    let tls: std::collections::HashSet<&str> = servers
        .iter()
        .flat_map(|server| &server.level.listens)
        .filter(|listen| listen.ssl)
        .map(|listen| listen.address.as_str())
        .collect();
    let mut first: std::collections::HashSet<&str> = std::collections::HashSet::new();
    let fallback = Level::default();
    for server in servers {
        let own = &server.level;
        let outer = outer.get(server.outer).unwrap_or(&fallback);
        let scope = scope(own, outer, server.lines, &tls);
        let leads = own
            .listens
            .iter()
            .any(|listen| first.insert(&listen.address) || listen.default);
        check(&scope, own, outer, leads, settings);
        settings.scopes.push(scope);
    }
}

fn scope(own: &Level, outer: &Level, lines: Lines, tls: &std::collections::HashSet<&str>) -> Scope {
    let inherit = |own: &[Path], outer: &[Path]| {
        if own.is_empty() {
            outer.to_vec()
        } else {
            own.to_vec()
        }
    };
    let verify = own.verify.as_ref().or(outer.verify.as_ref());
    let mut ca: Vec<Path> = Vec::new();
    ca.extend(own.client_ca.clone().or_else(|| outer.client_ca.clone()));
    ca.extend(own.trusted.clone().or_else(|| outer.trusted.clone()));
    Scope {
        name: "server".to_owned(),
        lines: Some(lines),
        tls: own.ssl_on
            || outer.ssl_on
            || own
                .listens
                .iter()
                .any(|listen| tls.contains(listen.address.as_str())),
        ports: own
            .listens
            .iter()
            .filter(|listen| listen.port != 0)
            .map(|listen| Placed {
                value: listen.port,
                lines: Some(Lines::new(listen.line, listen.line)),
            })
            .collect(),
        hosts: own.hosts.clone(),
        certificates: inherit(&own.certificates, &outer.certificates),
        keys: inherit(&own.keys, &outer.keys),
        ca,
        protocols: own
            .protocols
            .as_ref()
            .or(outer.protocols.as_ref())
            .map(|(words, lines)| ProtocolSetting {
                dialect: Dialect::Nginx,
                string: words.join(" "),
                global: None,
                lines: Some(*lines),
            }),
        client_auth: verify.map(|(value, line)| Placed {
            value: match value.as_str() {
                "on" => ClientAuth::Required,
                "optional" | "optional_no_ca" => ClientAuth::Optional,
                _ => ClientAuth::None,
            },
            lines: Some(Lines::new(*line, *line)),
        }),
        passphrase: own
            .password_file
            .or(outer.password_file)
            .map(|lines| Placed {
                value: "ssl_password_file",
                lines: Some(lines),
            }),
        ..Scope::default()
    }
}

fn check(scope: &Scope, own: &Level, outer: &Level, leads: bool, settings: &mut Settings) {
    let at = scope.lines.map_or(1, |lines| lines.first);
    if !scope.tls {
        if let Some(certificate) = own.certificates.first() {
            settings.note(
                ConfigFact::TlsOff {
                    setting: "listen".to_owned(),
                    reason: "no `listen` of this server says `ssl`".to_owned(),
                },
                certificate.lines.map_or(at, |lines| lines.first),
            );
        }
        return;
    }
    if scope.certificates.is_empty() {
        if leads && !own.rejects && !outer.rejects {
            let message = "no \"ssl_certificate\" is defined for the \"listen ... ssl\" directive";
            settings.refuse_at("ssl_certificate", message, "by `nginx -t`", at);
        }
    } else if let Some(alone) = scope.certificates.get(scope.keys.len()) {
        let message = format!(
            "no \"ssl_certificate_key\" is defined for certificate \"{}\"",
            shown(&alone.path)
        );
        let line = alone.lines.map_or(at, |lines| lines.first);
        settings.refuse_at("ssl_certificate_key", &message, "by `nginx -t`", line);
    }
    let asks = scope.client_auth.as_ref();
    let strict = own.verify.as_ref().or(outer.verify.as_ref());
    let checks = strict.is_some_and(|(value, _)| value == "on" || value == "optional");
    let has_ca = own.client_ca.is_some() || outer.client_ca.is_some();
    if checks && !has_ca {
        let line = asks
            .and_then(|auth| auth.lines)
            .map_or(at, |lines| lines.first);
        let message = "no ssl_client_certificate for ssl_verify_client";
        settings.refuse_at("ssl_verify_client", message, "by `nginx -t`", line);
    }
}
