//! `d2i_X509_CRL` (crypto/x509/x_crl.c).

use super::*;

/// `Some` if OpenSSL reads these bytes as a revocation list. It ignores bytes after the list.
pub(in super::super) fn revocation_list(bytes: &[u8]) -> Option<()> {
    let mut input = bytes;
    let mut outer = Fields::open(&mut input, UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    let mut body = outer.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    if body.next_is(UNIVERSAL, INTEGER)? {
        body.value(UNIVERSAL, INTEGER, INTEGER)?;
    }
    body.algorithm()?;
    body.name()?;
    time(&mut body)?;
    if is_time(&body)? {
        time(&mut body)?;
    }
    if body.next_is(UNIVERSAL, SEQUENCE)? {
        body.each(UNIVERSAL, SEQUENCE, |list| {
            let mut entry = list.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
            entry.value(UNIVERSAL, INTEGER, INTEGER)?;
            time(&mut entry)?;
            if entry.next_is(UNIVERSAL, SEQUENCE)? {
                entry.each(UNIVERSAL, SEQUENCE, Fields::extension)?;
            }
            list.leave(entry)
        })?;
    }
    if body.next_is(CONTEXT, 0)? {
        let mut tagged = body.enter(CONTEXT, 0, Constructed::Needed)?;
        tagged.each(UNIVERSAL, SEQUENCE, Fields::extension)?;
        body.leave(tagged)?;
    }
    outer.leave(body)?;
    outer.algorithm()?;
    outer.value(UNIVERSAL, BIT_STRING, BIT_STRING)?;
    outer.close().map(|_| ())
}

fn is_time(fields: &Fields<'_>) -> Option<bool> {
    Some(fields.next_is(UNIVERSAL, UTC_TIME)? || fields.next_is(UNIVERSAL, GENERALIZED_TIME)?)
}

fn time(fields: &mut Fields<'_>) -> Option<()> {
    let kind = if fields.next_is(UNIVERSAL, UTC_TIME)? {
        UTC_TIME
    } else {
        GENERALIZED_TIME
    };
    fields.value(UNIVERSAL, kind, kind).map(|_| ())
}
