//! What each directive of mod_ssl sets.

use super::super::{
    ClientAuth, LONGEST_PROTOCOLS, NamedPath, Placed, ProtocolSetting, effective, few, path, shown,
};
use super::{Host, Reader, expression, lines, present, table, values};
use crate::protocol::Dialect;
use crate::rule;
use crate::source::Lines;

/// More protocol strings with illegal words than these are not kept: one prevents the start.
const MOST_ILLEGAL: usize = 16;

impl Reader<'_, '_> {
    pub(super) fn ssl(&mut self, written: &str, raw: &str, words: &[String], line: &lines::Line) {
        let Some(known) = table::named(written) else {
            return;
        };
        let name = known.name;
        let value = words.first().map_or("", String::as_str);
        let spot = match self.directories {
            0 if self.in_host => values::Spot::Host,
            0 => values::Spot::Main,
            _ => values::Spot::Directory,
        };
        if let Some(message) = values::refusal(name, words, spot) {
            // httpd checks the file first.
            self.checked(name, value, line);
            self.refuse(name, &message, line.first);
            return;
        }
        if name == "SSLRequire" {
            self.expression(name, raw, line);
        }
        if self.proxy_section.is_some() && name.starts_with("SSLProxy") {
            self.extra(name, words, raw, line);
            return;
        }
        if self.directories > 0 {
            self.checked(name, value, line);
            self.asked_later(name, value, line);
            if matches!(name, "SSLVerifyClient" | "SSLVerifyDepth") {
                let below = (name.to_owned(), line.first);
                let _ = self.host().verify_below.get_or_insert(below);
            }
            return;
        }
        let at = Some(Lines::new(line.first, line.last));
        if !name.starts_with("SSLProxy") {
            effective::write(&mut self.host().written, name, raw, at);
        }
        let before = self.settings.uninterpreted;
        self.set(name, value, raw, line);
        self.extra(name, words, raw, line);
        if self.settings.uninterpreted > before {
            let lines = Some(Lines::new(line.first, line.last));
            let value = name.to_owned();
            let host = self.host();
            let _ = host.not_interpreted.get_or_insert(Placed { value, lines });
        }
    }

    /// An expression that this reader does not know may end the configuration test.
    pub(super) fn expression(&mut self, name: &str, text: &str, line: &lines::Line) {
        if !expression::is_known(text) {
            let reason =
                "certcheck does not judge an expression that httpd may not be able to read";
            self.settings.not_judged(name, reason, line.first);
        }
    }

    /// What httpd requires of a client at its request, after the handshake.
    fn asked_later(&mut self, name: &str, value: &str, line: &lines::Line) {
        let demands = match name {
            // Even `optional` needs another handshake, or with TLS 1.3 a client that allows one
            // (AH10158, measured: 2.4.71 answers 403).
            "SSLVerifyClient" => {
                let without = ["none", "off"];
                !without.iter().any(|word| value.eq_ignore_ascii_case(word))
            }
            "SSLCipherSuite" => true,
            _ => false,
        };
        let mut inside = self.open.iter().filter(|open| open.directory).peekable();
        if demands && inside.peek().is_some() && inside.all(|open| open.everywhere) {
            let reason =
                "certcheck does not judge what httpd demands of every request after the handshake";
            self.settings.not_judged(name, reason, line.first);
        }
    }

    /// httpd checks a file as soon as any directive names it.
    fn checked(&mut self, name: &'static str, value: &str, line: &lines::Line) {
        if !present::CHECKED.contains(&name) || self.checked.len() >= present::MOST {
            return;
        }
        self.checked.push(NamedPath {
            setting: name,
            written: value.to_owned(),
            path: path::join(&self.root, value),
            lines: Some(Lines::new(line.first, line.last)),
        });
    }

    fn set(&mut self, name: &'static str, value: &str, raw: &str, line: &lines::Line) {
        let lines = Some(Lines::new(line.first, line.last));
        let file = NamedPath {
            setting: name,
            written: value.to_owned(),
            path: path::join(&self.root, value),
            lines,
        };
        self.checked(name, value, line);
        match name {
            "SSLVerifyDepth" => self.host().verify_depth = value.parse().ok(),
            "SSLCARevocationFile" => self.host().lists = Some(file),
            "SSLCADNRequestFile" => self.host().names = Some(file),
            "SSLCARevocationPath" => self.host().lists_path = Some(file),
            "SSLCADNRequestPath" => self.host().names_path = Some(line.first),
            "SSLEngine" => self.engine(value, line.first),
            "SSLCertificateFile" => few(&mut self.host().certificates, file),
            "SSLCertificateKeyFile" => few(&mut self.host().keys, file),
            "SSLCertificateChainFile" => self.once(name, |host| host.chain.replace(file)),
            "SSLCACertificateFile" => self.once(name, |host| host.ca.replace(file)),
            "SSLCACertificatePath" => {
                self.host().ca_path = true;
            }
            "SSLProtocol" => {
                // A backslash at the very end continues the line, but a blank follows this one.
                if raw.trim().ends_with('\\') {
                    self.refuse(name, "SSLProtocol: Illegal protocol '\\'", line.first);
                }
                let string: String = raw.trim().chars().take(LONGEST_PROTOCOLS).collect();
                let setting = ProtocolSetting {
                    dialect: Dialect::Apache,
                    string,
                    global: None,
                    lines,
                };
                if self.illegal_protocols.len() < MOST_ILLEGAL
                    && let Some((message, lines)) = values::illegal_protocol(&setting).zip(lines)
                {
                    self.illegal_protocols.push((message, lines));
                }
                self.host().protocol = Some(setting);
            }
            "SSLVerifyClient" => self.verify(value, lines),
            "SSLPassPhraseDialog" => {
                self.main.passphrase = (!value.eq_ignore_ascii_case("builtin")).then_some(Placed {
                    value: "SSLPassPhraseDialog",
                    lines,
                });
            }
            _ => {}
        }
    }

    /// A directive whose last occurrence counts.
    fn once(&mut self, name: &str, set: impl FnOnce(&mut Host) -> Option<NamedPath>) {
        if let Some(earlier) = set(self.host()) {
            let line = earlier.lines.map_or(1, |lines| lines.first);
            let fact = rule::config::Overridden {
                setting: name.to_owned(),
                value: shown(&earlier.written),
                by_line: None,
            };
            self.settings.note(fact, line);
        }
    }

    fn engine(&mut self, value: &str, line: usize) {
        let on = match value.to_ascii_lowercase().as_str() {
            "on" => true,
            "off" => false,
            "optional" => {
                self.settings.ignored(
                    "SSLEngine",
                    value,
                    "httpd 2.4.71 no longer supports it (AH10510) and speaks plaintext",
                    line,
                );
                false
            }
            _ => {
                self.refuse("SSLEngine", "Argument must be On or Off", line);
                return;
            }
        };
        let optional = value.eq_ignore_ascii_case("optional");
        let host = self.host();
        host.engine = Some((on, line));
        host.optional = optional;
    }

    fn verify(&mut self, value: &str, lines: Option<Lines>) {
        let auth = match value.to_ascii_lowercase().as_str() {
            "none" | "off" => ClientAuth::None,
            "optional" | "optional_no_ca" => ClientAuth::Optional,
            "require" | "on" => ClientAuth::Required,
            _ => return,
        };
        let host = self.host();
        host.any_issuer = value.eq_ignore_ascii_case("optional_no_ca");
        host.verify = Some(Placed { value: auth, lines });
    }
}
