//! The addresses of pg_hba.conf, as `getaddrinfo` reads them.

use crate::server::settings::shown;
use std::net::IpAddr;

/// `getaddrinfo` with AI_NUMERICHOST: also IPv4 of fewer parts, octal and hexadecimal.
pub(super) fn ip(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    // A zone: `fe80::1%eth0`.
    if let Some((address, zone)) = text.split_once('%') {
        let v6 = address.parse::<std::net::Ipv6Addr>().ok()?;
        return (!zone.is_empty()).then_some(IpAddr::V6(v6));
    }
    let parts: Vec<&str> = text.split('.').collect();
    let (last, front) = parts.split_last()?;
    if front.len() > 3 {
        return None;
    }
    let number = |part: &str| -> Option<u32> {
        let hex = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X"));
        match hex {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None if part.starts_with(['+', '-']) => None,
            None if part.len() > 1 && part.starts_with('0') => u32::from_str_radix(part, 8).ok(),
            None => part.parse().ok(),
        }
    };
    let mut value = 0u64;
    for part in front {
        value = value << 8 | u64::from(number(part).filter(|number| *number < 256)?);
    }
    // `inet_aton`: the last part fills the bytes that the others leave, so 10.1 is 10.0.0.1.
    let bits = 8 * (4 - front.len());
    let last = u64::from(number(last)?);
    if last >> bits != 0 {
        return None;
    }
    Some(IpAddr::V4(u32::try_from(value << bits | last).ok()?.into()))
}

/// The address that requires a separate mask after it.
pub(super) fn with_mask(text: &str) -> Result<Option<IpAddr>, String> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let Some(own) = ip(address) else {
        return match bits {
            // A host name, with any characters.
            None => Ok(None),
            Some(_) => Err(format!(
                "specifying both host name and CIDR mask is invalid: \"{}\"",
                shown(text)
            )),
        };
    };
    // A bare address has its mask in the next field, which the caller reads.
    let Some(bits) = bits else {
        return Ok(Some(own));
    };
    let most = if own.is_ipv4() { 32 } else { 128 };
    // `strtol`: blanks and a sign are accepted.
    let number = bits.trim_start().parse::<i64>().ok();
    if number.is_some_and(|number| (0..=most).contains(&number)) {
        Ok(None)
    } else {
        Err(format!("invalid CIDR mask in address \"{}\"", shown(text)))
    }
}
