//! Directives that bear on TLS beside certificates, keys and versions.

use super::super::openssl::{DH_LABELS, Groups, Meaning, groups, meaning, refuses_ciphers};
use super::super::{Context, Path, Placed, Settings, path, shown};
use super::Level;
use super::token::Statement;
use crate::source::Lines;

const TEST: &str = "by `nginx -t`";

/// How many commands of OpenSSL's one block has: it knows 30.
const MOST_COMMANDS: usize = 64;

/// A directive of a `server` or what is around it; those that need no look are not here.
pub(super) fn matters(
    level: &mut Level,
    (name, arguments): (&str, &[String]),
    lines: Lines,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let line = lines.first;
    let value = arguments.first().map_or("", String::as_str);
    let file = path::join(context.base, value);
    match name {
        "ssl_ecdh_curve" if value == "auto" => {}
        "ssl_ecdh_curve" => match groups(value) {
            Groups::Good => level.groups = placed(value, lines),
            Groups::Refused(strange) => {
                let message = format!(
                    "SSL_CTX_set1_curves_list(\"{}\") failed: OpenSSL 3.0 has no group `{}`",
                    shown(value),
                    shown(&strange)
                );
                settings.refuse_at(name, &message, TEST, line);
            }
            Groups::Unusual => {
                let reason = "clients may share none of these groups with the server";
                settings.negotiated(name, reason, line);
                level.groups = placed(value, lines);
            }
        },
        "ssl_dhparam" => {
            let bits = settings.demanded_prime(context, (name, &file), &DH_LABELS, (TEST, line));
            level.dh = bits.map(|bits| {
                let file = Path {
                    setting: "ssl_dhparam",
                    written: value.to_owned(),
                    path: file,
                    lines: Some(lines),
                };
                (file, bits)
            });
        }
        "ssl_crl" => settings.demanded_pem(context, name, &file, &["X509 CRL"], line),
        "ssl_stapling_file" if settings.demanded(context, name, &file, line).is_some() => {
            settings.not_judged(name, "the OCSP response in it is not judged", line);
        }
        "ssl_session_ticket_key" => {
            let found = settings.demanded(context, name, &file, line);
            if let Some(length) = found.map(<[u8]>::len)
                && !matches!(length, 48 | 80)
            {
                let message = format!("\"{}\" must be 48 or 80 bytes", shown(&file));
                settings.refuse_at(name, &message, TEST, line);
            }
        }
        "ssl_session_cache" => {
            if let Some(strange) = arguments.iter().find(|it| !is_cache(it)) {
                let message = format!("invalid session cache \"{}\"", shown(strange));
                settings.refuse_at(name, &message, TEST, line);
            }
        }
        "ssl_conf_command" => {
            command(name, arguments, (true, line), settings);
            if let [command, value] = arguments
                && level.commands.len() < MOST_COMMANDS
            {
                level.commands.push(Placed {
                    value: (command.clone(), value.clone()),
                    lines: Some(lines),
                });
            }
        }
        "ssl_engine" => settings.not_judged(name, "OpenSSL's engines are not judged", line),
        "ssl_ocsp" if !value.eq_ignore_ascii_case("off") => {
            settings.not_judged(name, "OCSP of clients' certificates is not judged", line);
        }
        _ => {}
    }
}

fn placed(value: &str, lines: Lines) -> Option<Placed<String>> {
    Some(Placed {
        value: value.to_owned(),
        lines: Some(lines),
    })
}

/// `off`, `none`, `builtin[:n]`, `shared:name:size` (`ngx_http_ssl_session_cache`).
fn is_cache(word: &str) -> bool {
    if matches!(word, "off" | "none" | "builtin") {
        return true;
    }
    if let Some(count) = word.strip_prefix("builtin:") {
        return !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    }
    let Some((name, size)) = word
        .strip_prefix("shared:")
        .and_then(|rest| rest.split_once(':'))
    else {
        return false;
    };
    let (digits, unit) = match size.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1 << 10),
        None => match size.strip_suffix(['m', 'M']) {
            Some(digits) => (digits, 1 << 20),
            None => (size, 1),
        },
    };
    // Eight pages at least.
    let bytes = digits
        .parse::<u64>()
        .ok()
        .and_then(|it| it.checked_mul(unit));
    !name.is_empty() && bytes.is_some_and(|bytes| bytes >= 8 * 4096)
}

