//! Rules about certificates in relation to one another and to trust anchors.

mod bad_signature;
mod budget_exhausted;
mod client_refuses;
mod duplicate;
mod end_entity_not_first;
mod ends_below_root;
mod expired;
mod includes_root;
mod key_identifier;
mod missing_intermediate;
mod name_constraints;
mod no_path;
mod not_a_ca;
mod path_length;
mod policy;
mod revocation_list_ended;
mod revocation_list_ends_soon;
mod revocation_list_unrelated;
mod revocation_unknown;
mod revoked;
mod self_signed;
mod server_sends_leaf_only;
mod unrelated_certificate;
mod untrusted_root;
mod wrong_order;

pub use bad_signature::BadSignature;
pub use budget_exhausted::BudgetExhausted;
pub use client_refuses::ClientRefuses;
pub use duplicate::Duplicate;
pub use end_entity_not_first::EndEntityNotFirst;
pub use ends_below_root::EndsBelowRoot;
pub use expired::Expired;
pub use includes_root::IncludesRoot;
pub use key_identifier::KeyIdentifier;
pub use missing_intermediate::MissingIntermediate;
pub use name_constraints::NameConstraints;
pub use no_path::NoPath;
pub use not_a_ca::NotACa;
pub use path_length::PathLength;
pub use policy::Policy;
pub use revocation_list_ended::RevocationListEnded;
pub use revocation_list_ends_soon::RevocationListEndsSoon;
pub use revocation_list_unrelated::RevocationListUnrelated;
pub use revocation_unknown::RevocationUnknown;
pub use revoked::Revoked;
pub use self_signed::SelfSigned;
pub use server_sends_leaf_only::ServerSendsLeafOnly;
pub use unrelated_certificate::UnrelatedCertificate;
pub use untrusted_root::UntrustedRoot;
pub use wrong_order::WrongOrder;

use crate::finding::{Need, Remedy, Subject, beside, quote};
use crate::rule::facts;

facts! {
/// What is wrong with a chain.
    ChainFact { MissingIntermediate, EndEntityNotFirst, WrongOrder, UnrelatedCertificate, Duplicate, IncludesRoot, Expired, BadSignature, UntrustedRoot, SelfSigned, ServerSendsLeafOnly, PathLength, NameConstraints, NotACa, BudgetExhausted, Policy, Revoked, RevocationUnknown, RevocationListEnded, RevocationListEndsSoon, RevocationListUnrelated, NoPath, ClientRefuses, KeyIdentifier, EndsBelowRoot }
}

/// Writes the chain in order, without certificates that clients do not need, to a new file.
fn in_order(subject: &Subject, words: &str) -> Remedy {
    let (old, new) = (&subject.source, beside(&subject.source, "fixed", None));
    let command = format!("certcheck chain {} --fix -o {}", quote(old), quote(&new));
    let remedy = Remedy::words(words).then_instead(&new, old);
    // A file without lines is a container, and every container except PKCS#7 has a passphrase.
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

/// Writes the file without the lines of one section to a new file.
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
