//! Rules about cipher strings.

mod cut_off;
mod nothing_at_level;
mod refused;
mod unknown_word;
mod weak;

pub use cut_off::CutOff;
pub use nothing_at_level::NothingAtLevel;
pub use refused::Refused;
pub use unknown_word::UnknownWord;
pub use weak::Weak;

use crate::rule::facts;

facts! {
/// What is wrong with a cipher string.
    CipherFact { Refused, NothingAtLevel, UnknownWord, Weak, CutOff }
}
