//! Rules about receipts of preflights.

mod changed;
mod expired;
mod not_passed;
mod other_time;

pub use changed::Changed;
pub use expired::Expired;
pub use not_passed::NotPassed;
pub use other_time::OtherTime;

use crate::rule::facts;

facts! {
/// Rules about receipts of preflights.
    ReceiptFact { Changed, NotPassed, Expired, OtherTime }
}
