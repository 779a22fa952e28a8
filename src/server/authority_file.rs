//! Files of CA certificates and of revocation lists: which OpenSSL function reads each directive's
//! file on each server, what it accepts, how far a server gets with a refused file, and its
//! message.
//!
//! `testdata/servers/authority_files.tsv` records what the servers did with seventy kinds of files,
//! for every directive (`tests/authority_files/measure.py`); the tests compare this table with it.

use super::proxy_pairs::{Pairs, pairs};
use super::startup::StartOutcome;
use crate::encoding::loader::Authorities;
use crate::key_loading::key_of;
use crate::model::KeyForm;

/// How a file is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// `X509_load_cert_crl_file`: at least one certificate, trusted certificate or list in PEM, and
    /// none that is damaged.
    Store,
    /// `SSL_load_client_CA_file`: at least one PEM certificate that is not a trusted one.
    Names,
    /// httpd's certificates and keys for other servers (`SSL_X509_INFO_load_file`).
    Pairs,
    /// Read, but nothing depends on it (`SSLProxyMachineCertificateChainFile`).
    Heedless,
}

/// One reader of a directive's file, and what the server says if it refuses the file; `%` is
/// the file's name.
struct Row {
    server: &'static str,
    /// The directive; for nginx, the part after `ssl_`, `proxy_ssl_` and the like.
    directive: &'static str,
    reader: Reader,
    says: &'static str,
}

const fn row(
    server: &'static str,
    directive: &'static str,
    reader: Reader,
    says: &'static str,
) -> Row {
    Row {
        server,
        directive,
        reader,
        says,
    }
}

/// In the order in which each server reads (nginx 1.22.1 `ngx_ssl_client_certificate`,
/// `ngx_ssl_trusted_certificate`, `ngx_ssl_crl`; HAProxy 2.6.12
/// `ssl_store_load_locations_file`; httpd 2.4.71 `ssl_init_ctx_verify`,
/// `ssl_init_ctx_crl`, `ssl_init_proxy_certs`; PostgreSQL 15.18 `be_tls_init`).
const ROWS: &[Row] = &[
    row(
        "nginx",
        "client_certificate",
        Reader::Store,
        "SSL_CTX_load_verify_locations(\"%\") failed",
    ),
    row(
        "nginx",
        "client_certificate",
        Reader::Names,
        "SSL_load_client_CA_file(\"%\") failed",
    ),
    row(
        "nginx",
        "trusted_certificate",
        Reader::Store,
        "SSL_CTX_load_verify_locations(\"%\") failed",
    ),
    row(
        "nginx",
        "crl",
        Reader::Store,
        "X509_LOOKUP_load_file(\"%\") failed",
    ),
    row(
        "haproxy",
        "ca-file",
        Reader::Store,
        "Couldn't open the ca-file '%'",
    ),
    row(
        "haproxy",
        "httpclient.ssl.ca-file",
        Reader::Store,
        "Couldn't open the ca-file '%'",
    ),
    row(
        "haproxy",
        "ca-verify-file",
        Reader::Store,
        "Couldn't open the ca-file '%'",
    ),
    row(
        "haproxy",
        "crl-file",
        Reader::Store,
        "Couldn't open the ca-file '%'",
    ),
    row(
        "apache",
        "SSLCACertificateFile",
        Reader::Store,
        "AH01895: Unable to configure verify locations for client authentication",
    ),
    row(
        "apache",
        "SSLCACertificateFile",
        Reader::Names,
        "AH01896: Unable to determine list of acceptable CA certificates for client authentication",
    ),
    row(
        "apache",
        "SSLCADNRequestFile",
        Reader::Names,
        "AH01896: Unable to determine list of acceptable CA certificates for client authentication",
    ),
    row(
        "apache",
        "SSLCARevocationFile",
        Reader::Store,
        "AH01901: Host …: unable to configure X.509 CRL storage for certificate revocation",
    ),
    row(
        "apache",
        "SSLProxyCACertificateFile",
        Reader::Store,
        "AH01895: Unable to configure verify locations for client authentication",
    ),
    row(
        "apache",
        "SSLProxyCACertificateFile",
        Reader::Names,
        "AH01896: Unable to determine list of acceptable CA certificates for client authentication",
    ),
    row(
        "apache",
        "SSLProxyCARevocationFile",
        Reader::Store,
        "AH01901: Host …: unable to configure X.509 CRL storage for certificate revocation",
    ),
    row(
        "apache",
        "SSLProxyMachineCertificateFile",
        Reader::Pairs,
        "",
    ),
    row(
        "apache",
        "SSLProxyMachineCertificateChainFile",
        Reader::Heedless,
        "",
    ),
    row(
        "postgres",
        "ssl_ca_file",
        Reader::Store,
        "could not load root certificate file \"%\"",
    ),
    row(
        "postgres",
        "ssl_ca_file",
        Reader::Names,
        "could not load root certificate file \"%\"",
    ),
    row(
        "postgres",
        "ssl_crl_file",
        Reader::Store,
        "could not load SSL certificate revocation list file \"%\"",
    ),
];

