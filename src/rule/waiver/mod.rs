//! Rules about the waivers of a configuration file.

mod expired;
mod unused;

pub use expired::Expired;
pub use unused::Unused;

use crate::rule::facts;

facts! {
/// Rules about the waivers of a configuration file.
    WaiverFact { Expired, Unused }
}
