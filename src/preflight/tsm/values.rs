//! Values of options in their forms: numbers, words, URLs, files to write.

use super::command::{Setting, TsmCommand};
use super::line::Reader;
use super::options::{UrlForm, Use};
use super::suggest::closest;
use crate::finding::Severity;
use crate::rule;
use crate::server_name::ServerName;
use crate::shown::value as shown;

/// Microsoft, "Naming rules and restrictions for Azure resources": Microsoft.KeyVault, vaults.
fn is_vault(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (3..=24).contains(&name.len())
        && name.bytes().all(allowed)
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && !name.ends_with('-')
        && !name.contains("--")
}

/// The same page: vaults / keys.
fn is_vault_key(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=127).contains(&name.len()) && name.bytes().all(allowed)
}

impl Reader<'_> {
    /// Values that are not among those in the manual.
    pub(super) fn values(&mut self) {
        for given in self.given.clone() {
            let Some(value) = given.value else { continue };
            let meant = match given.option.used {
                // tsm is written in Java, whose `int` ends there.
                Use::Number(_) if value.parse::<i32>().is_ok_and(|number| number >= 0) => continue,
                Use::Number(units) => units.to_uppercase(),
                Use::OneOf(words) if words.iter().any(|word| word.eq_ignore_ascii_case(value)) => {
                    continue;
                }
                Use::OneOf(words) => {
                    let lower = value.to_ascii_lowercase();
                    closest(&lower, words).map_or_else(|| words.join("|"), str::to_owned)
                }
                Use::Output(ending) => {
                    self.judge_output(given.option.name(), given.word, value, ending);
                    continue;
                }
                Use::Vault if !is_vault(value) => {
                    let form = "the name of a key vault (3 to 24 letters, digits and single hyphens, \
                                the first a letter), not its address";
                    self.wrong_value(given.option.name(), given.word, value, form.to_owned());
                    continue;
                }
                Use::VaultKey if !is_vault_key(value) => {
                    let form = "the name of a key (1 to 127 letters, digits and hyphens), not its \
                                identifier";
                    self.wrong_value(given.option.name(), given.word, value, form.to_owned());
                    continue;
                }
                Use::Url(form) => {
                    self.judge_url(given.option.name(), given.word, value, form);
                    continue;
                }
                _ => continue,
            };
            let name = given.option.name();
            let option = format!("{name} {}", shown(value));
            let meant = format!("{name} {meant}");
            self.unknown(given.word, option, Some(meant), Severity::Error);
        }
    }

    /// A file that the command writes: its full path and its ending (page "tsm security",
    /// `get-certificate-file`).
    fn judge_output(&mut self, option: &str, word: usize, value: &str, ending: &str) {
        let rooted = value.starts_with('/') || super::path_map::is_windows(value);
        let ends = value
            .rsplit_once('.')
            .is_some_and(|(_, it)| it.eq_ignore_ascii_case(ending));
        // The page requires both only of the repository's certificate.
        if ending == "cert" && !(rooted && ends) {
            self.wrong_value(
                option,
                word,
                value,
                "a full path that ends in .cert".to_owned(),
            );
        }
    }

    /// Page "tsm authentication", `--idp-return-url`.
    fn judge_url(&mut self, option: &str, word: usize, value: &str, form: UrlForm) {
        let scheme = value
            .split_once("://")
            .map(|(scheme, _)| scheme.to_ascii_lowercase());
        let host = value.split_once("://").map_or("", |(_, rest)| rest);
        let host = host.split(['/', ':', '?', '#']).next().unwrap_or_default();
        let encrypted = scheme.as_deref() == Some("https");
        // OpenID Connect Discovery 1.0, section 4: the provider's address is a URL with https.
        let plain = form == UrlForm::Return && scheme.as_deref() == Some("http");
        let wanted = if !(encrypted || plain) || host.is_empty() {
            "a URL that begins with https://"
        } else if form == UrlForm::Return && value.ends_with('/') {
            "the URL without a slash at its end"
        } else if form == UrlForm::Return && host.eq_ignore_ascii_case("localhost") {
            "the URL that users enter, not localhost"
        } else {
            return;
        };
        let value = super::url::without_credentials(value);
        self.wrong_value(option, word, &value, wanted.to_owned());
    }

    fn wrong_value(&mut self, option: &str, word: usize, value: &str, wanted: String) {
        let fact = rule::config::OptionValue {
            option: option.to_owned(),
            value: shown(value),
            wanted,
        };
        self.report(word, None, fact);
    }

    /// Keys of Tableau Server Independent Gateway can be set only with `--force-keys` (page
    /// "Configure TLS on Independent Gateway").
    pub(super) fn judge_key(&mut self, key: Option<&Setting>) {
        let Some(key) = key else { return };
        if key.value.starts_with("gateway.tsig.") && self.one(Use::ForceKeys).is_none() {
            self.missing(key.word, "--force-keys", Severity::Error);
        }
        let Some(given) = self.one(Use::ConfigValue) else {
            return;
        };
        let Some(value) = given.value else { return };
        let last = key.value.rsplit('.').next().unwrap_or_default();
        let secret = ["passphrase", "password", "secret"];
        if !value.is_empty() && secret.iter().any(|word| last.ends_with(word)) {
            let fact = rule::key::PassphraseOnCommandLine {
                option: given.option.name().to_owned(),
            };
            self.report(given.word, Some(Severity::Notice), fact);
        }
        if TsmCommand::is_switch_key(&key.value) {
            if !matches!(value, "true" | "false") {
                self.wrong_value(&key.value, key.word, value, "true or false".to_owned());
            }
            return;
        }
        if !TsmCommand::PLAIN_KEYS.contains(&key.value.as_str()) {
            return;
        }
        let number = value.parse::<u16>().is_ok_and(|port| port > 0);
        let host = !value.contains(['/', ' ']) && value.parse::<ServerName>().is_ok();
        let wanted = match key.value.ends_with(".port") {
            true if !number => "a port, from 1 to 65535",
            false if !host => "the name of a host, without http:// and without a port",
            _ => return,
        };
        let value = super::url::without_credentials(value);
        self.wrong_value(&key.value, key.word, &value, wanted.to_owned());
    }

    /// An external repository without TLS: its administrator's password and everything else
    /// crosses the network in plaintext.
    pub(super) fn judge_repository(&mut self, without_tls: bool) {
        let certificate = self.one(Use::File(super::FileRole::CaCertificate));
        match (without_tls, certificate) {
            (true, Some(given)) => {
                let fact = rule::config::UnusedOption {
                    command: self.name.clone(),
                    option: "-c".to_owned(),
                    reason: "`--no-ssl` switches TLS off".to_owned(),
                };
                self.report(given.word, None, fact);
            }
            (true, None) => {
                let word = self.one(Use::NoTls).map_or(0, |given| given.word);
                let fact = rule::config::PasswordInClear {
                    option: "--no-ssl".to_owned(),
                    service: "the external repository".to_owned(),
                };
                self.report(word, None, fact);
            }
            (false, _) => {}
        }
    }
}
