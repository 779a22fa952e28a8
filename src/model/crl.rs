//! A certificate revocation list, as a view of its DER form.

use super::algorithm::AlgorithmIdentifier;
use super::authority::AuthorityKeyId;
use super::clock;
use super::der::plain::{
    self as der, BIT_STRING, Der, INTEGER, Reader, SEQUENCE, context_constructed,
};
use super::distribution::IssuingDistributionPoint;
use super::extension::{self, Extension, id};
use super::general_name::{GeneralName, GeneralNames};
use super::malformed::Malformed;
use super::name::Name;
use crate::Time;
use crate::finding::Fingerprint;

/// A CertificateList (RFC 5280 5.1), borrowed from its DER form. Its entries are read on demand.
#[derive(Clone, Debug)]
pub struct RevocationList<'a> {
    der: &'a [u8],
    signed: &'a [u8],
    inner_algorithm: AlgorithmIdentifier<'a>,
    issuer: Name<'a>,
    this_update: Time,
    next_update: Option<Time>,
    entries: &'a [u8],
    extensions: Vec<Extension<'a>>,
    number: Option<&'a [u8]>,
    base_number: Option<&'a [u8]>,
    point: Option<IssuingDistributionPoint<'a>>,
    authority_key_id: Option<AuthorityKeyId<'a>>,
    problem: Option<&'static str>,
    algorithm: AlgorithmIdentifier<'a>,
    signature: &'a [u8],
}

/// One revoked certificate.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RevokedCertificate<'a> {
    /// Its serial number.
    pub serial: &'a [u8],
    /// The moment of its revocation.
    pub at: Time,
    /// Why.
    pub reason: RevocationReason,
    /// The certificate's issuer, where this entry of an indirect list names
    /// one; it holds for the entries after it too.
    pub issuer: Option<Name<'a>>,
    /// Whether it has a critical extension that is not known.
    pub unknown_critical: bool,
}

/// Why a certificate was revoked (RFC 5280 5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevocationReason {
    /// No reason is given.
    Unspecified,
    /// The key was stolen.
    KeyCompromise,
    /// The CA's key was stolen.
    CaCompromise,
    /// The subject has another affiliation.
    AffiliationChanged,
    /// It was replaced.
    Superseded,
    /// It is no longer needed.
    CessationOfOperation,
    /// It may come back.
    CertificateHold,
    /// It has come back (delta lists only).
    RemoveFromCrl,
    /// The subject lost a privilege.
    PrivilegeWithdrawn,
    /// The attribute authority's key was stolen.
    AaCompromise,
}

impl RevocationReason {
    /// RFC 5280's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        }
    }

    fn from_code(code: &[u8]) -> Der<Self> {
        Ok(match code {
            [0] => Self::Unspecified,
            [1] => Self::KeyCompromise,
            [2] => Self::CaCompromise,
            [3] => Self::AffiliationChanged,
            [4] => Self::Superseded,
            [5] => Self::CessationOfOperation,
            [6] => Self::CertificateHold,
            // 7 was never assigned (RFC 5280 5.3.1).
            [8] => Self::RemoveFromCrl,
            [9] => Self::PrivilegeWithdrawn,
            [10] => Self::AaCompromise,
            _ => return Err("a revocation has an unknown reason"),
        })
    }
}

impl<'a> RevocationList<'a> {
    /// Reads one list, after which nothing may follow.
    ///
    /// # Errors
    /// What keeps `der` from being a list, if its skeleton is not RFC 5280's.
    pub fn parse(der: &'a [u8]) -> Result<Self, Malformed> {
        Self::read(der).map_err(|reason| Malformed::new("CertificateList", reason))
    }

    fn read(bytes: &'a [u8]) -> Der<Self> {
        let mut outer = Reader::new(der::only(bytes, SEQUENCE)?);
        let signed = outer.expect_element(SEQUENCE)?;
        let algorithm = AlgorithmIdentifier::read(&mut outer)?;
        let signature = der::whole_bits(outer.expect(BIT_STRING)?)?;
        outer.end()?;

        let mut tbs = Reader::new(signed.content);
        let version = tbs
            .optional(INTEGER)?
            .map(der::small_unsigned)
            .transpose()?;
        // The field holds the version less one, and is left out for version 1 (RFC 5280 5.1.2.1).
        if !matches!(version, None | Some(1)) {
            return Err("its version is not 1 or 2");
        }
        let inner_algorithm = AlgorithmIdentifier::read(&mut tbs)?;
        let issuer = Name::read(&mut tbs)?;
        let this_update = clock::time(&tbs.next()?)?;
        // RFC 5280 5.1.2.5 requires nextUpdate, but the grammar leaves it optional, and lists
        // without it exist.
        let next_update = match tbs.peek() {
            Some(der::UTC_TIME | der::GENERALIZED_TIME) => Some(clock::time(&tbs.next()?)?),
            _ => None,
        };
        // RFC 5280 5.1.2.6: without revoked certificates the list must be absent.
        let entries = tbs.optional(SEQUENCE)?.unwrap_or_default();
        let extensions = match tbs.optional(context_constructed(0))? {
            Some(explicit) => extension::list(der::only(explicit, SEQUENCE)?)?,
            None => Vec::new(),
        };
        tbs.end()?;
        let mut list = Self {
            der: bytes,
            signed: signed.whole,
            inner_algorithm,
            issuer,
            this_update,
            next_update,
            entries,
            number: None,
            base_number: None,
            point: None,
            authority_key_id: None,
            problem: None,
            algorithm,
            signature,
            extensions: Vec::new(),
        };
        // A list whose extensions make it useless is still a list: a finding can name it and say
        // why.
        list.problem = list.read_extensions(&extensions, version).err();
        list.extensions = extensions;
        Ok(list)
    }

