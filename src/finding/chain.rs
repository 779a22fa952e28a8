//! Findings about certificates in relation to one another and to trust anchors.

use super::table::facts;
use super::{Fingerprint, Remedy, Subject, quote};
use crate::Time;

facts! {
    /// What is wrong with a chain.
    ChainFact {
        MissingIntermediate = "chain.missing-intermediate" Error
            "the issuer of a certificate is in none of the files" {
            /// The issuer's name, as the certificate gives it.
            issuer_name: String,
            /// SHA-256 of the certificate that lacks its issuer.
            issuer_of: Fingerprint,
            /// The subject of that certificate.
            subject: String,
            /// Where the certificate says that its issuer can be had (caIssuers).
            aia: Vec<String>,
            /// The key identifier that the issuer must have, in hexadecimal digits.
            authority_key_id: Option<String>,
            /// Certificates of that name that did not issue it, and why.
            rejected: Vec<String>,
            /// The file that the issuer belongs into, where that is not the one
            /// of the certificate: one that is sent in place of others.
            append_to: Option<String>,
        }
        EndEntityNotFirst = "chain.end-entity-not-first" Error
            "another certificate stands before the server's own" {
            /// The subject of the certificate that stands first.
            first: String,
            /// The place of the server's own, counted from 1.
            position: u64,
        }
        WrongOrder = "chain.wrong-order" Warning
            "the certificates do not stand each before its issuer" {
            /// The places, counted from 1, in the order in which they should stand.
            order: Vec<u64>,
        }
        UnrelatedCertificate = "chain.unrelated-certificate" Warning
            "a certificate is not part of the server's chain" {
            /// Its subject.
            subject: String,
        }
        Duplicate = "chain.duplicate" Notice "a certificate stands twice" {
            /// Its subject.
            subject: String,
            /// Where it stands first: file and lines.
            first: String,
        }
        IncludesRoot = "chain.includes-root" Notice
            "the chain includes its root, which clients never need from a server" {
            /// The root's subject.
            subject: String,
        }
        Expired = "chain.expired" Error "a CA certificate of the chain has expired" {
            /// Its subject.
            subject: String,
            /// The last moment of its validity.
            not_after: Time,
            /// The moment of judgement.
            at: Time,
        }
        BadSignature = "chain.bad-signature" Error
            "a certificate was not signed by the key of the issuer given" {
            /// The subject of the certificate.
            subject: String,
            /// The name that both claim.
            issuer_name: String,
            /// Why the signature does not hold.
            reason: String,
        }
        UntrustedRoot = "chain.untrusted-root" Error
            "the chain is whole, but ends in a root that is not among the anchors" {
            /// The subject of the last certificate.
            subject: String,
            /// Its fingerprint.
            sha256: Fingerprint,
            /// How many anchors were given.
            anchors: u64,
        }
        SelfSigned = "chain.self-signed" Warning "the server's certificate is signed by its own key" {
            /// Its subject.
            subject: String,
        }
        ServerSendsLeafOnly = "chain.server-sends-leaf-only" Warning
            "the server sends its first certificate alone, whatever the file holds" {
            /// How many certificates of the file are not sent.
            lost: u64,
            /// How many are sent.
            sent: u64,
            /// How many the file holds.
            held: u64,
            /// Whether the server's CA setting also says whose client
            /// certificates are good, and it demands one.
            client_auth: bool,
        }
        PathLength = "chain.path-length" Error "a CA's path length constraint is exceeded" {
            /// The CA's subject.
            subject: String,
            /// The intermediates that it allows below itself.
            limit: u64,
            /// The intermediates that there are.
            found: u64,
        }
        NameConstraints = "chain.name-constraints" Error
            "a name is outside of what a CA may issue for" {
            /// The CA's subject.
            ca: String,
            /// The name that it may not issue for.
            name: String,
            /// The constraint that is broken.
            constraint: String,
        }
        NotACa = "chain.not-a-ca" Error "a certificate issued another without being a CA" {
            /// Its subject.
            subject: String,
            /// What it lacks.
            reason: String,
        }
        BudgetExhausted = "chain.budget-exhausted" Error
            "the search for a path was ended before it had an answer" {
            /// What was counted.
            what: String,
            /// The most that is spent.
            limit: u64,
        }
        Policy = "chain.policy" Error
            "the certificate policies along the path are not acceptable" {
            /// The subject of the certificate that was reached.
            subject: String,
            /// What is missing or forbidden.
            reason: String,
        }
        Revoked = "chain.revoked" Error "a certificate of the chain is revoked" {
            /// Its subject.
            subject: String,
            /// The moment of its revocation.
            at: Time,
            /// The reason that the list gives.
            reason: String,
            /// Who issued the list.
            crl_issuer: String,
            /// The list's number, in hexadecimal digits.
            crl_number: Option<String>,
            /// The file that the list stands in, where it came from one.
            crl_file: Option<String>,
        }
        RevocationUnknown = "chain.revocation-unknown" Error
            "no revocation list says whether a certificate is revoked" {
            /// Its subject.
            subject: String,
            /// Why none is usable.
            reason: String,
        }
        RevocationListEnded = "chain.revocation-list-ended" Warning
            "a revocation list is no longer current" {
            /// Who issued the list.
            crl_issuer: String,
            /// The list's number, in hexadecimal digits.
            crl_number: Option<String>,
            /// When the next one was to be issued at the latest.
            next_update: Time,
            /// The moment of judgement.
            at: Time,
        }
        RevocationListEndsSoon = "chain.revocation-list-ends-soon" Warning
            "a revocation list is soon no longer current" {
            /// Who issued the list.
            crl_issuer: String,
            /// The list's number, in hexadecimal digits.
            crl_number: Option<String>,
            /// When the next one is to be issued at the latest.
            next_update: Time,
            /// The moment of judgement.
            at: Time,
            /// Whole days until then.
            days: u64,
        }
        RevocationListUnrelated = "chain.revocation-list-unrelated" Notice
            "a revocation list speaks of no certificate of the chain" {
            /// Who issued the list.
            crl_issuer: String,
        }
        NoPath = "chain.no-path" Error "no valid path leads to an anchor" {
            /// The certificate's subject.
            subject: String,
            /// How many anchors were given.
            anchors: u64,
        }
        ClientRefuses = "chain.client-refuses" Error
            "a client refuses what the server would send" {
            /// The clients that refuse for this reason.
            clients: Vec<String>,
            /// What the first of them says.
            reason: String,
            /// The subject of the certificate at fault, where it is one.
            certificate: Option<String>,
            /// The smallest set of the certificates known that makes the first of
            /// them accept once installed; none where no set does.
            install: Option<Vec<String>>,
        }
        EndsBelowRoot = "chain.ends-below-root" Notice
            "the files end below the root, as they should; trust was not judged" {
            /// The subject of the last certificate.
            subject: String,
            /// Its issuer's name.
            issuer_name: String,
        }
    }
}

