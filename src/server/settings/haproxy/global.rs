//! What `global` says about TLS.

use super::super::effective::{self, AllWritten};
use super::super::openssl::DH_LABELS;
use super::super::{Dh, Looked, Placed, lossy, path, shown};
use super::line::{CLIENT_ORDER, placed, versions, write};
use super::{Reader, TEST, stores, values};
use crate::rule;
use crate::server::startup::StartOutcome;
use crate::server::versions::rules;
use crate::source::Lines;

/// Which files HAProxy looks for next to a certificate (`ssl-load-extra-files`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "HAProxy's own flags, each for itself"
)]
pub(super) struct Extras {
    pub(super) bundle: bool,
    pub(super) sctl: bool,
    pub(super) ocsp: bool,
    pub(super) issuer: bool,
    pub(super) key: bool,
}

impl Default for Extras {
    fn default() -> Self {
        Self::of(&["all".to_owned()])
    }
}

impl Extras {
    fn of(words: &[String]) -> Self {
        let has = |word: &str| words.iter().any(|known| known == word || known == "all");
        Self {
            bundle: has("bundle"),
            sctl: has("sctl"),
            ocsp: has("ocsp"),
            issuer: has("issuer"),
            key: has("key"),
        }
    }
}

/// What `global` hands to every `bind` and `server`.
#[derive(Default)]
pub(super) struct Global {
    pub(super) certificate_base: String,
    pub(super) ca_base: String,
    /// The words of `ssl-default-bind-options` that apply to versions.
    pub(super) options: Option<String>,
    pub(super) ciphers: Option<Placed<String>>,
    pub(super) suites13: Option<Placed<String>>,
    pub(super) groups: Option<Placed<String>>,
    pub(super) dh: Dh,
    pub(super) client_order: bool,
    /// A setting of every `bind` that was not interpreted.
    pub(super) not_interpreted: Option<Placed<String>>,
    /// `issuers-chain-path`.
    pub(super) issuers: Option<(String, usize)>,
    /// `ssl-load-extra-del-ext`: the key of `site.crt` is in `site.key`.
    pub(super) without_extension: bool,
    pub(super) extras: Extras,
    /// `ssl-server-verify none`.
    pub(super) servers_unverified: bool,
    /// The words of `ssl-default-server-options`.
    pub(super) server_options: Vec<String>,
    pub(super) server_ciphers: Option<Placed<String>>,
    pub(super) server_suites13: Option<Placed<String>>,
    /// `tune.ssl.capture-buffer-size` was present: it is allowed once.
    captures: bool,
    /// The settings handed to every `bind`, under their names there.
    pub(super) written: AllWritten,
}

impl Reader<'_, '_> {
    /// Records what every `bind` inherits from here.
    fn hand_down(&mut self, keyword: &str, arguments: &[String], number: usize) {
        let at = Some(Lines::new(number, number));
        let all = &mut self.global.written;
        match keyword {
            "ssl-default-bind-options" => write(arguments, number, all),
            "crt-base" | "ca-base" => effective::write(all, keyword, &arguments.join(" "), at),
            _ => {
                if let Some(name) = keyword.strip_prefix("ssl-default-bind-") {
                    effective::write(all, name, &arguments.join(" "), at);
                }
            }
        }
    }

