//! What Java refuses in a path that was found.

use crate::client::refusal::Cause;
use crate::model::der::plain::{OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE, only};
use crate::model::{Certificate, Oid};

/// Whether the issuer's name is the one in the certificate below it, by `X500Name.equals`: text of
/// attributes with a keyword in RFC 2253 is compared as text, all else byte by byte
/// (AVA.toRFC2253CanonicalString).
fn is_named(below: &Certificate<'_>, above: &Certificate<'_>) -> bool {
    // CN, C, L, ST, STREET, O, OU; DC, UID.
    let known = |kind: Oid<'_>| match kind.as_bytes() {
        [0x55, 4, last] => matches!(last, 3 | 6..=11),
        other => {
            let pilot = other.strip_prefix(b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01");
            matches!(pilot, Some([1 | 25]))
        }
    };
    below.issuer().matches_as_text(&above.subject(), known)
}

/// Whether Java accepts `anchor` as the issuer that the authorityKeyIdentifier of the
/// topmost certificate names (AdaptableX509CertSelector.match): the encoded identifier if the
/// anchor has the extension, and the serial number if it is of version 3.
pub(super) fn selects(below: &Certificate<'_>, anchor: &Certificate<'_>) -> bool {
    let Some(wanted) = below.authority_key_id() else {
        return true;
    };
    let serial =
        anchor.version() < 3 || wanted.serial.is_none_or(|serial| serial == anchor.serial());
    let present = anchor.standard_extension(14);
    serial
        && wanted.key_id.is_none_or(|id| {
            present.is_none_or(|present| only(present.value, OCTET_STRING) == Ok(id))
        })
}

/// Why a path, the server's certificate first and the anchor last, is refused.
pub(super) fn refuses<'p, 'a>(
    path: &[&'p Certificate<'a>],
) -> Option<(Cause, &'static str, &'p Certificate<'a>)> {
    let unnamed = path.windows(2).find_map(|pair| match pair {
        [below, above] if !is_named(below, above) => Some(*below),
        _ => None,
    });
    if let Some(below) = unnamed {
        return Some((Cause::Untrusted, "", below));
    }
    let (_, below) = path.split_last()?;
    let says = "critical policy qualifiers present in certificate";
    qualified(below).map(|qualified| (Cause::Policy, says, qualified))
}

/// The first certificate from the top whose critical certificatePolicies have
/// qualifiers (sun.security.provider.certpath.PolicyChecker), as long as a policy is valid for all
/// of those above it. Its own policies do not count (measured).
fn qualified<'p, 'a>(below: &[&'p Certificate<'a>]) -> Option<&'p Certificate<'a>> {
    // `None` means any policy.
    let mut valid: Option<Vec<Oid<'a>>> = None;
    for &it in below.iter().rev() {
        let extension = it.standard_extension(32)?;
        let listed = listed(extension.value)?;
        let counts = |kind: &Oid<'a>| valid.as_ref().is_none_or(|valid| valid.contains(kind));
        let any = listed.iter().any(|(kind, _)| kind.as_bytes() == ANY);
        let qualified = |(kind, some): &(Oid<'_>, bool)| *some && kind.as_bytes() != ANY;
        if extension.critical && listed.iter().any(qualified) {
            return Some(it);
        }
        // Mapped policies are not followed.
        it.standard_extension(33).is_none().then_some(())?;
        if !any {
            let kept: Vec<_> = listed
                .iter()
                .map(|(kind, _)| *kind)
                .filter(counts)
                .collect();
            (!kept.is_empty()).then_some(())?;
            valid = Some(kept);
        }
    }
    None
}

/// anyPolicy.
const ANY: &[u8] = &[0x55, 0x1d, 0x20, 0];

/// The policies, and whether each has qualifiers.
fn listed(value: &[u8]) -> Option<Vec<(Oid<'_>, bool)>> {
    let mut list = Reader::new(only(value, SEQUENCE).ok()?);
    let mut found = Vec::new();
    while !list.is_empty() {
        let mut one = Reader::new(list.expect(SEQUENCE).ok()?);
        let kind = Oid::read(one.expect(OBJECT_IDENTIFIER).ok()?).ok()?;
        let qualifiers = one.optional(SEQUENCE).ok()?.unwrap_or_default();
        found.push((kind, !qualifiers.is_empty()));
    }
    Some(found)
}
