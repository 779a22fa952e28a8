//! nginx.conf: `ssl_*`, `listen` and `server_name` of each `server`.
//! Measured: nginx 1.22.1; its tokenizer is `ngx_conf_read_token`.

use super::{
    Context, LONGEST_PROTOCOLS, Listens, Path, Placed, Settings, few, lossy, path, port_fact, shown,
};
use crate::finding::ConfigFact;
use crate::source::Lines;

mod include;
mod place;
mod scope;
mod table;
mod tls;
mod token;
use include::Includes;
use place::{Nest, inner};
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
    password_file: Option<Path>,
    ciphers: Option<Placed<String>>,
    verify: Option<(String, usize)>,
    rejects: Option<bool>,
    prefers_own_order: Option<bool>,
    groups: Option<Placed<String>>,
    dh: Option<(Path, u32)>,
    commands: Vec<Placed<(String, String)>>,
    not_interpreted: Option<Placed<String>>,
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
    /// What its directives are checked against.
    nest: Nest,
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
    let mut includes = Includes::new(context, settings);
    let statements = includes.follow(statements, 0);
    let unread = includes.unread;
    let whole = place::is_whole(&statements);
    let strangers = place::may_have_strangers(&statements) || unread;
    if whole && !unread {
        place::demand_events(&statements, settings);
    }
    let upstream_tls = tls::speaks_to_upstream(&statements);
    let mut walk = Walk {
        context,
        settings,
        strangers,
        upstream_tls,
        top: Nest::top(whole),
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
    /// Modules that are not in the table may be loaded.
    strangers: bool,
    /// Something speaks TLS to an upstream server.
    upstream_tls: bool,
    /// What stands outside of all blocks.
    top: Nest,
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
        let nest = match self.stack.last_mut() {
            Some(block) => &mut block.nest,
            None => &mut self.top,
        };
        let within = nest.context;
        let sound =
            statement.end == End::Close || nest.check(statement, self.strangers, self.settings);
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
                    nest: Nest::new(inner(within, name)),
                });
            }
            End::Close => self.close(statement.lines.last),
            End::Simple if sound && within != place::FREE => self.directive(name, statement),
            End::Simple => {}
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
        tls::upstream(
            name,
            arguments,
            line,
            self.upstream_tls,
            self.context,
            self.settings,
        );
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
    match name {
        "ssl_certificate" => few(&mut level.certificates, file("ssl_certificate")),
        "ssl_certificate_key" => few(&mut level.keys, file("ssl_certificate_key")),
        "ssl_client_certificate" => level.client_ca = Some(file("ssl_client_certificate")),
        "ssl_trusted_certificate" => level.trusted = Some(file("ssl_trusted_certificate")),
        "ssl_password_file" => level.password_file = Some(file("ssl_password_file")),
        "ssl_verify_client" => {
            level.verify = Some((value.to_ascii_lowercase(), line));
        }
        "ssl_reject_handshake" => level.rejects = Some(value.eq_ignore_ascii_case("on")),
        "ssl_prefer_server_ciphers" => {
            level.prefers_own_order = Some(value.eq_ignore_ascii_case("on"));
        }
        "ssl_ciphers" => {
            level.ciphers = Some(Placed {
                value: value.chars().take(LONGEST_PROTOCOLS).collect(),
                lines: Some(lines),
            });
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
        }
        "ssl" => level.ssl_on = value.eq_ignore_ascii_case("on"),
        "listen" => listen(level, arguments, line, settings),
        "server_name" => level.hosts.extend(arguments.iter().map(|host| Placed {
            value: host.clone(),
            lines: Some(lines),
        })),
        _ => {
            let before = settings.uninterpreted;
            tls::matters(level, (name, arguments), lines, context, settings);
            if settings.uninterpreted > before {
                let _ = level.not_interpreted.get_or_insert(Placed {
                    value: name.to_owned(),
                    lines: Some(lines),
                });
            }
        }
    }
}

fn listen(level: &mut Level, arguments: &[String], line: usize, settings: &mut Settings) {
    let Some((address, options)) = arguments.split_first() else {
        return;
    };
    let has = |word: &str| options.iter().any(|option| option == word);
    tls::listen_options(options, line, settings);
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
