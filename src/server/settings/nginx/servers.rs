//! All servers of a file, each with what is handed down to it, and nginx's messages about them
//! after all lines are read.

use super::super::openssl::refuses_ciphers;
use super::super::{
    Context, FileUse, Looked, MOST_SCOPES, Responder, Scope, Settings, Staples, shown,
};
use super::TEST;
use super::listen::{Addresses, Module};
use super::scope::{Effects, scope};
use super::tls::{self, Deferred, Effect};
use super::{Level, Server, conflicts, names};
use crate::protocol::Dialect;
use crate::rule;
use crate::source::Lines;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The context of the servers, and what was already loaded for them.
struct Judge<'a, 'b> {
    servers: &'a [Server],
    outer: &'a [Level],
    addresses: Addresses,
    /// The directives of the blocks around servers: each is examined once.
    loaded: HashMap<(usize, usize), Effect>,
    /// For each server, the positions of the names that nginx ignores.
    ignored: BTreeMap<usize, BTreeSet<usize>>,
    context: &'a Context<'b>,
}

pub(super) fn finish(
    servers: &[Server],
    outer: &[Level],
    hash: names::Table,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let mut addresses = Addresses::default();
    for (number, server) in servers.iter().enumerate() {
        for listen in &server.level.listens {
            addresses.add(server.module, number, listen, settings);
        }
    }
    addresses.bound(settings);
    addresses.sockets(settings);
    names::at_addresses(servers, &addresses, hash, settings);
    let ignored = conflicts::ignored(servers, &addresses);
    let mut judge = Judge {
        servers,
        outer,
        addresses,
        loaded: HashMap::new(),
        ignored,
        context,
    };
    let mut plain = Vec::new();
    // One more than is kept, so that the excess is reported.
    for number in 0..servers.len().min(MOST_SCOPES + 1) {
        plain.extend(judge.server(number, settings));
    }
    judge.handed_down(&plain, settings);
    let is_on = |number: usize| {
        let server = servers.get(number);
        server.is_some_and(|server| {
            server.level.ssl_on || outer.get(server.outer).is_some_and(|level| level.ssl_on)
        })
    };
    judge.addresses.hidden(is_on, settings);
    judge.passwords(settings);
}

impl Judge<'_, '_> {
    /// Judges one server; returns what plain HTTP still loads.
    fn server(&mut self, number: usize, settings: &mut Settings) -> Option<Scope> {
        let server = self.servers.get(number)?;
        let fallback = Level::default();
        let own = &server.level;
        let outer = self.outer.get(server.outer).unwrap_or(&fallback);
        let at: Vec<_> = own
            .listens
            .iter()
            .map(|listen| {
                let places = self.addresses.of(server.module, listen);
                places.fold((false, false, false), |all, at| {
                    let first = at.first() == Some(number);
                    (all.0 | at.ssl, all.1 | at.proxy_protocol, all.2 | first)
                })
            })
            .collect();
        let starttls = own.starttls.or(outer.starttls).unwrap_or_default();
        let on = own.ssl_on || outer.ssl_on || starttls;
        let tls = on || at.iter().any(|place| place.0);
        let rejects = own.rejects.or(outer.rejects).unwrap_or_default();
        let certified = !own.certificates.is_empty() || !outer.certificates.is_empty();
        // Plain HTTP loads what it has (`ngx_http_ssl_merge_srv_conf`).
        let used = tls || (server.module == Module::Http && (certified || rejects));
        let effects = if used {
            self.load(server, outer, settings)
        } else {
            Effects::default()
        };
        let mut scope = scope(server, outer, tls, effects, self.context.base);
        // An option of the address, no matter which server has it.
        let mut places = own.listens.iter();
        scope.negotiation.http2 = places.any(|listen| {
            let mut at = self.addresses.of(server.module, listen);
            at.any(|at| at.http2)
        });
        // The directive belongs to the server, which inherits the outer value.
        let switched = own.http2.or(outer.http2).unwrap_or_default();
        scope.negotiation.http2 |= switched && server.module == Module::Http;
        scope.ignored_names = self.ignored.get(&number).cloned().unwrap_or_default();
        scope.is_default = own.listens.iter().any(|listen| listen.default);
        scope.at = Some(self.addresses.named(server.module, &own.listens, number));
        if on {
            let addresses = scope.at.iter_mut().flatten();
            addresses.for_each(|address| address.plain = false);
        }
        scope.certificate_optional =
            scope.rejects || (server.module == Module::Http && !self.needs_certificate(number, on));
        // Of the addresses that speak TLS: does one accept clients without a PROXY header?
        let mut spoken = own.listens.iter().zip(&at).filter(|(_, at)| on || at.0);
        scope.proxied = spoken
            .find(|(_, at)| at.1)
            .map(|(listen, _)| Lines::new(listen.line, listen.line));
        if scope.tls {
            check(&scope, own, outer, settings);
            settings.check_ciphers("ssl_ciphers", &scope, TEST);
            // Versions are agreed on before the name is known (measured: 1.22.1).
            let decides = at.is_empty() || at.iter().any(|place| place.2);
            settings.check_negotiation(&scope, Dialect::Nginx, TEST, decides);
        } else {
            without_tls(&scope, own, settings);
        }
        let plain = (used && !scope.tls).then(|| Scope {
            // So that its files are named.
            tls: true,
            ..scope.clone()
        });
        if plain.is_some() {
            pairs(&scope, settings);
            asks(&scope, own, outer, settings);
        }
        settings.add(scope);
        plain
    }

