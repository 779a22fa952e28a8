//! nginx.conf: `ssl_*`, `listen` and `server_name` of each `server`.
//! Measured: nginx 1.22.1; its tokenizer is `ngx_conf_read_token`.

use super::effective::{self, AllWritten};
use super::{Context, LONGEST_PROTOCOLS, NamedPath, Placed, Settings, few, lossy, path, shown};
use crate::rule;
use crate::source::Lines;

mod buffers;
mod conflicts;
mod include;
mod limits;
mod listen;
mod locations;
mod main;
mod names;
mod peers;
mod place;
mod prefix;
mod regex;
mod scope;
mod servers;
mod table;
mod tls;
mod token;
mod upstream;
mod user;
mod values;
mod variables;
mod zones;
use buffers::Buffers;
use include::Includes;
use listen::{Listen, Module};
use peers::Peers;
use place::{Nest, inner};
use tls::Deferred;
use token::{End, Statement};
use upstream::Upstreams;
use values::Values;
use variables::Variables;
use zones::{Named, Zones};

/// When nginx detects what it refuses.
const TEST: &str = "by `nginx -t`";

/// How many directives of one block are examined after all lines are read: those allowed once,
/// ticket keys, and OpenSSL commands, of which it knows 30.
const MOST_DEFERRED: usize = 128;

/// What `http` or `server` sets by itself.
#[derive(Clone, Debug, Default)]
struct Level {
    certificates: Vec<NamedPath>,
    keys: Vec<NamedPath>,
    protocols: Option<(Vec<String>, Lines)>,
    client_ca: Option<NamedPath>,
    trusted: Option<NamedPath>,
    password_file: Option<NamedPath>,
    ciphers: Option<Placed<String>>,
    verify: Option<(String, usize)>,
    verify_depth: Option<u32>,
    rejects: Option<bool>,
    /// `http2`, in versions that have it.
    http2: Option<bool>,
    prefers_own_order: Option<bool>,
    deferred: Vec<Deferred>,
    listens: Vec<Listen>,
    ssl_on: bool,
    /// mail's `starttls`: on, or explicitly off.
    starttls: Option<bool>,
    hosts: Vec<Placed<String>>,
    /// Whether a name is an expression that captures.
    captures: bool,
    /// All of its TLS settings, as they are written.
    written: AllWritten,
    first_line: usize,
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
    module: Module,
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
    let mut all = includes.arguments();
    all.extend(statements);
    let statements = includes.follow(all, 0);
    let unread = includes.unread;
    let whole = place::is_whole(&statements);
    let unknown_modules = place::may_have_unknown_modules(&statements) || unread;
    if whole {
        main::check(&statements, unread, context, settings);
    }
    let mut walk = Walk {
        context,
        settings,
        unknown_modules,
        modules: main::loaded(&statements),
        top: Nest::top(whole),
        stack: Vec::new(),
        servers_open: 0,
        outer: vec![Level::default()],
        servers: Vec::new(),
        zones: Zones::default(),
        buffers: Buffers::default(),
        values: Values::new(whole && !unread),
        upstreams: Upstreams::default(),
        peers: Peers::default(),
        variables: Variables::default(),
        unread,
        hash: names::Table::default(),
    };
    for statement in &statements {
        walk.statement(statement);
    }
    let Walk {
        outer,
        servers,
        upstreams,
        peers,
        variables,
        hash,
        zones,
        buffers,
        ..
    } = walk;
    if whole && !unread {
        zones.without_size(settings);
        buffers.judge(settings);
        peers.judge(context, settings);
        if !unknown_modules {
            variables.judge(settings);
        }
    }
    upstreams.judge(context, settings);
    let mut listens = servers.iter().flat_map(|server| &server.level.listens);
    settings.unprivileged = whole
        && main::is_for_no_root(&statements)
        && listens.all(|listen| !(1..1024).contains(listen.ports.start()));
    servers::finish(&servers, &outer, hash, context, settings);
}

struct Walk<'a, 'b> {
    context: &'a Context<'a>,
    settings: &'b mut Settings,
    /// Modules that are not in the table may be loaded.
    unknown_modules: bool,
    /// nginx's own modules that are loaded.
    modules: Vec<&'static str>,
    /// The level outside all blocks.
    top: Nest,
    stack: Vec<Block>,
    /// How many open blocks are servers or upstreams.
    servers_open: usize,
    /// What each `http` block, or the file itself when it is a fragment, hands down.
    outer: Vec<Level>,
    servers: Vec<Server>,
    zones: Zones,
    buffers: Buffers,
    values: Values,
    upstreams: Upstreams,
    peers: Peers,
    variables: Variables,
    /// Whether a file that is included was not read.
    unread: bool,
    /// The size of the name table.
    hash: names::Table,
}

