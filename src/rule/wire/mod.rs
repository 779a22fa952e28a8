//! Rules about a live server.

mod chain_differs;
mod key_not_proven;
mod no_handshake;
mod no_modern_version;
mod not_stapled;
mod not_tls;
mod offer_differs;
mod old_version;
mod other_certificate;
mod versions_differ;

pub use chain_differs::ChainDiffers;
pub use key_not_proven::KeyNotProven;
pub use no_handshake::NoHandshake;
pub use no_modern_version::NoModernVersion;
pub use not_stapled::NotStapled;
pub use not_tls::NotTls;
pub use offer_differs::OfferDiffers;
pub use old_version::OldVersion;
pub use other_certificate::OtherCertificate;
pub use versions_differ::VersionsDiffer;

use crate::rule::facts;

facts! {
/// What a live server does wrong.
    WireFact { NotTls, NoHandshake, KeyNotProven, OtherCertificate, ChainDiffers, VersionsDiffer, OfferDiffers, OldVersion, NoModernVersion, NotStapled }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "no version".to_owned(),
        names => names.join(" "),
    }
}
