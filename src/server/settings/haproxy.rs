//! haproxy.cfg: `bind` lines and what `global` says of TLS.
//! Measured: HAProxy 2.6.12.

use super::openssl::DH_LABELS;
use super::{
    ClientAuth, Context, Dh, Listens, Negotiation, Path, Placed, ProtocolSetting, Scope, Settings,
    lossy, path, port_fact, shown,
};
use crate::finding::ConfigFact;
use crate::protocol::Dialect;
use crate::source::Lines;

mod certificates;
mod condition;
mod extras;
mod outgoing;
mod table;
mod words;

use condition::{Branch, Truth, evaluate};
use std::collections::{BTreeMap, BTreeSet};

const TEST: &str = "by `haproxy -c`";

/// The word without which the server's own order of suites counts.
const CLIENT_ORDER: &str = "prefer-client-ciphers";

/// What `global` hands to every `bind`.
#[derive(Default)]
struct Global {
    certificate_base: String,
    ca_base: String,
    /// The words of `ssl-default-bind-options` that speak of versions.
    options: Option<String>,
    ciphers: Option<Placed<String>>,
    suites13: Option<Placed<String>>,
    groups: Option<Placed<String>>,
    dh: Dh,
    client_order: bool,
    /// A setting of every `bind` that was not interpreted.
    not_interpreted: Option<Placed<String>>,
    issuers: Option<(String, usize)>,
    /// `ssl-load-extra-del-ext`: the key of `site.crt` is in `site.key`.
    without_extension: bool,
    /// `ssl-load-extra-files` leaves bundles out.
    no_bundles: bool,
    /// Something else than a `server` line says whether certificates are verified.
    servers_vary: bool,
}

/// Names that must be there once the whole file is read.
#[derive(Default)]
struct Backends {
    known: BTreeSet<String>,
    wanted: Vec<(String, &'static str, usize)>,
}

struct Reader<'a, 'b> {
    context: &'a Context<'a>,
    settings: &'b mut Settings,
    global: Global,
    environment: BTreeMap<String, String>,
    branches: Vec<Branch>,
    section: String,
    backends: Backends,
}

pub(super) fn read(bytes: &[u8], context: &Context<'_>, settings: &mut Settings) {
    let text = lossy(bytes);
    let mut reader = Reader {
        context,
        settings,
        global: Global::default(),
        environment: context
            .environment
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        branches: Vec::new(),
        section: String::new(),
        backends: Backends::default(),
    };
    reader.global.servers_vary = [
        "ssl-server-verify",
        "default-server",
        "ssl-default-server-options",
    ]
    .iter()
    .any(|word| text.contains(word));
    for (index, line) in text.split('\n').enumerate() {
        reader.line(line, index + 1);
    }
    reader.end();
}

impl Reader<'_, '_> {
    fn refuse(&mut self, setting: &str, message: &str, number: usize) {
        self.settings.refuse_at(setting, message, TEST, number);
    }

    fn line(&mut self, line: &str, number: usize) {
        let mut unset = Vec::new();
        let variable = |name: &str| self.environment.get(name).map(String::as_str);
        let words = match words::split(line, &variable, &mut unset) {
            Ok(words) => words,
            Err(message) => {
                self.refuse("", message, number);
                return;
            }
        };
        let Some((keyword, arguments)) = words.split_first() else {
            return;
        };
        if keyword.starts_with('.') {
            self.conditional(keyword, arguments, number);
            return;
        }
        if self.branches.iter().any(|it| it.now == Truth::No) {
            return;
        }
        let unknown = self.branches.iter().find(|it| it.now == Truth::Unknown);
        if let Some(branch) = unknown {
            let (at, word) = (branch.line, shown(keyword));
            let reason = format!("it is not known whether this holds, and `{word}` depends on it");
            if !self
                .settings
                .not_judged
                .iter()
                .any(|it| it.lines.first == at)
            {
                self.settings.not_judged(".if", reason, at);
            }
        }
        // What the service's environment has is not known; HAProxy takes nothing for it.
        let concerns =
            keyword == "bind" || keyword.starts_with("ssl-") || keyword.ends_with("-base");
        for name in unset {
            if concerns {
                let reason = format!("nothing sets ${} here; give it with --env", shown(&name));
                self.settings.not_judged(keyword, reason, number);
            }
        }
        self.keyword(keyword, arguments, number);
    }

