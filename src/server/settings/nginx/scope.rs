//! The effective settings of each server, including those inherited from `http`.

use super::super::{
    ClientAuth, ClientChecks, Dh, ListsFor, NamedPath, Negotiation, Placed, ProtocolSetting, Scope,
    Staples, effective, openssl, path,
};
use super::tls::Effect;
use super::{Level, Server};
use crate::handshake::Closes;
use crate::protocol::Dialect;
use crate::source::Lines;

/// The combined result of the directives that are examined after all lines are read.
#[derive(Debug, Default)]
pub(super) struct Effects {
    groups: Option<Placed<String>>,
    dh: Option<(NamedPath, u32)>,
    commands: Vec<Placed<(String, String)>>,
    closes: Option<Closes>,
    closes_before_name: Option<Closes>,
    not_interpreted: Option<Placed<String>>,
    pub(super) staples: Staples,
}

/// A server with what is handed down to it.
pub(super) fn scope(
    server: &Server,
    outer: &Level,
    tls: bool,
    effects: Effects,
    base: &str,
) -> Scope {
    let (own, lines) = (&server.level, server.lines);
    let inherit = |own: &[NamedPath], outer: &[NamedPath]| {
        if own.is_empty() {
            outer.to_vec()
        } else {
            own.to_vec()
        }
    };
    let verify = own.verify.as_ref().or(outer.verify.as_ref());
    let passwords = own
        .password_file
        .clone()
        .or_else(|| outer.password_file.clone());
    let mut ca: Vec<NamedPath> = Vec::new();
    // nginx reads it only if it asks clients for a certificate (measured).
    let asks = verify.is_some_and(|(value, _)| value != "off");
    let client_ca = own.client_ca.as_ref().or(outer.client_ca.as_ref());
    ca.extend(client_ca.filter(|_| asks).cloned());
    ca.extend(own.trusted.clone().or_else(|| outer.trusted.clone()));
    ca.retain(|path| !path.written.is_empty());
    let ciphers = own.ciphers.clone().or_else(|| outer.ciphers.clone());
    let mut scope = Scope {
        name: "server".to_owned(),
        lines: Some(lines),
        tls,
        ports: own
            .listens
            .iter()
            .filter(|listen| *listen.ports.start() != 0)
            .map(|listen| Placed {
                value: *listen.ports.start(),
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
        client_checks: checks(own, outer, base),
        passphrase: passwords.as_ref().map(|file| Placed {
            value: "ssl_password_file",
            lines: file.lines,
        }),
        passphrases: passwords,
        ciphers,
        rejects: own.rejects.or(outer.rejects).unwrap_or_default(),
        negotiation: effects.negotiation(own, outer),
        written: own.written.clone(),
        handed: effective::handed(&outer.written),
        ..Scope::default()
    };
    // A key after the last certificate is not loaded (measured).
    scope.keys.truncate(scope.certificates.len().max(1));
    for command in &effects.commands {
        let (name, value) = &command.value;
        openssl::apply(name, value, command.lines, &mut scope);
    }
    scope
}

/// How clients' certificates are checked: `ssl_verify_depth` counts intermediates, 1 by
/// default, and `ssl_crl` wants a list for every certificate of the path
/// (`ngx_ssl_client_certificate`, `ngx_ssl_crl`).
fn checks(own: &Level, outer: &Level, base: &str) -> ClientChecks {
    let verify = own.verify.as_ref().or(outer.verify.as_ref());
    let named = |level: &Level, name: &str| {
        let last = level
            .deferred
            .iter()
            .rev()
            .find(|directive| directive.name == name)?;
        Some((last.arguments.first()?.clone(), last.lines))
    };
    let of = |name: &str| named(own, name).or_else(|| named(outer, name));
    let list = of("ssl_crl").filter(|(value, _)| !value.is_empty());
    let ocsp = of("ssl_ocsp").filter(|(value, _)| !value.eq_ignore_ascii_case("off"));
    ClientChecks {
        any_issuer: verify.is_some_and(|(value, _)| value == "optional_no_ca"),
        depth: own.verify_depth.or(outer.verify_depth),
        revocation: list.as_ref().map_or(ListsFor::Nothing, |_| ListsFor::Chain),
        lists: list
            .into_iter()
            .map(|(written, lines)| NamedPath {
                setting: "ssl_crl",
                path: path::join(base, &written),
                written,
                lines: Some(lines),
            })
            .collect(),
        not_interpreted: ocsp.map(|(_, lines)| Placed {
            value: "ssl_ocsp".to_owned(),
            lines: Some(lines),
        }),
        ..ClientChecks::default()
    }
}

impl Effects {
    /// Adds a directive.
    pub(super) fn add(&mut self, effect: Effect) {
        self.groups = effect.groups.or(self.groups.take());
        self.dh = effect.dh.or(self.dh.take());
        self.commands.extend(effect.command);
        self.closes = self.closes.take().or(effect.closes);
        let before_name = self.closes_before_name.take();
        self.closes_before_name = before_name.or(effect.closes_before_name);
        self.not_interpreted = self.not_interpreted.take().or(effect.not_interpreted);
    }

    fn negotiation(&self, own: &Level, outer: &Level) -> Negotiation {
        let dh = self.dh.as_ref();
        Negotiation {
            groups: self.groups.clone(),
            prefers_own_order: own
                .prefers_own_order
                .or(outer.prefers_own_order)
                .unwrap_or_default(),
            dh: dh.map_or(Dh::None, |(file, bits)| Dh::Prime {
                bits: *bits,
                file: Some(file.clone()),
            }),
            closes: self.closes.clone(),
            closes_before_name: self.closes_before_name.clone(),
            not_interpreted: self.not_interpreted.clone(),
            staples: self.staples,
            ..Negotiation::default()
        }
    }
}
