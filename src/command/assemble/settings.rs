//! The lines of settings, or the commands, that name the new files.

use super::files::{NewFile, Role, Wanted};
use crate::finding::quote;

/// Why the settings of this server cannot name such a directory.
///
/// ```
/// use certcheck::command::assemble::{Wanted, refused_in_path};
/// let nginx = Wanted::named("nginx").unwrap();
/// assert!(refused_in_path(nginx, "/etc/tls of 2026").is_none());
/// assert!(refused_in_path(nginx, "/etc/$HOME").is_some());
/// ```
pub fn refused_in_path(wanted: Wanted, directory: &str) -> Option<&'static str> {
    if directory.chars().any(char::is_control) || directory.contains(char::REPLACEMENT_CHARACTER) {
        return Some("settings cannot name a directory with such characters");
    }
    match wanted.name() {
        // Neither server can quote these characters.
        "nginx" if directory.contains('$') => {
            Some("nginx would take the `$` in this path for a variable")
        }
        "apache" if directory.contains("${") => {
            Some("Apache httpd would take the `${` in this path for a variable")
        }
        _ => None,
    }
}

/// A path as written in a server's settings.
fn written(wanted: Wanted, path: &str) -> String {
    let escaped = |special: &str| {
        let mut text = String::new();
        for letter in path.chars() {
            if special.contains(letter) {
                text.push('\\');
            }
            text.push(letter);
        }
        text
    };
    match wanted.name() {
        "apache" | "nginx" => format!("\"{}\"", escaped("\"\\")),
        "haproxy" => escaped(" #\"'\\"),
        "postgres" => format!("'{}'", path.replace('\\', "\\\\").replace('\'', "''")),
        // Python's configparser reads one as the start of a reference.
        "tabpy" => path.replace('%', "%%"),
        "tableau" => quote(path),
        _ => path.to_owned(),
    }
}

/// What to write in the server's settings, or to type.
pub(super) fn lines(
    wanted: Wanted,
    files: &[NewFile],
    directory: &str,
    is_closed: bool,
) -> Vec<String> {
    let path = |role: Role| {
        let file = files.iter().find(|file| file.role == role)?;
        let directory = directory.trim_end_matches('/');
        Some(written(wanted, &format!("{directory}/{}", file.name)))
    };
    let certificate = path(Role::Certificate).unwrap_or_default();
    let key = path(Role::Key).unwrap_or_default();
    let chain = path(Role::Chain);
    let is_jks = files.iter().any(|file| file.name == "keystore.jks");
    let store = if is_jks { "JKS" } else { "PKCS12" };
    match wanted.name() {
        "tableau" => {
            let chain = chain.map_or_else(String::new, |chain| format!(" --chain-file {chain}"));
            let passphrase = if is_closed {
                " --passphrase PASSPHRASE"
            } else {
                ""
            };
            let command = format!(
                "tsm security external-ssl enable --cert-file {certificate} --key-file {key}{chain}{passphrase}"
            );
            vec![command, "tsm pending-changes apply".to_owned()]
        }
        "apache" => {
            let mut lines = vec![
                format!("SSLCertificateFile {certificate}"),
                format!("SSLCertificateKeyFile {key}"),
            ];
            lines.extend(chain.map(|chain| format!("SSLCertificateChainFile {chain}")));
            lines
        }
        "nginx" => vec![
            format!("ssl_certificate {certificate};"),
            format!("ssl_certificate_key {key};"),
        ],
        "haproxy" => vec![format!("bind :443 ssl crt {certificate}")],
        "postgres" => vec![
            "ssl = on".to_owned(),
            format!("ssl_cert_file = {certificate}"),
            format!("ssl_key_file = {key}"),
        ],
        "tabpy" => vec![
            "TABPY_TRANSFER_PROTOCOL = https".to_owned(),
            format!("TABPY_CERTIFICATE_FILE = {certificate}"),
            format!("TABPY_KEY_FILE = {key}"),
        ],
        "rserve" => {
            let mut lines = vec![format!("tls.key {key}"), format!("tls.cert {certificate}")];
            let authorities = path(Role::Authorities);
            lines.extend(authorities.map(|file| format!("tls.ca {file}")));
            lines
        }
        _ => vec![
            format!("-Djavax.net.ssl.keyStore={}", quote(&certificate)),
            format!("-Djavax.net.ssl.keyStoreType={store}"),
        ],
    }
}
