//! `--idp-metadata`: what the identity provider says about itself, XML of SAML 2.0 (OASIS,
//! "Metadata for SAML 2.0", 2.4.3 and 2.4.1.1). Tableau Server checks the provider's signatures
//! with the certificates in it.
//!
//! Only the certificates are judged, not the rest of the XML.

use super::{FileRole, Judge, certificates};
use crate::answer::Check;
use crate::encoding::Document;
use crate::finding::{Severity, Subject};
use crate::objects::Opened;
use crate::rule::{self, Finding};
use crate::source::{Lines, Source};

/// The element of XML Signature that holds a certificate in base64.
const ELEMENT: &str = "X509Certificate";

/// More certificates than a provider publishes.
const MOST: usize = 100;

const DATES: &str = "Tableau Server checks signatures with it, and certcheck does not know whether it \
     also checks the dates";

impl<'d, 'p: 'd> Judge<'d, 'p> {
    pub(super) fn metadata(&mut self) {
        let Some(file) = self.file(FileRole::Metadata) else {
            return;
        };
        let source = file.document.source();
        let whole = || Subject::file(source.name());
        let text = String::from_utf8_lossy(source.bytes());
        let wrong = |looks_like: Option<&str>| {
            let fact = rule::encoding::NothingFound {
                looks_like: looks_like.map(str::to_owned),
                wanted: Some("metadata of an identity provider (SAML)".to_owned()),
            };
            Finding::new(fact, whole())
        };
        let mut findings = Vec::new();
        let found = elements(&text);
        let many = found.len() >= MOST;
        if !text.contains("EntityDescriptor") {
            let sections = file.document.sections();
            let kind = sections
                .first()
                .map(|section| section.kind().with_article());
            findings.push(wrong(kind.as_deref()));
        } else if !text.contains("IDPSSODescriptor") {
            findings.push(wrong(Some("metadata without IDPSSODescriptor")));
        } else if found.is_empty() {
            let none = wrong(Some("metadata without a certificate"));
            findings.push(none.with_severity(Severity::Warning));
        }
        for (lines, base64) in found {
            let pem = format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n");
            let document = Document::read(Source::new(source.name(), pem.into_bytes()));
            let opened = Opened::new(&document, None);
            let objects = opened.objects();
            let Some((object, certificate)) = certificates(&objects).next() else {
                let fact = rule::encoding::MalformedDer {
                    expected: "certificate".to_owned(),
                    reason: format!("the text of {ELEMENT} is not one"),
                };
                let place = Subject {
                    lines: Some(lines),
                    ..whole()
                };
                findings.push(Finding::new(fact, place).with_severity(Severity::Error));
                continue;
            };
            let validity = self.validity(object, certificate);
            let validity = validity.map(|it| it.with_severity(Severity::Warning).because(DATES));
            let judged = validity
                .into_iter()
                .chain(self.strength(object, certificate));
            findings.extend(judged.map(|mut finding| {
                finding.subject.lines = Some(lines);
                finding
            }));
        }
        self.findings.extend(findings);
        if many {
            let reason =
                format!("certcheck judges only the first {MOST} certificates of the metadata");
            self.checks.push(Check::impossible("metadata", reason));
        }
    }
}

/// The text of each `X509Certificate` element, with its lines.
fn elements(text: &str) -> Vec<(Lines, String)> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while let Some(begin) = rest.find(ELEMENT) {
        let (before, behind) = rest.split_at(begin);
        line += lines_in(before);
        let behind = behind.get(ELEMENT.len()..).unwrap_or_default();
        let is_opening = before
            .rfind('<')
            .and_then(|at| before.get(at + 1..))
            .is_some_and(|prefix| !prefix.starts_with('/') && !prefix.contains(['>', ' ']));
        // No tag is longer, whatever its attributes.
        const LONGEST: usize = 1000;
        let mut bytes = behind.bytes().take(LONGEST);
        let end = bytes.position(|byte| byte == b'>').filter(|_| is_opening);
        let parts = end.and_then(|end| Some((behind.get(..end)?, behind.get(end + 1..)?)));
        let Some((tag, content)) = parts else {
            rest = behind;
            continue;
        };
        let first = line + lines_in(tag);
        let content = content.split('<').next().unwrap_or_default();
        // Java's signers write the end of each line as a character reference.
        let mut plain = content.to_owned();
        for reference in ["&#13;", "&#xD;", "&#xd;", "&#10;", "&#xA;", "&#xa;"] {
            plain = plain.replace(reference, "");
        }
        let base64: String = plain.chars().filter(|c| !c.is_whitespace()).collect();
        found.push((Lines::new(first, first + lines_in(content)), base64));
        line = first + lines_in(content);
        rest = behind
            .get(tag.len() + 1 + content.len()..)
            .unwrap_or_default();
        if found.len() == MOST {
            break;
        }
    }
    found
}

fn lines_in(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::elements;

    #[test]
    fn elements_have_their_lines() {
        let text = "<a>\n<ds:X509Data><ds:X509Certificate>\nAAA\n BBB\n</ds:X509Certificate>\n\
                    </ds:X509Data><X509Certificate>CC</X509Certificate>";
        let found = elements(text);
        let shown: Vec<_> = found
            .iter()
            .map(|(lines, base64)| (lines.first, lines.last, base64.as_str()))
            .collect();
        assert_eq!(shown, [(2, 5, "AAABBB"), (6, 6, "CC")]);
        let signer = elements("<ds:X509Certificate>AA&#13;\nBB&#xD;</ds:X509Certificate>");
        assert_eq!(signer[0].1, "AABB");
        assert!(elements("X509Certificate <X509Certificate").is_empty());
        assert!(elements("").is_empty());
    }
}
