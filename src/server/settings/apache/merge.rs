//! What a virtual host inherits from the main server (`modssl_ctx_cfg_merge`).

use super::super::effective;
use super::super::{
    Address, ClientAuth, ClientChecks, Context, Dh, ListsFor, MOST_SCOPES, NamedPath, Negotiation,
    Placed, Responder, Scope, Settings, Staples, openssl, shown,
};
use super::address::{self, Unsaid};
use super::{Host, authorities, pairs};
use crate::protocol::Dialect;
use crate::rule;
use crate::server::startup::StartOutcome;
use crate::source::Lines;
use std::sync::Arc;

/// The scopes: every virtual host, and the main server if it speaks TLS itself or was meant to.
pub(super) fn scopes(
    main: &Host,
    hosts: &[Host],
    context: &Context<'_>,
    settings: &mut Settings,
) -> authorities::Known {
    let handed = effective::handed(&main.written);
    let mut known = authorities::Known::default();
    let all = (main, hosts);
    let main_meant = !main.certificates.is_empty() && hosts.is_empty();
    if main.engine.is_some_and(|(on, _)| on) || main_meant {
        let at = address::of_main(main, hosts);
        let none = Host::default();
        add(
            (main, &none),
            all,
            at,
            &mut known,
            (context, &mut *settings),
        );
    }
    authorities::for_others(main, &Host::default(), &mut known, context, settings);
    // One more than is kept, so that the excess is reported.
    for host in hosts.iter().take(MOST_SCOPES + 1) {
        let at = address::of_host(host, main, hosts);
        add((host, main), all, at, &mut known, (context, &mut *settings));
        let tls = settings.scopes.last_mut().is_some_and(|scope| {
            scope.handed = Arc::clone(&handed);
            scope.tls
        });
        if tls {
            not_served(host, main, settings);
        }
    }
    // A host with optional TLS serves plain text next to one that speaks TLS.
    if !settings.scopes.iter().any(|scope| scope.tls) {
        for host in hosts.iter().chain([main]).filter(|host| host.optional) {
            off(host, "SSLEngine is off here", settings);
        }
    }
    if main.managed {
        managed_hosts(settings);
    }
    address::first_hosts_decide(settings);
    address::plain_hosts_are_met(settings);
    address::names_are_not_resolved(hosts, settings);
    known
}

/// mod_md gets the certificates of hosts that name none; until it has them, it makes a temporary
/// one, with which httpd starts (measured: 2.4.71).
fn managed_hosts(settings: &mut Settings) {
    let mut lines = Vec::new();
    for scope in &mut settings.scopes {
        if scope.tls && scope.certificates.is_empty() {
            scope.certificate_optional = true;
            lines.push(scope.lines.map_or(1, |lines| lines.first));
        }
    }
    for line in lines {
        let reason = "mod_md gets the certificate of this host, and certcheck does not see it";
        settings.not_judged("MDomain", reason, line);
    }
}

/// A host that speaks TLS where nothing listens.
fn not_served(host: &Host, main: &Host, settings: &mut Settings) {
    let line = host.lines.map_or(1, |lines| lines.first);
    let reason = match address::unopened(host, main) {
        _ if host.ignored => "httpd can resolve none of its addresses".to_owned(),
        None => return,
        Some(address) if main.is_whole => format!("no `Listen` opens {}", shown(&address)),
        Some(address) => {
            let reason = format!("no `Listen` in these files opens {}", shown(&address));
            settings.not_judged("Listen", reason, line);
            return;
        }
    };
    let setting = "Listen".to_owned();
    settings.note(rule::config::TlsOff { setting, reason }, line);
}

