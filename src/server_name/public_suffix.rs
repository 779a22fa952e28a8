//! Domains under which anyone can register names.

/// Whether `domain` is a public suffix such as `com` or `co.uk`.
///
/// The data is the ICANN section of the Public Suffix List, as in the `psl` crate: browsers allow
/// wildcards under private suffixes (`*.s3.amazonaws.com`) (measured: Chromium's
/// EXCLUDE_PRIVATE_REGISTRIES). A domain of one label is one, known or not, as the list's default
/// rule says.
pub fn is_public_suffix(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    if !domain.contains('.') {
        return true;
    }
    match psl::suffix(domain.as_bytes()) {
        Some(suffix) => {
            suffix.typ() == Some(psl::Type::Icann) && suffix.as_bytes() == domain.as_bytes()
        }
        None => false,
    }
}
