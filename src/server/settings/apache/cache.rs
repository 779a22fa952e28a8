//! `SSLSessionCache` and `SSLStaplingCache`: `none`, or a provider of mod_socache_….
//! Measured: httpd 2.4.71 (`mod_socache_shmcb.c`, `mod_socache_dbm.c`).

use super::super::{Looked, path, shown};
use super::{Known, Reader};

/// The largest 32-bit number (`SHMCB_MAX_SIZE`).
const MOST_BYTES: u64 = u32::MAX as u64;
const LEAST_BYTES: u64 = 8192;

impl Reader<'_, '_> {
    pub(super) fn cache(&mut self, name: &'static str, value: &str, at: usize) {
        let no_cache = ["none", "nonenotnull"]
            .iter()
            .any(|none| value.eq_ignore_ascii_case(none));
        if no_cache && name == "SSLSessionCache" {
            return;
        }
        let (provider, argument) = value.split_once(':').unwrap_or((value, ""));
        let module = match provider {
            "shmcb" | "default" => "mod_socache_shmcb.c",
            "dbm" => "mod_socache_dbm.c",
            "dc" => "mod_socache_dc.c",
            "memcache" => "mod_socache_memcache.c",
            "redis" => "mod_socache_redis.c",
            _ => "",
        };
        let there = match module {
            "" if self.modules.has_unknown => Known::Assumed(true),
            "" => Known::No,
            module => self.modules.has(module, self.unread),
        };
        if there == Known::No {
            let message = format!(
                "{name}: '{}' session cache not supported. Maybe you need to load the appropriate socache module",
                shown(provider)
            );
            self.refuse(name, &message, at);
            return;
        }
        match provider {
            "shmcb" | "default" => {
                if let Some(message) = shared_memory(argument) {
                    let message = format!("{name}: Invalid argument: {message}");
                    self.refuse(name, &message, at);
                }
            }
            "dbm" => self.database(name, argument, at),
            "memcache" | "redis" if argument.is_empty() => {
                let message =
                    format!("{name}: List of server names required to create {provider} socache.");
                self.refuse(name, &message, at);
            }
            "memcache" | "redis" => {
                let mut servers = argument.split(',').filter(|server| !server.is_empty());
                if let Some(server) = servers.find(|server| !is_address(server)) {
                    let message = format!("Failed to Parse {provider} Server: '{}'", shown(server));
                    self.settings.refuse(name, &message, at);
                }
            }
            _ => {}
        }
    }

    /// httpd creates the file when it starts, so its directory must exist.
    fn database(&mut self, name: &'static str, file: &str, at: usize) {
        // A relative name starts in DefaultRuntimeDir, which httpd creates.
        if !file.starts_with('/') {
            return;
        }
        let file = path::join(&self.root, file);
        let directory = match file.rsplit_once('/') {
            Some(("", _)) | None => "/",
            Some((directory, _)) => directory,
        };
        match self.settings.look(self.context, directory) {
            Some(Looked::Directory(_)) => {}
            Some(Looked::Missing | Looked::Read(_)) => {
                let message = format!("AH00804: Cannot create socache DBM file `{}'", shown(&file));
                self.settings.refuse(name, &message, at);
            }
            Some(Looked::Unreadable(_)) | None => {
                let reason = format!("certcheck did not look at {}", shown(directory));
                self.settings.not_judged(name, reason, at);
            }
        }
    }
}

/// Whether httpd finds a host in it, and no port but one of 1 to 65535 (`apr_parse_addr_port`).
/// Only digits behind the last colon are a port; any other text is a host.
fn is_address(server: &str) -> bool {
    let host = server.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = server.get(host.len()..).unwrap_or_default();
    let host = match host.strip_suffix(':') {
        Some(before) if !digits.is_empty() => {
            let port = digits.parse::<u64>().unwrap_or(u64::MAX);
            if before.is_empty() || !(1..=65_535).contains(&port) {
                return false;
            }
            before
        }
        // Digits alone are a port without a host.
        _ if host.is_empty() => return false,
        _ => server,
    };
    let Some(address) = host.strip_prefix('[') else {
        return true;
    };
    let address = address.strip_suffix(']').unwrap_or_default();
    let (address, scope) = address.split_once('%').unwrap_or((address, "0"));
    !scope.is_empty() && address.parse::<std::net::Ipv6Addr>().is_ok()
}

/// What is wrong with `PATH(SIZE)`.
fn shared_memory(argument: &str) -> Option<String> {
    let closed = argument.ends_with(')');
    let Some((_, size)) = argument.rsplit_once('(') else {
        return closed.then(|| "no opening parenthesis".to_owned());
    };
    if !closed {
        let says = "no closing parenthesis or cache size missing after pathname with parenthesis";
        return Some(says.to_owned());
    }
    let size = size.trim_end_matches(')').trim_start();
    let digits = size.trim_start_matches(['-', '+']);
    if digits.bytes().any(|byte| !byte.is_ascii_digit()) {
        return Some("cache size not numerical".to_owned());
    }
    // `strtol` into an unsigned number: a negative one becomes too large.
    let bytes = match digits.parse::<u64>() {
        _ if digits.is_empty() => 0,
        Ok(bytes) if bytes == 0 || !size.starts_with('-') => bytes,
        _ => u64::MAX,
    };
    if bytes < LEAST_BYTES {
        return Some(format!("size has to be >= {LEAST_BYTES} bytes"));
    }
    (bytes >= MOST_BYTES).then(|| format!("size has to be < {MOST_BYTES} bytes on this platform"))
}

#[cfg(test)]
mod tests {
    use super::{is_address, shared_memory};

    /// httpd 2.4.71 started with the first, and not with the others.
    #[test]
    fn addresses_of_servers_as_httpd_reads_them() {
        for good in [
            "127.0.0.1",
            "127.0.0.1:1",
            "127.0.0.1:x",
            "a",
            "[::1]:6379",
            "[::1]",
            "/tmp/sock",
            "host9",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "127.0.0.1:0",
            "127.0.0.1:65536",
            "127.0.0.1:70000",
            ":1",
            "[::1",
            "[::1:11211",
            "[::1]x",
            "[1.2.3.4]:1",
            "6379",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn sizes_are_read_as_httpd_does() {
        for (argument, says) in [
            ("/run/s(8192)", ""),
            ("/run/s(8191)", ">= 8192"),
            ("/run/s()", ">= 8192"),
            ("/run/s(8192x)", "not numerical"),
            ("/run/s(8192", "no closing"),
            ("/run/s8192)", "no opening"),
            ("", ""),
            ("(8192)", ""),
            ("/run/s(4294967200)", ""),
            ("/run/s(4294967295)", "< 4294967295"),
            ("/run/s(-1)", "< 4294967295"),
            ("/run/a(b)/s( 9000)", ""),
        ] {
            match shared_memory(argument) {
                None => assert_eq!(says, "", "{argument}"),
                Some(answer) => {
                    assert!(
                        !says.is_empty() && answer.contains(says),
                        "{argument}: {answer}"
                    );
                }
            }
        }
    }
}
