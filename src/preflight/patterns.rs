//! Names with wildcards in the settings (`server_name *.example.com`, `ServerAlias *.example.com`)
//! of which the certificate has none: every client that asks for one of them is shown a
//! certificate that is not for it.

use super::audience::PlaceNames;
use super::result::Sent;
use crate::finding::{Part, Subject};
use crate::model::Certificate;
use crate::rule::Finding;
use crate::rule::certificate::NameMismatch;
use crate::server::settings::Scope;

/// The most patterns of a place that are compared, and the most names of a certificate.
const PATTERNS: usize = 100;
const NAMES: usize = 1000;
/// The most pairs of characters that are compared for one place; a host with twenty patterns and a
/// certificate with a hundred names needs some 800,000.
const STEPS: usize = 4_000_000;
/// No host name is longer.
const LONGEST: usize = 255;
/// The most names that a finding lists.
const LISTED: usize = 20;

const TOO_MANY: &str = "certcheck compares only some of so many names with wildcards, and of so many \
     names of a certificate";

/// A finding for each pattern of the place that no certificate it sends has a name for, and why
/// not all of them were compared.
pub(super) fn findings(
    scope: &Scope,
    asked: &PlaceNames,
    sent: &[Sent],
) -> (Vec<Finding>, Option<&'static str>) {
    let patterns = scope.hosts.iter().map(|host| host.value.as_str());
    let mut patterns: Vec<&str> = patterns
        .filter(|host| is_wildcard(host) && host.len() <= LONGEST)
        .take(PATTERNS + 1)
        .collect();
    if patterns.is_empty() || !asked.beside.is_empty() {
        return (Vec::new(), None);
    }
    let mut open = (patterns.len() > PATTERNS).then_some(TOO_MANY);
    patterns.truncate(PATTERNS);
    let leaves: Vec<(&Sent, Vec<String>)> = sent.iter().filter_map(leaf).collect();
    let Some((first, presented)) = leaves.first() else {
        return (Vec::new(), None);
    };
    let mut steps = STEPS;
    let mut has_one = |pattern: &str| {
        let mut names = leaves.iter().flat_map(|(_, names)| names);
        names.any(|name| {
            // What is not compared is not called a mismatch.
            steps = steps.saturating_sub(pattern.len().saturating_mul(name.len()));
            steps == 0 || may_be_one(pattern, name)
        })
    };
    let found = patterns
        .into_iter()
        .filter(|pattern| !has_one(pattern))
        .map(|pattern| {
            let fact = NameMismatch {
                expected: match pattern.strip_prefix('.') {
                    Some(parent) => format!("*.{parent}"),
                    None => pattern.to_owned(),
                },
                presented: presented.iter().take(LISTED).cloned().collect(),
                why: None,
            };
            Finding::new(fact, subject(first))
        })
        .collect();
    if steps == 0 || leaves.iter().any(|(_, names)| names.len() >= NAMES) {
        open = Some(TOO_MANY);
    }
    (found, open)
}

/// An end-entity certificate, with its names; one without names is reported as such.
fn leaf(sent: &Sent) -> Option<(&Sent, Vec<String>)> {
    let certificate = Certificate::parse(&sent.der).ok()?;
    let names: Vec<String> = certificate
        .dns_names()
        .filter(|name| name.len() <= LONGEST)
        .take(NAMES)
        .map(str::to_owned)
        .collect();
    (!certificate.is_ca() && !names.is_empty()).then_some((sent, names))
}

fn subject(sent: &Sent) -> Subject {
    Subject {
        part: Part::Certificate,
        index: sent.index,
        lines: sent.lines,
        ..Subject::file(sent.source.clone())
    }
}

/// Whether it is a name with a wildcard, and neither a regular expression nor a variable.
fn is_wildcard(name: &str) -> bool {
    !name.starts_with('~') && !name.contains(['$', '"']) && name.contains(['*', '?'])
        || name.starts_with('.')
}

