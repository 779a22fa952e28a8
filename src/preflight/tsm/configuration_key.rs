//! The keys of `tsm configuration set` that concern TLS, among them those of an independent
//! gateway, `gateway.tsig.…`.
//!
//! An independent gateway is Apache httpd with mod_ssl, and its keys set the directives of mod_ssl (pages
//! "Install Tableau Server with Independent Gateway" and "Configure TLS on Independent
//! Gateway"). Which directive a key sets is inferred from the words in its name: where the page
//! could not be consulted, nothing else is known about a key.

use super::TsmLine;
use super::command::{FileArgument, FileRole, Hop, ServerFiles, TsmCommand};

/// What the value of a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A protocol string of httpd.
    Protocols,
    /// A cipher string of httpd.
    Ciphers,
    /// `true` or `false`.
    Switch,
    /// The path of a file.
    File(FileRole),
}

/// What `key` sets, if that is known: the connection, and the kind of its value.
pub(super) fn meaning(key: &str) -> Option<(Hop, Value)> {
    let rest = key.strip_prefix("gateway.tsig.")?;
    let (hop, rest) = if let Some(rest) = rest.strip_prefix("hk.ssl.") {
        (Hop::Housekeeping, rest)
    } else if let Some(rest) = rest.strip_prefix("ssl.proxy.") {
        (Hop::TableauServer, rest)
    } else {
        (Hop::Clients, rest.strip_prefix("ssl.")?)
    };
    let last = rest.rsplit('.').next().unwrap_or(rest);
    let value = match last {
        "protocols" => Value::Protocols,
        "ciphersuite" | "cipher_suite" => Value::Ciphers,
        "enabled" | "ssl_only" => Value::Switch,
        _ if last.ends_with("file") || last.ends_with("file_name") => Value::File(role(rest)?),
        _ => return None,
    };
    Some((hop, value))
}

/// What a file is for, by the words of the key that names it.
fn role(key: &str) -> Option<FileRole> {
    let roles = [
        ("machinecertificate", FileRole::ProxyPair),
        ("machine_certificate", FileRole::ProxyPair),
        ("revocation", FileRole::RevocationList),
        ("chain", FileRole::Chain),
        ("cacert", FileRole::CaCertificate),
        ("ca_cert", FileRole::CaCertificate),
        ("cert", FileRole::Certificate),
        ("key", FileRole::Key),
    ];
    let found = roles.iter().find(|(word, _)| key.contains(word));
    found.map(|(_, role)| *role)
}

impl TsmCommand {
    /// Whether `tsm configuration set` gives this key a value that is judged: protocol versions
    /// and cipher suites of the gateway (help.tableau.com, "tsm configuration set
    /// Options": `ssl.protocols`, `ssl.ciphersuite`), the same for each connection of an
    /// independent gateway, and what switches TLS on there.
    pub fn is_judged_key(key: &str) -> bool {
        Self::is_protocol_key(key) || Self::is_cipher_key(key) || Self::is_switch_key(key)
    }

    /// Whether the value of this key is a protocol string.
    pub fn is_protocol_key(key: &str) -> bool {
        key == "ssl.protocols" || matches!(meaning(key), Some((_, Value::Protocols)))
    }

    /// Whether the value of this key is a cipher string.
    pub fn is_cipher_key(key: &str) -> bool {
        key == "ssl.ciphersuite" || matches!(meaning(key), Some((_, Value::Ciphers)))
    }

    /// Whether the value of this key is `true` or `false`.
    pub fn is_switch_key(key: &str) -> bool {
        matches!(meaning(key), Some((_, Value::Switch)))
    }
}

/// What the command does if its key names a file of an independent gateway.
pub(super) fn command(key: &str, path: &str, word: usize) -> Option<TsmCommand> {
    let (hop, Value::File(role)) = meaning(key)? else {
        return None;
    };
    let file = FileArgument {
        role,
        path: path.to_owned(),
        word,
    };
    let key = key.to_owned();
    Some(
        if role == FileRole::Certificate && hop != Hop::TableauServer {
            let files = ServerFiles {
                certificate: Some(file),
                ..ServerFiles::default()
            };
            TsmCommand::GatewayCertificate { hop, key, files }
        } else {
            TsmCommand::GatewayFile { hop, key, file }
        },
    )
}

/// Puts together what the commands of one script set for one connection: a certificate with
/// its key, its chain and its protocol string, whichever comes first.
pub fn join_gateway(lines: &mut [TsmLine]) {
    for place in 0..lines.len() {
        let Some(TsmCommand::GatewayCertificate { hop, .. }) =
            lines.get(place).map(|line| &line.command)
        else {
            continue;
        };
        let hop = *hop;
        let of = |wanted| {
            let found = lines.iter().rev().find_map(|line| match &line.command {
                TsmCommand::GatewayFile {
                    hop: other, file, ..
                } if *other == hop => (file.role == wanted).then_some(file),
                _ => None,
            });
            found.cloned()
        };
        let (key, chain) = (of(FileRole::Key), of(FileRole::Chain));
        let protocols = lines.iter().rev().find_map(|line| match &line.command {
            TsmCommand::SetConfiguration {
                key: Some(key),
                value: Some(value),
            } if meaning(&key.value) == Some((hop, Value::Protocols)) => Some(value.clone()),
            _ => None,
        });
        if let Some(TsmCommand::GatewayCertificate { files, .. }) =
            lines.get_mut(place).map(|line| &mut line.command)
        {
            (files.key, files.chain, files.protocols) = (key, chain, protocols);
        }
    }
    // What switches TLS on is judged with the files that the script sets for that connection.
    let judged: Vec<Hop> = lines
        .iter()
        .filter_map(|line| match &line.command {
            TsmCommand::GatewayCertificate { hop, files, .. } if files.key.is_some() => Some(*hop),
            _ => None,
        })
        .collect();
    for line in lines {
        if let TsmCommand::SetConfiguration { key: Some(key), .. } = &line.command
            && let Some((hop, Value::Switch)) = meaning(&key.value)
            && judged.contains(&hop)
        {
            line.command = TsmCommand::NothingToCheck;
        }
    }
}
