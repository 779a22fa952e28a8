//! A `bind` line.

use super::super::effective;
use super::super::{
    ClientAuth, Context, ListsFor, NamedPath, Negotiation, Placed, ProtocolSetting, Scope,
    Selection, Settings, path, shown,
};
use super::global::Global;
use super::line::{CLIENT_ORDER, admitted, base, client_auth, placed, versions, write};
use super::{TEST, beside, certificates, crt_list, extras, issuers, spots, stores, values};
use crate::protocol::Dialect;
use crate::rule;
use crate::server::settings::Looked;
use crate::server::startup::StartOutcome;
use crate::source::Lines;

/// What the words of the line set, except for what the scope keeps.
#[derive(Default)]
struct Line {
    /// `ca-file` or `ca-verify-file`.
    trusted: bool,
    /// `ca-file` is a directory without any CA.
    trusts_no_ca: bool,
    /// What is trusted is in a directory or a store.
    elsewhere: bool,
    lists: bool,
    strict: bool,
    generates: bool,
    /// A word of the line is not judged, or its certificate is in a `crt-store`.
    unread: bool,
    v6only: bool,
    signs_with: Option<String>,
    curves: Option<Placed<String>>,
    ecdhe: Option<Placed<String>>,
    suites13: Option<Placed<String>>,
}

pub(super) fn read(
    arguments: &[String],
    number: usize,
    section: &str,
    global: &Global,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let at = Some(Lines::new(number, number));
    let Some((address, options)) = arguments.split_first() else {
        let message = "'bind' expects {<path>|[addr1]:port1[-end1]}{,[addr]:port[-end]}... as \
                       arguments.";
        settings.refuse_at("bind", message, TEST, number);
        return;
    };
    let mut scope = Scope {
        name: format!("{} bind {}", shown(section), shown(address)),
        lines: at,
        ..Scope::default()
    };
    write(options, number, &mut scope.written);
    scope.handed = effective::handed(&global.written);
    let before = settings.uninterpreted;
    scope.negotiation = Negotiation {
        dh: global.dh.clone(),
        prefers_own_order: !global.client_order,
        not_interpreted: global.not_interpreted.clone(),
        ..Negotiation::default()
    };
    let mut line = Line::default();
    let mut rest = options.iter();
    while let Some(word) = rest.next() {
        let Some(count) = admitted("bind", "bind", word, number, settings) else {
            line.unread = true;
            break;
        };
        let value = if count == 0 { None } else { rest.next() };
        let value = value.map(String::as_str).filter(|value| !value.is_empty());
        if count > 0 && value.is_none() {
            let message = match word.as_str() {
                "crt" | "crt-list" => format!("'{word}' : missing certificate location"),
                _ => format!("'{}' : missing argument", shown(word)),
            };
            settings.refuse_at(word, &message, TEST, number);
            break;
        }
        let value = value.unwrap_or_default();
        if let Err(message) = values::option("bind", word, value) {
            settings.refuse_at(word, &message, TEST, number);
            break;
        }
        if word == "id" && address.contains([',', '-']) {
            let message = "'id' can only be used with a single socket";
            settings.refuse_at(word, message, TEST, number);
            break;
        }
        let reader = (global, context, &mut *settings);
        apply(word, value, number, &mut line, &mut scope, reader);
    }
    // Names in a crt-list replace those of the certificates. In a bundle (.rsa, .ecdsa, .dsa),
    // the default certificate is another file.
    let bundle = |path: &NamedPath| {
        [".rsa", ".ecdsa", ".dsa"]
            .iter()
            .any(|end| path.path.ends_with(end))
    };
    scope.by_name = !line.lists && !line.strict && !scope.certificates.iter().any(bundle);
    scope.strict = line.strict;
    scope.without_extension = global.without_extension;
    if scope.ciphers.is_none() {
        scope.ciphers = global.ciphers.clone();
    }
    settings.check_ciphers("ciphers", &scope, TEST);
    if scope.tls {
        lists(&line, number, &mut scope, global, settings);
        issuers::complete(&mut scope, global, context, settings);
    }
    let string = versions(options);
    if !string.is_empty() || global.options.is_some() {
        scope.protocols = Some(ProtocolSetting {
            dialect: Dialect::HaProxy,
            string,
            global: global.options.clone(),
            lines: at,
        });
    }
    let inherited = |one: &str| one.starts_with("fd@") || one.starts_with("sockpair@");
    if address.split(',').any(inherited) {
        let reason = "certcheck does not know whether HAProxy inherits this file descriptor";
        settings.not_judged("bind", reason, number);
    }
    if line.elsewhere {
        scope.client_checks.verify_only.clear();
    }
    spots::read(address, line.v6only, number, &mut scope, settings);
    check(&mut scope, number, &line, context, settings);
    if settings.uninterpreted > before {
        let own = &mut scope.negotiation.not_interpreted;
        *own = own.take().or_else(|| placed("bind", number));
    }
    settings.add(scope);
}

