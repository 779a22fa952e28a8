//! What an unknown word of a cipher string was probably meant to be.

use super::alias::selection;
use super::table::{TLS12, TLS13};

/// OpenSSL's word for what a word seems to mean; `None` if it is not a near miss.
///
/// ```
/// use certcheck::cipher::meant;
/// assert_eq!(meant("high").as_deref(), Some("HIGH"));
/// assert_eq!(
///     meant("TLS_RSA_WITH_AES_128_CBC_SHA").as_deref(),
///     Some("AES128-SHA"),
/// );
/// ```
pub fn meant(word: &str) -> Option<String> {
    let bare = word.trim_start_matches(['!', '-', '+', '@']);
    if let Some(suite) = TLS12.iter().find(|suite| suite.iana == bare) {
        return Some(suite.openssl.to_owned());
    }
    // A suite of TLS 1.3 cannot be switched on in this list: there is no word to suggest.
    if TLS13.iter().any(|suite| suite.iana == bare) {
        return None;
    }
    let upper = bare.to_ascii_uppercase();
    let known = |name: &str| selection(name, &TLS12).is_some();
    // Only the first letter of `kRSA`, `aRSA` and `eNULL` is lower-case, so writing a word in
    // capitals is not enough.
    let ways = [
        upper.clone(),
        bare.replace('_', "-"),
        upper.replace('_', "-"),
        format!("k{}", upper.strip_prefix('K').unwrap_or_default()),
        format!("a{}", upper.strip_prefix('A').unwrap_or_default()),
        format!("e{}", upper.strip_prefix('E').unwrap_or_default()),
    ];
    ways.into_iter().find(|way| way != bare && known(way))
}