/// Where httpd may continue after a section without content. Such a section sets no error itself:
/// OpenSSL uses its thread's last error. If the same host has just loaded its own certificates,
/// that is the end of a file, which does not count as an error (measured: httpd 2.4.71 then starts,
/// but not in a host without `SSLEngine on`).
const BY_CHANCE: &[&str] = &["SSLProxyCACertificateFile", "SSLProxyCARevocationFile"];
const CHANCE: &str =
    "whether httpd refuses an empty PEM section in it depends on what it loaded before";

/// OpenSSL's last message when a section is damaged.
const DAMAGED: &str = "PEM lib";

/// How a server reads a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The server starts with the file.
    Taken {
        /// Whether the file contains a revocation list.
        lists: bool,
    },
    /// The server refuses the file: where, and with which message.
    Refused(StartOutcome, String),
    /// Unknown.
    Unsure(&'static str),
}

/// The directive for a file of CA certificates that was given without settings.
pub(crate) fn usual_directive(server: &str) -> Option<&'static str> {
    match server {
        "nginx" => Some("ssl_client_certificate"),
        "haproxy" => Some("ca-file"),
        "apache" => Some("SSLCACertificateFile"),
        "postgres" => Some("ssl_ca_file"),
        _ => None,
    }
}

/// How `server` reads a file that `directive` names; `None` if it is not such a directive, or if it
/// is unknown how the server reads it.
pub(crate) fn read(server: &str, directive: &str, path: &str, bytes: &[u8]) -> Option<Reading> {
    let own = |row: &&Row| row.is(server, directive);
    let own_reader = ROWS.iter().find(own)?.reader;
    // httpd checks the file's size while it reads the configuration, before OpenSSL opens it.
    if server == "apache" && bytes.is_empty() {
        let message = format!("{directive}: file '{path}' does not exist or is empty");
        return Some(Reading::Refused(StartOutcome::ConfigTestFails, message));
    }
    let found = Authorities::of(bytes);
    if own_reader == Reader::Pairs {
        return Some(read_pairs(&[bytes]));
    }
    let kept = found.certificates + found.lists > 0;
    if found.empty_section && kept && BY_CHANCE.contains(&directive) {
        return Some(Reading::Unsure(CHANCE));
    }
    // A directive may be read by two functions in turn, and the first that refuses ends the start.
    for row in ROWS.iter().filter(own) {
        match row.reader.judge(&found) {
            Judged::Taken => {}
            Judged::Unsure(reason) => return Some(Reading::Unsure(reason)),
            Judged::Refused(reason) => return Some(row.refusal(path, reason)),
        }
    }
    let lists = found.lists > 0;
    Some(Reading::Taken { lists })
}

/// How httpd judges the certificates and keys for other servers in these files.
pub(crate) fn read_pairs(files: &[&[u8]]) -> Reading {
    match pairs(files) {
        Pairs::Taken => Reading::Taken { lists: false },
        Pairs::Refused(message) => Reading::Refused(StartOutcome::StartFails, message.to_owned()),
        Pairs::Unsure(reason) => Reading::Unsure(reason),
    }
}

/// Whether `SSL_load_client_CA_file` finds a CA's name in such a file: in a directory, httpd needs
/// at least one file with a name (`ssl_init_FindCAList`).
pub(crate) fn has_names(bytes: &[u8]) -> bool {
    Authorities::of(bytes).names > 0
}

/// How `server` reads a directory where `directive` wants a file: OpenSSL finds nothing in it,
/// httpd checks beforehand, HAProxy reads the files in it.
pub(crate) fn read_directory(server: &str, directive: &str, path: &str) -> Option<Reading> {
    if server == "haproxy" {
        return None;
    }
    // `fopen` opens a directory and `fgets` reads nothing: OpenSSL finds nothing in it.
    read(server, directive, path, b"")
}