    fn conditional(&mut self, keyword: &str, arguments: &[String], number: usize) {
        let variable = |name: &str| self.environment.get(name).map(String::as_str);
        let truth = evaluate(arguments, &variable);
        let hidden = self.branches.iter().any(|it| it.now == Truth::No);
        match keyword {
            ".if" => self.branches.push(Branch::open(truth, number)),
            ".elif" | ".else" => {
                let truth = if keyword == ".else" {
                    Truth::Yes
                } else {
                    truth
                };
                match self.branches.last_mut() {
                    Some(branch) => branch.otherwise(truth),
                    None => {
                        let message = format!("lone '{keyword}' with no matching '.if'");
                        self.refuse(keyword, &message, number);
                    }
                }
            }
            ".endif" => {
                if self.branches.pop().is_none() {
                    self.refuse(keyword, "lone '.endif' with no matching '.if'", number);
                }
            }
            ".alert" if !hidden && self.branches.iter().all(|it| it.now == Truth::Yes) => {
                self.refuse(keyword, "the file itself stops HAProxy here", number);
            }
            ".alert" if !hidden => {
                self.settings
                    .not_judged(keyword, "whether it is reached is not known", number);
            }
            ".notice" | ".warning" | ".diag" | ".alert" => {}
            _ => {
                let message = format!("unknown directive '{}'", shown(keyword));
                self.refuse(keyword, &message, number);
            }
        }
    }

    fn keyword(&mut self, keyword: &str, arguments: &[String], number: usize) {
        let first = arguments.first().map_or("", String::as_str);
        if table::section(keyword).is_some() {
            self.section = match first {
                "" => keyword.to_owned(),
                name => format!("{keyword} {name}"),
            };
            if matches!(keyword, "backend" | "listen" | "frontend") {
                let _ = self.backends.known.insert(first.to_owned());
            }
            return;
        }
        let kind = self.section.split(' ').next().unwrap_or_default();
        let Some(kind) = table::section(kind) else {
            outgoing::unknown(keyword, "out of section", number, self.settings);
            return;
        };
        if !matches!(keyword, "no" | "default") && !table::knows(kind, keyword) {
            let place = self.section.clone();
            outgoing::unknown(keyword, &place, number, self.settings);
            return;
        }
        match keyword {
            "bind" if self.section.starts_with("defaults") => {
                self.refuse("bind", "'bind' not allowed in 'defaults' section.", number);
            }
            "bind" if kind != "global" => bind(
                arguments,
                number,
                &self.section,
                &self.global,
                self.context,
                self.settings,
            ),
            "server" | "server-template" | "default-server" if kind == "proxy" => {
                let skip = match keyword {
                    "server" => 2,
                    "server-template" => 3,
                    _ => 0,
                };
                let words = arguments.get(skip..).unwrap_or_default();
                outgoing::line(
                    keyword,
                    words,
                    &self.global,
                    number,
                    self.context,
                    self.settings,
                );
            }
            "default_backend" | "use_backend" => {
                let fixed = !first.contains(['%', '$']);
                if fixed && self.backends.wanted.len() < super::MOST_SCOPES {
                    let keyword = if keyword == "use_backend" {
                        "use_backend"
                    } else {
                        "default_backend"
                    };
                    self.backends
                        .wanted
                        .push((first.to_owned(), keyword, number));
                }
            }
            _ if kind == "global" => self.global(keyword, arguments, number),
            _ => {}
        }
    }

