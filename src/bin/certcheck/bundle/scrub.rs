//! The last look at every text: values of what calls itself a password.

use super::form::LEFT_OUT;
use certcheck::shown::without_keys;
use std::borrow::Cow;

/// Names whose value is left out, if the name contains one of them.
const NAMES: [&str; 8] = [
    "pass",
    "pwd",
    "apikey",
    "secret",
    "token",
    "credential",
    "cookie",
    "auth",
];

/// The same, if the name ends so.
const ENDS: [&str; 6] = ["pin", "pin-value", "pin-source", "pw", "key", "sig"];

/// `text` without key material, without the value of `pin-value=…`, `password=…` and the like, and
/// without the name, the password and the query of an address (`https://user:password@host/?query`).
pub(super) fn scrubbed(text: &str) -> Cow<'_, str> {
    let text = without_keys(text);
    if !text.contains(['=', '@', '?', '#']) {
        return text;
    }
    let values = values(&text);
    let clean = addresses(&values);
    if clean == *text {
        text
    } else {
        Cow::Owned(clean)
    }
}

fn values(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('=') {
        let (before, after) = (
            rest.get(..at).unwrap_or_default(),
            rest.get(at + 1..).unwrap_or_default(),
        );
        out.push_str(before);
        out.push('=');
        rest = after;
        let part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let name: String = before
            .trim_end()
            .chars()
            .rev()
            .take_while(|c| part(*c))
            .collect();
        let name: String = name.chars().rev().collect::<String>().to_ascii_lowercase();
        let ends = ENDS.iter().any(|end| name.ends_with(end));
        if ends || NAMES.iter().any(|word| name.contains(word)) && !name.contains("file") {
            let value = after.trim_start_matches([' ', '\t']);
            let end = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let inner = value.get(1..).unwrap_or_default();
                    inner.find(quote).map_or(value.len(), |end| end + 2)
                }
                _ => value
                    .find(|c: char| c.is_whitespace() || "\"';&,)<>".contains(c))
                    .unwrap_or(value.len()),
            };
            if end > 0 {
                out.push_str(LEFT_OUT);
                rest = value.get(end..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

fn addresses(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = (
            rest.get(..at + 3).unwrap_or_default(),
            rest.get(at + 3..).unwrap_or_default(),
        );
        out.push_str(before);
        let end = after
            .find(|c: char| c.is_whitespace() || "/\"'".contains(c))
            .unwrap_or(after.len());
        let host = after.get(..end).unwrap_or_default();
        rest = match host.rfind('@') {
            Some(at) => {
                out.push_str(LEFT_OUT);
                after.get(at..).unwrap_or_default()
            }
            None => after,
        };
        let end = rest
            .find(|c: char| c.is_whitespace() || "\"'`<>;".contains(c))
            .unwrap_or(rest.len());
        let address = rest.get(..end).unwrap_or_default();
        if let Some(query) = address.find(['?', '#']) {
            out.push_str(address.get(..=query).unwrap_or_default());
            out.push_str(LEFT_OUT);
            rest = rest.get(end..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::scrubbed;

    #[test]
    fn values_and_addresses() {
        for (text, clean) in [
            (
                "a pkcs11:x?pin-value=1234&b=2",
                "a pkcs11:x?pin-value=[left out]&b=2",
            ),
            ("password='a b' host=c", "password=[left out] host=c"),
            ("ldapbindpasswd=\"x\" y", "ldapbindpasswd=[left out] y"),
            (
                "see https://ada:secret@host/a",
                "see https://[left out]@host/a",
            ),
            (
                "see https://host/a?b=c&d#e, f",
                "see https://host/a?[left out] f",
            ),
            ("pin-source=data:a;b", "pin-source=[left out];b"),
            ("ssl_password_file = a.txt", "ssl_password_file = a.txt"),
            ("pwd = \"open", "pwd =[left out]"),
            ("a = b @ c", "a = b @ c"),
        ] {
            assert_eq!(scrubbed(text), clean);
        }
    }
}
