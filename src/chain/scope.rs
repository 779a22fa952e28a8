//! Which certificates a revocation list applies to (RFC 5280 6.3.3 (b), (d)).

use crate::model::{Certificate, DistributionPoint, DistributionPointName, GeneralName};
use crate::model::{GeneralNames, Name, RevocationList, canonical_rdn};

/// Every reason that a list may be limited to: keyCompromise to aACompromise.
pub(super) const ALL_REASONS: u16 = 0x1fe;
/// Points of one certificate, and names of one point: a certificate has one or two; those after the
/// hundredth are not checked, and cover nothing.
const MOST: usize = 100;

/// A place where a certificate's status is published.
pub(super) struct Point<'a> {
    reasons: u16,
    /// Who signs the lists, if the certificate says so.
    issuers: Option<Vec<Name<'a>>>,
    /// Its names, in a form that is equal for names that match.
    names: Vec<Vec<u8>>,
}

/// The points of a certificate: those that it names, then its issuer's own
/// list, wherever that is.
pub(super) fn points<'a>(certificate: &Certificate<'a>) -> Vec<Point<'a>> {
    let issuer = certificate.issuer();
    let named = certificate.crl_distribution_points().into_iter();
    let named = named.flat_map(|points| points.iter()).take(MOST);
    // RFC 5280 6.3.3 ends with the CRL of the issuer itself, whatever the certificate names:
    // without it a certificate without cRLDistributionPoints would never be covered.
    let implicit = Point {
        reasons: ALL_REASONS,
        issuers: None,
        names: vec![directory_form(issuer)],
    };
    named
        .map(|point| Point::named(point, issuer))
        .chain([implicit])
        .collect()
}

impl<'a> Point<'a> {
    fn named(point: DistributionPoint<'a>, issuer: Name<'a>) -> Self {
        let issuers = point.crl_issuer.map(directory_names);
        let names = match (point.name, point.crl_issuer) {
            (Some(name), _) => match issuers.as_deref() {
                None | Some([]) => forms(name, &[issuer]),
                Some(issuers) => forms(name, issuers),
            },
            // A point without a name but with cRLIssuer gets its names from that field (RFC 5280
            // 6.3.3 (b) (2) (i)).
            (None, Some(issuers)) => forms(DistributionPointName::Full(issuers), &[]),
            (None, None) => Vec::new(),
        };
        Self {
            reasons: point.reasons.unwrap_or(ALL_REASONS) & ALL_REASONS,
            issuers,
            names,
        }
    }

    /// Whether `list` comes from the issuer that the point names (b) (1).
    pub(super) fn is_from(&self, list: &RevocationList<'_>, certificate: &Certificate<'_>) -> bool {
        match &self.issuers {
            Some(issuers) => {
                issuers.iter().any(|name| name.matches(&list.issuer()))
                    // A list for certificates of another issuer must say that it is indirect.
                    // Otherwise any CA with a certificate of that name could answer for them.
                    && list
                        .issuing_distribution_point()
                        .is_some_and(|scope| scope.indirect)
            }
            None => list.issuer().matches(&certificate.issuer()),
        }
    }

    /// The reasons that `list`, published under these names, covers for
    /// `certificate`; none if it does not apply to it (b) (2), (d).
    pub(super) fn reasons(
        &self,
        list: &RevocationList<'_>,
        published: Option<&[Vec<u8>]>,
        certificate: &Certificate<'_>,
    ) -> u16 {
        let Some(scope) = list.issuing_distribution_point() else {
            return self.reasons;
        };
        let is_ca = certificate.is_ca();
        // These flags are compared with the certificate's own basicConstraints, as 6.3.3 (b) (2)
        // has it: a version 1 CA counts as a user here.
        let excluded = scope.only_attribute_certs
            || (scope.only_user_certs && is_ca)
            || (scope.only_ca_certs && !is_ca);
        let agree =
            // A list that names no point applies to all points of its issuer.
            published.is_none_or(|names| names.iter().any(|name| self.names.contains(name)));
        if excluded || !agree {
            return 0;
        }
        self.reasons & scope.only_some_reasons.unwrap_or(ALL_REASONS)
    }