    fn global(&mut self, keyword: &str, arguments: &[String], number: usize) {
        let first = arguments.first().map_or("", String::as_str);
        let base = self.context.base;
        match keyword {
            "crt-base" => self.global.certificate_base = path::join(base, first),
            "ca-base" => self.global.ca_base = path::join(base, first),
            "issuers-chain-path" => self.global.issuers = Some((first.to_owned(), number)),
            "ssl-load-extra-del-ext" => self.global.without_extension = true,
            "ssl-load-extra-files" => {
                self.global.no_bundles = !arguments.iter().any(|it| it == "all" || it == "bundle");
                if !arguments.iter().any(|it| it == "all" || it == "key") {
                    let reason = "that keys beside certificates are not loaded is not judged";
                    self.settings.not_judged(keyword, reason, number);
                }
            }
            "setenv" | "presetenv" => {
                let value = arguments.get(1).cloned().unwrap_or_default();
                if keyword == "setenv" || !self.environment.contains_key(first) {
                    let _ = self.environment.insert(first.to_owned(), value);
                }
            }
            "unsetenv" => {
                for name in arguments {
                    let _ = self.environment.remove(name);
                }
            }
            "resetenv" => self.environment.retain(|name, _| arguments.contains(name)),
            "ssl-default-bind-options" => {
                self.global.options = Some(versions(arguments));
                self.global.client_order = arguments.iter().any(|it| it == CLIENT_ORDER);
                extras::default_options(arguments, number, self.settings);
            }
            "ssl-default-bind-ciphers" => {
                self.global.ciphers = Some(Placed {
                    value: first.to_owned(),
                    lines: Some(Lines::new(number, number)),
                });
            }
            "ssl-default-bind-ciphersuites" => {
                self.global.suites13 = placed(first, number);
                extras::suites(keyword, first, number, self.settings);
            }
            "ssl-default-bind-curves" => {
                self.global.groups = placed(first, number);
                extras::curves(keyword, first, number, self.settings);
            }
            "ssl-dh-param-file" => {
                let file = path::join(base, first);
                // No other kind of parameters is taken (measured: 2.6.12).
                let labels = DH_LABELS.get(..1).unwrap_or_default();
                let bits = self.settings.demanded_prime(
                    self.context,
                    ("ssl-dh-param-file", &file),
                    labels,
                    (TEST, number),
                );
                // One that is too short is a warning, and DHE is off: no file to refuse.
                self.global.dh = bits.map_or(Dh::None, |bits| Dh::Prime { bits, file: None });
            }
            // Whatever the number, OpenSSL's own parameters are taken (measured: 2.6.12).
            "tune.ssl.default-dh-param"
                if matches!(self.global.dh, Dh::None)
                    && first.parse::<u32>().is_ok_and(|bits| bits >= 2048) =>
            {
                let (bits, file) = (2048, None);
                self.global.dh = Dh::Prime { bits, file };
            }
            "ssl-engine" | "ssl-provider" | "ssl-propquery" | "ssl-provider-path" => {
                self.global.not_interpreted = placed(keyword, number);
                self.settings
                    .not_judged(keyword, "engines and providers are not judged", number);
            }
            _ => {}
        }
    }

