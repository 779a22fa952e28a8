//! `server_name`: what nginx refuses in it.

use super::super::{Placed, Settings, shown};
use super::Server;
use super::TEST;
use super::listen::{Addresses, Module};
use super::regex::{self, Answer};
use std::collections::BTreeMap;

/// `ngx_cacheline_size` of the machines that nginx is built for.
const LINE: usize = 64;

/// `server_names_hash_bucket_size` and `server_names_hash_max_size`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Table {
    pub(super) bucket: Option<usize>,
    pub(super) most: Option<usize>,
}

/// Variables of nginx 1.22.1 that an expression may not use as a group's name (measured,
/// one by one).
fn is_taken(name: &str) -> bool {
    include_str!("variables.txt")
        .split_ascii_whitespace()
        .any(|word| word.eq_ignore_ascii_case(name))
}

/// A name by itself (`ngx_http_core_server_name`); whether its expression captures.
pub(super) fn check(name: &str, line: usize, settings: &mut Settings) -> bool {
    let Some(pattern) = name.strip_prefix('~') else {
        if is_invalid(name) {
            let message = format!("server name \"{}\" is invalid", shown(name));
            settings.refuse_at("server_name", &message, TEST, line);
        }
        return false;
    };
    if pattern.is_empty() {
        let message = "empty regex in server name \"~\"";
        settings.refuse_at("server_name", message, TEST, line);
        return false;
    }
    match regex::compile(pattern) {
        Answer::Compiles { groups, names } => {
            if let Some(taken) = names.iter().find(|name| is_taken(name)) {
                let message = format!("the duplicate \"{taken}\" variable");
                settings.refuse_at("server_name", &message, TEST, line);
            }
            groups > 0
        }
        Answer::Refused(why) => {
            let message = format!("pcre2_compile() failed: {why} in \"{}\"", shown(pattern));
            settings.refuse_at("server_name", &message, TEST, line);
            false
        }
        Answer::Unsure => {
            let reason = format!(
                "certcheck did not judge whether PCRE compiles `{}`",
                shown(pattern)
            );
            settings.not_judged("server_name", reason, line);
            false
        }
    }
}

/// A star that is not the first label, or nothing after the first dot.
fn is_invalid(name: &str) -> bool {
    let rest = name.strip_prefix('*');
    rest.is_some_and(|rest| name.len() < 3 || !rest.starts_with('.')) || name == "."
}

/// The names of servers that share an address are hashed, and then more is refused
/// (`ngx_http_server_names`).
pub(super) fn at_addresses(
    servers: &[Server],
    addresses: &Addresses,
    table: Table,
    settings: &mut Settings,
) {
    // Each server once, with the first address that it shares.
    let mut hashed: BTreeMap<usize, String> = BTreeMap::new();
    for (module, name, at) in addresses.all() {
        let first = at.first().and_then(|first| servers.get(first));
        let captures = first.is_some_and(|server| server.level.captures);
        if module != Module::Http || (at.servers.len() < 2 && !captures) {
            continue;
        }
        for &server in &at.servers {
            let known = hashed.entry(server).or_insert_with(|| name.clone());
            if name < *known {
                known.clone_from(&name);
            }
        }
    }
    if hashed.is_empty() {
        return;
    }
    let bucket = table
        .bucket
        .map_or(LINE, |size| size.next_multiple_of(LINE));
    let whole = match (table.most, bucket) {
        (Some(0), _) => Some("you should increase server_names_hash_max_size: 0".to_owned()),
        _ if bucket > 65_536 - LINE => {
            Some(format!("too large server_names_hash_bucket_size: {bucket}"))
        }
        _ => None,
    };
    if let Some(whole) = whole {
        let message = format!("could not build server_names_hash, {whole}");
        settings.refuse_at("server_names_hash_bucket_size", &message, TEST, 1);
        return;
    }
    for (number, address) in hashed {
        let hosts = servers.get(number).map(|server| &server.level.hosts);
        for host in hosts.into_iter().flatten() {
            if let Some(message) = refused(host, &address, bucket) {
                let line = host.lines.map_or(1, |lines| lines.first);
                settings.refuse_at("server_name", &message, TEST, line);
            }
        }
    }
}

fn refused(host: &Placed<String>, address: &str, bucket: usize) -> Option<String> {
    let name = host.value.as_str();
    if name.is_empty() || name.starts_with('~') || is_invalid(name) {
        return None;
    }
    let stars = name.matches('*').count();
    let tail = name.strip_suffix(".*").filter(|rest| !rest.is_empty());
    let wild = if name.len() > 1 && name.starts_with('.') {
        name.get(1..)
    } else if name.len() > 2 && name.starts_with("*.") {
        name.get(2..)
    } else {
        tail
    };
    if stars > 1 || name.contains("..") || (stars == 1 && wild.is_none()) {
        return Some(format!(
            "invalid server name or wildcard \"{}\" on {address}",
            shown(name)
        ));
    }
    // Each label of a pattern has its own entry.
    let longest = match wild {
        Some(rest) => rest.split('.').map(str::len).max().unwrap_or(0),
        None => name.len(),
    };
    // NGX_HASH_ELT_SIZE, and a pointer at the end of the bucket.
    let element = 8 + (longest + 2).next_multiple_of(8);
    (bucket < element + 8).then(|| {
        format!(
            "could not build server_names_hash, you should increase server_names_hash_bucket_size: {bucket}"
        )
    })
}