/// How one reader judges the file.
enum Judged {
    Taken,
    Refused(&'static str),
    Unsure(&'static str),
}

impl Reader {
    fn judge(self, found: &Authorities) -> Judged {
        match self {
            Self::Heedless | Self::Pairs => Judged::Taken,
            Self::Names if found.names == 0 => Judged::Refused("no start line"),
            Self::Names => Judged::Taken,
            Self::Store if found.refused => Judged::Refused(DAMAGED),
            // Only after every key could be read does OpenSSL count what it found.
            Self::Store => match keys(found) {
                Judged::Taken if found.certificates + found.lists == 0 => {
                    Judged::Refused("no certificate or crl found")
                }
                other => other,
            },
        }
    }
}

/// One unreadable private key makes the server refuse the whole file.
fn keys(found: &Authorities) -> Judged {
    let mut unsure = false;
    for key in &found.keys {
        match KeyForm::sniff(key) {
            None => return Judged::Refused("unsupported"),
            Some(_) => unsure |= key_of(key).is_none(),
        }
    }
    if unsure {
        return Judged::Unsure(
            "certcheck did not judge whether OpenSSL reads the private key in it",
        );
    }
    Judged::Taken
}

impl Row {
    fn is(&self, server: &str, directive: &str) -> bool {
        let name = match self.server {
            "nginx" => directive.split_once("ssl_").map_or("", |(_, name)| name),
            _ => directive,
        };
        self.server == server && self.directive == name
    }

    fn refusal(&self, path: &str, reason: &str) -> Reading {
        let mut message = self.says.replace('%', path);
        // What the PEM reader says about a damaged section varies: `bad end line` and more.
        let own = if reason == DAMAGED { "…" } else { reason };
        match self.server {
            "haproxy" => message.push_str(&format!(" ({own})")),
            "postgres" => message.push_str(&format!(": {own}")),
            _ if reason.is_empty() => {}
            _ => message.push_str(&format!("…{reason}")),
        }
        // nginx and HAProxy load these files in their configuration test as well. httpd and
        // PostgreSQL do so when they start.
        let outcome = match self.server {
            "nginx" | "haproxy" => StartOutcome::ConfigTestFails,
            _ => StartOutcome::StartFails,
        };
        Reading::Refused(outcome, message)
    }
}

#[cfg(test)]
mod tests {
    use super::{Reading, StartOutcome, read, read_directory};
    use std::path::Path;

    /// What is undecided: httpd crashed, or the result depends on more than the file.
    const OPEN: &[&str] = &[
        "SSLProxyCACertificateFile certificate-empty-section.pem",
        "SSLProxyCARevocationFile certificate-empty-section.pem",
        "SSLProxyMachineCertificateFile certificate-crl-damaged.pem",
        "SSLProxyMachineCertificateFile certificate-broken-pkcs1.pem",
        "SSLProxyMachineCertificateFile certificate-broken-key.pem",
        "SSLProxyMachineCertificateFile certificate-truncated.pem",
        "SSLProxyMachineCertificateFile certificate-damaged.pem",
        "SSLProxyMachineCertificateFile certificate-broken-base64.pem",
        "SSLProxyMachineCertificateFile certificate-other-end.pem",
        "SSLProxyMachineCertificateFile certificate-empty-section.pem",
    ];

    #[test]
    fn files_are_read_as_the_servers_read_them() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/servers");
        let table = std::fs::read_to_string(directory.join("authority_files.tsv")).unwrap();
        let (mut compared, mut open, mut wrong) = (0, Vec::new(), Vec::new());
        for line in table.lines().skip(1) {
            let cells: Vec<_> = line.split('\t').collect();
            let [server, setting, file, measured, ..] = cells.as_slice() else {
                panic!("{line}")
            };
            let directive = setting.rsplit(' ').next().unwrap();
            let found = if *file == "directory" {
                let Some(found) = read_directory(server, directive, file) else {
                    continue;
                };
                found
            } else {
                let bytes = std::fs::read(directory.join("authority_files").join(file)).unwrap();
                read(server, directive, file, &bytes).unwrap()
            };
            let predicted = match &found {
                Reading::Taken { .. } => "starts",
                Reading::Refused(StartOutcome::ConfigTestFails, _) => "config-test",
                Reading::Refused(..) => "start",
                Reading::Unsure(_) => {
                    open.push(format!("{directive} {file}"));
                    continue;
                }
            };
            compared += 1;
            if predicted != *measured {
                wrong.push(format!("{predicted} {line}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(compared > 1_250, "{compared}");
        let named: Vec<_> = open.iter().map(String::as_str).collect();
        assert_eq!(named, OPEN);
    }
}