    pub(super) fn global(&mut self, keyword: &str, arguments: &[String], number: usize) {
        // Measured: 3.0 refuses it here, 3.2 accepts it.
        let strict = |word: &&String| word.as_str() == "strict-sni";
        if keyword == "ssl-default-bind-options" && arguments.iter().any(|word| strict(&word)) {
            self.settings.depends_on(rules::STRICT_SNI, number);
            if self.settings.has_version("3.1") {
                self.settings.known_by_name(rules::STRICT_SNI, number);
                return;
            }
        }
        if let Err(message) = values::global(keyword, arguments) {
            self.refuse(keyword, &message, number);
            return;
        }
        let first = arguments.first().map_or("", String::as_str);
        let base = self.context.base;
        self.hand_down(keyword, arguments, number);
        match keyword {
            "crt-base" | "ca-base" => {
                let target = if keyword == "crt-base" {
                    &mut self.global.certificate_base
                } else {
                    &mut self.global.ca_base
                };
                let twice = !target.is_empty();
                *target = path::join(base, first);
                if twice {
                    let message = format!("'{keyword}' already specified.");
                    self.refuse(keyword, &message, number);
                }
            }
            "issuers-chain-path" => self.issuers(first, number),
            "ssl-load-extra-del-ext" => self.global.without_extension = true,
            "ssl-load-extra-files" => self.global.extras = Extras::of(arguments),
            "setenv" | "presetenv" if arguments.len() < 2 => {
                let message = format!("'{keyword}' expects a name and a value.");
                self.refuse(keyword, &message, number);
            }
            "setenv" | "presetenv" => {
                let value = arguments.get(1).cloned().unwrap_or_default();
                if keyword == "setenv" || !self.environment.contains_key(first) {
                    let _ = self.environment.insert(first.to_owned(), value);
                }
                let _ = self.removed.remove(first);
            }
            "unsetenv" => {
                for name in arguments {
                    let _ = self.environment.remove(name);
                    let _ = self.removed.insert(name.clone());
                }
            }
            "resetenv" => self.environment.retain(|name, _| arguments.contains(name)),
            "ssl-default-bind-options" => {
                self.global.options = Some(versions(arguments));
                self.global.client_order =
                    arguments.iter().any(|argument| argument == CLIENT_ORDER);
            }
            "ssl-default-server-options" => self.global.server_options = arguments.to_vec(),
            "ssl-default-server-ciphers" => self.global.server_ciphers = placed(first, number),
            "ssl-default-server-ciphersuites" => {
                self.global.server_suites13 = placed(first, number);
            }
            "ssl-server-verify" => self.global.servers_unverified = first == "none",
            "ssl-default-bind-ciphers" => {
                self.global.ciphers = Some(Placed {
                    value: first.to_owned(),
                    lines: Some(Lines::new(number, number)),
                });
            }
            "ssl-default-bind-ciphersuites" => self.global.suites13 = placed(first, number),
            "ssl-default-bind-curves" => self.global.groups = placed(first, number),
            "ssl-dh-param-file" => self.dh_file(&path::join(base, first), number),
            // For any number, HAProxy uses OpenSSL's own parameters (measured: 2.6.12).
            "tune.ssl.default-dh-param"
                if matches!(self.global.dh, Dh::None)
                    && first.parse::<u32>().is_ok_and(|bits| bits >= 2048) =>
            {
                let (bits, file) = (2048, None);
                self.global.dh = Dh::Prime { bits, file };
            }
            "tune.ssl.capture-buffer-size" | "tune.ssl.capture-cipherlist-size" => {
                if self.global.captures {
                    let message = format!("'{keyword}' is already configured.");
                    self.refuse(keyword, &message, number);
                }
                self.global.captures = true;
            }
            "user" | "group" => self.account(keyword, first, number),
            "chroot" => {
                let directory = path::join(base, first);
                // Debian's package creates it; settings of another machine may be read here.
                let here = self.settings.look(self.context, &directory);
                if matches!(here, Some(Looked::Missing)) && directory != "/var/lib/haproxy" {
                    let message = format!("[haproxy.main()] Cannot chroot({})", shown(&directory));
                    let noticed = StartOutcome::StartFails.noticed();
                    self.settings.refuse_at(keyword, &message, noticed, number);
                }
            }
            "lua-load" => {
                let file = path::join(base, first);
                let _ = self.settings.demanded(self.context, keyword, &file, number);
            }
            "httpclient.ssl.ca-file" if !stores::is_of_system(first, "") => {
                let file = path::join(base, first);
                let _ = self
                    .settings
                    .authorities(self.context, keyword, &file, number);
            }
            "ssl-engine" | "ssl-provider" | "ssl-propquery" | "ssl-provider-path" => {
                self.global.not_interpreted = placed(keyword, number);
                self.settings.not_judged(
                    keyword,
                    "certcheck does not judge engines and providers",
                    number,
                );
            }
            _ => {}
        }
    }

    /// A user or group that HAProxy looks up, also in `haproxy -c`.
    fn account(&mut self, keyword: &str, name: &str, number: usize) {
        // Users that HAProxy packages or systems create: if one is missing here, the settings may
        // belong to another machine.
        const USUAL: &[&str] = &["haproxy", "root", "nobody", "nogroup", "daemon", "www-data"];
        let file = if keyword == "user" {
            "/etc/passwd"
        } else {
            "/etc/group"
        };
        let known = match self.settings.look(self.context, file) {
            Some(Looked::Read(source)) => lossy(source.bytes())
                .lines()
                .any(|entry| entry.split(':').next() == Some(name)),
            _ => false,
        };
        if !known && !USUAL.contains(&name) {
            let reason = format!(
                "certcheck does not know whether {file} contains `{}` where HAProxy runs: without it HAProxy does not start",
                shown(name)
            );
            self.settings.not_judged(keyword, reason, number);
        }
    }

    fn dh_file(&mut self, file: &str, number: usize) {
        const NAME: &str = "ssl-dh-param-file";
        if let Some(Looked::Directory(_)) = self.settings.look(self.context, file) {
            let message =
                "the path is a directory: HAProxy never stops reading it (measured: 2.6.12)";
            self.refuse(NAME, message, number);
            return;
        }
        // HAProxy accepts no other kind of parameters (measured: 2.6.12).
        let labels = DH_LABELS.get(..1).unwrap_or_default();
        let at = (TEST, number);
        let bits = self
            .settings
            .demanded_prime(self.context, (NAME, file), labels, at);
        // A short prime only causes a warning and turns DHE off.
        self.global.dh = bits.map_or(Dh::None, |bits| Dh::Prime { bits, file: None });
    }

    fn issuers(&mut self, written: &str, number: usize) {
        const NAME: &str = "issuers-chain-path";
        let directory = path::join(self.context.base, written.trim_end_matches('/'));
        match self.settings.look(self.context, &directory) {
            Some(Looked::Directory(_)) => self.global.issuers = Some((directory, number)),
            Some(Looked::Missing) => {
                let message =
                    format!("global statement '{NAME}' expects a directory path as an argument.");
                self.refuse(NAME, &message, number);
            }
            Some(Looked::Read(_)) => {
                let message = format!(
                    "global statement '{NAME}': {} is not a directory.",
                    shown(written)
                );
                self.refuse(NAME, &message, number);
            }
            Some(Looked::Unreadable(_)) | None => {
                let fact = rule::config::IncludeNotRead {
                    directive: NAME.to_owned(),
                    path: shown(&directory),
                };
                self.settings.note(fact, number);
                let reason = "this directory was not read";
                self.settings.not_judged(NAME, reason, number);
            }
        }
    }
}
