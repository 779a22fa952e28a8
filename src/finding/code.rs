//! The table of codes: one row each, never renamed.

use super::{
    CertificateFact, ChainFact, CipherFact, ConfigFact, EncodingFact, HandshakeFact, KeyFact,
    ProtocolFact, Severity, Shape, TrustFact, WireFact,
};
use std::fmt;

/// The name of a kind of finding, `area.kebab-name`.
///
/// ```
/// use certcheck::finding::Code;
/// let code = Code::parse("key.mismatch").unwrap();
/// assert_eq!(code.area(), "key");
/// assert!(Code::parse("key.mismatched").is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub(crate) &'static str);

/// What the table of codes says of one code.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CodeInfo {
    /// The code, `area.kebab-name`.
    pub code: &'static str,
    /// How serious it is where nothing in the context says otherwise.
    pub severity: Severity,
    /// One line: what was found.
    pub summary: &'static str,
    /// Names and shapes of the facts that come as evidence.
    pub fields: &'static [(&'static str, Shape)],
}

const AREAS: &[&[CodeInfo]] = &[
    EncodingFact::TABLE,
    KeyFact::TABLE,
    CertificateFact::TABLE,
    ChainFact::TABLE,
    ProtocolFact::TABLE,
    CipherFact::TABLE,
    HandshakeFact::TABLE,
    ConfigFact::TABLE,
    TrustFact::TABLE,
    WireFact::TABLE,
];

impl Code {
    /// The code of that name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::all()
            .find(|info| info.code == name)
            .map(|info| Self(info.code))
    }

    /// Every row of the table, area by area.
    pub fn all() -> impl Iterator<Item = &'static CodeInfo> {
        AREAS.iter().flat_map(|rows| rows.iter())
    }

    /// The code as it is written.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The part before the dot.
    pub fn area(self) -> &'static str {
        self.0.split('.').next().unwrap_or(self.0)
    }

    /// The row of the table.
    pub fn info(self) -> &'static CodeInfo {
        const UNLISTED: CodeInfo = CodeInfo {
            code: "",
            severity: Severity::Error,
            summary: "",
            fields: &[],
        };
        Self::all()
            .find(|info| info.code == self.0)
            .unwrap_or(&UNLISTED)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_well_formed_and_described() {
        let mut seen = BTreeSet::new();
        for info in Code::all() {
            assert!(seen.insert(info.code), "{} stands twice", info.code);
            let (area, name) = info.code.split_once('.').expect(info.code);
            let kebab = |text: &str| {
                !text.is_empty()
                    && text
                        .bytes()
                        .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            };
            assert!(kebab(area) && kebab(name), "{}", info.code);
            assert!(info.summary.len() > 10, "{} has no summary", info.code);
        }
        assert!(seen.len() > 50, "only {} codes", seen.len());
    }
}
