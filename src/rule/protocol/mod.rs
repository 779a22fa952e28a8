//! Rules about protocol strings.

mod cannot_say;
mod empty_set;
mod hole_closed;
mod ignored_value;
mod illegal_name;
mod no_modern_version;
mod replaces_earlier;
mod separator;
mod sslv2;
mod sslv3;
mod undefined_variable;
mod weak_version;

pub use cannot_say::CannotSay;
pub use empty_set::EmptySet;
pub use hole_closed::HoleClosed;
pub use ignored_value::IgnoredValue;
pub use illegal_name::IllegalName;
pub use no_modern_version::NoModernVersion;
pub use replaces_earlier::ReplacesEarlier;
pub use separator::Separator;
pub use sslv2::Sslv2;
pub use sslv3::Sslv3;
pub use undefined_variable::UndefinedVariable;
pub use weak_version::WeakVersion;

use crate::rule::facts;

facts! {
/// What is wrong with a protocol string.
    ProtocolFact { IllegalName, Separator, ReplacesEarlier, EmptySet, HoleClosed, Sslv2, Sslv3, WeakVersion, NoModernVersion, UndefinedVariable, CannotSay, IgnoredValue }
}
