//! haproxy.cfg: `bind` lines and what `global` says of TLS.
//! Measured: HAProxy 2.6.12.

use super::{
    ClientAuth, Context, Listens, Path, Placed, ProtocolSetting, Scope, Settings, lossy, path,
    port_fact, shown,
};
use crate::finding::ConfigFact;
use crate::protocol::Dialect;
use crate::source::Lines;

mod words;

/// What `global` hands to every `bind`.
#[derive(Default)]
struct Global {
    certificate_base: String,
    ca_base: String,
    /// The words of `ssl-default-bind-options` that speak of versions.
    options: Option<String>,
    issuers: Option<(String, usize)>,
}

pub(super) fn read(bytes: &[u8], context: &Context<'_>, settings: &mut Settings) {
    let text = lossy(bytes);
    let mut global = Global::default();
    let mut section = String::new();
    let variable = |name: &str| context.variable(name);
    for (index, line) in text.split('\n').enumerate() {
        let number = index + 1;
        let words = match words::split(line, &variable) {
            Ok(words) => words,
            Err(message) => {
                settings.refuse_at("", message, "by `haproxy -c`", number);
                continue;
            }
        };
        let Some((keyword, arguments)) = words.split_first() else {
            continue;
        };
        let first = arguments.first().map_or("", String::as_str);
        match keyword.as_str() {
            "global" | "defaults" | "frontend" | "listen" | "backend" | "peers" | "resolvers"
            | "userlist" | "program" | "cache" | "mailers" | "http-errors" | "ring"
            | "fcgi-app" | "log-forward" | "crt-store" | "traces" => {
                section = match first {
                    "" => keyword.clone(),
                    name => format!("{keyword} {name}"),
                };
            }
            "bind" if !section.starts_with("global") && !section.is_empty() => {
                bind(arguments, number, &section, &global, context, settings);
            }
            "crt-base" => global.certificate_base = path::join(context.base, first),
            "ca-base" => global.ca_base = path::join(context.base, first),
            "issuers-chain-path" => global.issuers = Some((first.to_owned(), number)),
            "ssl-default-bind-options" => global.options = Some(versions(arguments)),
            _ => {}
        }
    }
    if let Some((directory, line)) = global.issuers {
        let fact = ConfigFact::IncludeNotRead {
            directive: "issuers-chain-path".to_owned(),
            path: shown(&directory),
        };
        settings.note(fact, line);
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
            "crt" => {
                let file = file("crt", &base(&global.certificate_base));
                if file.written.is_empty() {
                    let message = "'crt' : missing certificate location";
                    settings.refuse_at("crt", message, "by `haproxy -c`", number);
                    continue;
                }
                // The key stands in the same file, or in FILE.key beside it.
                scope.keys.push(file.clone());
                scope.certificates.push(file);
            }
            "ca-file" => scope.ca.push(file("ca-file", &base(&global.ca_base))),
            "crt-list" => {
                let list = file("crt-list", "");
                let fact = ConfigFact::IncludeNotRead {
                    directive: "crt-list".to_owned(),
                    path: shown(&list.written),
                };
                settings.note(fact, number);
            }
            "verify" => {
                let value = rest.next().map_or("", String::as_str);
                scope.client_auth = verify(value, number, settings);
            }
            _ => {}
        }
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
    scope.ports = ports(address, number, settings);
    check(&scope, number, options, settings);
    settings.add(scope);
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

fn check(scope: &Scope, number: usize, options: &[String], settings: &mut Settings) {
    let lists = options
        .iter()
        .any(|word| word == "crt-list" || word == "generate-certificates");
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
    {
        let message = "verify is enabled but no CA file specified for bind";
        settings.refuse_at("ca-file", message, "by `haproxy -c`", number);
    }
}
