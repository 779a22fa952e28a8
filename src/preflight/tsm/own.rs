//! Which of the words after `certcheck tsm` are options of certcheck.

use super::arguments::split;
use super::options::{OURS, Takes};
use super::table::children;

/// The words that are options of certcheck, with their values, and the others.
pub fn own_options<W: AsRef<str>>(words: &[W]) -> (Vec<String>, Vec<String>) {
    let (mut ours, mut others) = (Vec::new(), Vec::new());
    let mut words = words.iter().map(AsRef::as_ref);
    while let Some(word) = words.next() {
        let (name, inline) = split(word);
        let option = OURS
            .iter()
            .find(|option| option.long == name || option.short == Some(name));
        let Some(option) = option else {
            others.push(word.to_owned());
            continue;
        };
        ours.push(word.to_owned());
        if inline.is_none() && option.takes != Takes::Nothing {
            ours.extend(words.next().map(str::to_owned));
        }
    }
    (ours, others)
}

/// Whether a command of tsm begins with this word.
pub fn is_command(word: &str) -> bool {
    children(&[]).contains(&word)
}
