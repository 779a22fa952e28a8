//! `server` lines: what HAProxy loads to speak TLS to others. It does not start
//! where that fails, either.

use super::super::openssl::{Tls13, refuses_ciphers, tls13_suites};
use super::super::{Context, Settings, path, shown};
use super::{Global, table};

const TEST: &str = "by `haproxy -c`";

/// The words behind name and address of `server`, or behind `default-server`.
pub(super) fn line(
    keyword: &str,
    words: &[String],
    global: &Global,
    number: usize,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let mut rest = words.iter();
    let (mut tls, mut verifies, mut trusted) = (false, true, false);
    while let Some(word) = rest.next() {
        let Some(count) = table::arguments("server", word) else {
            unknown(word, keyword, number, settings);
            return;
        };
        let value = if count == 0 { None } else { rest.next() };
        if count > 0 && value.is_none() {
            let message = format!("'{}' expects an argument", shown(word));
            settings.refuse_at(keyword, &message, TEST, number);
            return;
        }
        let value = value.map_or("", String::as_str);
        let from = |base: &str| {
            let base = if base.is_empty() { context.base } else { base };
            path::join(base, value)
        };
        match word.as_str() {
            // It may take `usesrc` and more behind it.
            "source" => return,
            "ssl" => tls = true,
            "verify" => match value {
                "none" => verifies = false,
                "required" => {}
                _ => {
                    let message = format!("'verify' : unknown verify method '{}'", shown(value));
                    settings.refuse_at(keyword, &message, TEST, number);
                }
            },
            "ca-file" => {
                trusted = true;
                if !value.starts_with('@') {
                    let labels = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"];
                    settings.demanded_pem(
                        context,
                        "ca-file",
                        &from(&global.ca_base),
                        &labels,
                        number,
                    );
                }
            }
            "crl-file" => {
                let file = from(&global.ca_base);
                settings.demanded_pem(context, "crl-file", &file, &["X509 CRL"], number);
            }
            "crt" => {
                let file = from(&global.certificate_base);
                if settings.demanded(context, "crt", &file, number).is_some() {
                    let reason = "the certificate for other servers is not judged";
                    settings.not_judged("crt", reason, number);
                }
            }
            "ciphers" if refuses_ciphers(value) => {
                let message = format!("unable to set SSL cipher list to '{}'", shown(value));
                settings.refuse_at("ciphers", &message, TEST, number);
            }
            "ciphersuites" if tls13_suites(value) != Tls13::Good => {
                let reason = "these suites for other servers are not judged";
                settings.not_judged("ciphersuites", reason, number);
            }
            _ => {}
        }
    }
    if keyword == "server" && tls && verifies && !trusted && !global.servers_vary {
        let message = "verify is enabled by default but no CA file specified";
        settings.refuse_at("server", message, TEST, number);
    }
}

/// A word that HAProxy 2.6 does not know.
pub(super) fn unknown(word: &str, place: &str, number: usize, settings: &mut Settings) {
    // A file that is none of HAProxy's has millions of them.
    if settings.is_full() {
        return;
    }
    let mut message = format!("unknown keyword '{}' in '{}'", shown(word), shown(place));
    if let Some(version) = table::of_other_versions(word) {
        message = format!("{message} in HAProxy 2.6: {version}");
    }
    settings.refuse_at(word, &message, TEST, number);
}
