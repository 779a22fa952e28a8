//! Which of the words after `certcheck tsm` are options of certcheck.

use super::arguments::split;
use super::options::{OURS, Takes};
use super::table::children;
use crate::client::Client;

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

/// The words with each client behind a `--client` of its own: `--client openssl java` names two.
pub fn one_client_each(words: &[String]) -> Vec<String> {
    let mut each: Vec<String> = Vec::with_capacity(words.len());
    let mut listing = false;
    for word in words {
        let is_client = Client::released(word).is_some();
        let option = each.last().is_some_and(|last| last == "--client");
        if listing && is_client && !option {
            each.push("--client".to_owned());
        }
        listing = word == "--client" || is_client && (listing || option);
        each.push(word.clone());
    }
    each
}

/// Whether a command of tsm begins with this word.
pub fn is_command(word: &str) -> bool {
    children(&[]).contains(&word)
}
