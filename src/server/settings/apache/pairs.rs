//! Which certificates and keys belong to a virtual host, and which file completes its chain.

use super::super::{ClientAuth, NamedPath, Scope, Settings};
use super::Host;

/// The n-th file of the virtual host replaces the main server's n-th.
pub(super) fn replaced_in_order(own: &[NamedPath], outer: &[NamedPath]) -> Vec<NamedPath> {
    let rest = outer.get(own.len()..).unwrap_or_default();
    own.iter().chain(rest).cloned().collect()
}

/// An additional key file, without a certificate, must exist but is never loaded
/// (`ssl_init_server_certs`; measured: 2.4.71).
pub(super) fn more_keys(scope: &mut Scope, host: &Host, settings: &mut Settings) {
    if scope.certificates.is_empty() {
        return;
    }
    scope.keys.truncate(scope.certificates.len());
    let reason =
        "httpd loads one key for each SSLCertificateFile, and this one is behind the last of them";
    for key in host.keys.iter().skip(scope.certificates.len()) {
        let line = key.lines.map_or(1, |lines| lines.first);
        settings.ignored(key.setting, &key.written, reason, line);
    }
}

/// `SSLOpenSSLConfCmd ChainCAFile`: OpenSSL completes the chain from it, and no longer from the
/// CAs for clients (`ssl_add_cert_chain`; measured: 2.4.71).
pub(super) fn chain_store(scope: &mut Scope, host: &Host, outer: &Host, settings: &mut Settings) {
    let Some(store) = host.chain_store.as_ref().or(outer.chain_store.as_ref()) else {
        return;
    };
    let asks = scope.client_auth.as_ref();
    let asks = asks.is_some_and(|auth| auth.value != ClientAuth::None);
    if asks || !scope.ca.is_empty() || scope.ca_elsewhere {
        let line = store.lines.map_or(1, |lines| lines.first);
        let reason = "certcheck does not judge what OpenSSL's `ChainCAFile` changes";
        settings.not_judged("SSLOpenSSLConfCmd", reason, line);
        return;
    }
    scope.ca = vec![store.clone()];
}

/// `SSLOpenSSLConfCmd Certificate` replaces a missing `SSLCertificateFile` (measured: 2.4.71); the
/// two together are not judged.
pub(super) fn by_command(scope: &mut Scope, host: &Host, outer: &Host, settings: &mut Settings) {
    let either = |own: &[NamedPath], outer: &[NamedPath]| {
        if own.is_empty() {
            outer.to_vec()
        } else {
            own.to_vec()
        }
    };
    let certificates = either(&host.command_certificates, &outer.command_certificates);
    let keys = either(&host.command_keys, &outer.command_keys);
    let Some(first) = certificates.first().or(keys.first()) else {
        return;
    };
    if scope.certificates.is_empty() && scope.keys.is_empty() && certificates.len() == 1 {
        scope.certificates = certificates;
        scope.keys = keys;
        return;
    }
    let line = first.lines.map_or(1, |lines| lines.first);
    let reason =
        "certcheck does not judge a certificate from an OpenSSL command next to another one";
    settings.not_judged("SSLOpenSSLConfCmd", reason, line);
}
