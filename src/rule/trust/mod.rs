//! Rules about installing certificates in a trust store.

mod already_trusted;
mod blocked;
mod bundle_without_sources;
mod duplicate_anchor;
mod empties_bundle;
mod empty_store;
mod end_entity_as_anchor;
mod expired_anchor;
mod file_name;
mod hash_link;
mod intermediate_without_root;
mod issuer_missing;
mod native_store;
mod not_a_certificate;
mod not_in_store;
mod not_read;
mod not_taken_up;
mod refused_anchor;
mod same_name_other_key;
mod several_certificates;
mod stray_anchor;

pub use already_trusted::AlreadyTrusted;
pub use blocked::Blocked;
pub use bundle_without_sources::BundleWithoutSources;
pub use duplicate_anchor::DuplicateAnchor;
pub use empties_bundle::EmptiesBundle;
pub use empty_store::EmptyStore;
pub use end_entity_as_anchor::EndEntityAsAnchor;
pub use expired_anchor::ExpiredAnchor;
pub use file_name::FileName;
pub use hash_link::HashLink;
pub use intermediate_without_root::IntermediateWithoutRoot;
pub use issuer_missing::IssuerMissing;
pub use native_store::NativeStore;
pub use not_a_certificate::NotACertificate;
pub use not_in_store::NotInStore;
pub use not_read::NotRead;
pub use not_taken_up::NotTakenUp;
pub use refused_anchor::RefusedAnchor;
pub use same_name_other_key::SameNameOtherKey;
pub use several_certificates::SeveralCertificates;
pub use stray_anchor::StrayAnchor;

use crate::rule::facts;

facts! {
/// What is wrong with, or worth knowing about, installing a certificate in a trust store.
    TrustFact { EndEntityAsAnchor, IntermediateWithoutRoot, AlreadyTrusted, SeveralCertificates, FileName, Blocked, SameNameOtherKey, BundleWithoutSources, IssuerMissing, NotACertificate, NotInStore, NotTakenUp, StrayAnchor, HashLink, ExpiredAnchor, DuplicateAnchor, NativeStore, NotRead, EmptyStore, EmptiesBundle, RefusedAnchor }
}

fn who(accepted: &[String], refused: &[String]) -> String {
    match (accepted, refused) {
        ([], []) => "no client family that certcheck knows reads this store".into(),
        ([], refused) => format!("no client will trust it ({} refuse)", refused.join(", ")),
        (accepted, []) => format!("{} will trust it", accepted.join(", ")),
        (accepted, refused) => format!(
            "{} will trust it, {} will not",
            accepted.join(", "),
            refused.join(", ")
        ),
    }
}