/// `SSL_CONF_cmd` in a server's context: which commands OpenSSL 3.0 knows, and
/// the few whose effect is known here.
fn command(name: &str, arguments: &[String], (own, line): (bool, usize), settings: &mut Settings) {
    let (Some(command), Some(value)) = (arguments.first(), arguments.get(1)) else {
        return;
    };
    match meaning(command, value) {
        Meaning::Nothing | Meaning::Negotiates { usual: true } => {}
        Meaning::Negotiates { usual: false } => {
            let reason = format!(
                "whether clients agree with `{}` is not judged",
                shown(command)
            );
            if own {
                settings.negotiated(name, &reason, line);
            } else {
                settings.not_judged(name, reason, line);
            }
        }
        Meaning::Refused(message) => {
            let message = format!(
                "SSL_CONF_cmd(\"{}\", \"{}\") failed: {message}",
                shown(command),
                shown(value)
            );
            settings.refuse_at(name, &message, TEST, line);
        }
        Meaning::Unknown => {
            let reason = format!("what OpenSSL's `{}` changes is not judged", shown(command));
            settings.not_judged(name, reason, line);
        }
    }
}

/// Whether any `…_pass` speaks TLS: only then does nginx load what is meant for it.
pub(super) fn speaks_to_upstream(statements: &[Statement]) -> bool {
    statements.iter().any(|statement| {
        let name = statement.words.first().map_or("", String::as_str);
        let target = statement.words.get(1).map_or("", String::as_str);
        match name {
            "proxy_pass" | "grpc_pass" | "uwsgi_pass" => ["https:", "grpcs:", "suwsgi:"]
                .iter()
                .any(|it| target.starts_with(it)),
            "proxy_ssl" => true,
            _ => false,
        }
    })
}

/// What nginx loads to speak TLS to other servers.
pub(super) fn upstream(
    name: &str,
    arguments: &[String],
    line: usize,
    used: bool,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let families = ["proxy_ssl_", "grpc_ssl_", "uwsgi_ssl_"];
    let Some(what) = families.iter().find_map(|it| name.strip_prefix(it)) else {
        return;
    };
    let value = arguments.first().map_or("", String::as_str);
    if !used || value.contains('$') {
        return;
    }
    let file = path::join(context.base, value);
    match what {
        "certificate" | "certificate_key"
            if settings.demanded(context, name, &file, line).is_some() =>
        {
            let reason = "the certificate for upstream servers is not judged";
            settings.not_judged(name, reason, line);
        }
        "trusted_certificate" => {
            let labels = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"];
            settings.demanded_pem(context, name, &file, &labels, line);
        }
        "crl" => settings.demanded_pem(context, name, &file, &["X509 CRL"], line),
        "password_file" => {
            let _ = settings.demanded(context, name, &file, line);
        }
        "ciphers" if refuses_ciphers(value) => {
            let message = format!(
                "SSL_CTX_set_cipher_list(\"{}\") failed: no cipher match",
                shown(value)
            );
            settings.refuse_at(name, &message, TEST, line);
        }
        "conf_command" => command(name, arguments, (false, line), settings),
        _ => {}
    }
}

/// The words behind the address of `listen` (`ngx_http_core_listen` of 1.22).
pub(super) fn listen_options(options: &[String], line: usize, settings: &mut Settings) {
    for option in options {
        let plain = matches!(
            option.as_str(),
            "default_server"
                | "default"
                | "ssl"
                | "http2"
                | "spdy"
                | "proxy_protocol"
                | "deferred"
                | "bind"
                | "reuseport"
                | "udp"
        );
        let valued = [
            "setfib=",
            "fastopen=",
            "backlog=",
            "rcvbuf=",
            "sndbuf=",
            "accept_filter=",
            "ipv6only=",
            "so_keepalive=",
        ];
        if plain || valued.iter().any(|it| option.starts_with(it)) {
            continue;
        }
        let newer = match option.as_str() {
            "quic" => " in nginx 1.22: nginx 1.25.0 and newer know it",
            "multipath" => " in nginx 1.22: nginx 1.29.7 and newer know it",
            _ => "",
        };
        let message = format!("invalid parameter \"{}\"{newer}", shown(option));
        settings.refuse_at("listen", &message, TEST, line);
    }
}

#[cfg(test)]
mod tests {
    use super::is_cache;

    #[test]
    fn session_caches() {
        for good in [
            "off",
            "none",
            "builtin",
            "builtin:1000",
            "shared:SSL:10m",
            "shared:a:32k",
        ] {
            assert!(is_cache(good), "{good}");
        }
        for bad in [
            "foo",
            "shared:SSL",
            "shared::10m",
            "shared:SSL:1k",
            "builtin:x",
            "shared:S:x",
        ] {
            assert!(!is_cache(bad), "{bad}");
        }
    }
}
