//! What TabPy 2.16 requires with TABPY_OAUTH_ENABLED (`_validate_oauth_settings`).

use super::python;
use super::{Settings, Values};
use std::net::IpAddr;

/// What stops the start; whether the keys' host resolves is not checked here.
pub(super) fn judge(values: &Values, settings: &mut Settings) {
    let get = |name: &str| values.get(name).map_or("", |value| value.text.as_str());
    let enabled = values.get("TABPY_OAUTH_ENABLED");
    let Some(enabled) = enabled.filter(|enabled| python::boolean(&enabled.text) == Some(true))
    else {
        return;
    };
    let at = enabled.line();
    let named = |names: &[&'static str], is: &dyn Fn(&str) -> bool| {
        let names = names.iter().copied();
        names.filter(|name| is(name)).collect::<Vec<_>>().join(", ")
    };
    let sources = ["TABPY_OAUTH_ISSUER", "TABPY_OAUTH_JWKS_URI"];
    let missing = named(&sources, &|name| get(name).is_empty());
    let required = get("TABPY_OAUTH_REQUIRED_SCOPES").split(',');
    let bounded = !get("TABPY_OAUTH_AUDIENCE").is_empty()
        || required.into_iter().any(|scope| !scope.trim().is_empty());
    let scopes = [
        "TABPY_OAUTH_QUERY_SCOPE",
        "TABPY_OAUTH_EVALUATE_SCOPE",
        "TABPY_OAUTH_DEPLOY_SCOPE",
    ];
    let invalid = named(&scopes, &|name| {
        values.get(name).is_some_and(|value| !is_scope(&value.text))
    });
    let insecure = named(&sources, &|name| {
        !get(name).to_lowercase().starts_with("https://")
    });
    let local = is_local(get("TABPY_OAUTH_JWKS_URI"));
    let allowed = python::boolean(get("TABPY_OAUTH_ALLOW_NONPUBLIC_JWKS")) == Some(true);
    let message = if !missing.is_empty() {
        format!("TABPY_OAUTH_ENABLED is true but missing required setting(s): {missing}")
    } else if !bounded {
        "OAuth requires a global resource authorization boundary: configure \
         TABPY_OAUTH_AUDIENCE, or TABPY_OAUTH_REQUIRED_SCOPES"
            .to_owned()
    } else if !invalid.is_empty() {
        format!("{invalid} must be valid, non-empty OAuth scope tokens")
    } else if !insecure.is_empty() {
        format!("{insecure} must use https")
    } else if local && allowed {
        return;
    } else if local {
        "TABPY_OAUTH_JWKS_URI host resolves to a non-public address".to_owned()
    } else {
        let reason =
            "TabPy starts only where the host of TABPY_OAUTH_JWKS_URI resolves to a public address";
        return settings.not_judged("TABPY_OAUTH_JWKS_URI", reason, at);
    };
    let setting = "TABPY_OAUTH_ENABLED";
    settings.refuse(setting, &format!("RuntimeError: {message}"), at);
}

/// `[\x21\x23-\x5B\x5D-\x7E]+`
fn is_scope(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
    !text.is_empty() && text.bytes().all(plain)
}

/// Whether the host is an address that is certainly not public.
fn is_local(uri: &str) -> bool {
    let behind = uri.split_once("://").map_or("", |halves| halves.1);
    let authority = behind.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or_default(),
    };
    match host.parse() {
        Ok(IpAddr::V4(it)) => {
            it.is_loopback() || it.is_private() || it.is_link_local() || it.is_unspecified()
        }
        Ok(IpAddr::V6(it)) => it.is_loopback() || it.is_unspecified(),
        Err(_) => false,
    }
}
