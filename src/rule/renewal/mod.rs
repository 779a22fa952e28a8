//! Rules about replacing one certificate with another.

mod client_lost;
mod ends_earlier;
mod key_changed;
mod must_staple;
mod name_lost;
mod other_anchor;
mod purpose_lost;
mod store_lost;

pub use client_lost::ClientLost;
pub use ends_earlier::EndsEarlier;
pub use key_changed::KeyChanged;
pub use must_staple::MustStaple;
pub use name_lost::NameLost;
pub use other_anchor::OtherAnchor;
pub use purpose_lost::PurposeLost;
pub use store_lost::StoreLost;

use crate::rule::facts;

facts! {
/// What changes when a certificate is replaced.
    RenewalFact { NameLost, ClientLost, OtherAnchor, StoreLost, PurposeLost, EndsEarlier, MustStaple, KeyChanged }
}