    fn end(&mut self) {
        if let Some(branch) = self.branches.last() {
            let line = branch.line;
            self.refuse(".if", "'.if' without '.endif'", line);
        }
        let wanted = std::mem::take(&mut self.backends.wanted);
        for (name, keyword, line) in wanted {
            if !self.backends.known.contains(&name) {
                let message = format!("unable to find required {keyword}: '{}'.", shown(&name));
                self.refuse(keyword, &message, line);
            }
        }
        if let Some((directory, line)) = self.global.issuers.take() {
            let fact = ConfigFact::IncludeNotRead {
                directive: "issuers-chain-path".to_owned(),
                path: shown(&directory),
            };
            self.settings.note(fact, line);
            let reason = "the certificates in this directory are not read";
            self.settings.not_judged("issuers-chain-path", reason, line);
        }
    }
}

/// Options of a bind line that speak of protocol versions, and their values.
fn versions(arguments: &[String]) -> String {
    let mut found: Vec<&str> = Vec::new();
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "ssl-min-ver" | "ssl-max-ver" => {
                found.push(word);
                found.extend(rest.next().map(String::as_str));
            }
            "no-sslv3" | "no-tlsv10" | "no-tlsv11" | "no-tlsv12" | "no-tlsv13" | "force-sslv3"
            | "force-tlsv10" | "force-tlsv11" | "force-tlsv12" | "force-tlsv13" => found.push(word),
            _ => {}
        }
    }
    found.join(" ")
}

fn bind(
    arguments: &[String],
    number: usize,
    section: &str,
    global: &Global,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let at = Some(Lines::new(number, number));
    let Some((address, options)) = arguments.split_first() else {
        return;
    };
    let mut scope = Scope {
        name: format!("{} bind {}", shown(section), shown(address)),
        lines: at,
        ..Scope::default()
    };
    let base = |own: &str| {
        if own.is_empty() {
            context.base.to_owned()
        } else {
            own.to_owned()
        }
    };
    let mut system_ca = false;
    let before = settings.uninterpreted;
    scope.negotiation = Negotiation {
        suites13: global.suites13.clone(),
        groups: global.groups.clone(),
        dh: global.dh.clone(),
        prefers_own_order: !global.client_order,
        not_interpreted: global.not_interpreted.clone(),
        ..Negotiation::default()
    };
    let mut rest = options.iter();
    while let Some(word) = rest.next() {
        let mut file = |setting: &'static str, base: &str| {
            let written = rest.next().map_or("", String::as_str);
            Path {
                setting,
                written: written.to_owned(),
                path: path::join(base, written),
                lines: at,
            }
        };
        match word.as_str() {
            "ssl" => scope.tls = true,
            "crt" | "crt-list" => {
                let from = base(&global.certificate_base);
                let bundles = !global.no_bundles;
                let found = if word == "crt" {
                    let file = file("crt", &from);
                    if file.written.is_empty() {
                        let message = "'crt' : missing certificate location";
                        settings.refuse_at("crt", message, TEST, number);
                        continue;
                    }
                    certificates::of(&file, bundles, number, context, settings)
                } else {
                    let list = file("crt-list", context.base);
                    certificates::listed(&list, &from, bundles, number, context, settings)
                };
                // The key is in the same file, or in FILE.key beside it.
                scope.keys.extend(found.iter().cloned());
                scope.certificates.extend(found);
            }
            "ca-file" => {
                let file = file("ca-file", &base(&global.ca_base));
                if file.written.starts_with('@') {
                    system_ca = true;
                } else {
                    scope.ca.push(file);
                }
            }
            "crl-file" => {
                let file = file("crl-file", &base(&global.ca_base));
                settings.demanded_pem(context, "crl-file", &file.path, &["X509 CRL"], number);
            }
            "verify" => {
                let value = rest.next().map_or("", String::as_str);
                scope.client_auth = verify(value, number, settings);
            }
            _ => {
                let Some(count) = table::arguments("bind", word) else {
                    outgoing::unknown(word, "bind", number, settings);
                    break;
                };
                let value = if count == 0 { None } else { rest.next() };
                if count > 0 && value.is_none() {
                    let message = format!("'{}' : missing argument", shown(word));
                    settings.refuse_at(word, &message, TEST, number);
                    break;
                }
                let value = value.map_or("", String::as_str);
                if word == "ciphers" {
                    scope.ciphers = Some(Placed {
                        value: value.to_owned(),
                        lines: at,
                    });
                } else {
                    match word.as_str() {
                        "ciphersuites" => scope.negotiation.suites13 = placed(value, number),
                        "curves" | "ecdhe" => scope.negotiation.groups = placed(value, number),
                        CLIENT_ORDER => scope.negotiation.prefers_own_order = false,
                        _ => {}
                    }
                    extras::option(word, value, number, context, settings);
                }
            }
        }
    }
    scope.without_extension = global.without_extension;
    if scope.ciphers.is_none() {
        scope.ciphers = global.ciphers.clone();
    }
    settings.check_ciphers("ciphers", &scope, TEST);
    let string = versions(options);
    if !string.is_empty() || global.options.is_some() {
        scope.protocols = Some(ProtocolSetting {
            dialect: Dialect::HaProxy,
            string,
            global: global.options.clone(),
            lines: at,
        });
    }
    scope.ports = ports(address, number, settings);
    check(&scope, number, options, system_ca, settings);
    if settings.uninterpreted > before {
        let own = &mut scope.negotiation.not_interpreted;
        *own = own.take().or_else(|| placed("bind", number));
    }
    settings.add(scope);
}