    /// The cost of comparing it with a list, in steps.
    pub(super) fn cost(&self, published: Option<&[Vec<u8>]>) -> usize {
        // Each pair is a comparison of two byte strings: 64 of them take about as long as one
        // step.
        let pairs = published.map_or(0, <[_]>::len) * self.names.len();
        1 + pairs / 64
    }
}

/// The names of the list's point, if it has one.
pub(super) fn published(list: &RevocationList<'_>) -> Option<Vec<Vec<u8>>> {
    let name = list.issuing_distribution_point()?.name?;
    Some(forms(name, &[list.issuer()]))
}

fn directory_names(names: GeneralNames<'_>) -> Vec<Name<'_>> {
    let directory = |name| match name {
        GeneralName::Directory(name) => Some(name),
        _ => None,
    };
    names.iter().take(MOST).filter_map(directory).collect()
}

/// The names in a form that is equal for names that match.
fn forms(name: DistributionPointName<'_>, bases: &[Name<'_>]) -> Vec<Vec<u8>> {
    match name {
        DistributionPointName::Full(names) => names.iter().take(MOST).filter_map(form).collect(),
        DistributionPointName::Relative(rdn) => {
            let tail = canonical_rdn(rdn);
            // nameRelativeToCRLIssuer is one RDN that continues the issuer's name (RFC 5280
            // 4.2.1.13): each issuer given makes a separate name.
            let whole = |base: &Name<'_>| Some([directory_form(*base), tail.clone()?].concat());
            bases.iter().filter_map(whole).collect()
        }
    }
}

fn directory_form(name: Name<'_>) -> Vec<u8> {
    // The digit is the name's context tag: it keeps a URI and a host with the same text apart.
    [b"4".to_vec(), name.canonical()].concat()
}

fn form(name: GeneralName<'_>) -> Option<Vec<u8>> {
    Some(match name {
        GeneralName::Directory(name) => directory_form(name),
        // A URI is compared byte for byte, as the lists of one CA are written by one program.
        // Normalising it could match a point that the CA did not mean.
        GeneralName::Uri(uri) => [b"6", uri.as_bytes()].concat(),
        GeneralName::Dns(host) => [b"2", host.to_ascii_lowercase().as_bytes()].concat(),
        GeneralName::Email(address) => [b"1", address.as_bytes()].concat(),
        GeneralName::Ip(bytes) => [b"7", bytes].concat(),
        GeneralName::Registered(oid) => [b"8", oid.as_bytes()].concat(),
        GeneralName::Other { kind, value } => [b"0", kind.as_bytes(), b"=", value].concat(),
        _ => return None,
    })
}

/// Whether `delta` continues `base`: same issuer, scope and key, and matching numbers (RFC 5280
/// 5.2.4, 6.3.3 (c)).
pub(super) fn continues(delta: &RevocationList<'_>, base: &RevocationList<'_>) -> bool {
    let scope = |list: &RevocationList<'_>| {
        let mut all = list.extensions().iter();
        let point = all.find(|extension| {
            extension.standard_number()
                == Some(crate::model::extension_id::ISSUING_DISTRIBUTION_POINT)
        });
        // RFC 5280 5.2.4 requires the same fields in the base and its delta. DER has one encoding
        // for equal fields.
        point.map(|point| point.value.to_vec())
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
        // A delta holds the changes since its base number: an older base lacks what changed before
        // it, and a newer one already has what the delta says.
        && at_most(from, base_number)
        && !at_most(number, base_number)
}

/// Whether one positive number without leading zeros is at most another.
pub(super) fn at_most(one: &[u8], other: &[u8]) -> bool {
    // A longer number without leading zeros is the larger; of equal length, the bytes have the same
    // order as the numbers.
    (one.len(), one) <= (other.len(), other)
}
