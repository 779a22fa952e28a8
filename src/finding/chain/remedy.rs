//! What to do about the facts about chains.

use super::ChainFact;
use crate::finding::remedy::beside;
use crate::finding::{Need, Remedy, Subject, quote};

impl ChainFact {
    pub(in crate::finding) fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(match self {
            Self::MissingIntermediate { .. } => self.missing(subject),
            Self::EndEntityNotFirst { files, .. } | Self::WrongOrder { files, .. }
                if files.len() > 1 =>
            {
                Remedy::words(format!(
                    "give the files in this order: {}",
                    files.join(", ")
                ))
            }
            Self::EndEntityNotFirst { .. } | Self::WrongOrder { .. } => in_order(
                subject,
                "write the certificates in order, each followed by its issuer",
            ),
            Self::UnrelatedCertificate { .. } => without_lines(subject, "leave it out of the file"),
            Self::Duplicate { first, .. } if !is_in(first, &subject.source) => {
                without_lines(subject, &format!("leave it out: {first} has it"))
            }
            Self::Duplicate { .. } => in_order(subject, "leave it out"),
            Self::IncludesRoot { alone: true, .. } => Remedy::words("leave the file out"),
            Self::IncludesRoot { direct: true, .. } => Remedy::words(
                "leave it out: it issued the server's own certificate, and clients that trust it have it",
            ),
            Self::IncludesRoot { .. } => in_order(subject, "leave it out"),
            Self::Expired { .. } => Remedy::words(
                "replace it by the CA's current certificate; if the server's own was issued by it alone, renew that too",
            ),
            Self::BadSignature { .. } => Remedy::words(
                "the CA has another certificate of the same name: get the one that goes with this certificate",
            ),
            Self::UntrustedRoot {
                subject: last,
                needed,
                sha256,
                ..
            } => {
                let (name, print) = if last == needed {
                    (last, format!(" (SHA-256 {})", sha256.short()))
                } else {
                    (needed, String::new())
                };
                Remedy::words(format!(
                    "if you trust `{name}`{print}, put its certificate into the file of --anchors, and into the trust \
                     store of every client (`certcheck trust plan`); else have the certificate issued by a CA that the clients trust"
                ))
            }
            Self::SelfSigned { .. } => {
                Remedy::words("have it issued by a CA, or give the certificate to every client")
            }
            Self::ServerSendsLeafOnly { client_auth, .. } => {
                let widens = if *client_auth {
                    "; every CA in that file also vouches for client certificates, which this server demands: \
                     whoever has one from the intermediate may then log in"
                } else {
                    " (with `tls.client require`, every CA in it also vouches for client certificates)"
                };
                Remedy::words(format!(
                    "put the intermediate into the server's own CA file (`tls.ca`), from which OpenSSL completes the chain{widens}; \
                     or install intermediate and root on the clients"
                ))
            }
            Self::PathLength { .. } | Self::NameConstraints { .. } | Self::NotACa { .. } => {
                Remedy::words("have the certificate issued by a CA that may issue it")
            }
            Self::Policy { .. } => {
                Remedy::words("have it issued under a policy that is asked for, or ask for another")
            }
            Self::Revoked { .. } => Remedy::words(
                "have another certificate issued, for a new key if the old one was stolen",
            ),
            Self::RevocationUnknown { .. } => Remedy::words(
                "give a current revocation list of its issuer with --crl, or --revocation off",
            ),
            Self::RevocationListEnded { .. } | Self::RevocationListEndsSoon { .. } => {
                Remedy::words(
                    "fetch the issuer's current list, from where the certificates' cRLDistributionPoints say",
                )
            }
            Self::RevocationListUnrelated { .. } => {
                Remedy::words("give the lists of those who issued the chain's certificates")
            }
            Self::BudgetExhausted { .. } => {
                Remedy::words("give fewer certificates: the chain alone")
            }
            Self::NoPath { .. } => Remedy::words("give fewer intermediates: the chain alone"),
            Self::ClientRefuses {
                install,
                certificate,
                field,
                found,
                wanted,
                ..
            } => Remedy::words(match (install, certificate, field, found, wanted) {
                (Some(set), ..) if !set.is_empty() => {
                    format!("install on these clients: {}", set.join(", "))
                }
                (_, Some(name), Some(field), Some(found), Some(_))
                    if field.starts_with("authorityKeyIdentifier,") =>
                {
                    format!(
                        "send the issuer's certificate that `{name}` points to ({found}), or have `{name}` issued again under the one that is sent"
                    )
                }
                (_, Some(name), Some(field), Some(found), Some(wanted)) => {
                    format!("have `{name}` issued again with {field}: {wanted}; now it is {found}")
                }
                _ => "no certificate to install helps: have it issued anew as these clients demand"
                    .to_owned(),
            }),
            Self::KeyIdentifier { field, wanted, .. } => Remedy::words(format!(
                "use the issuer's certificate that has the {field} {wanted}, where there is one (a CA that renewed its certificate has two); else have this one issued again"
            )),
            Self::EndsBelowRoot { .. } => Remedy::words("give --anchors to have trust judged"),
        })
    }

    /// The issuer is not there: where to get it, and where it belongs.
    fn missing(&self, subject: &Subject) -> Remedy {
        let Self::MissingIntermediate {
            issuer_name,
            aia,
            append_to,
            give_as,
            in_place_of,
            ..
        } = self
        else {
            return Remedy::default();
        };
        let place = append_to.as_deref().unwrap_or(&subject.source);
        let issuer = beside(&subject.source, "issuer", Some("crt"));
        let where_to = match (give_as, in_place_of) {
            (Some(option), _) => format!("give it to the server ({option})"),
            (_, Some(old)) => format!("give it in place of {old}"),
            _ => format!("append it to {place}"),
        };
        let url = aia
            .iter()
            .find(|url| url.starts_with("http://") || url.starts_with("https://"));
        let remedy = match url {
            // The answer may be DER, PEM or PKCS#7 (RFC 5280 section 4.2.2.1).
            Some(url) => Remedy::words(format!(
                "fetch the certificate of `{issuer_name}`, and {where_to}"
            ))
            .run(format!(
                "curl -sSfL {} | certcheck convert - --to pem -o {}",
                quote(url),
                quote(&issuer)
            ))
            .needing(Need::Network),
            None => Remedy::words(format!(
                "ask whoever issued the certificate for that of `{issuer_name}`, save it as {}, and {where_to}",
                quote(&issuer)
            ))
            .needing(Need::Certificate),
        };
        match (give_as, in_place_of) {
            (Some(option), _) => remedy.then_with(issuer, option),
            (_, Some(old)) => remedy.then_instead(issuer, old),
            // A file of CA certificates alone: awk ends every line, so that no
            // BEGIN is glued to an END where the final newline is missing.
            _ if append_to.is_some() => {
                let new = beside(place, "fixed", None);
                remedy
                    .run(format!(
                        "(set -C; awk 1 {} {} > {})",
                        quote(place),
                        quote(&issuer),
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
        }
    }

    pub(in crate::finding) fn references(&self) -> Vec<&'static str> {
        match self {
            Self::MissingIntermediate { .. } => {
                vec!["RFC 5246 section 7.4.2", "RFC 8446 section 4.4.2"]
            }
            Self::EndEntityNotFirst { .. } => {
                vec![
                    "RFC 8446 section 4.4.2",
                    "measured: Apache 2.4.71 AH02565; PostgreSQL 15.18 key values mismatch",
                ]
            }
            Self::WrongOrder { .. } => vec!["RFC 5246 section 7.4.2"],
            Self::PathLength { .. } | Self::NotACa { .. } => vec!["RFC 5280 section 4.2.1.9"],
            Self::NameConstraints { .. } => vec!["RFC 5280 section 4.2.1.10"],
            Self::BadSignature { .. } => vec!["RFC 5280 section 6.1.3"],
            Self::Policy { .. } => vec!["RFC 5280 section 6.1.5"],
            Self::ClientRefuses { .. } => {
                vec!["docs/clients.md: the rules of each client, and where they were measured"]
            }
            Self::Revoked { .. } | Self::RevocationUnknown { .. } => vec!["RFC 5280 section 6.3"],
            Self::RevocationListEnded { .. } | Self::RevocationListEndsSoon { .. } => {
                vec!["RFC 5280 section 5.1.2.5"]
            }
            _ => vec![],
        }
    }
}

/// The file in order and without what need not be sent, as another file.
fn in_order(subject: &Subject, words: &str) -> Remedy {
    let (old, new) = (&subject.source, beside(&subject.source, "fixed", None));
    let command = format!("certcheck chain {} --fix -o {}", quote(old), quote(&new));
    let remedy = Remedy::words(words).then_instead(&new, old);
    // What has no lines is a container, and all but PKCS#7 have a passphrase.
    let is_pkcs7 = [".p7b", ".p7c", ".p7s"]
        .iter()
        .any(|end| old.ends_with(end));
    if subject.lines.is_some() || is_pkcs7 {
        return remedy.run(command);
    }
    remedy
        .run(format!("{command} --passphrase-stdin"))
        .needing(Need::Passphrase)
}

/// The file without the lines of one section, as another file.
fn without_lines(subject: &Subject, words: &str) -> Remedy {
    let remedy = Remedy::words(words);
    let Some(lines) = subject.lines else {
        return remedy;
    };
    let (old, new) = (&subject.source, beside(&subject.source, "fixed", None));
    remedy
        .run(format!(
            "(umask 077; set -C; sed '{},{}d' {} > {})",
            lines.first,
            lines.last,
            quote(old),
            quote(&new)
        ))
        .then_instead(new, old)
}

/// Whether `place`, as `server.crt:24`, is in `file`.
fn is_in(place: &str, file: &str) -> bool {
    place
        .strip_prefix(file)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}