fn add(
    (host, outer): (&Host, &Host),
    (main, hosts): (&Host, &[Host]),
    at: Vec<Address>,
    known: &mut authorities::Known,
    (context, settings): (&Context<'_>, &mut Settings),
) {
    let engine = host.engine.or(outer.engine);
    let unsaid = match engine {
        None => address::unsaid(host, main),
        Some(_) => Unsaid::Off,
    };
    if matches!(unsaid, Unsaid::Open) {
        let line = host.lines.map_or(1, |lines| lines.first);
        let reason = "`SSLEngine on` is missing here: the `Listen` of port 443, which is in another file, decides whether TLS is on";
        settings.not_judged("SSLEngine", reason, line);
    }
    let chain = host.chain.clone().or_else(|| outer.chain.clone());
    let scope = Scope {
        name: host.name.clone(),
        lines: host.lines,
        tls: engine.is_some_and(|(on, _)| on) || !matches!(unsaid, Unsaid::Off),
        ports: host.ports.clone(),
        is_unreachable: address::is_unreachable(host, main, hosts),
        at: Some(at),
        hosts: host.hosts.clone(),
        inherited_names: match host.server_name {
            None => main.server_name.clone().into_iter().collect(),
            Some(_) => Vec::new(),
        },
        certificates: pairs::replaced_in_order(&host.certificates, &outer.certificates),
        keys: pairs::replaced_in_order(&host.keys, &outer.keys),
        ciphers: host.ciphers.clone().or_else(|| outer.ciphers.clone()),
        chain,
        ca: host
            .ca
            .clone()
            .or_else(|| outer.ca.clone())
            .into_iter()
            .collect(),
        protocols: host.protocol.clone().or_else(|| outer.protocol.clone()),
        client_auth: host.verify.clone().or_else(|| outer.verify.clone()),
        client_checks: client_checks(host, outer, context, settings),
        passphrase: main.passphrase.clone(),
        negotiation: negotiation(host, outer),
        ca_elsewhere: host.ca_path || outer.ca_path,
        written: host.written.clone(),
        ..Scope::default()
    };
    let mut scope = scope;
    pairs::more_keys(&mut scope, host, settings);
    // The main server's commands come first; all of them run at the end.
    for command in outer.commands.iter().chain(&host.commands) {
        let (name, value) = &command.value;
        openssl::apply(name, value, command.lines, &mut scope);
    }
    pairs::by_command(&mut scope, host, outer, settings);
    check(&scope, host, outer, settings);
    if scope.tls {
        settings.check_ciphers("SSLCipherSuite", &scope, StartOutcome::StartFails.noticed());
        settings.check_negotiation(
            &scope,
            Dialect::Apache,
            StartOutcome::StartFails.noticed(),
            true,
        );
        start(host, outer, main, settings);
        let before = settings.uninterpreted;
        let links = authorities::of_clients(host, outer, &scope, known, (context, &mut *settings));
        scope.ca.extend(links);
        if settings.uninterpreted > before {
            let own = &mut scope.negotiation.not_interpreted;
            *own = own.take().or_else(|| {
                let value = "SSLCACertificatePath".to_owned();
                Some(Placed {
                    value,
                    lines: host.lines,
                })
            });
        }
        pairs::chain_store(&mut scope, host, outer, settings);
    }
    scope.proxied = host.proxied_by_header.or(outer.proxied_by_header).flatten();
    if !std::ptr::eq(host, main) {
        authorities::for_others(host, outer, known, context, settings);
    }
    settings.add(scope);
}

fn negotiation(host: &Host, outer: &Host) -> Negotiation {
    let dh = host.dh.as_ref().or(outer.dh.as_ref());
    let http2 = host.http2.or(outer.http2).unwrap_or_default();
    Negotiation {
        suites13: host.suites13.clone().or_else(|| outer.suites13.clone()),
        prefers_own_order: host
            .prefers_own_order
            .or(outer.prefers_own_order)
            .unwrap_or_default(),
        http2,
        http2_modern_only: http2
            && host
                .http2_modern_only
                .or(outer.http2_modern_only)
                .unwrap_or(true),
        // mod_ssl calls `SSL_CTX_set_dh_auto` if no parameters are given.
        dh: dh.map_or(Dh::Automatic, |(file, bits)| Dh::Prime {
            bits: *bits,
            file: Some(file.clone()),
        }),
        not_interpreted: host
            .not_interpreted
            .clone()
            .or_else(|| outer.not_interpreted.clone()),
        staples: staples(host, outer),
        ..Negotiation::default()
    }
}

/// How clients' certificates are checked (`ssl_callback_SSLVerify`, `ssl_init_ctx_crl`).
fn client_checks(
    host: &Host,
    outer: &Host,
    context: &Context<'_>,
    settings: &mut Settings,
) -> ClientChecks {
    let words = host.revocation_words.as_ref();
    let words = words.or(outer.revocation_words.as_ref());
    let mut words = words.map_or("", String::as_str).split(' ');
    let revocation = match words.next() {
        Some("leaf") => ListsFor::Own,
        Some("chain") => ListsFor::Chain,
        _ => ListsFor::Nothing,
    };
    // `no_crl_for_cert_ok` accepts a certificate for which there is no list.
    let flags = (revocation != ListsFor::Nothing && words.next().is_some())
        .then(|| host.revocation_check.or(outer.revocation_check))
        .flatten()
        .map(|(_, line)| ("SSLCARevocationCheck".to_owned(), line));
    let line = |name: &str, line: Option<usize>| line.map(|line| (name.to_owned(), line));
    let directory = host.lists_path.as_ref().or(outer.lists_path.as_ref());
    let directory = directory.filter(|_| revocation != ListsFor::Nothing);
    let listed = directory.map(|directory| {
        let NamedPath {
            setting,
            path,
            lines,
            ..
        } = directory;
        settings.lists_in(context, setting, path, *lines)
    });
    let by_name = listed
        .as_ref()
        .is_some_and(|found| found.as_ref().is_none_or(|found| !found.is_empty()));
    let below = host
        .verify_below
        .clone()
        .or_else(|| outer.verify_below.clone());
    let first = directory
        .and_then(|directory| directory.lines)
        .map(|lines| lines.first);
    let lists_by_name = below.is_none()
        && flags.is_none()
        && matches!(&listed, Some(Some(found)) if !found.is_empty());
    let open = below
        .or(flags)
        .or_else(|| line("SSLCARevocationPath", first.filter(|_| by_name)))
        .or_else(|| line("SSLOCSPEnable", host.ocsp.or(outer.ocsp)))
        .or_else(|| line("SSLCADNRequestPath", host.names_path.or(outer.names_path)));
    let file = |own: &Option<NamedPath>, outer: &Option<NamedPath>| {
        own.clone().or_else(|| outer.clone()).into_iter().collect()
    };
    let mut lists: Vec<NamedPath> = file(&host.lists, &outer.lists);
    lists.extend(listed.flatten().unwrap_or_default());
    ClientChecks {
        any_issuer: match host.verify {
            Some(_) => host.any_issuer,
            None => outer.any_issuer,
        },
        depth: host.verify_depth.or(outer.verify_depth),
        lists,
        revocation,
        lists_by_name,
        names: file(&host.names, &outer.names),
        not_interpreted: open.map(|(value, line)| Placed {
            value,
            lines: Some(Lines::new(line, line)),
        }),
        ..ClientChecks::default()
    }
}

/// What mod_ssl requires when it starts (`ssl_init_ctx_crl`, `ssl_stapling_init_cert`).
fn start(host: &Host, outer: &Host, main: &Host, settings: &mut Settings) {
    if let Some((true, line)) = host.revocation_check.or(outer.revocation_check)
        && !host.names_lists()
        && !outer.names_lists()
    {
        let message = "AH01899: CRL checking has been enabled, but neither SSLCARevocationFile nor \
                       SSLCARevocationPath is configured";
        settings.refuse("SSLCARevocationCheck", message, line);
    }
    if let Some((true, line)) = host.stapling.or(outer.stapling)
        && !main.stapling_cache
    {
        let message = "AH01958: SSLStapling: no stapling cache available";
        settings.refuse("SSLUseStapling", message, line);
    }
}

/// Which OCSP responses the host staples. The two settings that leave errors out are separate: with
/// `SSLStaplingReturnResponderErrors off` alone, httpd still staples its own `tryLater` (measured).
fn staples(host: &Host, outer: &Host) -> Staples {
    let is_set = |flag: fn(&Host) -> Option<bool>| flag(host).or(flag(outer));
    if !is_set(|host| host.stapling.map(|(on, _)| on)).unwrap_or(false) {
        return Staples::Nothing;
    }
    let responder = Responder::of(host.stapling_forced || outer.stapling_forced);
    let errors = is_set(|host| host.stapling_errors).unwrap_or(true);
    let try_later = is_set(|host| host.stapling_try_later).unwrap_or(true);
    if errors || try_later {
        Staples::Errors(responder)
    } else {
        Staples::Statuses(responder)
    }
}

/// Records a certificate where TLS is off.
fn off(host: &Host, reason: &str, settings: &mut Settings) {
    let Some(certificate) = host.certificates.first() else {
        return;
    };
    let fact = rule::config::TlsOff {
        setting: "SSLEngine".to_owned(),
        reason: reason.to_owned(),
    };
    let line = certificate.lines.map_or(1, |lines| lines.first);
    settings.note(fact, host.engine.map_or(line, |(_, line)| line));
}

fn check(scope: &Scope, host: &Host, outer: &Host, settings: &mut Settings) {
    let at = scope.lines.map_or(1, |lines| lines.first);
    if !scope.tls {
        let reason = match host.engine {
            Some(_) => "SSLEngine is off here",
            None => "`SSLEngine on` is missing here",
        };
        if !host.optional {
            off(host, reason, settings);
        }
        return;
    }
    if scope.certificates.is_empty() && !host.managed && !outer.managed {
        settings.refuse(
            "SSLCertificateFile",
            "AH02572: Failed to configure at least one certificate and key",
            at,
        );
    }
    let asks = scope.client_auth.as_ref();
    if let Some(auth) = asks
        && auth.value == ClientAuth::Required
        && scope.ca.is_empty()
        && !host.ca_path
        && !outer.ca_path
    {
        settings.note(
            rule::config::ClientAuthWithoutCa {
                setting: "SSLVerifyClient".to_owned(),
                ca_setting: "SSLCACertificateFile".to_owned(),
            },
            auth.lines.map_or(at, |lines| lines.first),
        );
    }
}
