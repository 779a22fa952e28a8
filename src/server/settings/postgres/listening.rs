//! Where PostgreSQL listens: `listen_addresses` and `port`.

use super::super::{Listens, Placed, Settings, port_fact, shown};
use super::{Setting, lines};
use crate::rule;
use std::net::IpAddr;

/// The most addresses that are listed.
const MOST_BOUND: usize = 64;

/// Where it listens: `*` is all addresses, IPv4 and IPv6.
pub(super) fn bound(setting: Option<&Setting>, port: u16) -> Vec<String> {
    let value = setting.map_or("localhost", |setting| setting.value.as_str());
    let names = value.split(',').take(MOST_BOUND);
    let names = names.map(|name| name.trim().trim_matches('"'));
    let address = |name: &str| match name.parse::<IpAddr>() {
        Ok(IpAddr::V6(_)) => format!("[{name}]:{port}"),
        _ => format!("{}:{port}", shown(name)),
    };
    names.filter(|name| !name.is_empty()).map(address).collect()
}

/// Whether clients on other machines reach it.
pub(super) fn is_reachable(setting: Option<&Setting>) -> bool {
    let value = setting.map_or("localhost", |setting| setting.value.as_str());
    value.split(',').any(|name| {
        let name = name.trim().trim_matches('"');
        let address = name.parse::<IpAddr>();
        name == "*" || address.is_ok_and(|address| !address.is_loopback())
    })
}

/// Whether it listens for TCP: over its socket there is no TLS. A name without an address prevents
/// the start if no other is left (`PostmasterMain`; measured: 15.18).
pub(super) fn listens(setting: Option<&Setting>, settings: &mut Settings) -> bool {
    let Some(setting) = setting else { return true };
    let at = setting.line.max(1);
    if setting.value.trim().is_empty() {
        let fact = rule::config::TlsOff {
            setting: setting.name.clone(),
            reason: "it is empty: PostgreSQL listens on no TCP port, and over its socket there is \
                     no TLS"
                .to_owned(),
        };
        settings.note(fact, at);
        return false;
    }
    let known = |name: &str| {
        let name = name.trim().trim_matches('"');
        matches!(name, "*" | "localhost") || name.parse::<IpAddr>().is_ok()
    };
    let mut names = setting.value.split(',');
    if names.clone().any(|name| name.trim().is_empty()) {
        let message = "invalid list syntax in parameter \"listen_addresses\"";
        settings.refuse(&setting.name, message, at);
    } else if let Some(name) = names.find(|name| !known(name)) {
        let reason = format!(
            "certcheck does not look up `{}`: PostgreSQL does not start if no address is found",
            shown(name.trim())
        );
        settings.not_judged(&setting.name, reason, at);
    }
    true
}

/// 1 to 65535, decimal, `0x…`, octal, or a real number that is rounded.
pub(super) fn port(setting: Option<&Setting>, settings: &mut Settings) -> Placed<u16> {
    let Some(setting) = setting else {
        return Placed {
            value: 5432,
            lines: None,
        };
    };
    let lines = lines(setting);
    let text = setting.value.trim();
    let number = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u16::from_str_radix(hex, 16).ok(),
        None if text.len() > 1 && text.starts_with('0') && !text.contains('.') => {
            u16::from_str_radix(text, 8).ok()
        }
        None => text.parse().ok().or_else(|| {
            // `5499.0` is accepted (measured).
            let (whole, fraction) = text.split_once('.')?;
            fraction
                .bytes()
                .all(|byte| byte == b'0')
                .then(|| whole.parse().ok())?
        }),
    };
    match number {
        Some(value) if value != 0 => Placed { value, lines },
        _ => {
            settings.note(
                port_fact("port", &setting.value, Listens::Nowhere),
                setting.line.max(1),
            );
            Placed { value: 0, lines }
        }
    }
}
