//! The line of the settings, or the protocol string, that a finding is about.

use crate::finding::{Excerpt, Part, Value};
use crate::rule::Finding;
use crate::shown::without_keys;
use std::borrow::Cow;

/// A longer line would fill the screen and bury the word.
const LONGEST: usize = 160;

/// The facts whose text is in the line, the most telling first.
const WORDS: [&str; 7] = [
    "token",
    "value",
    "path",
    "option",
    "setting",
    "directive",
    "condition",
];

/// Gives each finding about `source` the line of `text` that it is about.
pub(super) fn attach(findings: &mut [Finding], source: &str, text: &str) {
    let mut about: Vec<_> = findings
        .iter_mut()
        .filter(|finding| finding.excerpt.is_none() && finding.subject.source == source)
        .filter(|finding| matches!(finding.subject.part, Part::Setting | Part::ProtocolString))
        .collect();
    if about.is_empty() {
        return;
    }
    // Once for all findings: a configuration may have a finding in each of its lines.
    let lines: Vec<&str> = text.lines().collect();
    for finding in &mut about {
        let number = finding.subject.lines.map_or(1, |lines| lines.first);
        let line = number.checked_sub(1).and_then(|at| lines.get(at));
        finding.excerpt = line.and_then(|line| excerpt(finding, number, line));
    }
}

/// `None` if no word of the finding is in the line: then it is about another line. Also `None` if
/// the line may contain a secret.
fn excerpt(finding: &Finding, number: usize, line: &str) -> Option<Excerpt> {
    let line = line.trim_end();
    let lower = line.to_ascii_lowercase();
    let secret = ["passw", "passphrase", "secret", "data:"];
    if line.len() > LONGEST
        || line.contains(char::is_control)
        || secret.iter().any(|word| lower.contains(word))
        || matches!(without_keys(line), Cow::Owned(_))
    {
        return None;
    }
    let fields = finding.evidence.fields();
    let word_at = |name: &str| {
        let (_, value) = fields.iter().find(|(field, _)| *field == name)?;
        let Value::Text(word) = value else {
            return None;
        };
        let at = line.find(word.as_str()).filter(|_| !word.is_empty())?;
        Some((at, word.len()))
    };
    let (start, length) = WORDS.iter().find_map(|name| word_at(name))?;
    Some(Excerpt {
        line: number,
        text: line.to_owned(),
        start,
        length,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Subject;
    use crate::rule;
    use crate::source::Lines;

    fn finding(token: &str, line: usize) -> Finding {
        let mut subject = Subject::file("a.conf");
        subject.part = Part::Setting;
        subject.lines = Some(Lines::new(line, line));
        let fact = rule::config::UnknownSetting {
            setting: token.to_owned(),
            suggestion: None,
        };
        Finding::new(fact, subject)
    }

    #[test]
    fn the_word_in_its_line() {
        let text = "one\n  SSLProtocl all # note\nSSLPassword x SSLProtocl\n";
        let mut findings = [
            finding("SSLProtocl", 2),
            finding("SSLProtocl", 1),
            finding("SSLProtocl", 3),
            finding("SSLProtocl", 9),
        ];
        attach(&mut findings, "a.conf", text);
        let shown = findings[0]
            .excerpt
            .as_ref()
            .map(|excerpt| (excerpt.line, excerpt.start, excerpt.length));
        assert_eq!(shown, Some((2, 2, 10)));
        // Not in the line, in a line with a password, after the last line.
        assert!(
            findings[1..]
                .iter()
                .all(|finding| finding.excerpt.is_none())
        );
    }
}
