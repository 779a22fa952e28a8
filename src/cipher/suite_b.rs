//! Suite B (RFC 6460), which a cipher string switches on by its first word.

/// The keys and curves that Suite B allows (ssl/ssl_ciph.c, `check_suiteb_cipher_list`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SuiteB {
    /// `SUITEB128` and `SUITEB128C2`: P-256 and P-384.
    Both,
    /// `SUITEB128ONLY`: P-256.
    P256,
    /// `SUITEB192`: P-384.
    P384,
}

impl SuiteB {
    /// The mode of a string, by its first letters alone: how many of them, and the string that
    /// replaces the whole one.
    pub(super) fn of(string: &str) -> Option<(Self, usize, &'static str)> {
        const SMALL: &str = "ECDHE-ECDSA-AES128-GCM-SHA256";
        const LARGE: &str = "ECDHE-ECDSA-AES256-GCM-SHA384";
        const BOTH: &str = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384";
        let words = [
            ("SUITEB128ONLY", Self::P256, SMALL),
            ("SUITEB128C2", Self::Both, LARGE),
            ("SUITEB128", Self::Both, BOTH),
            ("SUITEB192", Self::P384, LARGE),
        ];
        let mut words = words.into_iter();
        words
            .find(|(word, ..)| string.starts_with(word))
            .map(|(word, mode, suites)| (mode, word.len(), suites))
    }
}
