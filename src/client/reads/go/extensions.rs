//! The values of extensions as Go 1.27 reads them (crypto/x509/parser.go, `processExtensions`):
//! each field must be DER, and bytes after it are ignored.

use super::{BITS, facts};
use crate::model::der::plain::{self as der, BOOLEAN, INTEGER, OCTET_STRING, Reader, SEQUENCE};
use crate::model::der::plain::{OBJECT_IDENTIFIER, context, context_constructed};
use crate::model::{Extension, Oid};
use std::collections::HashSet;

/// Why Go does not read an extension; `None` if it does, or does not know it.
pub(super) fn unread(it: &Extension<'_>) -> Option<&'static str> {
    let number = it.standard_number();
    let marked = match number {
        Some(14) => "subject key identifier incorrectly marked critical",
        Some(35) => "authority key identifier incorrectly marked critical",
        _ if it.is_authority_info_access() => "authority info access incorrectly marked critical",
        _ => "",
    };
    // RFC 5280 4.2.1.1, 4.2.1.2 and 4.2.2.1: these three must not be critical.
    if it.critical && !marked.is_empty() {
        return Some(marked);
    }
    let value = Reader::new(it.value);
    let (read, says) = match number {
        Some(14) => (octets(value), "invalid subject key identifier"),
        Some(15) => (key_usage(value), "invalid key usage"),
        Some(17) => (names(value), "invalid subject alternative names"),
        Some(19) => (basic_constraints(value), "invalid basic constraints"),
        Some(30) if it.value == b"\x30\x00" => (None, "empty name constraints extension"),
        Some(30) => (name_constraints(value), "invalid NameConstraints extension"),
        Some(31) => (distribution_points(value), "invalid CRL distribution point"),
        Some(32) => (policies(value), "invalid certificate policies"),
        Some(33) => (mappings(value), "invalid policy mappings extension"),
        Some(35) => (authority_key_id(value), "invalid authority key identifier"),
        Some(36) => (
            policy_constraints(value),
            "invalid policy constraints extension",
        ),
        Some(37) => (purposes(value), "invalid extended key usages"),
        Some(54) => (
            whole_number(value, INTEGER),
            "invalid inhibit any policy extension",
        ),
        _ if it.is_authority_info_access() => (access(value), "invalid authority info access"),
        _ => return None,
    };
    read.is_none().then_some(says)
}

/// The contents of the next element.
fn take<'a>(reader: &mut Reader<'a>, tag: u8) -> Option<&'a [u8]> {
    reader.expect(tag).ok()
}

fn inside<'a>(reader: &mut Reader<'a>, tag: u8) -> Option<Reader<'a>> {
    take(reader, tag).map(Reader::new)
}

/// An element that is read if it comes next.
fn optional<'a>(reader: &mut Reader<'a>, tag: u8) -> Option<Option<&'a [u8]>> {
    reader.optional(tag).ok()
}

fn octets(mut value: Reader<'_>) -> Option<()> {
    take(&mut value, OCTET_STRING).map(|_| ())
}

fn key_usage(mut value: Reader<'_>) -> Option<()> {
    der::named_bits(take(&mut value, der::BIT_STRING)?).ok()?;
    Some(())
}

/// Elements of any kind.
fn names(mut value: Reader<'_>) -> Option<()> {
    let mut list = inside(&mut value, SEQUENCE)?;
    while !list.is_empty() {
        list.next().ok()?;
    }
    Some(())
}

fn basic_constraints(mut value: Reader<'_>) -> Option<()> {
    let mut inner = inside(&mut value, SEQUENCE)?;
    if let Some(is_ca) = optional(&mut inner, BOOLEAN)? {
        der::boolean(is_ca).ok()?;
    }
    if inner.peek() == Some(INTEGER) {
        let first = inner.next().ok()?.content;
        // Go reads the path length as an unsigned number.
        (fits(first)? >= 0).then_some(())?;
    }
    Some(())
}

/// Both lists, and nothing after them; at least one of them must not be empty.
fn name_constraints(mut value: Reader<'_>) -> Option<()> {
    let mut inner = inside(&mut value, SEQUENCE)?;
    // Unlike in the other extensions, Go checks here that nothing follows (`!value.Empty()`).
    value.is_empty().then_some(())?;
    let permitted = optional(&mut inner, context_constructed(0))?.unwrap_or_default();
    let excluded = optional(&mut inner, context_constructed(1))?.unwrap_or_default();
    inner.is_empty().then_some(())?;
    let mut some = false;
    for list in [permitted, excluded] {
        let mut list = Reader::new(list);
        while !list.is_empty() {
            inside(&mut list, SEQUENCE)?.next().ok()?;
            some = true;
        }
    }
    some.then_some(())
}

/// A name of a point must be a full one (`fullName`), and URIs are read only if they come first.
fn distribution_points(mut value: Reader<'_>) -> Option<()> {
    let mut list = inside(&mut value, SEQUENCE)?;
    while !list.is_empty() {
        let mut point = inside(&mut list, SEQUENCE)?;
        let Some(name) = optional(&mut point, context_constructed(0))? else {
            continue;
        };
        let mut names = inside(&mut Reader::new(name), context_constructed(0))?;
        // Go keeps only URIs (tag 6), and stops reading at the first name of another form.
        while names.peek() == Some(context(6)) {
            names.next().ok()?;
        }
    }
    Some(())
}

