//! The settings that TabPy reads, and what each must be (`_parse_config` of 2.16): a value that
//! Python cannot convert stops the start, even if nothing uses it.

use super::python::{self, Number};
use super::{Settings, Value, shown};

/// Who converts the text of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Boolean,
    Float,
    Integer,
}

/// The settings in the order in which TabPy fetches them.
pub(super) const KNOWN: &[(&str, Kind)] = &[
    ("TABPY_PORT", Kind::Text),
    ("TABPY_EVALUATE_ENABLE", Kind::Boolean),
    ("TABPY_EVALUATE_TIMEOUT", Kind::Float),
    ("TABPY_QUERY_OBJECT_PATH", Kind::Text),
    ("TABPY_TRANSFER_PROTOCOL", Kind::Text),
    ("TABPY_CERTIFICATE_FILE", Kind::Text),
    ("TABPY_KEY_FILE", Kind::Text),
    ("TABPY_MINIMUM_TLS_VERSION", Kind::Text),
    ("TABPY_STATE_PATH", Kind::Text),
    ("TABPY_STATIC_PATH", Kind::Text),
    ("TABPY_PWD_FILE", Kind::Text),
    ("TABPY_LOG_DETAILS", Kind::Text),
    ("TABPY_MAX_REQUEST_SIZE_MB", Kind::Text),
    ("TABPY_GZIP_ENABLE", Kind::Boolean),
    ("TABPY_ARROW_ENABLE", Kind::Boolean),
    ("TABPY_ARROWFLIGHT_PORT", Kind::Integer),
    ("TABPY_OAUTH_ENABLED", Kind::Boolean),
    ("TABPY_OAUTH_ISSUER", Kind::Text),
    ("TABPY_OAUTH_JWKS_URI", Kind::Text),
    ("TABPY_OAUTH_ALLOW_NONPUBLIC_JWKS", Kind::Boolean),
    ("TABPY_OAUTH_AUDIENCE", Kind::Text),
    ("TABPY_OAUTH_REQUIRED_SCOPES", Kind::Text),
    ("TABPY_OAUTH_ENFORCE_ENDPOINT_SCOPES", Kind::Boolean),
    ("TABPY_OAUTH_QUERY_SCOPE", Kind::Text),
    ("TABPY_OAUTH_EVALUATE_SCOPE", Kind::Text),
    ("TABPY_OAUTH_DEPLOY_SCOPE", Kind::Text),
    ("TABPY_OAUTH_LOG_USER", Kind::Boolean),
];

/// Whether TabPy reads a setting of this name.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.iter().any(|known| known.0 == name)
}

/// Reports what Python's conversion refuses.
pub(super) fn convert(setting: &str, kind: Kind, value: &Value, settings: &mut Settings) {
    let text = value.text.as_str();
    let whole = "invalid literal for int() with base 10";
    let message = match kind {
        Kind::Text => return,
        Kind::Boolean if python::boolean(text).is_some() => return,
        Kind::Boolean => format!("ValueError: Not a boolean: {}", shown(text)),
        Kind::Float => match python::is_float(text) {
            Some(true) => return,
            Some(false) => format!(
                "ValueError: could not convert string to float: '{}'",
                shown(text)
            ),
            None => return unknown(setting, value, settings),
        },
        Kind::Integer => match python::integer(text) {
            Number::Whole(_) => return,
            Number::No => format!("ValueError: {whole}: '{}'", shown(text)),
            Number::Unknown => return unknown(setting, value, settings),
        },
    };
    settings.refuse(setting, &message, value.line());
}

fn unknown(setting: &str, value: &Value, settings: &mut Settings) {
    let reason = "certcheck does not know whether Python reads these digits as a number";
    settings.not_judged(setting, reason, value.line());
}

/// `int(…) * 1024 * 1024`, for the largest request.
pub(super) fn request_size(value: Option<&Value>, settings: &mut Settings) {
    const SETTING: &str = "TABPY_MAX_REQUEST_SIZE_MB";
    let Some(value) = value else { return };
    convert(SETTING, Kind::Integer, value, settings);
    // Measured: TabPy listens, but resets every connection.
    if matches!(python::integer(&value.text), Number::Whole(..0)) {
        let message = "a limit below zero: TabPy listens and resets every connection";
        let noticed = super::StartOutcome::HandshakeFails.noticed();
        settings.refuse_at(SETTING, message, noticed, value.line());
    }
}