impl Walk<'_, '_> {
    fn statement(&mut self, statement: &Statement) {
        let name = statement.words.first().map_or("", String::as_str);
        let nest = match self.stack.last_mut() {
            Some(block) => &mut block.nest,
            None => &mut self.top,
        };
        let within = nest.context;
        let sound = statement.end == End::Close
            || nest.check(
                statement,
                (self.unknown_modules, &self.modules),
                self.settings,
            );
        if statement.end == End::Open && !(sound && within != place::FREE) {
            self.values.open_other();
        } else if sound && within != place::FREE {
            self.settings.nginx_decides(&statement.words);
            self.values.statement(statement, within, self.settings);
            self.variables.statement(statement, within);
            if statement.end == End::Open && name == "upstream" {
                let arguments = statement.words.get(1..).unwrap_or_default();
                let at = (within, statement.lines.first);
                self.peers.open(arguments, at, self.settings);
            }
        }
        let entry = self.stack.last().is_some_and(|block| block.name == "map");
        if entry
            && statement.end == End::Simple
            && self.stack.first().is_some_and(|block| block.name == "http")
        {
            self.variables.map_entry(statement);
        }
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
                self.upstreams.open(name == "server" && within == "stream");
                self.servers_open += usize::from(matches!(name, "server" | "upstream"));
                self.buffers.open(inner(within, name));
                self.stack.push(Block {
                    name: name.to_owned(),
                    level,
                    nest: Nest::new(inner(within, name)),
                });
            }
            End::Close => self.close(statement.lines.last),
            End::Simple if sound && within != place::FREE => {
                self.directive(name, within, statement);
            }
            End::Simple => {}
        }
    }

    fn close(&mut self, line: usize) {
        let Some(block) = self.stack.pop() else {
            return;
        };
        self.upstreams.close();
        self.buffers.close();
        self.values.close();
        if block.name == "upstream" {
            self.peers.close(self.unread, line, self.settings);
        }
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
                module: Module::of(block.nest.context),
            });
        }
    }

    fn directive(&mut self, name: &str, within: &str, statement: &Statement) {
        let line = statement.lines.first;
        let arguments = statement.words.get(1..).unwrap_or_default();
        let named = Named {
            name,
            arguments,
            within,
            line,
        };
        self.zones.directive(&named, self.settings);
        self.buffers.directive(name, arguments, line);
        self.upstreams
            .directive(name, arguments, (within, line), self.context, self.settings);
        self.peers
            .directive(name, arguments, (within, line), self.settings);
        let value = arguments.first().map_or("", String::as_str);
        match name {
            "server_names_hash_bucket_size" => self.hash.bucket = value.parse().ok(),
            "server_names_hash_max_size" => self.hash.most = value.parse().ok(),
            // Measured: it starts but accepts no connections.
            "epoll_events" if value.bytes().all(|byte| byte == b'0') => {
                let reason = "nginx then answers no client";
                self.settings.not_judged(name, reason, line);
            }
            "ssl_engine" => {
                let reason = "certcheck does not judge OpenSSL's engines";
                self.settings.not_judged(name, reason, line);
            }
            _ => {}
        }
        // Innermost block: `server`, a block that hands down, or something else.
        let level = match self.stack.last_mut() {
            Some(block) if block.level.is_some() => block.level.as_mut(),
            Some(block) if !matches!(block.name.as_str(), "http" | "stream" | "mail") => return,
            Some(_) => self.outer.last_mut(),
            None => self.outer.first_mut(),
        };
        let Some(level) = level else { return };
        match name {
            "listen" => {
                let listen = listen::read(Module::of(within), arguments, line, self.settings);
                level.listens.extend(listen);
            }
            "server_name" if Module::of(within) == Module::Http => {
                for host in arguments {
                    level.captures |= names::check(host, line, self.settings);
                    level.hosts.push(Placed {
                        value: host.clone(),
                        lines: Some(statement.lines),
                    });
                }
            }
            _ => set(
                level,
                name,
                arguments,
                statement.lines,
                self.context,
                self.settings,
            ),
        }
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
    if name.starts_with("ssl_") {
        let all = arguments.join(" ");
        effective::write(&mut level.written, name, &all, Some(lines));
    }
    let mut file = |setting: &'static str| {
        if value.contains('$') {
            settings.note(
                rule::config::PathFromVariable {
                    setting: setting.to_owned(),
                    path: shown(value),
                },
                line,
            );
        }
        NamedPath {
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
        "ssl_verify_depth" => level.verify_depth = value.parse().ok(),
        "http2" => level.http2 = Some(value.eq_ignore_ascii_case("on")),
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
        "starttls" => level.starttls = Some(!value.eq_ignore_ascii_case("off")),
        "ssl" => level.ssl_on = value.eq_ignore_ascii_case("on"),
        _ => {
            let Some(name) = tls::deferred(name) else {
                return;
            };
            if level.deferred.len() >= MOST_DEFERRED {
                let reason = "certcheck does not check so many settings in one block";
                settings.not_judged(name, reason, line);
                return;
            }
            level.deferred.push(Deferred {
                name,
                arguments: arguments.to_vec(),
                lines,
            });
        }
    }
}