/// Applies one known word of the line, with its value.
fn apply(
    word: &str,
    value: &str,
    number: usize,
    line: &mut Line,
    scope: &mut Scope,
    (global, context, settings): (&Global, &Context<'_>, &mut Settings),
) {
    let at = Some(Lines::new(number, number));
    let file = |setting: &'static str, base: &str| NamedPath {
        setting,
        written: value.to_owned(),
        path: path::join(base, value),
        lines: at,
    };
    match word {
        "ssl" => scope.tls = true,
        "accept-proxy" | "accept-netscaler-cip" => scope.proxied = at,
        // A certificate of a `crt-store`.
        "crt" if value.starts_with('@') && settings.stores(number) => {
            line.unread = true;
            settings.known_by_name(word, number);
        }
        "crt" | "crt-list" => {
            let from = base(&global.certificate_base, context);
            let found = if word == "crt" {
                let file = file("crt", from);
                let found = certificates::of(&file, false, number, global, context, settings);
                let own = |file| (file, Selection::default());
                found.into_iter().map(own).collect()
            } else {
                line.lists = true;
                let list = file("crt-list", context.base);
                crt_list::read(&list, from, number, global, context, settings)
            };
            for (file, selection) in found {
                scope.selections.push(selection);
                certificate(file, number, scope, global, context, settings);
            }
        }
        "ca-file" => {
            line.trusted = true;
            let file = file("ca-file", base(&global.ca_base, context));
            let known = stores::trusted(file, &global.ca_base, number, context, settings);
            line.trusts_no_ca = known.no_ca;
            scope.ca_elsewhere |= known.elsewhere;
            line.elsewhere |= known.elsewhere;
            scope.ca.extend(known.files);
        }
        "no-ca-names" => scope.client_checks.no_names = true,
        "ca-ignore-err" | "crt-ignore-err" => {
            if !scope.client_checks.overlooked.add(word, value) {
                scope.client_checks.not_interpreted = placed(word, number);
            }
        }
        "ca-verify-file" | "crl-file" => {
            if word == "ca-verify-file" {
                line.trusted = true;
                scope.ca_elsewhere = true;
                let file = file("ca-verify-file", base(&global.ca_base, context));
                match stores::is_plain(&file, context, settings) {
                    true => scope.client_checks.verify_only.push(file),
                    false => line.elsewhere = true,
                }
            } else {
                let list = file("crl-file", base(&global.ca_base, context));
                scope.client_checks.lists.push(list);
                scope.client_checks.revocation = ListsFor::Chain;
            }
            let file = path::join(base(&global.ca_base, context), value);
            stores::check(word, &file, number, context, settings);
        }
        "verify" => {
            let value = client_auth(value);
            scope.client_auth = Some(Placed { value, lines: at });
        }
        "ciphers" => scope.ciphers = placed(value, number),
        "ciphersuites" => line.suites13 = placed(value, number),
        "curves" => line.curves = placed(value, number),
        "ecdhe" => line.ecdhe = placed(value, number),
        // HAProxy takes the first of its own list that the client has, and clients with HTTP/2
        // have HTTP/1.1 too.
        "alpn" => {
            let mut names = value.split(',');
            let first = names.find(|name| matches!(*name, "h2" | "http/1.1"));
            scope.negotiation.http2 = first == Some("h2");
        }
        CLIENT_ORDER => scope.negotiation.prefers_own_order = false,
        "v6only" => line.v6only = true,
        "strict-sni" => line.strict = true,
        "generate-certificates" => line.generates = true,
        "ca-sign-file" => {
            let file = path::join(base(&global.ca_base, context), value);
            line.signs_with = Some(file);
        }
        _ => extras::option(word, value, number, context, settings),
    }
}

/// A certificate, and the place of its key: in the same file, or in FILE.key next to it.
fn certificate(
    file: NamedPath,
    number: usize,
    scope: &mut Scope,
    global: &Global,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    beside::check(&file, number, global, context, settings);
    if let Some(Looked::Read(source)) = settings.look(context, &file.path) {
        let inside = beside::holds_key(source.bytes());
        if inside || !global.extras.key {
            scope.keys_inside.push(file.path.clone());
        }
        if !inside {
            beside::key(&file, number, global, context, settings);
        }
    }
    scope.keys.push(file.clone());
    scope.certificates.push(file);
}

