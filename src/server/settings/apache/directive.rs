//! A directive other than a section's own lines: is it allowed here, and what does it set?

use super::super::{Placed, path, shown};
use super::{Reader, lines, modules, table, written};
use crate::source::Lines;

/// Whether `Timeout` gives clients less than a second: 0, or some milliseconds.
fn is_under_a_second(value: &str) -> bool {
    let end = value
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(value.len());
    let (digits, unit) = value.split_at_checked(end).unwrap_or((value, ""));
    let number = digits.parse::<u64>().unwrap_or(u64::MAX);
    let milliseconds = unit.to_ascii_lowercase().starts_with("ms");
    !digits.is_empty() && (number == 0 || milliseconds && number < 1000)
}

impl Reader<'_, '_> {
    pub(super) fn directive(&mut self, text: &str, line: &lines::Line) {
        let (written, raw) = lines::first_word(text);
        let (written, raw) = (written.as_str(), raw.as_str());
        if written.is_empty() {
            return;
        }
        if written.starts_with('<') {
            let reason = "certcheck does not read sections whose name is in quotes";
            self.settings.not_judged(written, reason, line.first);
            return;
        }
        let name = written.to_ascii_lowercase();
        let words = lines::words(raw);
        let first = words.first().cloned().unwrap_or_default();
        if written.starts_with('\u{feff}') {
            let message =
                "Invalid command '\\xef\\xbb\\xbf…': the file begins with a byte order mark";
            self.refuse("", message, line.first);
            return;
        }
        // A directive that its module does not have, or that is not allowed here, ends the
        // configuration test. Its effect does not matter then.
        if !self.admits(written, line.first) || !self.fits(written, &words, line.first) {
            return;
        }
        self.settings.httpd_decides(&name, written, raw);
        self.users_of_certificates(&name, &words);
        if name.starts_with("ssl") {
            self.ssl(written, raw, &words, line);
            return;
        }
        let at = Some(Lines::new(line.first, line.last));
        match name.as_str() {
            "define" | "undefine" if first.contains(':') => {
                let message = "Variable name must not contain ':'";
                self.refuse(written, message, line.first);
            }
            "define" => {
                let value = words.get(1).cloned().unwrap_or_default();
                let _ = self.defines.insert(first, value);
            }
            "undefine" => {
                let _ = self.defines.remove(&first);
            }
            // The place of the log; packages' directories may belong to another machine.
            "errorlog" | "customlog" | "transferlog" => {
                self.log_directory(written, &first, line.first)
            }
            "error" => self.refuse("Error", &shown(&first), line.first),
            "serverroot" => self.root = first,
            "servername" => {
                let value = match written::server_name(&first) {
                    Ok(name) => name.to_owned(),
                    Err(message) => {
                        self.refuse(written, &message, line.first);
                        return;
                    }
                };
                let name = Placed { value, lines: at };
                let host = self.host();
                host.hosts.push(name.clone());
                host.server_name = Some(name);
            }
            // In a virtual host it does not matter for the handshake (measured: 2.4.71).
            "timeout" if !self.in_host && self.directories == 0 => {
                self.hurries = is_under_a_second(&first).then_some(line.first);
            }
            "serveralias" if !self.in_host => {
                let message = "ServerAlias only used in <VirtualHost>";
                self.refuse(written, message, line.first);
            }
            "serveralias" => {
                // A name with a port is compared as written, and no client asks for that.
                for word in words.iter().filter(|word| !word.contains(':')) {
                    let value = word.clone();
                    self.host().hosts.push(Placed { value, lines: at });
                }
            }
            "listen" if self.in_host => {
                let message = "Listen cannot occur within <VirtualHost> section";
                self.refuse(written, message, line.first);
            }
            "listen" => self.listens(&words, line.first),
            "protocol" => {
                self.host().protocol_https = Some(first.eq_ignore_ascii_case("https"));
            }
            "protocols" => {
                let there = self.modules.serves("mod_http2.c", self.unread);
                let named = words.iter().any(|word| word.eq_ignore_ascii_case("h2"));
                self.host().http2 = Some(named && !matches!(there, modules::Known::No));
            }
            "h2moderntlsonly" => {
                self.host().http2_modern_only = Some(!first.eq_ignore_ascii_case("off"));
            }
            "remoteipproxyprotocol" => {
                let on = !first.eq_ignore_ascii_case("off");
                self.host().proxied_by_header = Some(at.filter(|_| on));
            }
            "include" | "includeoptional" => self.include(written, &first, line),
            "loadmodule" => {
                let file = words.get(1).map_or("", String::as_str);
                self.load_module(&first, file, line.first);
            }
            "typesconfig" if !self.in_host => {
                self.main.types = Some((path::join(&self.root, &first), line.first));
            }
            "loadfile" => {
                for file in &words {
                    self.load_file(file, line.first);
                }
            }
            "use" => self.use_macro(&words, line),
            "mdomain" | "mdomainset" => self.main.managed = true,
            "undefmacro" => self.undefine_macro(&first, line.first),
            _ => {}
        }
    }

    /// `Require` for users whose names come from their certificates, or for verified certificates.
    fn users_of_certificates(&mut self, name: &str, words: &[String]) {
        let is = |word: &String, one: &str| word.trim_start_matches('+').eq_ignore_ascii_case(one);
        let any = |one: &str| words.iter().any(|word| is(word, one));
        let decides = &mut self.by_certificate;
        match name {
            "require" if any("ssl-verify-client") => {
                decides.verified = true;
                self.settings.verified_only = true;
            }
            "require" => decides.users |= any("user") || any("valid-user") || any("group"),
            "ssloptions" => decides.names |= any("FakeBasicAuth"),
            "sslusername" => decides.names = true,
            "sslverifyclient" => decides.any_issuer |= any("optional_no_ca"),
            _ => return,
        }
        if decides.users && decides.names || decides.verified && decides.any_issuer {
            self.settings.decides_later("Require");
        }
    }

    /// Where the line is.
    fn place(&self) -> table::Place {
        match self.directories {
            0 => table::Place::Server,
            _ if self.proxies > 0 => table::Place::Proxy,
            _ => table::Place::Directory,
        }
    }

    /// Refuses a section that httpd does not allow here.
    pub(super) fn refuse_misplaced(&mut self, written: &str, line: usize) {
        let known = table::named(written);
        let place = self.place();
        if let Some(message) = known.and_then(|known| known.is_misplaced(place)) {
            self.refuse(written, &message, line);
        }
    }

    /// Whether the directive is allowed here with these arguments.
    fn fits(&mut self, written: &str, words: &[String], line: usize) -> bool {
        let Some(known) = table::named(written) else {
            return false;
        };
        let place = self.place();
        let message = known.is_misplaced(place).or_else(|| known.refuses(words));
        if let Some(message) = &message {
            self.refuse(known.name, message, line);
        }
        message.is_none()
    }
}