impl ChainFact {
    pub(super) fn message(&self) -> String {
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
            Self::EndEntityNotFirst { first, position } => {
                format!("`{first}` stands first; the server's own certificate is number {position}")
            }
            Self::WrongOrder { order } => {
                let order: Vec<_> = order.iter().map(u64::to_string).collect();
                format!(
                    "the certificates are out of order; they should stand {}",
                    order.join(", ")
                )
            }
            Self::UnrelatedCertificate { subject } => {
                format!("`{subject}` has no part in the server's chain, and is sent all the same")
            }
            Self::Duplicate { subject, first } => format!("`{subject}` stands already in {first}"),
            Self::IncludesRoot { subject } => {
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
                subject, anchors, ..
            } => {
                format!(
                    "the chain ends in `{subject}`, and none of the {anchors} anchor(s) given is its root"
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
                    "`{subject}` allows {limit} intermediate(s) below itself, and there are {found}"
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
                format!("list{number} of `{crl_issuer}` ends on {next_update}, in {days} day(s)")
            }
            Self::RevocationListUnrelated { crl_issuer } => {
                format!("the list of `{crl_issuer}` speaks of no certificate of the chain")
            }
            Self::NoPath { subject, anchors } => {
                format!("no valid path leads from `{subject}` to one of the {anchors} anchor(s)")
            }
            Self::ClientRefuses {
                clients,
                reason,
                certificate,
                ..
            } => {
                let what = certificate
                    .as_ref()
                    .map_or_else(|| "the chain".to_owned(), |it| format!("`{it}`"));
                let (who, verb) = match clients.as_slice() {
                    [one] => (one.clone(), "refuses"),
                    several => (several.join(", "), "refuse"),
                };
                format!("{who} {verb} {what}: {}", reason.trim_end())
            }
            Self::EndsBelowRoot {
                subject,
                issuer_name,
            } => format!(
                "the last certificate is `{subject}`; its issuer `{issuer_name}` is not in the files, and need not be"
            ),
        }
    }

    pub(super) fn remedy(&self, subject: &Subject) -> Option<Remedy> {
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

    pub(super) fn references(&self) -> Vec<&'static str> {
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
