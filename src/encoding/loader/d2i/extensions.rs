//! The values of extensions that OpenSSL reads with every certificate
//! (`ossl_x509v3_cache_extensions`, crypto/x509/v3_purp.c of 3.0): one that cannot be
//! read makes the certificate invalid, critical or not.
//!
//! Templates: crypto/x509/v3_bcons.c, v3_akeya.c, v3_genn.c, v3_ncons.c, v3_crld.c, v3_pcia.c,
//! v3_addr.c and v3_asid.c. OpenSSL ignores bytes after a value (`X509V3_EXT_d2i`).

use super::*;

/// How the value of an extension is read.
type Read = fn(&mut Fields<'_>) -> Option<()>;

/// Whether OpenSSL can read the value of the extension, if it is one of those that it reads at all.
pub(in super::super) fn is_read(oid: &[u8], value: &[u8]) -> Option<bool> {
    let read: Read = match oid {
        [0x55, 0x1d, 14] => |value| passed(value, OCTET_STRING),
        [0x55, 0x1d, 15] => key_usage,
        [0x55, 0x1d, 17] => |value| value.each(UNIVERSAL, SEQUENCE, general_name),
        [0x55, 0x1d, 19] => basic_constraints,
        [0x55, 0x1d, 30] => name_constraints,
        [0x55, 0x1d, 31] => |value| value.each(UNIVERSAL, SEQUENCE, distribution_point),
        [0x55, 0x1d, 35] => authority_key_id,
        [0x55, 0x1d, 37] => {
            |value| value.each(UNIVERSAL, SEQUENCE, |purpose| passed(purpose, OBJECT))
        }
        // nsCertType, 2.16.840.1.113730.1.1.
        b"\x60\x86\x48\x01\x86\xf8\x42\x01\x01" => |value| passed(value, BIT_STRING),
        // 1.3.6.1.5.5.7.1: proxyCertInfo, and RFC 3779's addresses and numbers.
        [0x2b, 6, 1, 5, 5, 7, 1, 14] => proxy,
        [0x2b, 6, 1, 5, 5, 7, 1, 7] => |value| value.each(UNIVERSAL, SEQUENCE, address_family),
        [0x2b, 6, 1, 5, 5, 7, 1, 8] => system_numbers,
        _ => return None,
    };
    let mut fields = Fields {
        rest: value,
        indefinite: false,
        behind: &[],
    };
    Some(read(&mut fields).is_some())
}

fn passed(fields: &mut Fields<'_>, kind: u32) -> Option<()> {
    fields.value(UNIVERSAL, kind, kind).map(|_| ())
}

/// A field that may be absent.
fn optional(fields: &mut Fields<'_>, class: u8, tag: u32, kind: u32) -> Option<()> {
    if fields.next_is(class, tag)? {
        fields.value(class, tag, kind)?;
    }
    Some(())
}

/// A list that may be absent.
fn optional_list(fields: &mut Fields<'_>, tag: u32, read: Read) -> Option<()> {
    if fields.next_is(CONTEXT, tag)? {
        fields.each(CONTEXT, tag, read)?;
    }
    Some(())
}

/// A usage without any bit is invalid too.
fn key_usage(fields: &mut Fields<'_>) -> Option<()> {
    let value = fields.value(UNIVERSAL, BIT_STRING, BIT_STRING)?;
    let (&unused, bytes) = value.split_first()?;
    let (last, before) = bytes.split_last()?;
    let last = last & u8::MAX.checked_shl(u32::from(unused))?;
    let mut bits = before.iter().copied().chain([last]).take(2);
    bits.any(|byte| byte != 0).then_some(())
}

/// A negative pathLenConstraint is invalid too.
fn basic_constraints(fields: &mut Fields<'_>) -> Option<()> {
    let mut inner = fields.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    optional(&mut inner, UNIVERSAL, BOOLEAN, BOOLEAN)?;
    if inner.next_is(UNIVERSAL, INTEGER)? {
        let length = inner.value(UNIVERSAL, INTEGER, INTEGER)?;
        length.first().filter(|first| **first < 0x80)?;
    }
    fields.leave(inner)
}

fn authority_key_id(fields: &mut Fields<'_>) -> Option<()> {
    let mut inner = fields.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    optional(&mut inner, CONTEXT, 0, OCTET_STRING)?;
    optional_list(&mut inner, 1, general_name)?;
    optional(&mut inner, CONTEXT, 2, INTEGER)?;
    fields.leave(inner)
}

fn name_constraints(fields: &mut Fields<'_>) -> Option<()> {
    let mut inner = fields.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    optional_list(&mut inner, 0, subtree)?;
    optional_list(&mut inner, 1, subtree)?;
    fields.leave(inner)
}

fn subtree(fields: &mut Fields<'_>) -> Option<()> {
    let mut inner = fields.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    general_name(&mut inner)?;
    optional(&mut inner, CONTEXT, 0, INTEGER)?;
    optional(&mut inner, CONTEXT, 1, INTEGER)?;
    fields.leave(inner)
}

fn distribution_point(fields: &mut Fields<'_>) -> Option<()> {
    let mut inner = fields.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    let mut named = false;
    if inner.next_is(CONTEXT, 0)? {
        named = true;
        let mut name = inner.enter(CONTEXT, 0, Constructed::Needed)?;
        if name.next_is(CONTEXT, 0)? {
            name.each(CONTEXT, 0, general_name)?;
        } else {
            name.each(CONTEXT, 1, Fields::attribute)?;
        }
        inner.leave(name)?;
    }
    optional(&mut inner, CONTEXT, 1, BIT_STRING)?;
    if inner.next_is(CONTEXT, 2)? {
        inner.each(CONTEXT, 2, |issuer| {
            named = true;
            general_name(issuer)
        })?;
    }
    // `setup_dp`: a point with neither a name nor a CRL issuer is invalid.
    named.then_some(())?;
    fields.leave(inner)
}

fn proxy(fields: &mut Fields<'_>) -> Option<()> {
    let mut inner = fields.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    optional(&mut inner, UNIVERSAL, INTEGER, INTEGER)?;
    let mut policy = inner.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    passed(&mut policy, OBJECT)?;
    optional(&mut policy, UNIVERSAL, OCTET_STRING, OCTET_STRING)?;
    inner.leave(policy)?;
    fields.leave(inner)
}

fn address_family(fields: &mut Fields<'_>) -> Option<()> {
    let mut family = fields.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    passed(&mut family, OCTET_STRING)?;
    inherited_or_listed(&mut family, |range| one_or_range(range, BIT_STRING))?;
    fields.leave(family)
}

fn system_numbers(fields: &mut Fields<'_>) -> Option<()> {
    let mut inner = fields.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    for tag in [0, 1] {
        if inner.next_is(CONTEXT, tag)? {
            let mut choice = inner.enter(CONTEXT, tag, Constructed::Needed)?;
            inherited_or_listed(&mut choice, |range| one_or_range(range, INTEGER))?;
            inner.leave(choice)?;
        }
    }
    fields.leave(inner)
}

fn inherited_or_listed(fields: &mut Fields<'_>, read: Read) -> Option<()> {
    if fields.next_is(UNIVERSAL, NULL)? {
        return passed(fields, NULL);
    }
    fields.each(UNIVERSAL, SEQUENCE, read)
}

fn one_or_range(fields: &mut Fields<'_>, kind: u32) -> Option<()> {
    if fields.next_is(UNIVERSAL, kind)? {
        return passed(fields, kind);
    }
    let mut range = fields.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    passed(&mut range, kind)?;
    passed(&mut range, kind)?;
    fields.leave(range)
}

/// `GENERAL_NAME`.
fn general_name(fields: &mut Fields<'_>) -> Option<()> {
    const IA5_STRING: u32 = 22;
    fields.more()?.then_some(())?;
    let header = header(fields.rest).filter(|header| header.class == CONTEXT)?;
    let kind = match header.tag {
        1 | 2 | 6 => IA5_STRING,
        7 => OCTET_STRING,
        8 => OBJECT,
        3 => return header.constructed.then(|| fields.any())?,
        tag => {
            let mut inner = fields.enter(CONTEXT, tag, Constructed::Needed)?;
            match tag {
                0 => other_name(&mut inner)?,
                4 => inner.name()?,
                5 => party(&mut inner)?,
                _ => return None,
            }
            return fields.leave(inner);
        }
    };
    fields.value(CONTEXT, header.tag, kind).map(|_| ())
}

fn other_name(fields: &mut Fields<'_>) -> Option<()> {
    passed(fields, OBJECT)?;
    let mut value = fields.enter(CONTEXT, 0, Constructed::Needed)?;
    value.more()?.then_some(())?;
    value.any()?;
    fields.leave(value)
}

/// `EDIPARTYNAME`, with a DirectoryString in each explicit tag.
fn party(fields: &mut Fields<'_>) -> Option<()> {
    let text = |fields: &mut Fields<'_>, tag| {
        let mut inner = fields.enter(CONTEXT, tag, Constructed::Needed)?;
        let header = header(inner.rest).filter(|header| header.class == UNIVERSAL)?;
        matches!(header.tag, 12 | 19 | 20 | 28 | 30).then_some(())?;
        passed(&mut inner, header.tag)?;
        fields.leave(inner)
    };
    if fields.next_is(CONTEXT, 0)? {
        text(fields, 0)?;
    }
    text(fields, 1)
}

