//! Which certificates a revocation list speaks of (RFC 5280 6.3.3 (b), (d)).

use crate::model::{Certificate, DistributionPoint, DistributionPointName, GeneralName};
use crate::model::{GeneralNames, IssuingDistributionPoint, Name, RevocationList, canonical_rdn};

/// Every reason that a list may be limited to: keyCompromise to aACompromise.
pub(super) const ALL_REASONS: u16 = 0x1fe;

/// A place where a certificate's status is published.
#[derive(Clone, Copy)]
pub(super) enum Point<'a> {
    /// One that the certificate names.
    Named(DistributionPoint<'a>),
    /// The issuer's own list, wherever it is.
    Implicit,
}

/// The points of a certificate, those that it names first.
pub(super) fn points<'a>(certificate: &Certificate<'a>) -> Vec<Point<'a>> {
    // A certificate has one or two; a hundred are somebody's attack.
    let named = certificate.crl_distribution_points().into_iter();
    let named = named.flat_map(|points| points.iter()).take(100);
    named.map(Point::Named).chain([Point::Implicit]).collect()
}

fn lists_name(names: GeneralNames<'_>, wanted: Name<'_>) -> bool {
    names
        .iter()
        .any(|name| matches!(name, GeneralName::Directory(name) if name.matches(&wanted)))
}

/// Whether `list` comes from who the point says (b) (1).
pub(super) fn is_from(
    list: &RevocationList<'_>,
    point: Point<'_>,
    certificate: &Certificate<'_>,
) -> bool {
    match point {
        Point::Named(DistributionPoint {
            crl_issuer: Some(issuers),
            ..
        }) => {
            lists_name(issuers, list.issuer())
                && list
                    .issuing_distribution_point()
                    .is_some_and(|scope| scope.indirect)
        }
        _ => list.issuer().matches(&certificate.issuer()),
    }
}

/// The reasons that `list` covers for `certificate` at `point`; none if it
/// does not speak of it (b) (2), (d).
pub(super) fn reasons(
    list: &RevocationList<'_>,
    point: Point<'_>,
    certificate: &Certificate<'_>,
) -> u16 {
    let wanted = match point {
        Point::Named(point) => point.reasons.unwrap_or(ALL_REASONS) & ALL_REASONS,
        Point::Implicit => ALL_REASONS,
    };
    let Some(scope) = list.issuing_distribution_point() else {
        return wanted;
    };
    let is_ca = certificate.is_ca();
    let excluded = scope.only_attribute_certs
        || (scope.only_user_certs && is_ca)
        || (scope.only_ca_certs && !is_ca);
    if excluded || !names_agree(&scope, list, point, certificate) {
        return 0;
    }
    wanted & scope.only_some_reasons.unwrap_or(ALL_REASONS)
}

/// One of the names of the list's point is one of the certificate's.
fn names_agree(
    scope: &IssuingDistributionPoint<'_>,
    list: &RevocationList<'_>,
    point: Point<'_>,
    certificate: &Certificate<'_>,
) -> bool {
    let Some(published) = scope.name else {
        return true;
    };
    let published = forms(published, &[list.issuer()]);
    let wanted = match point {
        Point::Implicit => vec![directory_form(certificate.issuer())],
        Point::Named(DistributionPoint {
            name: Some(name),
            crl_issuer,
            ..
        }) => {
            let issuers = crl_issuer.into_iter().flat_map(|names| names.iter());
            let mut bases: Vec<_> = issuers
                .filter_map(|name| match name {
                    GeneralName::Directory(name) => Some(name),
                    _ => None,
                })
                .collect();
            if bases.is_empty() {
                bases.push(certificate.issuer());
            }
            forms(name, &bases)
        }
        Point::Named(DistributionPoint {
            crl_issuer: Some(issuers),
            ..
        }) => forms(DistributionPointName::Full(issuers), &[]),
        Point::Named(_) => Vec::new(),
    };
    published.iter().any(|name| wanted.contains(name))
}

/// The names in a form that is equal for names that match.
fn forms(name: DistributionPointName<'_>, bases: &[Name<'_>]) -> Vec<Vec<u8>> {
    match name {
        DistributionPointName::Full(names) => names.iter().take(100).filter_map(form).collect(),
        DistributionPointName::Relative(rdn) => {
            let tail = canonical_rdn(rdn);
            let whole = |base: &Name<'_>| Some([directory_form(*base), tail.clone()?].concat());
            bases.iter().filter_map(whole).collect()
        }
    }
}

fn directory_form(name: Name<'_>) -> Vec<u8> {
    [b"4".to_vec(), name.canonical()].concat()
}

fn form(name: GeneralName<'_>) -> Option<Vec<u8>> {
    Some(match name {
        GeneralName::Directory(name) => directory_form(name),
        GeneralName::Uri(uri) => [b"6", uri.as_bytes()].concat(),
        GeneralName::Dns(host) => [b"2", host.to_ascii_lowercase().as_bytes()].concat(),
        GeneralName::Email(address) => [b"1", address.as_bytes()].concat(),
        GeneralName::Ip(bytes) => [b"7", bytes].concat(),
        GeneralName::Registered(oid) => [b"8", oid.as_bytes()].concat(),
        GeneralName::Other { kind, value } => [b"0", kind.as_bytes(), b"=", value].concat(),
        _ => return None,
    })
}

/// Whether `delta` continues `base`: same issuer, scope and key, and numbers
/// that meet (RFC 5280 5.2.4, 6.3.3 (c)).
pub(super) fn continues(delta: &RevocationList<'_>, base: &RevocationList<'_>) -> bool {
    let scope = |list: &RevocationList<'_>| {
        let mut all = list.extensions().iter();
        let point = all.find(|it| {
            it.standard_number() == Some(crate::model::extension_id::ISSUING_DISTRIBUTION_POINT)
        });
        point.map(|it| it.value.to_vec())
    };
    let key_id = |list: &RevocationList<'_>| {
        list.authority_key_id()
            .and_then(|id| id.key_id)
            .map(<[u8]>::to_vec)
    };
    let (Some(from), Some(number), Some(base_number)) =
        (delta.base_number(), delta.number(), base.number())
    else {
        return false;
    };
    delta.issuer().matches(&base.issuer())
        && scope(delta) == scope(base)
        && key_id(delta) == key_id(base)
        && at_most(from, base_number)
        && at_most(base_number, number)
}

/// Compares positive numbers without leading zeros.
pub(super) fn at_most(one: &[u8], other: &[u8]) -> bool {
    (one.len(), one) <= (other.len(), other)
}