    /// Whether nginx requires a certificate of this server: of those that answer first at a TLS
    /// address, and of all if the first one rejects everyone.
    fn needs_certificate(&self, number: usize, on: bool) -> bool {
        let Some(server) = self.servers.get(number) else {
            return false;
        };
        let demands = |at: &super::listen::At| {
            let first = at.first();
            let turned = first
                .filter(|&first| first != number)
                .and_then(|first| self.servers.get(first));
            let turns = turned.is_some_and(|turned| {
                let outer = self.outer.get(turned.outer);
                let rejects = turned
                    .level
                    .rejects
                    .or(outer.and_then(|turned| turned.rejects));
                let bare = turned.level.certificates.is_empty()
                    && outer.is_none_or(|turned| turned.certificates.is_empty());
                rejects.unwrap_or_default() && bare
            });
            at.ssl && (first == Some(number) || turns)
        };
        let mut listens = server.level.listens.iter();
        on || listens.any(|listen| self.addresses.of(server.module, listen).any(demands))
    }

    /// What nginx loads for a server from its own settings and those around it.
    fn load(&mut self, server: &Server, outer: &Level, settings: &mut Settings) -> Effects {
        let own = &server.level;
        let mut effects = Effects::default();
        let named = |name: &str| own.deferred.iter().any(|deferred| deferred.name == name);
        let mut all: Vec<(Option<usize>, &Deferred)> = Vec::new();
        let around = outer.deferred.iter().enumerate();
        all.extend(
            around
                .filter(|(_, it)| !named(it.name))
                .map(|(at, it)| (Some(at), it)),
        );
        all.extend(own.deferred.iter().map(|deferred| (None, deferred)));
        let is_on = |name: &str| {
            let set = all.iter().find(|(_, it)| it.name == name);
            let value = set.and_then(|(_, it)| it.arguments.first());
            value.is_some_and(|value| !value.eq_ignore_ascii_case("off"))
        };
        let verify = own.verify.as_ref().or(outer.verify.as_ref());
        let asks = verify.is_some_and(|(value, _)| value != "off");
        let stapling = is_on("ssl_stapling");
        if stapling {
            let is_named = |name: &str| {
                let arguments = all.iter().find(|(_, it)| it.name == name);
                let value = arguments.and_then(|(_, it)| it.arguments.first());
                value.is_some_and(|value| !value.is_empty())
            };
            effects.staples = if is_named("ssl_stapling_file") {
                Staples::File
            } else {
                Staples::Statuses(Responder::of(is_named("ssl_stapling_responder")))
            };
        }
        let responses = is_on("ssl_ocsp");
        if let Some((_, line)) = verify.filter(|(value, _)| responses && value == "optional_no_ca")
        {
            let message = "\"ssl_ocsp\" is incompatible with \"ssl_verify_client optional_no_ca\"";
            settings.refuse_at("ssl_ocsp", message, TEST, *line);
        }
        for (at, deferred) in all {
            let idle = match deferred.name {
                "ssl_stapling_file" => !stapling,
                "ssl_ocsp" => !asks,
                _ => false,
            };
            if idle {
                continue;
            }
            let known = at.map(|at| (server.outer, at));
            let effect = match known.and_then(|key| self.loaded.get(&key)) {
                Some(effect) => effect.clone(),
                None => tls::load(deferred, self.context, settings),
            };
            if let Some(key) = known {
                self.loaded.entry(key).or_insert_with(|| effect.clone());
            }
            effects.add(effect);
        }
        effects
    }

    /// Files that only plain HTTP servers inherit: nginx loads them too.
    fn handed_down(&self, plain: &[Scope], settings: &mut Settings) {
        let mut judged = HashSet::new();
        for scope in settings.scopes.iter().filter(|scope| scope.tls) {
            judged.extend(scope.files().into_iter().map(|(_, path)| path.path));
        }
        for scope in plain {
            if let Some(ciphers) = &scope.ciphers
                && refuses_ciphers(&ciphers.value)
            {
                let line = ciphers.lines.map_or(1, |lines| lines.first);
                let message = format!(
                    "SSL_CTX_set_cipher_list(\"{}\") failed: no cipher match",
                    shown(&ciphers.value)
                );
                settings.refuse_at("ssl_ciphers", &message, TEST, line);
            }
            for (usage, path) in scope.files() {
                let loaded = matches!(usage, FileUse::Certificate | FileUse::Key | FileUse::Ca);
                if !loaded || !path.is_file() || !judged.insert(path.path.clone()) {
                    continue;
                }
                let line = path.lines.map_or(1, |lines| lines.first);
                let found = settings.demanded(self.context, path.setting, &path.path, line);
                if found.is_some() {
                    let reason = "certcheck does not judge what a plain HTTP server loads";
                    settings.not_judged(path.setting, reason, line);
                }
            }
        }
    }