/// Suites and curves: those of the line, otherwise those of `global`.
fn lists(line: &Line, number: usize, scope: &mut Scope, global: &Global, settings: &mut Settings) {
    let lines = |placed: &Placed<String>| placed.lines.map_or(number, |lines| lines.first);
    let suites = match &line.suites13 {
        Some(own) => Some(("ciphersuites", own)),
        None => global
            .suites13
            .as_ref()
            .map(|suites13| ("ssl-default-bind-ciphersuites", suites13)),
    };
    if let Some((name, placed)) = suites {
        extras::suites(name, &placed.value, lines(placed), settings);
        scope.negotiation.suites13 = Some(placed.clone());
    }
    let curves = match (&line.curves, &line.ecdhe) {
        (Some(own), _) => Some(("curves", own)),
        (None, ecdhe) => match (&global.groups, ecdhe) {
            (Some(groups), _) => Some(("ssl-default-bind-curves", groups)),
            (None, Some(own)) => Some(("ecdhe", own)),
            (None, None) => None,
        },
    };
    if let Some((name, placed)) = curves {
        extras::curves(name, &placed.value, lines(placed), settings);
        scope.negotiation.groups = Some(placed.clone());
    }
}

fn check(
    scope: &mut Scope,
    number: usize,
    line: &Line,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    if scope.tls && line.generates {
        generated(line, number, context, settings);
    }
    // certcheck does not know what the line has.
    scope.certificate_optional |= line.unread && scope.certificates.is_empty();
    if scope.tls && scope.certificates.is_empty() && !(line.lists || line.generates || line.unread)
    {
        if line.strict {
            // It starts with a warning (measured: 2.6.12, `unrecognized name`).
            scope.certificate_optional = true;
            let message =
                "no SSL certificate specified for bind, ssl connections will fail (use 'crt')";
            settings.refuse_at(
                "strict-sni",
                message,
                StartOutcome::HandshakeFails.noticed(),
                number,
            );
        } else {
            let message = "no SSL certificate specified for bind (use 'crt')";
            settings.refuse_at("crt", message, TEST, number);
        }
    }
    if !scope.tls && !scope.certificates.is_empty() {
        scope.loads_without_tls = true;
        settings.note(
            rule::config::TlsOff {
                setting: "bind".to_owned(),
                reason: "the line names a certificate but does not say `ssl`: it speaks plaintext"
                    .to_owned(),
            },
            number,
        );
    }
    let asks = |auth: &Option<Placed<ClientAuth>>| {
        let value = auth.as_ref().map(|auth| auth.value);
        matches!(value, Some(ClientAuth::Optional | ClientAuth::Required))
    };
    // Each certificate of a crt-list may require client certificates, with its own CA file.
    let mut own = scope.selections.iter();
    let untrusting = match own.len() {
        0 => asks(&scope.client_auth) && !line.trusted,
        _ => own.any(|own| {
            let auth = own.client_auth.as_ref().or(scope.client_auth.as_ref());
            asks(&auth.cloned()) && !line.trusted && !own.trusts()
        }),
    };
    if scope.tls && untrusting {
        let message = "verify is enabled but no CA file specified for bind";
        settings.refuse_at("ca-file", message, TEST, number);
    }
    if line.trusts_no_ca {
        no_ca_is_trusted(scope, number, settings);
    }
}

/// HAProxy accepts a directory without CA certificates as `ca-file`.
fn no_ca_is_trusted(scope: &Scope, number: usize, settings: &mut Settings) {
    let required = scope
        .client_auth
        .as_ref()
        .is_some_and(|auth| auth.value == ClientAuth::Required);
    if scope.tls && required {
        let fact = rule::config::ClientAuthWithoutCa {
            setting: "verify required".to_owned(),
            ca_setting: "ca-file".to_owned(),
        };
        settings.note(fact, number);
    }
}

/// Certificates that the server's own CA issues in each handshake.
fn generated(line: &Line, number: usize, context: &Context<'_>, settings: &mut Settings) {
    const NAME: &str = "generate-certificates";
    let Some(file) = &line.signs_with else {
        let message = "cannot enable certificate generation, no CA certificate File configured";
        settings.refuse_at(NAME, message, TEST, number);
        return;
    };
    if settings
        .demanded(context, "ca-sign-file", file, number)
        .is_some()
    {
        let reason = "certcheck does not judge certificates that are generated in each handshake";
        settings.not_judged(NAME, reason, number);
    }
}