    fn read_extensions(&mut self, all: &[Extension<'a>], version: Option<u32>) -> Der<()> {
        if version.is_none() && !all.is_empty() {
            return Err("it has extensions in version 1");
        }
        if !extension::duplicates(all).is_empty() {
            return Err("an extension occurs twice");
        }
        for extension in all {
            let value = extension.value;
            match extension.standard_number() {
                Some(id::CRL_NUMBER) => self.number = Some(positive(value)?),
                Some(id::DELTA_CRL_INDICATOR) => self.base_number = Some(positive(value)?),
                Some(id::ISSUING_DISTRIBUTION_POINT) => {
                    self.point = Some(IssuingDistributionPoint::from_der(value)?);
                }
                Some(id::AUTHORITY_KEY_ID) => {
                    self.authority_key_id = Some(AuthorityKeyId::from_der(value)?);
                }
                // RFC 5280 5.2: such a list must not be used to say that a certificate is not
                // revoked.
                _ if extension.critical => return Err("it has an unknown critical extension"),
                _ => {}
            }
        }
        Ok(())
    }

    /// Its DER form.
    pub const fn der(&self) -> &'a [u8] {
        self.der
    }

    /// SHA-256 of its DER form, computed at each call.
    pub fn sha256(&self) -> Fingerprint {
        super::sha256(self.der)
    }

    /// Its issuer.
    pub const fn issuer(&self) -> Name<'a> {
        self.issuer
    }

    /// When it was issued.
    pub const fn this_update(&self) -> Time {
        self.this_update
    }

    /// When the next one is due at the latest.
    pub const fn next_update(&self) -> Option<Time> {
        self.next_update
    }

    /// Its number, most significant byte first.
    pub const fn number(&self) -> Option<&'a [u8]> {
        self.number
    }

    /// For a delta list, the number of the list that it continues.
    pub const fn base_number(&self) -> Option<&'a [u8]> {
        self.base_number
    }

    /// issuingDistributionPoint: what it covers.
    pub const fn issuing_distribution_point(&self) -> Option<IssuingDistributionPoint<'a>> {
        self.point
    }

    /// authorityKeyIdentifier.
    pub const fn authority_key_id(&self) -> Option<AuthorityKeyId<'a>> {
        self.authority_key_id
    }

    /// Every extension, in order.
    pub fn extensions(&self) -> &[Extension<'a>] {
        &self.extensions
    }

    /// What makes it useless: extensions that are malformed, unknown and critical, or occur twice.
    pub const fn problem(&self) -> Option<&'static str> {
        self.problem
    }

    /// The algorithm of its signature.
    pub const fn signature_algorithm(&self) -> AlgorithmIdentifier<'a> {
        self.algorithm
    }

    pub(crate) fn algorithms_agree(&self) -> bool {
        self.algorithm.der() == self.inner_algorithm.der()
    }

    pub(crate) const fn signed_der(&self) -> &'a [u8] {
        self.signed
    }

    pub(crate) const fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// The revoked certificates, in order; an error if one cannot be read, and nothing after that.
    pub fn entries(
        &self,
    ) -> impl Iterator<Item = Result<RevokedCertificate<'a>, Malformed>> + use<'a> {
        let mut reader = Reader::new(self.entries);
        let mut failed = false;
        std::iter::from_fn(move || {
            if reader.is_empty() || failed {
                return None;
            }
            let entry = entry(&mut reader);
            // Where the next entry begins is now unknown, and a guess could skip the one that
            // matters.
            failed = entry.is_err();
            Some(entry.map_err(|reason| Malformed::new("CRL entry", reason)))
        })
    }
}

fn positive(value: &[u8]) -> Der<&[u8]> {
    let digits = der::integer(der::only(value, INTEGER)?)?;
    match digits {
        [first, ..] if first & 0x80 != 0 => Err("a CRL number is negative"),
        // The sign byte is removed: numbers without leading zeros compare by their length first.
        [0, rest @ ..] if !rest.is_empty() => Ok(rest),
        _ => Ok(digits),
    }
}

fn entry<'a>(reader: &mut Reader<'a>) -> Der<RevokedCertificate<'a>> {
    let mut fields = Reader::new(reader.expect(SEQUENCE)?);
    let serial = der::integer(fields.expect(INTEGER)?)?;
    let at = clock::time(&fields.next()?)?;
    let mut entry = RevokedCertificate {
        serial,
        at,
        reason: RevocationReason::Unspecified,
        issuer: None,
        unknown_critical: false,
    };
    if !fields.is_empty() {
        let mut extensions = Reader::new(fields.expect(SEQUENCE)?);
        while !extensions.is_empty() {
            let extension = extension::next(&mut extensions)?;
            match extension.standard_number() {
                Some(21) => {
                    let code = der::only(extension.value, der::ENUMERATED)?;
                    entry.reason = RevocationReason::from_code(code)?;
                }
                Some(29) => {
                    let names = GeneralNames::from_der(extension.value)?;
                    entry.issuer = names.iter().find_map(|name| match name {
                        GeneralName::Directory(name) => Some(name),
                        _ => None,
                    });
                    // Without a directory name it is unknown whose certificates the following
                    // entries are.
                    entry.unknown_critical |= entry.issuer.is_none();
                }
                // Reasons and dates that change nothing: holdInstructionCode, invalidityDate.
                Some(23 | 24) => {}
                _ => entry.unknown_critical |= extension.critical,
            }
        }
        fields.end()?;
    }
    Ok(entry)
}
