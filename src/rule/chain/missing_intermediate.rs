//! `chain.missing-intermediate`: the issuer of a certificate is missing from the files.

use crate::finding::{Fingerprint, Need, Remedy, Subject, beside, quote};
use crate::rule::{Rule, rule};

rule! {
    MissingIntermediate = ChainMissingIntermediate Error
    "the issuer of a certificate is missing from the files"
    page "missing_intermediate.txt"
    {
        /// The issuer's name, as the certificate gives it.
        issuer_name: String,
        /// SHA-256 of the certificate that lacks its issuer.
        issuer_of: Fingerprint,
        /// The subject of that certificate.
        subject: String,
        /// Where the issuer can be downloaded, according to the certificate (caIssuers).
        aia: Vec<String>,
        /// The key identifier that the issuer must have, in hexadecimal digits.
        authority_key_id: Option<String>,
        /// Certificates with that name that did not issue it, each with the reason.
        rejected: Vec<String>,
        /// The file that the issuer's certificate belongs in, if that is not the
        /// certificate's own file: a file that is sent instead of others.
        append_to: Option<String>,
        /// Whether it belongs before what that file has now: it issued the server's own certificate.
        before: bool,
        /// The option for the issuer's file, if appending it to a file does not
        /// help: `--chain-file`.
        give_as: Option<String>,
        /// A file that the issuer's file replaces: no certificate was read from it.
        in_place_of: Option<String>,
        /// The file that holds the issuer, if the server does not send it from there.
        held_in: Option<String>,
    }
}

impl Rule for MissingIntermediate {
    fn message(&self) -> String {
        let Self {
            issuer_name,
            subject,
            rejected,
            append_to,
            held_in,
            ..
        } = self;
        let files = match (append_to, held_in) {
            (_, Some(file)) => {
                return format!(
                    "the issuer of `{subject}` is missing: `{issuer_name}` is in {file}, from which the server does not send it"
                );
            }
            (Some(_), None) => "not in any file that the server sends",
            (None, None) => "not among the files",
        };
        let tried = if rejected.is_empty() {
            String::new()
        } else {
            format!("; tried and rejected: {}", rejected.join("; "))
        };
        format!("the issuer of `{subject}` is missing: `{issuer_name}` is {files}{tried}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let Self {
            issuer_name,
            aia,
            append_to,
            give_as,
            in_place_of,
            held_in,
            before,
            ..
        } = self;
        let place = append_to.as_deref().unwrap_or(&subject.source);
        if let Some((_, server)) = place.split_once("://") {
            let from = aia
                .first()
                .map(|url| format!(" (from {})", crate::shown::value(url)))
                .unwrap_or_default();
            return Some(
                Remedy::words(format!(
                    "have {server} send the certificate of `{issuer_name}`{from} after its own: append it to the certificate file in the settings of that server"
                ))
                .needing(Need::Certificate),
            );
        }
        if let Some(file) = held_in {
            let new = beside(place, "fixed", None);
            let remedy = Remedy::words(format!("append it to {place}")).run(format!(
                "certcheck chain {} {} --fix -o {}",
                quote(place),
                quote(file),
                quote(&new)
            ));
            return Some(remedy.then_instead(new, place));
        }
        let issuer = beside(&subject.source, "issuer", Some("crt"));
        let where_to = match (give_as, in_place_of) {
            (Some(option), _) => format!("pass it to the server ({option})"),
            (_, Some(old)) => format!("use it instead of {old}"),
            _ if *before => format!("put it before the certificates in {place}"),
            _ => format!("append it to {place}"),
        };
        let url = aia
            .iter()
            .find(|url| url.starts_with("http://") || url.starts_with("https://"));
        let remedy = match url {
            // The response may be DER, PEM or PKCS#7 (RFC 5280 section 4.2.2.1).
            Some(url) => Remedy::words(format!(
                "fetch the certificate of `{issuer_name}` and {where_to}"
            ))
            .run(format!(
                "curl -sSfL {} | certcheck convert - --to pem -o {}",
                quote(url),
                quote(&issuer)
            ))
            .needing(Need::Network),
            None => Remedy::words(format!(
                "ask the CA that issued the certificate for the certificate of `{issuer_name}`, save it as {}, and {where_to}; if it is a root that the clients have, give it as --anchors instead: then nothing is missing",
                quote(&issuer)
            ))
            .needing(Need::Certificate),
        };
        Some(match (give_as, in_place_of) {
            (Some(option), _) => remedy.then_with(issuer, option),
            (_, Some(old)) => remedy.then_instead(issuer, old),
            // The file contains only CA certificates. awk ends every line, so a
            // missing final newline does not join an END to a BEGIN.
            _ if append_to.is_some() => {
                let new = beside(place, "fixed", None);
                let (old, issuer) = (quote(place), quote(&issuer));
                let (first, second) = if *before {
                    (issuer, old)
                } else {
                    (old, issuer)
                };
                remedy
                    .run(format!(
                        "(set -C; awk 1 {first} {second} > {})",
                        quote(&new)
                    ))
                    .then_instead(new, place)
            }
            _ => {
                let new = beside(place, "fixed", None);
                remedy
                    .run(format!(
                        "certcheck chain {} {} --fix -o {}",
                        quote(place),
                        quote(&issuer),
                        quote(&new)
                    ))
                    .then_instead(new, place)
            }
        })
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5246 section 7.4.2", "RFC 8446 section 4.4.2"]
    }
}
