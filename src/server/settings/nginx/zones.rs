//! Zones of shared memory: one name, one size, one use (`ngx_shared_memory_add`).

use super::super::{Settings, shown};
use super::TEST;
use std::collections::HashMap;

/// The minimum size of a session zone (`8 * ngx_pagesize`).
const LEAST: u64 = 8 * 4096;

/// From this size, the machine's memory decides.
const LARGE: u64 = 1 << 30;

/// How many zones are remembered: each server may have its own.
const MOST: usize = 16_384;

/// The zones that were named so far.
#[derive(Default)]
pub(super) struct Zones {
    known: HashMap<String, Zone>,
}

struct Zone {
    size: u64,
    user: String,
    /// The first directive that named it, and its line.
    directive: String,
    line: usize,
}

/// One directive in its block.
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    pub(super) arguments: &'a [String],
    /// The kind of block that it is in.
    pub(super) within: &'a str,
    pub(super) line: usize,
}

impl Zones {
    /// A directive that names a zone, or does not.
    pub(super) fn directive(&mut self, it: &Named<'_>, settings: &mut Settings) {
        match it.name {
            "ssl_session_cache" => self.sessions(it, settings),
            "ssl_ocsp_cache" => self.responses(it, settings),
            "limit_req_zone" | "limit_conn_zone" | "limit_req" => {
                let zone = it
                    .arguments
                    .iter()
                    .find_map(|word| word.strip_prefix("zone="));
                let user = if it.name == "limit_conn_zone" {
                    "limit_conn"
                } else {
                    "limit_req"
                };
                self.sized(zone, user, it, settings);
            }
            "limit_conn" => {
                let zone = it.arguments.first().map(String::as_str);
                self.sized(zone, "limit_conn", it, settings);
            }
            "proxy_cache_path" | "fastcgi_cache_path" | "scgi_cache_path" | "uwsgi_cache_path" => {
                let zone = it
                    .arguments
                    .iter()
                    .find_map(|word| word.strip_prefix("keys_zone="));
                self.sized(zone, it.name.trim_end_matches("_path"), it, settings);
            }
            "proxy_cache" | "fastcgi_cache" | "scgi_cache" | "uwsgi_cache" => {
                let zone = it.arguments.first().map(String::as_str);
                let zone = zone.filter(|name| *name != "off" && !name.contains('$'));
                self.sized(zone, it.name, it, settings);
            }
            "zone" if it.within.ends_with("upstream") => {
                let words: Vec<&str> = it.arguments.iter().map(String::as_str).collect();
                self.sized(Some(&words.join(":")), it.within, it, settings);
            }
            _ => {}
        }
    }

    /// `name:size` or just a name, of a directive that is otherwise not judged.
    fn sized(&mut self, zone: Option<&str>, user: &str, it: &Named<'_>, settings: &mut Settings) {
        let Some(zone) = zone.filter(|zone| !zone.is_empty()) else {
            return;
        };
        let (name, size) = zone.split_once(':').unwrap_or((zone, ""));
        self.add(name, size_of(size).unwrap_or(0), user, it, settings);
    }

    /// `off`, `none`, `builtin[:n]`, `shared:name:size` (`ngx_http_ssl_session_cache`).
    fn sessions(&mut self, it: &Named<'_>, settings: &mut Settings) {
        for word in it.arguments {
            let builtin = word.strip_prefix("builtin:").is_some_and(|count| {
                count.parse::<i64>().is_ok_and(|count| count >= 0) && !count.starts_with('+')
            });
            if builtin || matches!(word.as_str(), "off" | "none" | "builtin") {
                continue;
            }
            if !self.shared(word, ("ssl_session_cache", "session cache"), it, settings) {
                return;
            }
        }
    }

    /// `off`, `shared:name:size` (`ngx_http_ssl_ocsp_cache`).
    fn responses(&mut self, it: &Named<'_>, settings: &mut Settings) {
        for word in it.arguments.iter().filter(|word| *word != "off") {
            self.shared(word, ("ssl_ocsp_cache", "OCSP cache"), it, settings);
        }
    }

