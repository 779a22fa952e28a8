//! The lines of settings, or the commands, that name the new files.

use super::files::{NewFile, Role, Wanted};
use crate::finding::quote;

/// What to write in the server's settings, or to type.
pub(super) fn lines(wanted: Wanted, files: &[NewFile], directory: &str) -> Vec<String> {
    let path = |role: Role| {
        let file = files.iter().find(|file| file.role == role)?;
        let directory = directory.trim_end_matches('/');
        Some(format!("{directory}/{}", file.name))
    };
    let certificate = path(Role::Certificate).unwrap_or_default();
    let key = path(Role::Key).unwrap_or_default();
    let chain = path(Role::Chain);
    match wanted.name() {
        "tableau" => {
            let chain = chain.map_or_else(String::new, |chain| {
                format!(" --chain-file {}", quote(&chain))
            });
            let command = format!(
                "tsm security external-ssl enable --cert-file {} --key-file {}{chain}",
                quote(&certificate),
                quote(&key)
            );
            vec![command, "tsm pending-changes apply".to_owned()]
        }
        "apache" => {
            let mut lines = vec![
                format!("SSLCertificateFile \"{certificate}\""),
                format!("SSLCertificateKeyFile \"{key}\""),
            ];
            lines.extend(chain.map(|chain| format!("SSLCertificateChainFile \"{chain}\"")));
            lines
        }
        "nginx" => vec![
            format!("ssl_certificate \"{certificate}\";"),
            format!("ssl_certificate_key \"{key}\";"),
        ],
        "haproxy" => vec![format!("bind :443 ssl crt {certificate}")],
        "postgres" => vec![
            "ssl = on".to_owned(),
            format!("ssl_cert_file = '{certificate}'"),
            format!("ssl_key_file = '{key}'"),
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
            format!("-Djavax.net.ssl.keyStore={certificate}"),
            "-Djavax.net.ssl.keyStoreType=PKCS12".to_owned(),
        ],
    }
}
