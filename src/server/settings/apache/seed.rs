//! `SSLRandomSeed startup|connect SOURCE [BYTES]`. Measured: httpd 2.4.71.

use super::super::{Looked, path, shown};
use super::Reader;

const NAME: &str = "SSLRandomSeed";

/// Devices that have no end.
const ENDLESS: &[&str] = &["/dev/urandom", "/dev/random", "/dev/zero"];

impl Reader<'_, '_> {
    pub(super) fn seed(&mut self, words: &[String], at: usize) {
        let word = |place: usize| words.get(place).map_or("", String::as_str);
        let (moment, source, bytes) = (word(0), word(1), word(2));
        let startup = moment.eq_ignore_ascii_case("startup");
        if !startup && !moment.eq_ignore_ascii_case("connect") {
            let message = format!("{NAME}: invalid context: `{}'", shown(moment));
            self.refuse(NAME, &message, at);
            return;
        }
        if source.eq_ignore_ascii_case("builtin") {
            if !bytes.is_empty() {
                let message =
                    format!("{NAME}: byte specification not allowed for builtin seed source");
                self.refuse(NAME, &message, at);
            }
            return;
        }
        if source.starts_with("egd:") {
            let message = format!(
                "Invalid {NAME} entropy source `{}': This version of OpenSSL does not support the \
                 Entropy Gathering Daemon (EGD).",
                shown(source)
            );
            self.refuse(NAME, &message, at);
            return;
        }
        if bytes.starts_with('-') {
            let message = format!("{NAME}: invalid number of bytes specified");
            self.refuse(NAME, &message, at);
            return;
        }
        let file = source
            .strip_prefix("file:")
            .or_else(|| source.strip_prefix("exec:"));
        let file = file.filter(|file| !file.is_empty()).unwrap_or(source);
        let file = path::join(&self.root, file);
        // `atoi`: anything that is not a number is 0, which means the whole file.
        let all = !bytes.starts_with(|digit: char| matches!(digit, '1'..='9'));
        if startup && all && ENDLESS.contains(&file.as_str()) {
            let message = format!(
                "httpd reads {file} to its end, which never comes: give the number of bytes"
            );
            self.settings.refuse(NAME, &message, at);
            return;
        }
        if !file.starts_with("/dev/") {
            self.must_exist(NAME, "source path", &file, at);
        }
    }

    /// A file or directory whose absence ends the configuration test.
    pub(super) fn must_exist(&mut self, name: &'static str, what: &str, file: &str, at: usize) {
        match self.settings.look(self.context, file) {
            Some(Looked::Read(_) | Looked::Directory(_)) => {}
            Some(Looked::Missing) => {
                let message = format!("{name}: {what} '{}' does not exist", shown(file));
                self.refuse(name, &message, at);
            }
            Some(Looked::Unreadable(_)) | None => {
                let reason = format!("certcheck did not look at {}", shown(file));
                self.settings.not_judged(name, reason, at);
            }
        }
    }
}