    fn shared(
        &mut self,
        word: &str,
        (user, kind): (&str, &str),
        it: &Named<'_>,
        settings: &mut Settings,
    ) -> bool {
        let parts = word
            .strip_prefix("shared:")
            .and_then(|rest| rest.split_once(':'))
            .filter(|(name, _)| !name.is_empty());
        let Some((name, size)) = parts.and_then(|(name, size)| Some((name, size_of(size)?))) else {
            let message = format!("invalid {kind} \"{}\"", shown(word));
            settings.refuse_at(it.name, &message, TEST, it.line);
            return false;
        };
        if size < LEAST {
            let message = format!("{kind} \"{}\" is too small", shown(word));
            settings.refuse_at(it.name, &message, TEST, it.line);
            return false;
        }
        if size >= LARGE {
            let reason = "certcheck does not know whether the machine has that much memory";
            settings.not_judged(it.name, reason, it.line);
        }
        // nginx tells zones apart by name and by the module that made them (`tag`): http and stream
        // cannot share a zone.
        let module = match it.within {
            within if within.starts_with("stream") => "stream",
            within if within.starts_with("mail") => "mail",
            _ => "http",
        };
        self.add(name, size, &format!("{user} of {module}"), it, settings);
        true
    }

    /// Zones that are named, but that no directive of a whole configuration creates
    /// (`ngx_init_cycle`).
    pub(super) fn without_size(&self, settings: &mut Settings) {
        let mut missing: Vec<_> = self.known.iter().filter(|(_, it)| it.size == 0).collect();
        missing.sort_by_key(|(name, it)| (it.line, name.as_str()));
        for (name, zone) in missing {
            let message = format!("zero size shared memory zone \"{}\"", shown(name));
            settings.refuse_at(&zone.directive, &message, TEST, zone.line);
        }
    }

    fn add(&mut self, name: &str, size: u64, user: &str, it: &Named<'_>, settings: &mut Settings) {
        // A file with a zone in each of its servers must not cost memory without bound.
        if self.known.len() >= MOST {
            let reason = "certcheck does not compare so many shared memory zones";
            settings.not_judged(it.name, reason, it.line);
            return;
        }
        let Some(Zone {
            size: known,
            user: first,
            ..
        }) = self.known.get_mut(name)
        else {
            let zone = Zone {
                size,
                user: user.to_owned(),
                directive: it.name.to_owned(),
                line: it.line,
            };
            self.known.insert(name.to_owned(), zone);
            return;
        };
        let message = if first != user {
            format!(
                "the shared memory zone \"{}\" is already declared for a different use",
                shown(name)
            )
        // A directive may name a zone before another one gives its size.
        } else if *known == 0 || size == 0 {
            *known = size.max(*known);
            return;
        } else if *known != size {
            format!(
                "the size {size} of shared memory zone \"{}\" conflicts with already declared size {known}",
                shown(name)
            )
        } else {
            return;
        };
        settings.refuse_at(it.name, &message, TEST, it.line);
    }
}

/// `ngx_parse_size`: a number, perhaps with `k` or `m`.
pub(super) fn size_of(text: &str) -> Option<u64> {
    let (digits, unit) = match text.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1 << 10),
        None => match text.strip_suffix(['m', 'M']) {
            Some(digits) => (digits, 1 << 20),
            None => (text, 1),
        },
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let bytes = digits.parse::<u64>().ok()?.checked_mul(unit)?;
    (bytes <= i64::MAX as u64).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::super::super::Settings;
    use super::{Named, Zones};

    fn refused(words: &[&str]) -> bool {
        let mut settings = Settings::default();
        let arguments: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let named = Named {
            name: "ssl_session_cache",
            arguments: &arguments,
            within: "server",
            line: 1,
        };
        Zones::default().directive(&named, &mut settings);
        !settings.facts.is_empty()
    }

    /// Measured: nginx 1.22.1.
    #[test]
    fn session_caches() {
        for good in [
            &["off"][..],
            &["none"],
            &["builtin"],
            &["builtin:1000"],
            &["builtin:0"],
            &["shared:SSL:10m"],
            &["shared:a:32k"],
            &["builtin:1000", "shared:S:10m"],
            &["shared:S:1m", "shared:T:2m"],
            &["shared:S:1m", "shared:S:1024k"],
        ] {
            assert!(!refused(good), "{good:?}");
        }
        for bad in [
            &["foo"][..],
            &["shared:SSL"],
            &["shared::10m"],
            &["shared:SSL:1k"],
            &["shared:S:32767"],
            &["builtin:x"],
            &["builtin:"],
            &["shared:S:x"],
            &["shared:S:1g"],
            &["shared:S:-1m"],
            &["shared:S:1m", "shared:S:2m"],
        ] {
            assert!(refused(bad), "{bad:?}");
        }
    }
}
