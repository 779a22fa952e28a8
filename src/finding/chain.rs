//! Findings about certificates in relation to one another and to trust anchors.

mod message;
mod remedy;

use super::Fingerprint;
use super::table::facts;
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
            /// The option with which the issuer's file is to be given, where
            /// appending it to a file is no use: `--chain-file`.
            give_as: Option<String>,
            /// A file whose place the issuer's takes: no certificate is read from it.
            in_place_of: Option<String>,
        }
        EndEntityNotFirst = "chain.end-entity-not-first" Error
            "another certificate stands before the server's own" {
            /// The subject of the certificate that stands first.
            first: String,
            /// The place of the server's own, counted from 1.
            position: u64,
            /// The files that the certificates stand in, in the order in which
            /// they should be given.
            files: Vec<String>,
        }
        WrongOrder = "chain.wrong-order" Warning
            "the certificates do not stand each before its issuer" {
            /// The places, counted from 1, in the order in which they should stand.
            order: Vec<u64>,
            /// The files that the certificates stand in, in the order in which
            /// they should be given.
            files: Vec<String>,
        }
        UnrelatedCertificate = "chain.unrelated-certificate" Warning
            "a certificate is not part of the server's chain" {
            /// Its subject.
            subject: String,
            /// Why it cannot issue here, where it has an issuer's name and key and
            /// another certificate of that name does.
            reason: Option<String>,
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
            /// Whether it issued the server's own certificate itself.
            direct: bool,
            /// Whether its file holds nothing else.
            alone: bool,
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
            /// The name of the certificate that must be among them.
            needed: String,
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
            /// The field of the certificate that is about, where one is.
            field: Option<String>,
            /// What stands in it.
            found: Option<String>,
            /// What the clients want there.
            wanted: Option<String>,
            /// The smallest set of the certificates known that makes the first of
            /// them accept once installed; none where no set does.
            install: Option<Vec<String>>,
        }
        KeyIdentifier = "chain.key-identifier" Warning
            "the authority key identifier names another issuer" {
            /// The certificate's subject.
            subject: String,
            /// The subject of the certificate that issued it.
            issuer: String,
            /// Which part differs: `key identifier`, `serial number` or `issuer`.
            field: String,
            /// What the certificate says of its issuer.
            wanted: String,
            /// What the issuer's certificate has.
            present: String,
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
