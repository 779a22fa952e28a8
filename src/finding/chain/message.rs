//! What the facts about chains say to people.

use super::ChainFact;

impl ChainFact {
    pub(in crate::finding) fn message(&self) -> String {
        match self {
            Self::MissingIntermediate {
                issuer_name,
                subject,
                rejected,
                append_to,
                ..
            } => {
                let files = match append_to {
                    Some(_) => "in none of the files that are sent",
                    None => "in none of the files",
                };
                let tried = if rejected.is_empty() {
                    String::new()
                } else {
                    format!("; tried and rejected: {}", rejected.join("; "))
                };
                format!("the issuer of `{subject}` is missing: `{issuer_name}` is {files}{tried}")
            }
            Self::EndEntityNotFirst {
                first, position, ..
            } => {
                format!("`{first}` stands first; the server's own certificate is number {position}")
            }
            Self::WrongOrder { order, .. } => {
                let order: Vec<_> = order.iter().map(u64::to_string).collect();
                format!(
                    "the certificates are out of order; they should stand {}",
                    order.join(", ")
                )
            }
            Self::UnrelatedCertificate {
                subject,
                reason: Some(reason),
            } => format!(
                "`{subject}` is sent beside the certificate of the same name that clients need, and cannot take its place: {reason}"
            ),
            Self::UnrelatedCertificate { subject, .. } => {
                format!("`{subject}` has no part in the server's chain, and is sent all the same")
            }
            Self::Duplicate { subject, first } => format!("`{subject}` stands already in {first}"),
            Self::IncludesRoot { subject, .. } => {
                format!("the root `{subject}` is sent in every handshake, and helps no client")
            }
            Self::Expired {
                subject, not_after, ..
            } => {
                format!("the CA certificate `{subject}` expired on {not_after}")
            }
            Self::BadSignature {
                subject,
                issuer_name,
                reason,
            } => format!(
                "`{subject}` names `{issuer_name}` as its issuer, but was not signed by that certificate's key: {reason}"
            ),
            Self::UntrustedRoot {
                subject,
                anchors,
                needed,
                ..
            } if subject == needed => {
                format!(
                    "the root `{subject}` is not trusted: it is not {}",
                    among(*anchors)
                )
            }
            Self::UntrustedRoot {
                subject,
                anchors,
                needed,
                ..
            } => {
                format!(
                    "the chain ends in `{subject}`, whose issuer `{needed}` is not {}",
                    among(*anchors)
                )
            }
            Self::SelfSigned { subject } => {
                format!(
                    "`{subject}` is signed by its own key: only clients that were given it will trust it"
                )
            }
            Self::ServerSendsLeafOnly {
                lost, sent, held, ..
            } => {
                let clients = "clients that hold the root alone will refuse";
                format!(
                    "the server will send {sent} certificate{} of these {held}: the first of its file alone; {lost} never reach{} a client, and {clients}",
                    if *sent == 1 { "" } else { "s" },
                    if *lost == 1 { "es" } else { "" },
                )
            }
            Self::PathLength {
                subject,
                limit,
                found,
            } => {
                format!(
                    "`{subject}` allows {limit} intermediate{} below itself, and there {} {found}",
                    if *limit == 1 { "" } else { "s" },
                    if *found == 1 { "is" } else { "are" },
                )
            }
            Self::NameConstraints {
                ca,
                name,
                constraint,
            } => {
                format!("`{ca}` may not issue for `{name}`: {constraint}")
            }
            Self::NotACa { subject, reason } => {
                format!("`{subject}` issued another certificate, but {reason}")
            }
            Self::BudgetExhausted { what, limit } => {
                format!("the search was ended after {limit} {what}: no verdict")
            }
            Self::Policy { subject, reason } => {
                format!("the policies of the path to `{subject}` are not acceptable: {reason}")
            }
            Self::Revoked {
                subject,
                at,
                reason,
                crl_issuer,
                crl_number,
                crl_file,
            } => {
                let number = crl_number
                    .as_ref()
                    .map_or_else(String::new, |it| format!(" 0x{it}"));
                let file = crl_file
                    .as_ref()
                    .map_or_else(String::new, |it| format!(" in {it}"));
                format!(
                    "`{subject}` was revoked on {at} ({reason}), says list{number} of `{crl_issuer}`{file}"
                )
            }
            Self::RevocationUnknown { subject, reason } => {
                format!("whether `{subject}` is revoked cannot be told: {reason}")
            }
            Self::RevocationListEnded {
                crl_issuer,
                crl_number,
                next_update,
                ..
            } => {
                let number = crl_number
                    .as_ref()
                    .map_or_else(String::new, |it| format!(" 0x{it}"));
                format!(
                    "list{number} of `{crl_issuer}` ended on {next_update}: it says nothing any more"
                )
            }
            Self::RevocationListEndsSoon {
                crl_issuer,
                crl_number,
                next_update,
                days,
                ..
            } => {
                let number = crl_number
                    .as_ref()
                    .map_or_else(String::new, |it| format!(" 0x{it}"));
                format!(
                    "list{number} of `{crl_issuer}` ends on {next_update}, in {days} day{}",
                    if *days == 1 { "" } else { "s" }
                )
            }
            Self::RevocationListUnrelated { crl_issuer } => {
                format!("the list of `{crl_issuer}` speaks of no certificate of the chain")
            }
            Self::NoPath { subject, anchors } => {
                format!(
                    "no valid path leads from `{subject}` to an anchor; {} given",
                    if *anchors == 1 {
                        "1 was".to_owned()
                    } else {
                        format!("{anchors} were")
                    }
                )
            }
            Self::ClientRefuses {
                clients,
                reason,
                certificate,
                field,
                found,
                wanted,
                ..
            } => {
                let what = certificate
                    .as_ref()
                    .map_or_else(|| "the chain".to_owned(), |it| format!("`{it}`"));
                let (who, verb) = match clients.as_slice() {
                    [one] => (one.clone(), "refuses"),
                    several => (several.join(", "), "refuse"),
                };
                let why = match (field, found, wanted) {
                    (Some(field), Some(found), Some(wanted)) => {
                        format!(" ({field}: found {found}; wanted {wanted})")
                    }
                    _ => String::new(),
                };
                format!("{who} {verb} {what}: {}{why}", reason.trim_end())
            }
            Self::KeyIdentifier {
                subject,
                issuer,
                field,
                wanted,
                present,
            } => format!(
                "`{subject}` names an issuer with the {field} {wanted}; its issuer `{issuer}` has {present}: OpenSSL and GnuTLS may not take it for the issuer"
            ),
            Self::EndsBelowRoot {
                subject,
                issuer_name,
            } => format!(
                "the last certificate is `{subject}`; its issuer `{issuer_name}` is not in the files, and need not be"
            ),
        }
    }
}

/// Where an anchor was looked for.
fn among(anchors: u64) -> String {
    match anchors {
        0 => "among the anchors: there is none".to_owned(),
        1 => "the one anchor given".to_owned(),
        anchors => format!("among the {anchors} anchors given"),
    }
}
