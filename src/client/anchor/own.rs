//! Whether clients accept a server that presents the very certificate that they trust.

use super::refuses;
use crate::Time;
use crate::client::refusal::Cause;
use crate::client::{Client, Presented, Store, Verdict, judge};
use crate::model::{Certificate, GeneralName, KeyAlgorithm, PublicKey};
use crate::server_name::ServerName;
use crate::trust_store::{Role, Unfit};

/// The clients that do not accept the server whose own certificate this is.
pub(super) fn unfit(own: &Certificate<'_>, at: Time) -> Vec<Unfit> {
    let chain = [own.clone()];
    let names: Vec<ServerName> = host(own).into_iter().collect();
    let self_signed = Role::of(own) != Role::IssuedEndEntity;
    let no_handshake = no_handshake(own);
    let mut all = Vec::new();
    for client in Client::ALL {
        let presented = Presented::of(&chain).named(&names);
        let judgement = judge(*client, &presented, &Store::of(&chain), at);
        let refusal = judgement
            .reason
            .filter(|_| judgement.verdict == Verdict::Refuses);
        let reason = refusal.and_then(|refusal| match refusal.cause {
            // Dates, and who takes an issued certificate as an anchor: the store's situation says
            // that.
            Cause::Expired | Cause::IssuerExpired | Cause::NotYetValid | Cause::NotPinned => None,
            Cause::Untrusted | Cause::NoRoot if !self_signed => None,
            // As below a CA: of Node, its build decides.
            Cause::WeakKey if client.name() == "node" => None,
            _ => Some(format!(
                "it says `{}` where a server presents this certificate",
                refusal.says.trim()
            )),
        });
        match (reason, no_handshake) {
            (Some(reason), _) => all.push(refuses(*client, reason)),
            (None, true) => all.push(Unfit {
                verdict: Verdict::Undecided,
                ..refuses(
                    *client,
                    "its keyUsage does not allow the signatures of TLS 1.2: it depends on the server and the version"
                        .to_owned(),
                )
            }),
            (None, false) => {}
        }
    }
    all
}

/// Whether it has a name of a host.
pub(super) fn names_hosts(own: &Certificate<'_>) -> bool {
    let names = own.subject_alt_names();
    let mut names = names.iter().flat_map(|names| names.iter());
    names.any(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)))
}

/// A name under which clients connect: the first one, or what stood in its place before
/// subjectAltName. None where it names no host: then names are not compared.
fn host(own: &Certificate<'_>) -> Option<ServerName> {
    let names = own.subject_alt_names();
    let mut hosts = names.iter().flat_map(|names| names.iter());
    let host = hosts.find_map(|name| match name {
        // A wildcard matches one label (RFC 6125 6.4.3).
        GeneralName::Dns(text) => text.replacen('*', "www", 1).parse().ok(),
        GeneralName::Ip(bytes) => address(bytes)?.parse().ok(),
        _ => None,
    });
    host.or_else(|| {
        let name = own.subject().common_name()?;
        name.replacen('*', "www", 1).parse().ok()
    })
}

fn address(bytes: &[u8]) -> Option<String> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(std::net::Ipv4Addr::from(four).to_string());
    }
    let sixteen = <[u8; 16]>::try_from(bytes).ok()?;
    Some(std::net::Ipv6Addr::from(sixteen).to_string())
}

/// Whether its keyUsage has no bit for a handshake of TLS 1.2 (RFC 5246 7.4.2). Clients and
/// servers of TLS 1.3 mostly ignore that.
fn no_handshake(own: &Certificate<'_>) -> bool {
    let rsa =
        PublicKey::parse(own.spki_der()).is_ok_and(|key| *key.algorithm() == KeyAlgorithm::Rsa);
    own.key_usage()
        .is_some_and(|usage| !(usage.digital_signature() || rsa && usage.key_encipherment()))
}