fn placed(value: &str, number: usize) -> Option<Placed<String>> {
    Some(Placed {
        value: value.to_owned(),
        lines: Some(Lines::new(number, number)),
    })
}

fn verify(value: &str, number: usize, settings: &mut Settings) -> Option<Placed<ClientAuth>> {
    let auth = match value {
        "none" => ClientAuth::None,
        "optional" => ClientAuth::Optional,
        "required" => ClientAuth::Required,
        _ => {
            let message = format!(
                "'verify' : unknown verify method '{}', only 'none', 'optional', and 'required' are supported",
                shown(value)
            );
            settings.refuse_at("verify", &message, "by `haproxy -c`", number);
            return None;
        }
    };
    Some(Placed {
        value: auth,
        lines: Some(Lines::new(number, number)),
    })
}

/// Ports of `:443`, `a:443,b:444`, `[::]:443`, `:8000-8010` (both ends).
fn ports(address: &str, number: usize, settings: &mut Settings) -> Vec<Placed<u16>> {
    let mut found = Vec::new();
    for one in address.split(',') {
        if one.starts_with(['/', '@']) || one.contains("unix@") || one.contains("abns@") {
            continue;
        }
        let port = one.rsplit(':').next().unwrap_or(one);
        for end in port.split('-') {
            match end.parse::<u16>() {
                Ok(value) if value != 0 => found.push(Placed {
                    value,
                    lines: Some(Lines::new(number, number)),
                }),
                _ => settings.note(port_fact("bind", one, Listens::Nowhere), number),
            }
        }
    }
    found
}

fn check(
    scope: &Scope,
    number: usize,
    options: &[String],
    system_ca: bool,
    settings: &mut Settings,
) {
    let lists = options.iter().any(|word| {
        matches!(
            word.as_str(),
            "crt-list" | "generate-certificates" | "strict-sni"
        )
    });
    if scope.tls && scope.certificates.is_empty() && !lists {
        let message = "no SSL certificate specified for bind (use 'crt')";
        settings.refuse_at("crt", message, "by `haproxy -c`", number);
    }
    if !scope.tls && !scope.certificates.is_empty() {
        settings.note(
            ConfigFact::TlsOff {
                setting: "bind".to_owned(),
                reason: "the line names a certificate and does not say `ssl`: it speaks in clear, \
                         and `haproxy -c` accepts it"
                    .to_owned(),
            },
            number,
        );
    }
    let asks = scope.client_auth.as_ref().map(|auth| auth.value);
    if scope.tls
        && matches!(asks, Some(ClientAuth::Optional | ClientAuth::Required))
        && scope.ca.is_empty()
        && !system_ca
    {
        let message = "verify is enabled but no CA file specified for bind";
        settings.refuse_at("ca-file", message, "by `haproxy -c`", number);
    }
}
