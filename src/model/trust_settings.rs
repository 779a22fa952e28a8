//! The trust settings that OpenSSL writes after a certificate in a `TRUSTED CERTIFICATE` section.

use super::der::plain::{Der, OBJECT_IDENTIFIER, Reader, SEQUENCE, context_constructed};

/// The uses for which OpenSSL trusts a certificate, and for which it does not
/// (`X509_CERT_AUX`; `openssl x509 -addtrust`, `-addreject`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustSetting {
    /// No list mentions TLS servers: the same as without settings.
    Unsaid,
    /// It is trusted for TLS servers, and ends a path, root or not.
    Trusted,
    /// It is rejected for TLS servers, or trusted only for other uses.
    Rejected,
}

impl TrustSetting {
    /// For TLS servers, as `obj_trust` of OpenSSL 3.0 (crypto/x509/x509_trust.c)
    /// decides: a rejection first, then the trust list, which excludes what it does not name.
    /// Measured with OpenSSL 3.0.19.
    ///
    /// Unreadable settings count as none: OpenSSL then reads no certificate there at all.
    pub fn for_servers(settings: &[u8]) -> Self {
        read(settings).unwrap_or(Self::Unsaid)
    }
}

fn read(settings: &[u8]) -> Der<TrustSetting> {
    if settings.is_empty() {
        return Ok(TrustSetting::Unsaid);
    }
    let mut outer = Reader::new(settings);
    let mut fields = Reader::new(outer.expect(SEQUENCE)?);
    let trust = fields.optional(SEQUENCE)?;
    let reject = fields.optional(context_constructed(0))?;
    Ok(match (trust, reject) {
        (_, Some(reject)) if names_servers(reject)? => TrustSetting::Rejected,
        (Some(trust), _) if names_servers(trust)? => TrustSetting::Trusted,
        (Some(_), _) => TrustSetting::Rejected,
        (None, _) => TrustSetting::Unsaid,
    })
}

/// Whether serverAuth or anyExtendedKeyUsage is among them.
fn names_servers(list: &[u8]) -> Der<bool> {
    const SERVER: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x01";
    let mut reader = Reader::new(list);
    let mut found = false;
    while !reader.is_empty() {
        let purpose = reader.expect(OBJECT_IDENTIFIER)?;
        found |= purpose == SERVER || purpose == super::ANY_EXTENDED_KEY_USAGE;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_say_what_openssl_makes_of_them() {
        let oid = |last: u8| vec![6, 8, 0x2b, 6, 1, 5, 5, 7, 3, last];
        let field = |tag: u8, contents: &[u8]| {
            let length = u8::try_from(contents.len()).unwrap_or_default();
            [&[tag, length], contents].concat()
        };
        let any = [6, 4, 0x55, 0x1d, 0x25, 0];
        let judge = |fields: &[u8]| TrustSetting::for_servers(&field(0x30, fields));
        use TrustSetting::{Rejected, Trusted, Unsaid};
        assert_eq!(TrustSetting::for_servers(&[]), Unsaid);
        assert_eq!(judge(&[]), Unsaid);
        assert_eq!(judge(&field(0x30, &oid(1))), Trusted);
        assert_eq!(judge(&field(0x30, &any)), Trusted);
        assert_eq!(judge(&field(0x30, &oid(2))), Rejected);
        assert_eq!(judge(&field(0x30, &[])), Rejected);
        assert_eq!(judge(&field(0xa0, &oid(1))), Rejected);
        assert_eq!(judge(&field(0xa0, &any)), Rejected);
        assert_eq!(judge(&field(0xa0, &oid(2))), Unsaid);
        let both = [field(0x30, &oid(1)), field(0xa0, &oid(1))].concat();
        assert_eq!(judge(&both), Rejected);
        // Only an alias; garbage.
        assert_eq!(judge(&[0x0c, 1, b'x']), Unsaid);
        assert_eq!(TrustSetting::for_servers(&[0x30, 9, 1]), Unsaid);
    }
}
