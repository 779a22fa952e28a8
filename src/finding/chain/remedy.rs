//! What to do about the facts about chains.

use super::ChainFact;
use crate::finding::{Remedy, Subject, quote};

impl ChainFact {
    pub(in crate::finding) fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let file = quote(&subject.source);
        match self {
            Self::MissingIntermediate {
                issuer_name,
                append_to: Some(other),
                ..
            } => Some(
                Remedy::words(format!("append the certificate of `{issuer_name}` to {other}"))
                    .run(format!("cat issuer.crt >> {}", quote(other))),
            ),
            Self::MissingIntermediate { aia, issuer_name, .. } => Some(match aia.first() {
                Some(url) => Remedy::words("fetch the issuer's certificate, and append it behind the server's own")
                    .run(format!("curl -sSfo issuer.der {}", quote(url)))
                    .run("certcheck convert issuer.der --to pem -o issuer.crt")
                    .run(format!("cat issuer.crt >> {file}")),
                None => Remedy::words(format!(
                    "ask whoever issued the certificate for `{issuer_name}`, and append it behind the server's own"
                ))
                .run(format!("cat issuer.crt >> {file}")),
            }),
            Self::EndEntityNotFirst { .. } | Self::WrongOrder { .. } => Some(
                Remedy::words("write the certificates in order, each in front of its issuer")
                    .run(format!("certcheck chain {file} --fix -o fixed.crt")),
            ),
            Self::UnrelatedCertificate { .. } => Some(Remedy::words("leave it out of the file")),
            Self::Duplicate { .. } | Self::IncludesRoot { .. } => Some(
                Remedy::words("leave it out").run(format!("certcheck chain {file} --fix -o fixed.crt")),
            ),
            Self::Expired { .. } => Some(Remedy::words(
                "replace it by the CA's current certificate; if the server's own was issued by it alone, renew that too",
            )),
            Self::BadSignature { .. } => Some(Remedy::words(
                "the CA has another certificate of the same name: get the one that goes with this certificate",
            )),
            Self::UntrustedRoot { .. } => Some(Remedy::words(
                "install the root on the clients, or have the certificate issued by a CA that they trust",
            )),
            Self::SelfSigned { .. } => {
                Some(Remedy::words("have it issued by a CA, or hand the certificate to every client"))
            }
            Self::ServerSendsLeafOnly { client_auth, .. } => {
                let widens = if *client_auth {
                    "; every CA in that file also vouches for client certificates, which this server demands: \
                     whoever has one from the intermediate may then log in"
                } else {
                    " (with `tls.client require`, every CA in it also vouches for client certificates)"
                };
                Some(Remedy::words(format!(
                    "put the intermediate into the server's own CA file (`tls.ca`), from which OpenSSL completes the chain{widens}; \
                     or install intermediate and root on the clients"
                )))
            }
            Self::PathLength { .. } | Self::NameConstraints { .. } | Self::NotACa { .. } => {
                Some(Remedy::words("have the certificate issued by a CA that may issue it"))
            }
            Self::Policy { .. } => Some(Remedy::words(
                "have it issued under a policy that is asked for, or ask for another",
            )),
            Self::Revoked { .. } => Some(Remedy::words(
                "have another certificate issued, for a new key if the old one was stolen",
            )),
            Self::RevocationUnknown { .. } => Some(Remedy::words(
                "give a current revocation list of its issuer, or --revocation off",
            )),
            Self::RevocationListEnded { .. } | Self::RevocationListEndsSoon { .. } => Some(
                Remedy::words("fetch the issuer's current list, from where the certificates' cRLDistributionPoints say"),
            ),
            Self::RevocationListUnrelated { .. } => {
                Some(Remedy::words("give the lists of those who issued the chain's certificates"))
            }
            Self::BudgetExhausted { .. } => Some(Remedy::words("give fewer certificates: the chain alone")),
            Self::NoPath { .. } => Some(Remedy::words("give fewer intermediates: the chain alone")),
            Self::ClientRefuses { install, .. } => Some(Remedy::words(match install {
                Some(set) if !set.is_empty() => {
                    format!("install on these clients: {}", set.join(", "))
                }
                _ => "no certificate to install helps: have it issued anew as these clients demand".to_owned(),
            })),
            Self::EndsBelowRoot { .. } => Some(Remedy::words("give --anchors to have trust judged")),
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