fn policies(mut value: Reader<'_>) -> Option<()> {
    let mut list = inside(&mut value, SEQUENCE)?;
    let mut seen = HashSet::new();
    while !list.is_empty() {
        let identifier = take(&mut inside(&mut list, SEQUENCE)?, OBJECT_IDENTIFIER)?;
        Oid::read(identifier).ok()?;
        // RFC 5280 4.2.1.4 forbids a policy that occurs twice, and Go enforces it.
        seen.insert(identifier).then_some(())?;
    }
    Some(())
}

fn mappings(mut value: Reader<'_>) -> Option<()> {
    let mut list = inside(&mut value, SEQUENCE)?;
    while !list.is_empty() {
        let mut pair = inside(&mut list, SEQUENCE)?;
        for _ in 0..2 {
            Oid::read(take(&mut pair, OBJECT_IDENTIFIER)?).ok()?;
        }
    }
    Some(())
}

fn authority_key_id(mut value: Reader<'_>) -> Option<()> {
    let mut inner = inside(&mut value, SEQUENCE)?;
    optional(&mut inner, context(0)).map(|_| ())
}

fn policy_constraints(mut value: Reader<'_>) -> Option<()> {
    let mut inner = inside(&mut value, SEQUENCE)?;
    for tag in [0, 1] {
        if let Some(number) = optional(&mut inner, context(tag))? {
            fits(number)?;
        }
    }
    Some(())
}

fn purposes(mut value: Reader<'_>) -> Option<()> {
    let mut list = inside(&mut value, SEQUENCE)?;
    while !list.is_empty() {
        identifier(take(&mut list, OBJECT_IDENTIFIER)?)?;
    }
    Some(())
}

/// `ReadASN1ObjectIdentifier`: with a limit, which `x509.OID` of policies does not have.
fn identifier(content: &[u8]) -> Option<()> {
    Oid::read(content).ok()?;
    facts::arcs_fit(content, BITS).then_some(())
}

fn access(mut value: Reader<'_>) -> Option<()> {
    let mut list = inside(&mut value, SEQUENCE)?;
    while !list.is_empty() {
        let mut description = inside(&mut list, SEQUENCE)?;
        identifier(take(&mut description, OBJECT_IDENTIFIER)?)?;
        optional(&mut description, context(6))?;
    }
    Some(())
}

fn whole_number(mut value: Reader<'_>, tag: u8) -> Option<()> {
    fits(take(&mut value, tag)?).map(|_| ())
}

/// An INTEGER in its shortest form, of at most 64 bits with its sign.
fn fits(content: &[u8]) -> Option<i64> {
    let digits = der::integer(content).ok()?;
    // cryptobyte's ReadASN1Integer into an int64: larger numbers are refused, not truncated.
    if digits.len() > 8 {
        return None;
    }
    let negative = digits.first().is_some_and(|first| first & 0x80 != 0);
    let start = if negative { -1_i64 } else { 0 };
    Some(
        digits
            .iter()
            .fold(start, |sum, &digit| (sum << 8) | i64::from(digit)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `x509.ParseCertificate` of Go 1.27.3 reads them.
    #[test]
    fn values_are_read_as_go_reads_them() {
        type Read = fn(Reader<'_>) -> Option<()>;
        for (read, value, expected) in [
            (distribution_points as Read, &b"\x30\0\0"[..], true),
            (distribution_points, b"\x30\x02\x30\0", true),
            (distribution_points, b"\x30\x05\x30\x03\x81\x01\x02", true),
            (distribution_points, b"\x30\x04\x30\x02\xa0\0", false),
            (
                distribution_points,
                b"\x30\x06\x30\x04\xa0\x02\xa1\0",
                false,
            ),
            (distribution_points, b"\x30\x03\x02\x01\x01", false),
            (policies, b"\x30\x06\x30\x04\x06\x02\x2a\x03", true),
            (policies, b"\x30\x08\x30\x06\x06\x02\x2a\x03\x30\0", true),
            (policies, b"\x30\x02\x30\0", false),
            (
                policies,
                b"\x30\x0c\x30\x04\x06\x02\x2a\x03\x30\x04\x06\x02\x2a\x03",
                false,
            ),
            (access, b"\x30\x06\x30\x04\x06\x02\x2a\x03", true),
            (access, b"\x05\0", false),
            (policy_constraints, b"\x30\x03\x82\x01\x01", true),
            (policy_constraints, b"\x30\x03\x80\x01\xff", true),
            (
                basic_constraints,
                b"\x30\x09\x01\x01\xff\x02\x04\x7f\0\0\0",
                true,
            ),
            (
                basic_constraints,
                b"\x30\x06\x01\x01\xff\x02\x01\xff",
                false,
            ),
            (name_constraints, b"\x30\0\0", false),
            (key_usage, b"\x03\x01\0", true),
        ] {
            assert_eq!(read(Reader::new(value)).is_some(), expected, "{value:02x?}");
        }
        assert_eq!(fits(&[0x7f; 8]), Some(0x7f7f_7f7f_7f7f_7f7f));
        assert_eq!((fits(&[0xff]), fits(&[1; 9])), (Some(-1), None));
    }
}
