//! The handshake: versions, curve, DH parameters, revocation lists.

use super::super::openssl::{self, DH_LABELS};
use super::super::{
    Context, Dh, NamedPath, Negotiation, Placed, ProtocolSetting, Settings, path, shown,
};
use super::{Setting, boolean, lines};
use crate::protocol::Dialect;
use crate::server::startup::StartOutcome;
use crate::server::versions::rules;
use crate::source::Lines;

/// Files and curves that the server loads with TLS on (`be_tls_init` of 15).
pub(super) fn extras<'s>(
    get: &dyn Fn(&str) -> Option<&'s Setting>,
    base: &str,
    context: &Context<'_>,
    settings: &mut Settings,
) -> Negotiation {
    let file = |name: &'static str| {
        let setting = get(name).filter(|setting| !setting.value.is_empty())?;
        Some(NamedPath {
            setting: name,
            written: setting.value.clone(),
            path: path::join(base, &setting.value),
            lines: Some(lines(setting).unwrap_or(Lines::new(1, 1))),
        })
    };
    let line = |file: &NamedPath| file.lines.map_or(1, |lines| lines.first);
    if let Some(list) = file("ssl_crl_file") {
        let at = line(&list);
        settings.lists(context, "ssl_crl_file", &list.path, at);
    }
    let own = get("ssl_prefer_server_ciphers").and_then(|setting| boolean(&setting.value));
    let defaults = Negotiation::of(Dialect::Postgres);
    let mut negotiation = Negotiation {
        prefers_own_order: own.unwrap_or(defaults.prefers_own_order),
        ..defaults
    };
    if let Some(file) = file("ssl_dh_params_file") {
        let at = (StartOutcome::StartFails.noticed(), line(&file));
        let from = (file.setting, file.path.as_str());
        let bits = settings.demanded_prime(context, from, &DH_LABELS, at);
        negotiation.dh = bits.map_or(Dh::None, |bits| Dh::Prime {
            bits,
            file: Some(file.clone()),
        });
    }
    let takes_list = settings.has_version("18");
    let Some(curve) = get("ssl_ecdh_curve") else {
        settings.depends_on(rules::DEFAULT_GROUPS, 0);
        if takes_list {
            negotiation.groups = Some(Placed {
                value: "X25519:prime256v1".to_owned(),
                lines: None,
            });
        }
        return negotiation;
    };
    negotiation.groups = Some(Placed {
        value: curve.value.clone(),
        lines: lines(curve),
    });
    let (name, at) = ("ssl_ecdh_curve", curve.line.max(1));
    let is_common = |name: &str| matches!(name, "prime256v1" | "secp384r1" | "secp521r1");
    let is_common_group = |name: &str| is_common(name) || matches!(name, "X25519" | "x25519");
    match curve.value.as_str() {
        value if takes_list => {
            if !value.split(':').all(is_common_group) {
                let reason = "certcheck does not know whether OpenSSL has all of these groups";
                settings.not_judged("ssl_groups", reason, at);
            }
        }
        value if is_common(value) => {}
        other if openssl::is_short_name_of_curve(other) => {
            settings.negotiated(name, "clients may not share this curve with the server", at);
        }
        other => {
            let message = format!(
                "ECDH: unrecognized curve name: {} (OpenSSL expects one of its short names, such as prime256v1)",
                shown(other)
            );
            settings.refuse(name, &message, at);
        }
    }
    negotiation
}

pub(super) fn protocols(
    least: Option<&Setting>,
    most: Option<&Setting>,
) -> Option<ProtocolSetting> {
    let quoted =
        |setting: &Setting| format!("{} = '{}'", setting.name, setting.value.replace('\'', "''"));
    let both: Vec<&Setting> = least.into_iter().chain(most).collect();
    let first = both.iter().map(|setting| setting.line.max(1)).min()?;
    let last = both.iter().map(|setting| setting.line.max(1)).max()?;
    let strings: Vec<String> = both.iter().map(|setting| quoted(setting)).collect();
    Some(ProtocolSetting {
        dialect: Dialect::Postgres,
        string: strings.join("; "),
        global: None,
        lines: Some(Lines::new(first, last)),
    })
}

/// A bound must be one of the words even if TLS is off (measured: 15.18); only the newest version
/// may be empty.
pub(super) fn unused_bound(setting: &Setting, settings: &mut Settings) {
    const WORDS: &[&str] = &["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
    let Setting { name, value, line } = setting;
    let is_word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(value));
    let unlimited = value.is_empty() && name == "ssl_max_protocol_version";
    if !is_word && !unlimited {
        let message = format!(
            "invalid value for parameter \"{name}\": \"{}\"",
            shown(value)
        );
        settings.refuse(name, &message, (*line).max(1));
    }
}
