//! Settings with one name and one value per line: those of TabPy and of Rserve.

use super::form::{Form, LEFT_OUT, SWITCH, Word};
use super::sheet::Sheet;

/// TabPy's settings, in the section `[TabPy]`.
const TABPY: &[(&str, Form)] = &[
    ("tabpy_transfer_protocol", Form::Words(&["http", "https"])),
    ("tabpy_certificate_file", Form::Path),
    ("tabpy_key_file", Form::Path),
    ("tabpy_port", Form::Number),
    ("tabpy_pwd_file", Form::Path),
    ("tabpy_minimum_tls_version", Form::Tls),
];

const RSERVE: &[(&str, Form)] = &[
    ("remote", SWITCH),
    ("plaintext", SWITCH),
    ("auth", Form::Words(&["required", "enable", "disable"])),
    ("pwdfile", Form::Path),
    ("qap", SWITCH),
    ("switch.qap.tls", SWITCH),
    ("websockets", SWITCH),
    ("websockets.qap", SWITCH),
    ("websockets.text", SWITCH),
    ("port", Form::Number),
    ("qap.port", Form::Number),
    ("http.port", Form::Number),
    ("tls.port", Form::Number),
    ("qap.tls.port", Form::Number),
    ("http.tls.port", Form::Number),
    ("websockets.port", Form::Number),
    ("websockets.tls.port", Form::Number),
    ("tls.key", Form::Path),
    ("tls.cert", Form::Path),
    ("tls.ca", Form::Path),
    ("tls.client", Form::Words(&["none", "request", "require"])),
];

/// Keeps TabPy's settings of the list.
pub(super) fn tabpy(text: &str, sheet: &mut Sheet) {
    let mut inside = false;
    for (line, text) in text.split('\n').enumerate() {
        let trimmed = text.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        // An indented line continues the value before it.
        let goes_on = text.starts_with(char::is_whitespace);
        if trimmed.starts_with('[') && !goes_on {
            inside = trimmed == "[TabPy]";
            if inside {
                sheet.keep(line, trimmed);
            } else {
                sheet.leave(line, "");
            }
            continue;
        }
        let pair = trimmed.split_once(['=', ':']);
        match pair.filter(|_| inside && !goes_on) {
            Some((name, value)) => pair_of(TABPY, line, (name.trim(), value, " = "), sheet),
            None => sheet.leave(line, ""),
        }
    }
}

/// Keeps Rserve's settings of the list.
pub(super) fn rserve(text: &str, sheet: &mut Sheet) {
    for (line, text) in text.split('\n').enumerate() {
        let text = text.trim();
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        match text.split_once([' ', '\t', '=', ':']) {
            Some((name, value)) => pair_of(RSERVE, line, (name, value, " "), sheet),
            None => sheet.leave(line, ""),
        }
    }
}

fn pair_of(
    list: &[(&str, Form)],
    line: usize,
    (written, value, between): (&str, &str, &str),
    sheet: &mut Sheet,
) {
    let name = written.to_ascii_lowercase();
    let Some((_, form)) = list.iter().find(|(known, _)| *known == name) else {
        sheet.leave(line, "");
        return;
    };
    let value = Word::bare(value.trim()).kept(*form);
    let value = value.as_deref().unwrap_or(LEFT_OUT);
    sheet.keep(line, &format!("{written}{between}{value}"));
}