/// Whether some host has both forms: a pattern of the settings, in which `*` is any text and `?`
/// one character, and a name of a certificate, whose `*` is one label.
///
/// `.example.com` is `example.com` and all below it (nginx, `server_name`).
fn may_be_one(pattern: &str, name: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    let name = name.to_ascii_lowercase();
    match pattern.strip_prefix('.') {
        Some(parent) => {
            meet(parent.as_bytes(), name.as_bytes())
                || meet(format!("*.{parent}").as_bytes(), name.as_bytes())
        }
        None => meet(pattern.as_bytes(), name.as_bytes()),
    }
}

/// Whether some text has both forms; `*` of the name counts as any text too, which at most hides a
/// mismatch.
fn meet(pattern: &[u8], name: &[u8]) -> bool {
    // What each ends with after its last wildcard: if these differ, nothing has both forms.
    let literal = |text: &[u8]| {
        let mut bytes = text.iter().rev();
        bytes.position(|byte| matches!(byte, b'*' | b'?'))
    };
    let ends = literal(pattern).unwrap_or(pattern.len());
    let ends = ends.min(literal(name).unwrap_or(name.len()));
    let end = |text: &[u8]| {
        text.len()
            .checked_sub(ends)
            .and_then(|from| text.get(from..).map(<[u8]>::to_vec))
    };
    if end(pattern) != end(name) {
        return false;
    }
    // Row by row: whether what is before each place of `name` meets what is before this place of
    // `pattern`.
    let mut before: Vec<bool> = std::iter::once(true)
        .chain(name.iter().scan(true, |all, byte| {
            *all &= *byte == b'*';
            Some(*all)
        }))
        .collect();
    for wanted in pattern {
        let mut row = Vec::with_capacity(before.len());
        let any = *wanted == b'*';
        let mut left = any && before.first().copied().unwrap_or_default();
        row.push(left);
        for (byte, pair) in name.iter().zip(before.windows(2)) {
            let &[diagonal, above] = pair else { break };
            left = match (wanted, byte) {
                (b'*', _) => left || above || diagonal,
                (_, b'*') => left || above || diagonal,
                (b'?', _) => diagonal,
                (wanted, byte) => diagonal && wanted == byte,
            };
            row.push(left);
        }
        if !row.contains(&true) {
            return false;
        }
        before = row;
    }
    before.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{is_wildcard, may_be_one};

    #[test]
    fn a_pattern_and_a_name_may_mean_the_same_host() {
        for (pattern, name, meet) in [
            ("*.example.org", "www.example.org", true),
            ("*.example.org", "a.b.example.org", true),
            ("*.example.org", "*.example.org", true),
            ("*.example.org", "*.b.example.org", true),
            ("*.EXAMPLE.org", "www.example.ORG", true),
            ("*.example.org", "example.org", false),
            ("*.example.org", "www.example.com", false),
            ("*.example.org", "*.org", true),
            (".example.org", "example.org", true),
            (".example.org", "www.example.org", true),
            (".example.org", "badexample.org", false),
            ("www.example.*", "www.example.com", true),
            ("www.example.*", "mail.example.com", false),
            ("www.example.*", "*.example.com", true),
            ("*", "vm", true),
            ("web?.example.org", "web1.example.org", true),
            ("web?.example.org", "web12.example.org", false),
            ("web?.example.org", "*.example.org", true),
            ("*.blog.example.org", "blog.example.org", false),
            ("*.blog.example.org", "*.example.org", true),
        ] {
            assert_eq!(may_be_one(pattern, name), meet, "{pattern} {name}");
        }
    }

    #[test]
    fn regular_expressions_and_variables_are_no_wildcards() {
        for name in [
            r"~^(.*)\.example\.org$",
            "$hostname",
            "_",
            "",
            "www.example.org",
        ] {
            assert!(!is_wildcard(name), "{name}");
        }
        for name in [
            "*.example.org",
            ".example.org",
            "web?.example.org",
            "www.example.*",
        ] {
            assert!(is_wildcard(name), "{name}");
        }
    }
}
