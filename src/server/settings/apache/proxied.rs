//! What httpd checks at start for its connections to other servers: for each virtual host and each
//! `<Proxy>` section with `SSLProxyEngine on` (`ssl_init_proxy_ctx`). Measured: httpd 2.4.71.

use super::super::openssl::{Tls13, refuses_ciphers, tls13_suites};
use super::super::{Context, Settings, shown};
use super::{Host, Reader, authorities, lines, values};
use crate::protocol::{Dialect, Environment, ProtocolString};
use std::collections::HashSet;

/// How many `<Proxy>` sections are judged.
const MOST: usize = 1000;

/// What a host or a section says about connections to other servers.
#[derive(Clone, Debug, Default)]
pub(super) struct Proxied {
    /// Lines of values with which httpd does not start, each with its directive and httpd's
    /// message; `None` if the last such directive is valid.
    protocol: Option<Option<(usize, String)>>,
    ciphers: Option<Option<(usize, String)>>,
    suites13: Option<Option<(usize, String)>>,
    revocation_check: Option<(bool, usize)>,
}

impl Reader<'_, '_> {
    /// A `<Proxy>` section begins: its settings for other servers are kept separately.
    pub(super) fn begin_proxy(&mut self) {
        if self.proxy_section.is_none() && self.proxy_sections.len() < MOST {
            let outer = self.in_host.then(|| self.hosts.len().saturating_sub(1));
            self.proxy_section = Some((outer, Host::default()));
        }
    }

    pub(super) fn end_proxy(&mut self) {
        self.proxy_sections.extend(self.proxy_section.take());
    }

    pub(super) fn proxy_protocol(&mut self, raw: &str, at: usize) {
        const NAME: &str = "SSLProxyProtocol";
        let string = ProtocolString::parse(Dialect::Apache, raw.trim());
        let read = string.evaluate(&Environment::default_for(Dialect::Apache));
        if !read.accepted {
            let message = format!("{NAME}: Illegal protocol '{}'", shown(raw.trim()));
            self.refuse(NAME, &message, at);
        }
        let says = "AH02231: No SSL protocols available [hint: SSLProxyProtocol]";
        let empty = read.configured.is_empty();
        self.host().proxied.protocol = Some(empty.then(|| (at, says.to_owned())));
    }

    pub(super) fn proxy_ciphers(&mut self, words: &[String], line: &lines::Line) {
        let at = line.first;
        let Some((protocol, list)) = values::suites(words) else {
            return;
        };
        match protocol {
            "SSL" => {
                let says = "AH01898: Unable to configure permitted SSL ciphers: no cipher match";
                let refused = refuses_ciphers(list);
                self.host().proxied.ciphers = Some(refused.then(|| (at, says.to_owned())));
            }
            "TLSv1.3" => {
                let says = "AH10127: Unable to configure permitted TLSv1.3 ciphers";
                let refused = tls13_suites(list) == Tls13::Refused;
                self.host().proxied.suites13 = Some(refused.then(|| (at, says.to_owned())));
            }
            _ => {}
        }
    }

    pub(super) fn proxy_revocation(&mut self, value: &str, at: usize) {
        let checks = !value.eq_ignore_ascii_case("none");
        self.host().proxied.revocation_check = Some((checks, at));
    }
}

/// What httpd requires of a host's or a section's connections to other servers.
pub(super) fn start(
    (host, outer): (&Host, &Host),
    reported: &mut HashSet<usize>,
    settings: &mut Settings,
) {
    if !host.proxies.or(outer.proxies).unwrap_or_default() {
        return;
    }
    let (own, above) = (&host.proxied, &outer.proxied);
    let mut refuse = |name: &str, line: usize, message: &str| {
        if reported.insert(line) {
            settings.refuse(name, message, line);
        }
    };
    if let Some(Some((line, says))) = own.protocol.as_ref().or(above.protocol.as_ref()) {
        refuse("SSLProxyProtocol", *line, says);
    }
    if let Some(Some((line, says))) = own.ciphers.as_ref().or(above.ciphers.as_ref()) {
        refuse("SSLProxyCipherSuite", *line, says);
    }
    if let Some(Some((line, says))) = own.suites13.as_ref().or(above.suites13.as_ref()) {
        refuse("SSLProxyCipherSuite", *line, says);
    }
    let lists = |host: &Host| {
        let is_list = |name| {
            matches!(
                name,
                "SSLProxyCARevocationFile" | "SSLProxyCARevocationPath"
            )
        };
        host.stores.iter().any(|store| is_list(store.name))
    };
    if let Some((true, line)) = own.revocation_check.or(above.revocation_check)
        && !lists(host)
        && !lists(outer)
    {
        let says = "AH01899: CRL checking has been enabled, but neither SSLProxyCARevocationFile \
                    nor SSLProxyCARevocationPath is configured";
        refuse("SSLProxyCARevocationCheck", line, says);
    }
}

/// Judges every host and section.
pub(super) fn check(
    (main, hosts): (&Host, &[Host]),
    sections: &[(Option<usize>, Host)],
    known: &mut authorities::Known,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let mut reported = HashSet::new();
    let nothing = Host::default();
    start((main, &nothing), &mut reported, settings);
    for host in hosts {
        start((host, main), &mut reported, settings);
    }
    for (outer, section) in sections {
        // A section in a virtual host inherits what that says, and through it the main server's.
        let outer = outer.and_then(|place| hosts.get(place)).unwrap_or(main);
        let proxies = section.proxies.or(outer.proxies).or(main.proxies);
        let section = Host {
            proxies,
            ..section.clone()
        };
        start((&section, outer), &mut reported, settings);
        authorities::for_others(&section, outer, known, context, settings);
    }
}
