//! How a strict reader reads a file.

use zeroize::Zeroize;

/// Whether a strict PEM reader accepts all of `bytes` and finds something: the `pem` crate 4.0,
/// which refuses a file for one bad section and, like Go and rustls, repairs nothing.
///
/// The copies that it returns are wiped.
///
/// ```
/// use certcheck::encoding::strict::accepts;
/// assert!(accepts(b"-----BEGIN A-----\nMAA=\n-----END A-----\n"));
/// assert!(!accepts(b"-----BEGIN A-----\nMAA=\n-----END B-----\n"));
/// assert!(!accepts(b"no PEM at all"));
/// ```
pub fn accepts(bytes: &[u8]) -> bool {
    let Ok(found) = pem::parse_many(bytes) else {
        return false;
    };
    let some = !found.is_empty();
    for section in found {
        section.into_contents().zeroize();
    }
    some
}
