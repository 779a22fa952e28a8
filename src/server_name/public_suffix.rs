//! Domains under which anyone can register names.

/// Whether `domain` is a public suffix such as `com` or `co.uk`.
///
/// The data is the Public Suffix List's as of the `psl` crate, its ICANN
/// section alone: browsers let private suffixes (`*.s3.amazonaws.com`) have
/// wildcards (measured: Chromium's EXCLUDE_PRIVATE_REGISTRIES). A domain of
/// one label is one, known or not, as the list's default rule says.
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
