//! nginx.conf: `ssl_*`, `listen` and `server_name` of each `server`.
//! Measured: nginx 1.22.1; its tokenizer is `ngx_conf_read_token`.

use super::{
    Context, LONGEST_PROTOCOLS, Listens, Path, Placed, Settings, few, lossy, path, port_fact, shown,
};
use crate::finding::ConfigFact;
use crate::source::Lines;

mod scope;
mod token;
use scope::finish;
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
        servers_open: 0,
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
    /// How many open blocks are servers or upstreams.
    servers_open: usize,
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
                let level = (name == "server" && self.servers_open == 0).then(|| Level {
                    first_line: statement.lines.first,
                    ..Level::default()
                });
                self.servers_open += usize::from(matches!(name, "server" | "upstream"));
                self.stack.push(Block {
                    name: name.to_owned(),
                    level,
                });
            }
            End::Close => self.close(statement.lines.last),
            End::Simple => self.directive(name, statement),
        }
    }

    fn close(&mut self, line: usize) {
        let Some(block) = self.stack.pop() else {
            return;
        };
        self.servers_open -= usize::from(matches!(block.name.as_str(), "server" | "upstream"));
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
            few(&mut level.certificates, file("ssl_certificate"));
            false
        }
        "ssl_certificate_key" => {
            few(&mut level.keys, file("ssl_certificate_key"));
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
            // Handed down to every server, so bounded where it is kept.
            let mut room = LONGEST_PROTOCOLS
                .saturating_sub(words.iter().map(|word| word.len() + 1).sum::<usize>());
            words.extend(
                arguments
                    .iter()
                    .take_while(|word| {
                        let fits = word.len() < room;
                        room = room.saturating_sub(word.len() + 1);
                        fits
                    })
                    .cloned(),
            );
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
