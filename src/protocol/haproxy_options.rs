//! HAProxy's options for versions, and the options that may appear next to them (source and
//! measured: 2.6.12).

use super::evaluation::Effect;
use super::haproxy_values::missing;
use super::lexer::Word;
use super::{Version, VersionSet};

/// HAProxy's names, which are not everyone else's: TLSv1.0, no SSLv2.
pub(super) const NAMES: [(&str, &str, Version); 5] = [
    ("SSLv3", "sslv3", Version::SSLv3),
    ("TLSv1.0", "tlsv10", Version::TLSv1),
    ("TLSv1.1", "tlsv11", Version::TLSv1_1),
    ("TLSv1.2", "tlsv12", Version::TLSv1_2),
    ("TLSv1.3", "tlsv13", Version::TLSv1_3),
];

/// The oldest version if nothing else is set (`default_min_ver`).
pub(super) const DEFAULT_MINIMUM: Version = Version::TLSv1_2;

/// Options of a bind line that take no argument (`haproxy -dKall`).
const FLAGS: [&str; 13] = [
    "accept-proxy",
    "defer-accept",
    "tfo",
    "transparent",
    "v4v6",
    "v6only",
    "ssl",
    "allow-0rtt",
    "generate-certificates",
    "no-ca-names",
    "no-tls-tickets",
    "prefer-client-ciphers",
    "strict-sni",
];

/// Options of a bind line that take one argument.
const WITH_VALUE: [&str; 39] = [
    "accept-netscaler-cip",
    "backlog",
    "expose-fd",
    "gid",
    "group",
    "id",
    "interface",
    "level",
    "maxconn",
    "mode",
    "mss",
    "name",
    "namespace",
    "nice",
    "process",
    "proto",
    "severity-output",
    "shards",
    "tcp-ut",
    "thread",
    "uid",
    "user",
    "alpn",
    "ca-file",
    "ca-ignore-err",
    "ca-sign-file",
    "ca-sign-pass",
    "ca-verify-file",
    "ciphers",
    "ciphersuites",
    "crl-file",
    "crt",
    "crt-ignore-err",
    "crt-list",
    "curves",
    "ecdhe",
    "npn",
    "tls-ticket-keys",
    "verify",
];

/// `no-*` flags, and the limits.
#[derive(Clone, Default)]
pub(super) struct Methods {
    pub(super) disabled: VersionSet,
    pub(super) least: Option<Version>,
    pub(super) most: Option<Version>,
}

impl Methods {
    /// What is on, by the rule that limits beat flags and TLSv1.2 is the lowest.
    pub(super) fn enabled(&self) -> VersionSet {
        let limited = self.least.is_some() || self.most.is_some();
        let disabled = if limited {
            VersionSet::EMPTY
        } else {
            self.disabled
        };
        let most = self.most.unwrap_or(Version::TLSv1_3);
        // The default is TLSv1.2, but never above a given highest version.
        let least = self.least.unwrap_or(DEFAULT_MINIMUM.min(most));
        VersionSet::between(least, most).difference(disabled)
    }
}

/// What an option is.
pub(super) enum Read {
    Methods(Effect),
    /// Not about versions, and how many words it uses.
    Neutral(usize),
    Refused(String),
}

/// An option about versions: its effect, and how many of the words after it were used.
pub(super) fn read(
    option: &str,
    next: Option<&Word>,
    methods: &mut Methods,
) -> Option<Result<(Effect, usize), String>> {
    if matches!(option, "ssl-min-ver" | "ssl-max-ver") {
        let Some(value) = next.filter(|value| !value.value.is_empty()) else {
            return Some(Err(format!("'{option}' : missing the ssl/tls version")));
        };
        let text = value.text();
        let Some((_, _, version)) = NAMES.iter().find(|(name, _, _)| *name == text) else {
            return Some(Err(format!("'{text}' : unknown ssl/tls version")));
        };
        let effect = if option == "ssl-min-ver" {
            methods.least = Some(*version);
            Effect::Minimum(Some(*version))
        } else {
            methods.most = Some(*version);
            Effect::Maximum(Some(*version))
        };
        return Some(Ok((effect, 1)));
    }
    let (force, short) = match option.split_once('-')? {
        ("no", short) => (false, short),
        ("force", short) => (true, short),
        _ => return None,
    };
    let (_, _, version) = NAMES.iter().find(|(_, name, _)| *name == short)?;
    let set = VersionSet::only(*version);
    let before = methods.enabled();
    // `force-tlsv12` is both limits at once, and so replaces what was set before.
    if force {
        methods.least = Some(*version);
        methods.most = Some(*version);
        let lost = before.difference(set);
        return Some(Ok((Effect::Replaces { with: set, lost }, 0)));
    }
    methods.disabled = methods.disabled.union(set);
    Some(Ok((Effect::Removes(set.intersection(before)), 0)))
}

pub(super) fn option(text: &str, next: Option<&Word>, own: &mut Methods) -> Read {
    match read(text, next, own) {
        Some(Ok((effect, _))) => return Read::Methods(effect),
        Some(Err(error)) => return Read::Refused(error),
        None => {}
    }
    if FLAGS.contains(&text) {
        return Read::Neutral(0);
    }
    if WITH_VALUE.contains(&text) {
        return match next {
            Some(value) if !value.value.is_empty() => Read::Neutral(1),
            _ => Read::Refused(missing(text)),
        };
    }
    Read::Refused(format!("unknown keyword '{text}'"))
}
