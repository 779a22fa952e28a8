//! The suites of TLS 1.3, which have their own list.

use super::string::Refusal;
use super::suite::Suite;
use super::table::TLS13;

/// The suites that OpenSSL offers for TLS 1.3 unless its settings say otherwise.
pub fn tls13_default() -> Vec<&'static Suite> {
    TLS13.iter().take(3).collect()
}

/// How `SSL_CTX_set_ciphersuites` (OpenSSL 3.0) reads a string: names joined by `:`, spaces
/// around each skipped, unknown names too. An empty string switches every suite off, which OpenSSL
/// allows.
///
/// # Errors
/// If no name is known, which OpenSSL refuses.
///
/// ```
/// use certcheck::cipher::tls13;
/// let suites = tls13("TLS_AES_128_GCM_SHA256:NOPE")?;
/// assert_eq!(suites.len(), 1);
/// assert!(tls13("AES128-SHA").is_err());
/// # Ok::<(), certcheck::cipher::Refusal>(())
/// ```
pub fn tls13(string: &str) -> Result<Vec<&'static Suite>, Refusal> {
    if string.is_empty() {
        return Ok(Vec::new());
    }
    let mut suites: Vec<&'static Suite> = Vec::new();
    for name in string.split(':') {
        let name = name.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
        let known = TLS13.iter().find(|suite| suite.openssl == name);
        suites.extend(known.filter(|suite| !suites.contains(suite)));
    }
    if suites.is_empty() {
        return Err(Refusal::NoCipherMatch);
    }
    Ok(suites)
}
