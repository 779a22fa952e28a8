//! `listen`: addresses, ports and the parameters after them.

mod address;
mod conflicts;

use super::super::{Listens, Settings, port_fact, shown};
use super::TEST;
use super::zones::size_of;
use crate::server::versions::rules;
use address::Problem;
pub(super) use address::{Host, named};
pub(super) use conflicts::{Addresses, At};
use std::ops::RangeInclusive;

/// The part of nginx that a server belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Module {
    #[default]
    Http,
    Stream,
    Mail,
}

impl Module {
    /// The part that a kind of block belongs to.
    pub(super) fn of(within: &str) -> Self {
        match within.split('-').next() {
            Some("stream") => Self::Stream,
            Some("mail") => Self::Mail,
            _ => Self::Http,
        }
    }
}

/// One `listen`.
#[derive(Clone, Debug)]
pub(super) struct Listen {
    pub(super) host: Host,
    pub(super) ports: RangeInclusive<u16>,
    pub(super) ssl: bool,
    pub(super) default: bool,
    pub(super) proxy_protocol: bool,
    pub(super) http2: bool,
    pub(super) udp: bool,
    /// Whether it has an option of the socket (`lsopt.set`, `lsopt.bind`).
    pub(super) set: bool,
    pub(super) reuseport: bool,
    /// `ipv6only=off`
    pub(super) both_families: bool,
    pub(super) line: usize,
}

/// Reads one `listen`, if nginx accepts it.
pub(super) fn read(
    module: Module,
    arguments: &[String],
    line: usize,
    settings: &mut Settings,
) -> Option<Listen> {
    let (written, options) = arguments.split_first()?;
    // The ports of stream and mail do not matter here.
    let default_port = if module == Module::Http { 80 } else { 0 };
    let (host, ports) = match address::read(written, default_port) {
        Ok(read) => read,
        Err(Problem::Port) => {
            settings.note(port_fact("listen", written, Listens::Nowhere), line);
            return None;
        }
        Err(Problem::Says(says)) => {
            let message = format!(
                "{says} in \"{}\" of the \"listen\" directive",
                shown(written)
            );
            settings.refuse_at("listen", &message, TEST, line);
            return None;
        }
    };
    if let Host::Name(name) = &host {
        let reason = format!("certcheck did not look up the address of `{}`", shown(name));
        settings.not_judged("listen", reason, line);
    }
    let mut listen = Listen {
        host,
        ports,
        ssl: false,
        default: false,
        proxy_protocol: false,
        http2: false,
        udp: options.iter().any(|option| option == "udp"),
        set: false,
        reuseport: false,
        both_families: false,
        line,
    };
    // Since 1.25.0: QUIC over datagrams, whose TLS is not predicted.
    let knows_quic = settings.has_version("1.25.0");
    for option in options {
        if option == "quic" && module == Module::Http {
            settings.depends_on(rules::QUIC, line);
        }
        if option == "quic" && module == Module::Http && knows_quic {
            listen.udp = true;
            let reason = "certcheck does not predict QUIC listeners";
            settings.not_judged("listen", reason, line);
            continue;
        }
        if let Some(message) = option_of(&mut listen, module, option) {
            settings.refuse_at("listen", &message, TEST, line);
        }
    }
    Some(listen)
}

/// nginx's message about a word after the address, if it refuses it
/// (`ngx_http_core_listen`, `ngx_stream_core_listen`, `ngx_mail_core_listen` of 1.22).
fn option_of(listen: &mut Listen, module: Module, option: &str) -> Option<String> {
    let unknown = || {
        let newer = match option {
            "quic" => " in nginx 1.22: nginx 1.25.0 and newer know it",
            "multipath" => " in nginx 1.22: nginx 1.29.7 and newer know it",
            _ => "",
        };
        Some(format!("invalid parameter \"{}\"{newer}", shown(option)))
    };
    let invalid = |what: &str| Some(format!("invalid {what} \"{}\"", shown(option)));
    let http = module == Module::Http;
    // A datagram socket has neither a queue of connections nor TLS.
    let name = option.split('=').next().unwrap_or_default();
    let of_streams = [
        "backlog",
        "fastopen",
        "so_keepalive",
        "ssl",
        "proxy_protocol",
    ];
    let unlike_udp = listen.udp && of_streams.contains(&name);
    match option {
        "default_server" | "default" if http => listen.default = true,
        "http2" if http => listen.http2 = true,
        "udp" if module == Module::Stream => {}
        "ssl" => listen.ssl = true,
        "proxy_protocol" => listen.proxy_protocol = true,
        "bind" => listen.set = true,
        "deferred" if http => listen.set = true,
        "reuseport" if module != Module::Mail => {
            listen.set = true;
            listen.reuseport = true;
        }
        _ => {
            let Some((name, value)) = option.split_once('=') else {
                return unknown();
            };
            let number = |least: i64| number(value).is_some_and(|number| number >= least);
            match name {
                "backlog" if !number(1) => return invalid("backlog"),
                "fastopen" if module != Module::Mail && !number(0) => return invalid("fastopen"),
                "rcvbuf" | "sndbuf" if size_of(value).is_none() => return invalid(name),
                "ipv6only" if !matches!(value, "on" | "off") => return unknown(),
                "so_keepalive" if !keeps_alive(value) => {
                    return Some(format!("invalid so_keepalive value: \"{}\"", shown(value)));
                }
                "backlog" | "rcvbuf" | "sndbuf" | "so_keepalive" => listen.set = true,
                "fastopen" if module != Module::Mail => listen.set = true,
                "ipv6only" => {
                    listen.set = true;
                    listen.both_families = value == "off";
                }
                // Linux does not support it: nginx warns.
                "accept_filter" if http => {}
                _ => return unknown(),
            }
        }
    }
    unlike_udp
        .then(|| format!("\"listen\" directive \"{name}\" parameter is incompatible with \"udp\""))
}

/// `ngx_atoi`
fn number(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// `on`, `off`, `[idle]:[interval]:[count]` with at least one of them.
fn keeps_alive(value: &str) -> bool {
    if matches!(value, "on" | "off") {
        return true;
    }
    let mut parts = value.splitn(3, ':');
    let mut times = [0, 0];
    for time in &mut times {
        let part = parts.next().unwrap_or_default();
        if part.is_empty() {
            continue;
        }
        if !super::table::seconds(part) {
            return false;
        }
        *time = part
            .bytes()
            .filter(|byte| matches!(byte, b'1'..=b'9'))
            .count();
    }
    let count = match parts.next().unwrap_or_default() {
        "" => 0,
        text => match number(text) {
            Some(count) => count,
            None => return false,
        },
    };
    times.iter().any(|&time| time > 0) || count > 0
}

#[cfg(test)]
mod tests {
    use super::keeps_alive;

    /// Measured: nginx 1.22.1.
    #[test]
    fn keepalive() {
        for good in [
            "on", "off", "30", "30:", ":10", "::5", "30m::10", "1:2:0", "0:2:1",
        ] {
            assert!(keeps_alive(good), "{good}");
        }
        for bad in ["", "::", "x:y:z", "1:2:3:4", "ON", "500ms::", "0:0:0"] {
            assert!(!keeps_alive(bad), "{bad}");
        }
    }
}