#[cfg(test)]
mod tests {
    use super::is_read;

    /// As OpenSSL 3.0.19 has them: in the second half the certificate was refused
    /// (testdata/odd/rules).
    #[test]
    fn values_are_read_as_openssl_reads_them() {
        const SAN: &[u8] = &[0x55, 0x1d, 17];
        const CRLDP: &[u8] = &[0x55, 0x1d, 31];
        const NAMES: &[u8] = &[0x55, 0x1d, 30];
        const ADDRESSES: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 7];
        const KIND: &[u8] = b"\x60\x86\x48\x01\x86\xf8\x42\x01\x01";
        for (oid, value) in [
            (SAN, &b"\x30\x03\x82\x01a"[..]),
            (SAN, b"\x30\x81\x03\x82\x01a"),
            (SAN, b"\x30\x80\x82\x01a\0\0"),
            (SAN, b"\x30\x05\xa2\x03\x16\x01a"),
            (SAN, b"\x30\x07\xa5\x05\xa1\x03\x0c\x01x"),
            (SAN, b"\x30\x02\xa3\0"),
            (CRLDP, b"\x30\0\0"),
            (NAMES, b"\x30\0\0"),
            (ADDRESSES, b"\x30\0"),
            (KIND, b"\x03\x02\x06\x40"),
        ] {
            assert_eq!(is_read(oid, value), Some(true), "{value:02x?}");
        }
        for (oid, value) in [
            (SAN, &b"\x30\x02\x89\0"[..]),
            (SAN, b"\x30\x07\xa0\x05\x06\x01\x2a\xa0\0"),
            (SAN, b"\x30\x05\xa0\x03\x06\x01\x2a"),
            (SAN, b"\x30\x04\xa4\x02\x04\0"),
            (SAN, b"\x30\x02\x88\0"),
            (SAN, b"\x30\x03\x88\x01\x80"),
            (CRLDP, b"\x30\x02\x30\0"),
            (CRLDP, b"\x30\x06\x30\x04\x81\x02\x01\x02"),
            (CRLDP, b"\x30\x04\x30\x02\xa0\0"),
            (ADDRESSES, b"zz"),
            (KIND, b"\x30\0\0"),
            (KIND, b"\x03\x02\x08\x04"),
            (KIND, b"\x03\0"),
            (KIND, b""),
        ] {
            assert_eq!(is_read(oid, value), Some(false), "{value:02x?}");
        }
        assert_eq!(is_read(&[0x55, 0x1d, 32], b""), None);
    }
}
