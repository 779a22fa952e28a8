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
        /// Where the issuer and those above it were fetched from (`--fetch`), each proven by the
        /// signature below it: an address, or a file of `--fetch-cache`.
        fetched: Vec<String>,
        /// SHA-256 of each of these certificates.
        fetched_sha256: Vec<Fingerprint>,
    }
}

impl MissingIntermediate {
    /// The issuer of that certificate is in no file; where it belongs is for the caller to add.
    pub(crate) fn of(
        (subject, issuer_of): (String, Fingerprint),
        issuer_name: String,
        authority_key_id: Option<String>,
        aia: Vec<String>,
    ) -> Self {
        Self {
            issuer_name,
            issuer_of,
            subject,
            aia,
            authority_key_id,
            rejected: Vec::new(),
            append_to: None,
            before: false,
            give_as: None,
            in_place_of: None,
            held_in: None,
            fetched: Vec::new(),
            fetched_sha256: Vec::new(),
        }
    }

    /// The commands that save the issuer, and those above it, as files; and these files.
    fn saved(&self, source: &str) -> (Vec<String>, Vec<String>) {
        let from = match self.fetched.as_slice() {
            [] => {
                let mut urls = self.aia.iter();
                let is_web = |url: &&String| {
                    ["http://", "https://"]
                        .iter()
                        .any(|way| url.starts_with(way))
                };
                urls.find(is_web)
                    .map(std::slice::from_ref)
                    .unwrap_or_default()
            }
            fetched => fetched,
        };
        let (mut commands, mut files) = (Vec::new(), Vec::new());
        for (place, from) in from.iter().enumerate() {
            let what = match place {
                0 => "issuer".to_owned(),
                above => format!("issuer-{}", above + 1),
            };
            let file = beside(source, &what, Some("crt"));
            let to = quote(&file);
            // The response may be DER, PEM or PKCS#7 (RFC 5280 section 4.2.2.1).
            commands.push(if from.contains("://") {
                format!(
                    "curl -sSfL {} | certcheck convert - --to pem -o {to}",
                    quote(from)
                )
            } else {
                format!("certcheck convert {} --to pem -o {to}", quote(from))
            });
            files.push(file);
        }
        (commands, files)
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
            append_to,
            give_as,
            in_place_of,
            held_in,
            before,
            ..
        } = self;
        let place = append_to.as_deref().unwrap_or(&subject.source);
        if let Some((_, server)) = place.split_once("://") {
            let from = self
                .aia
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
        let (commands, mut issuers) = self.saved(&subject.source);
        let where_to = match (give_as, in_place_of) {
            (Some(option), _) => format!("pass it to the server ({option})"),
            (_, Some(old)) => format!("use it instead of {old}"),
            _ if *before => format!("put it before the certificates in {place}"),
            _ => format!("append it to {place}"),
        };
        let is_local = |from: &String| !from.contains("://");
        let mut remedy = match (commands.is_empty(), self.fetched_sha256.as_slice()) {
            (true, _) => {
                let issuer = beside(&subject.source, "issuer", Some("crt"));
                let remedy = Remedy::words(format!(
                    "ask the CA that issued the certificate for the certificate of `{issuer_name}`, save it as {}, and {where_to}; if it is a root that the clients have, give it as --anchors instead: then nothing is missing",
                    quote(&issuer)
                ));
                issuers.push(issuer);
                remedy.needing(Need::Certificate)
            }
            (false, [first, above @ ..]) => {
                let above = match above.len() {
                    0 => String::new(),
                    1 => ", with the one above it,".to_owned(),
                    more => format!(", with the {more} above it,"),
                };
                Remedy::words(format!(
                    "take the certificate of `{issuer_name}` that was fetched (SHA-256 {first}){above} and {where_to}"
                ))
            }
            (false, []) => Remedy::words(format!(
                "fetch the certificate of `{issuer_name}` and {where_to}"
            )),
        };
        if !commands.is_empty() && !self.fetched.iter().any(is_local) {
            remedy = remedy.needing(Need::Network);
        }
        for command in commands {
            remedy = remedy.run(command);
        }
        let all: Vec<String> = issuers.iter().map(|issuer| quote(issuer)).collect();
        let all = all.join(" ");
        // awk ends every line, so a missing final newline does not join an END to a BEGIN.
        let joined = |words: &str, new: &str| format!("(set -C; awk 1 {words} > {})", quote(new));
        if give_as.is_some() || in_place_of.is_some() {
            let one = match issuers.as_slice() {
                [one] => one.clone(),
                _ => {
                    let one = beside(&subject.source, "issuers", Some("crt"));
                    remedy = remedy.run(joined(&all, &one));
                    one
                }
            };
            return Some(match (give_as, in_place_of) {
                (Some(option), _) => remedy.then_with(one, option),
                (None, old) => remedy.then_instead(one, old.as_deref().unwrap_or(place)),
            });
        }
        let new = beside(place, "fixed", None);
        let remedy = if append_to.is_some() {
            // The file contains only CA certificates.
            let old = quote(place);
            let words = if *before {
                format!("{all} {old}")
            } else {
                format!("{old} {all}")
            };
            remedy.run(joined(&words, &new))
        } else {
            remedy.run(format!(
                "certcheck chain {} {all} --fix -o {}",
                quote(place),
                quote(&new)
            ))
        };
        Some(remedy.then_instead(new, place))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5246 section 7.4.2", "RFC 8446 section 4.4.2"]
    }
}
