//! The roots that Mozilla's programme trusts for TLS servers, compiled in.

use pki_types::CertificateDer;

/// The root certificates of the Mozilla programme, as the crate
/// webpki-root-certs ships them, from CCADB's report of included CA
/// certificates. Nothing is read at run time, so the list is as old as the build.
///
/// Mozilla's conditions outside the certificate (no trust in certificates issued after some date,
/// external name constraints) are not in the DER.
///
/// ```
/// let roots: Vec<_> = certcheck::trust_store::mozilla::roots().collect();
/// assert!(roots.len() > 100);
/// ```
pub fn roots() -> impl Iterator<Item = CertificateDer<'static>> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned()
}

#[cfg(test)]
mod tests {
    use super::roots;
    use std::collections::HashSet;

    #[test]
    fn every_root_is_one_der_sequence_and_none_comes_twice() {
        let mut seen = HashSet::new();
        for root in roots() {
            // 30 82 LL LL: a SEQUENCE whose length, two octets, is the rest.
            assert_eq!(root.get(..2), Some(&[0x30, 0x82][..]));
            let length = usize::from(root[2]) << 8 | usize::from(root[3]);
            assert_eq!(root.len(), length + 4);
            assert!(seen.insert(root));
        }
        assert!(seen.len() > 100, "only {} roots", seen.len());
    }
}