    /// nginx reads passphrase files when it reads their lines, even if nothing uses them.
    fn passwords(&self, settings: &mut Settings) {
        let mut judged = HashSet::new();
        let scopes = settings.scopes.iter().filter(|scope| scope.tls);
        let scopes = scopes.filter_map(|scope| scope.passphrases.clone());
        // Whether these exist is judged with the certificates and keys.
        for path in scopes.collect::<Vec<_>>() {
            if path.is_file() && judged.insert(path.path.clone()) {
                let line = path.lines.map_or(1, |lines| lines.first);
                if let Some(Looked::Read(source)) = settings.look(self.context, &path.path) {
                    password_lines(path.setting, &path.path, source.bytes(), line, settings);
                }
            }
        }
        let levels = self.servers.iter().map(|server| &server.level);
        for level in levels.chain(self.outer) {
            let Some(path) = &level.password_file else {
                continue;
            };
            let line = path.lines.map_or(1, |lines| lines.first);
            if path.written.is_empty() {
                let message = "read() failed (21: Is a directory)";
                settings.refuse_at("ssl_password_file", message, TEST, line);
            } else if judged.insert(path.path.clone())
                && let Some(bytes) = settings.demanded(self.context, path.setting, &path.path, line)
            {
                password_lines(path.setting, &path.path, bytes, line, settings);
            }
        }
    }
}

/// nginx reads a file of passphrases through a buffer of 4,096 bytes
/// (`NGX_SSL_PASSWORD_BUFFER_SIZE`), which a line must not fill.
pub(super) fn password_lines(
    setting: &str,
    path: &str,
    bytes: &[u8],
    line: usize,
    settings: &mut Settings,
) {
    const BUFFER: usize = 4096;
    settings.hold_secret(path);
    if bytes
        .split(|&byte| byte == b'\n')
        .any(|row| row.len() >= BUFFER)
    {
        let message = format!("too long line in \"{}\"", shown(path));
        settings.refuse_at(setting, &message, TEST, line);
    }
}

/// A certificate where no `listen` speaks TLS.
fn without_tls(scope: &Scope, own: &Level, settings: &mut Settings) {
    let Some(certificate) = own.certificates.first() else {
        return;
    };
    let at = scope.lines.map_or(1, |lines| lines.first);
    let fact = rule::config::TlsOff {
        setting: "listen".to_owned(),
        reason: "no `listen` of this server says `ssl`".to_owned(),
    };
    let line = certificate.lines.map_or(at, |lines| lines.first);
    settings.note(fact, line);
}

fn check(scope: &Scope, own: &Level, outer: &Level, settings: &mut Settings) {
    let at = scope.lines.map_or(1, |lines| lines.first);
    if scope.certificates.is_empty() {
        if !scope.certificate_optional {
            let starttls = own.starttls.or(outer.starttls).unwrap_or_default();
            let directive = if own.ssl_on || outer.ssl_on {
                "ssl"
            } else if starttls {
                "starttls"
            } else {
                "listen ... ssl"
            };
            let message =
                format!("no \"ssl_certificate\" is defined for the \"{directive}\" directive");
            settings.refuse_at("ssl_certificate", &message, TEST, at);
        }
    } else {
        pairs(scope, settings);
    }
    asks(scope, own, outer, settings);
}

/// A key for each certificate.
fn pairs(scope: &Scope, settings: &mut Settings) {
    let Some(alone) = scope.certificates.get(scope.keys.len()) else {
        return;
    };
    let message = format!(
        "no \"ssl_certificate_key\" is defined for certificate \"{}\"",
        shown(&alone.path)
    );
    let at = scope.lines.map_or(1, |lines| lines.first);
    let line = alone.lines.map_or(at, |lines| lines.first);
    settings.refuse_at("ssl_certificate_key", &message, TEST, line);
}

/// A server that checks clients' certificates needs a CA.
fn asks(scope: &Scope, own: &Level, outer: &Level, settings: &mut Settings) {
    let strict = own.verify.as_ref().or(outer.verify.as_ref());
    let Some((_, line)) = strict.filter(|(value, _)| value == "on" || value == "optional") else {
        return;
    };
    let ca = own.client_ca.as_ref().or(outer.client_ca.as_ref());
    if scope.lines.is_some() && ca.is_none_or(|path| path.written.is_empty()) {
        let message = "no ssl_client_certificate for ssl_verify_client";
        settings.refuse_at("ssl_verify_client", message, TEST, *line);
    }
}
