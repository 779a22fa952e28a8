//! What each server comes to, with what `http` hands down to it.

use super::super::{
    ClientAuth, Dh, MOST_SCOPES, Negotiation, Path, Placed, ProtocolSetting, Scope, Settings,
    openssl, shown,
};
use super::{Level, Server};
use crate::finding::ConfigFact;
use crate::protocol::Dialect;
use crate::source::Lines;

const TEST: &str = "by `nginx -t`";

pub(super) fn finish(servers: &[Server], outer: &[Level], settings: &mut Settings) {
    // `ssl` belongs to the address: one server that says so says it for all.
    let tls: std::collections::HashSet<&str> = servers
        .iter()
        .flat_map(|server| &server.level.listens)
        .filter(|listen| listen.ssl)
        .map(|listen| listen.address.as_str())
        .collect();
    let mut first: std::collections::HashSet<&str> = std::collections::HashSet::new();
    let fallback = Level::default();
    let mut defaults = std::collections::HashSet::new();
    for listen in servers.iter().flat_map(|it| &it.level.listens) {
        if listen.default && !defaults.insert(&listen.address) {
            let message = format!("a duplicate default server for {}", shown(&listen.address));
            settings.refuse_at("listen", &message, TEST, listen.line);
        }
    }
    // One more than are kept, so that it is said.
    for server in servers.iter().take(MOST_SCOPES + 1) {
        let own = &server.level;
        let outer = outer.get(server.outer).unwrap_or(&fallback);
        let mut scope = scope(own, outer, server.lines, &tls);
        let leads = own
            .listens
            .iter()
            .any(|listen| first.insert(&listen.address) || listen.default);
        scope.is_default = own.listens.iter().any(|listen| listen.default);
        scope.certificate_optional = !leads || scope.rejects;
        check(&scope, own, outer, leads, settings);
        settings.check_ciphers("ssl_ciphers", &scope, TEST);
        settings.check_negotiation(&scope, Dialect::Nginx, TEST);
        settings.add(scope);
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
    let passwords = own
        .password_file
        .clone()
        .or_else(|| outer.password_file.clone());
    let mut ca: Vec<Path> = Vec::new();
    ca.extend(own.client_ca.clone().or_else(|| outer.client_ca.clone()));
    ca.extend(own.trusted.clone().or_else(|| outer.trusted.clone()));
    let ciphers = own.ciphers.clone().or_else(|| outer.ciphers.clone());
    let mut scope = Scope {
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
        passphrase: passwords.as_ref().map(|file| Placed {
            value: "ssl_password_file",
            lines: file.lines,
        }),
        passphrases: passwords,
        ciphers,
        rejects: own.rejects.or(outer.rejects).unwrap_or_default(),
        negotiation: negotiation(own, outer),
        ..Scope::default()
    };
    // A block with commands of its own has none of those around it, and they come last.
    let commands = if own.commands.is_empty() {
        &outer.commands
    } else {
        &own.commands
    };
    for command in commands {
        let (name, value) = &command.value;
        openssl::apply(name, value, command.lines, &mut scope);
    }
    scope
}

fn negotiation(own: &Level, outer: &Level) -> Negotiation {
    let dh = own.dh.as_ref().or(outer.dh.as_ref());
    Negotiation {
        groups: own.groups.clone().or_else(|| outer.groups.clone()),
        prefers_own_order: own
            .prefers_own_order
            .or(outer.prefers_own_order)
            .unwrap_or_default(),
        dh: dh.map_or(Dh::None, |(file, bits)| Dh::Prime {
            bits: *bits,
            file: Some(file.clone()),
        }),
        not_interpreted: own
            .not_interpreted
            .clone()
            .or_else(|| outer.not_interpreted.clone()),
        ..Negotiation::default()
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
        if leads && !scope.rejects {
            let message = "no \"ssl_certificate\" is defined for the \"listen ... ssl\" directive";
            settings.refuse_at("ssl_certificate", message, TEST, at);
        }
    } else if let Some(alone) = scope.certificates.get(scope.keys.len()) {
        let message = format!(
            "no \"ssl_certificate_key\" is defined for certificate \"{}\"",
            shown(&alone.path)
        );
        let line = alone.lines.map_or(at, |lines| lines.first);
        settings.refuse_at("ssl_certificate_key", &message, TEST, line);
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
        settings.refuse_at("ssl_verify_client", message, TEST, line);
    }
}
