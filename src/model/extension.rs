//! The extensions of a certificate: all of them, and the known ones read.

use super::authority::{AuthorityKeyId, InfoAccess};
use super::constraint::{BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage};
use super::constraint::{PolicyConstraints, PolicyMappings};
use super::der::plain::{self as der, Der, INTEGER, OCTET_STRING, Reader, SEQUENCE};
use super::distribution::DistributionPoints;
use super::general_name::{GeneralName, GeneralNames, NO_FORM};
use super::name_constraints::NameConstraints;
use super::oid::Oid;
use std::collections::HashSet;

/// One extension (RFC 5280 4.2), its value not parsed.
#[derive(Clone, Copy, Debug)]
pub struct Extension<'a> {
    /// Which extension.
    pub oid: Oid<'a>,
    /// Whether a reader that does not know it must refuse the certificate.
    pub critical: bool,
    /// Its value, the contents of the OCTET STRING.
    pub value: &'a [u8],
    /// All of it.
    pub(crate) der: &'a [u8],
    /// Whether `critical` is written as neither 00 nor FF.
    pub(crate) odd_boolean: bool,
}

/// What kind of problem an extension has: readers differ in which they accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExtensionFault {
    /// It occurs in the certificate a second time.
    Duplicate,
    /// Bytes follow its value, which can be read.
    Trailing,
    /// A BOOLEAN in it is neither 00 nor FF.
    Boolean,
    /// Unused bits of a BIT STRING are set.
    UnusedBits,
    /// It lists nothing.
    Empty,
    /// One of its names cannot be read as what it should be.
    Name,
    /// One of its names has none of the nine forms.
    NameForm,
    /// It cannot be read.
    Unreadable,
}

/// What is wrong with an extension.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExtensionProblem {
    /// Its object identifier, dotted.
    pub oid: String,
    /// What is wrong with it.
    pub reason: String,
    /// Whether it is one that path validation has to read (RFC 5280 4.2).
    pub processed: bool,
    /// Whether it occurs in the certificate a second time.
    pub duplicate: bool,
    /// What kind of problem it is.
    pub fault: ExtensionFault,
}

/// The numbers of the extensions below 2.5.29.
pub(crate) mod id {
    pub(crate) const SUBJECT_KEY_ID: u8 = 14;
    pub(crate) const KEY_USAGE: u8 = 15;
    pub(crate) const SUBJECT_ALT_NAME: u8 = 17;
    pub(crate) const ISSUER_ALT_NAME: u8 = 18;
    pub(crate) const BASIC_CONSTRAINTS: u8 = 19;
    pub(crate) const CRL_NUMBER: u8 = 20;
    pub(crate) const DELTA_CRL_INDICATOR: u8 = 27;
    pub(crate) const ISSUING_DISTRIBUTION_POINT: u8 = 28;
    pub(crate) const NAME_CONSTRAINTS: u8 = 30;
    pub(crate) const CRL_DISTRIBUTION_POINTS: u8 = 31;
    pub(crate) const CERTIFICATE_POLICIES: u8 = 32;
    pub(crate) const POLICY_MAPPINGS: u8 = 33;
    pub(crate) const AUTHORITY_KEY_ID: u8 = 35;
    pub(crate) const POLICY_CONSTRAINTS: u8 = 36;
    pub(crate) const EXTENDED_KEY_USAGE: u8 = 37;
    pub(crate) const FRESHEST_CRL: u8 = 46;
    pub(crate) const INHIBIT_ANY_POLICY: u8 = 54;
}

/// The DER contents of 1.3.6.1.5.5.7.1.1.
const AUTHORITY_INFO_ACCESS: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x01];
/// 1.3.6.1.5.5.7.1.14 (RFC 3820).
pub(crate) const PROXY_CERT_INFO: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x0e];

impl Extension<'_> {
    /// The last arc of an identifier below 2.5.29.
    pub(crate) fn standard_number(&self) -> Option<u8> {
        match self.oid.as_bytes() {
            [0x55, 0x1d, number] if number & 0x80 == 0 => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn is_authority_info_access(&self) -> bool {
        self.oid.as_bytes() == AUTHORITY_INFO_ACCESS
    }

    /// Whether path validation here reads it, so that it may be critical.
    ///
    /// The list is RFC 5280's "must recognize" and "should recognize" (4.2)
    /// and cRLDistributionPoints; OpenSSL 3's is the same for RFC 5280.
    pub fn is_processed(&self) -> bool {
        matches!(
            self.standard_number(),
            Some(
                id::SUBJECT_KEY_ID
                    | id::KEY_USAGE
                    | id::SUBJECT_ALT_NAME
                    | id::BASIC_CONSTRAINTS
                    | id::NAME_CONSTRAINTS
                    | id::CRL_DISTRIBUTION_POINTS
                    | id::CERTIFICATE_POLICIES
                    | id::POLICY_MAPPINGS
                    | id::AUTHORITY_KEY_ID
                    | id::POLICY_CONSTRAINTS
                    | id::EXTENDED_KEY_USAGE
                    | id::INHIBIT_ANY_POLICY
            )
        )
    }

    /// Its name in RFC 5280, if it has one.
    pub fn name(&self) -> Option<&'static str> {
        Some(match self.standard_number() {
            Some(9) => "subjectDirectoryAttributes",
            Some(id::SUBJECT_KEY_ID) => "subjectKeyIdentifier",
            Some(id::KEY_USAGE) => "keyUsage",
            Some(16) => "privateKeyUsagePeriod",
            Some(id::SUBJECT_ALT_NAME) => "subjectAltName",
            Some(id::ISSUER_ALT_NAME) => "issuerAltName",
            Some(id::BASIC_CONSTRAINTS) => "basicConstraints",
            Some(id::NAME_CONSTRAINTS) => "nameConstraints",
            Some(id::CRL_DISTRIBUTION_POINTS) => "cRLDistributionPoints",
            Some(id::CERTIFICATE_POLICIES) => "certificatePolicies",
            Some(id::POLICY_MAPPINGS) => "policyMappings",
            Some(id::AUTHORITY_KEY_ID) => "authorityKeyIdentifier",
            Some(id::POLICY_CONSTRAINTS) => "policyConstraints",
            Some(id::EXTENDED_KEY_USAGE) => "extKeyUsage",
            Some(id::FRESHEST_CRL) => "freshestCRL",
            Some(id::INHIBIT_ANY_POLICY) => "inhibitAnyPolicy",
            _ => match self.oid.as_bytes() {
                AUTHORITY_INFO_ACCESS => "authorityInfoAccess",
                b"\x2b\x06\x01\x05\x05\x07\x01\x0b" => "subjectInfoAccess",
                b"\x2b\x06\x01\x05\x05\x07\x01\x18" => "tlsfeature",
                b"\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02" => "signedCertificateTimestamps",
                b"\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x03" => "ctPoison",
                b"\x60\x86\x48\x01\x86\xf8\x42\x01\x01" => "nsCertType",
                b"\x60\x86\x48\x01\x86\xf8\x42\x01\x0d" => "nsComment",
                _ => return None,
            },
        })
    }
}

/// The extensions that are known, read; absent or unreadable ones are `None`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known<'a> {
    pub(crate) basic_constraints: Option<BasicConstraints>,
    pub(crate) key_usage: Option<KeyUsage>,
    pub(crate) extended_key_usage: Option<ExtendedKeyUsage<'a>>,
    pub(crate) subject_alt_names: Option<GeneralNames<'a>>,
    pub(crate) name_constraints: Option<NameConstraints<'a>>,
    pub(crate) policies: Option<CertificatePolicies<'a>>,
    pub(crate) policy_mappings: Option<PolicyMappings<'a>>,
    pub(crate) policy_constraints: Option<PolicyConstraints>,
    pub(crate) inhibit_any_policy: Option<u32>,
    pub(crate) authority_key_id: Option<AuthorityKeyId<'a>>,
    pub(crate) subject_key_id: Option<&'a [u8]>,
    pub(crate) info_access: Option<InfoAccess<'a>>,
    pub(crate) distribution_points: Option<DistributionPoints<'a>>,
    pub(crate) freshest_crl: Option<DistributionPoints<'a>>,
}

/// Reads one extension of a list.
pub(crate) fn next<'a>(reader: &mut Reader<'a>) -> Der<Extension<'a>> {
    let whole = reader.expect_element(SEQUENCE)?;
    let mut extension = Reader::new(whole.content);
    let oid = Oid::read(extension.expect(der::OBJECT_IDENTIFIER)?)?;
    let critical = extension.optional(der::BOOLEAN)?;
    let value = extension.expect(OCTET_STRING)?;
    extension.end()?;
    // BER's TRUE is any byte but 00, and all but Go read it that way (measured).
    let (critical, odd_boolean) = match critical {
        None | Some([0x00]) => (false, false),
        Some([0xff]) => (true, false),
        Some([_]) => (true, true),
        Some(_) => return Err("a BOOLEAN is not one byte long"),
    };
    Ok(Extension {
        oid,
        critical,
        value,
        der: whole.whole,
        odd_boolean,
    })
}

/// Reads a list of extensions, strictly; fails only if it cannot be walked.
pub(crate) fn list(contents: &[u8]) -> Der<Vec<Extension<'_>>> {
    if contents.is_empty() {
        return Err("the list of extensions is empty");
    }
    let list = walk(contents)?;
    if list.iter().any(|extension| extension.odd_boolean) {
        return Err("a BOOLEAN is neither 00 nor FF");
    }
    Ok(list)
}

/// The same, but it may be empty and a BOOLEAN may be any byte.
pub(crate) fn walk(contents: &[u8]) -> Der<Vec<Extension<'_>>> {
    let mut reader = Reader::new(contents);
    let mut list = Vec::with_capacity(12);
    while !reader.is_empty() {
        list.push(next(&mut reader)?);
    }
    Ok(list)
}

/// The extensions that occur a second time or more (RFC 5280 4.2).
pub(crate) fn duplicates<'a, 'e>(list: &'e [Extension<'a>]) -> Vec<&'e Extension<'a>> {
    // Real certificates have about ten extensions, for which comparing is faster than hashing; a
    // hostile one may have thousands.
    if list.len() > 32 {
        let mut seen = HashSet::new();
        return list.iter().filter(|e| !seen.insert(e.oid)).collect();
    }
    let earlier = |(index, extension): &(usize, &Extension<'a>)| {
        list.iter().take(*index).any(|e| e.oid == extension.oid)
    };
    let again = list.iter().enumerate().filter(earlier);
    again.map(|(_, extension)| extension).collect()
}

/// Reads the known extensions of a certificate.
pub(crate) fn read_known<'a>(list: &[Extension<'a>]) -> (Known<'a>, Vec<ExtensionProblem>) {
    let mut known = Known::default();
    let mut problems = Vec::new();
    let problem = |extension: &Extension<'_>, reason: &str, fault| ExtensionProblem {
        oid: extension.oid.to_string(),
        reason: reason.to_owned(),
        processed: extension.is_processed(),
        duplicate: fault == ExtensionFault::Duplicate,
        fault,
    };
    for extension in duplicates(list) {
        let reason = "it occurs more than once (RFC 5280 4.2)";
        problems.push(problem(extension, reason, ExtensionFault::Duplicate));
    }
    for extension in list {
        // Of two extensions of one kind the last is kept. That is harmless: the duplicate alone
        // makes the certificate malformed.
        if let Err(reason) = read_one(extension, &mut known) {
            let fault = tolerated(extension, &mut known);
            problems.push(problem(extension, reason, fault));
        }
    }
    (known, problems)
}

/// Rereads a faulty extension as tolerant readers do: what is wrong with it, and what they see
/// anyway.
fn tolerated<'a>(extension: &Extension<'a>, known: &mut Known<'a>) -> ExtensionFault {
    let value = extension.value;
    let first = Reader::new(value).next().map(|element| element.whole);
    // Bytes after the value: `d2i_*` functions and Go stop at the end of the element, strict
    // readers refuse.
    if let Ok(whole) = first
        && whole.len() < value.len()
    {
        let cut = Extension {
            value: whole,
            ..*extension
        };
        return match read_one(&cut, known) {
            Ok(()) => ExtensionFault::Trailing,
            Err(_) => ExtensionFault::Unreadable,
        };
    }
    match extension.standard_number() {
        Some(id::BASIC_CONSTRAINTS) => {
            if let Ok(read) = BasicConstraints::from_ber(value) {
                known.basic_constraints = Some(read);
                return ExtensionFault::Boolean;
            }
        }
        Some(id::KEY_USAGE) => {
            if let Ok(read) = KeyUsage::from_ber(value) {
                known.key_usage = Some(read);
                return if read.names().is_empty() {
                    ExtensionFault::Empty
                } else {
                    ExtensionFault::UnusedBits
                };
            }
        }
        Some(id::EXTENDED_KEY_USAGE) if matches!(value, [SEQUENCE, 0]) => {
            known.extended_key_usage = Some(ExtendedKeyUsage::none());
            return ExtensionFault::Empty;
        }
        Some(id::SUBJECT_ALT_NAME | id::ISSUER_ALT_NAME) => {
            if let Ok(names) = GeneralNames::from_der(value) {
                let odd_form = |name: GeneralName<'_>| matches!(name, GeneralName::Unreadable { reason, .. } if reason == NO_FORM);
                return if names.is_empty() {
                    ExtensionFault::Empty
                } else if names.iter().any(odd_form) {
                    ExtensionFault::NameForm
                } else {
                    ExtensionFault::Name
                };
            }
        }
        // These two are not lists.
        Some(id::SUBJECT_KEY_ID | id::INHIBIT_ANY_POLICY) => {}
        _ if matches!(value, [SEQUENCE, 0]) => return ExtensionFault::Empty,
        _ => {}
    }
    ExtensionFault::Unreadable
}

fn read_one<'a>(extension: &Extension<'a>, known: &mut Known<'a>) -> Der<()> {
    let value = extension.value;
    let Some(number) = extension.standard_number() else {
        if extension.oid.as_bytes() == AUTHORITY_INFO_ACCESS {
            known.info_access = Some(InfoAccess::from_der(value)?);
        }
        return Ok(());
    };
    match number {
        id::SUBJECT_KEY_ID => known.subject_key_id = Some(der::only(value, OCTET_STRING)?),
        id::KEY_USAGE => known.key_usage = Some(KeyUsage::from_der(value)?),
        id::SUBJECT_ALT_NAME => {
            let names = GeneralNames::from_der(value)?;
            // Kept before it is checked: clients that read it name by name match the good ones.
            known.subject_alt_names = Some(names);
            check_names(names)?;
        }
        id::ISSUER_ALT_NAME => check_names(GeneralNames::from_der(value)?)?,
        id::BASIC_CONSTRAINTS => known.basic_constraints = Some(BasicConstraints::from_der(value)?),
        id::NAME_CONSTRAINTS => known.name_constraints = Some(NameConstraints::from_der(value)?),
        id::CRL_DISTRIBUTION_POINTS => {
            known.distribution_points = Some(DistributionPoints::from_der(value)?);
        }
        id::CERTIFICATE_POLICIES => known.policies = Some(CertificatePolicies::from_der(value)?),
        id::POLICY_MAPPINGS => known.policy_mappings = Some(PolicyMappings::from_der(value)?),
        id::AUTHORITY_KEY_ID => known.authority_key_id = Some(AuthorityKeyId::from_der(value)?),
        id::POLICY_CONSTRAINTS => {
            known.policy_constraints = Some(PolicyConstraints::from_der(value)?);
        }
        id::EXTENDED_KEY_USAGE => {
            known.extended_key_usage = Some(ExtendedKeyUsage::from_der(value)?)
        }
        id::FRESHEST_CRL => known.freshest_crl = Some(DistributionPoints::from_der(value)?),
        id::INHIBIT_ANY_POLICY => {
            known.inhibit_any_policy = Some(der::small_unsigned(der::only(value, INTEGER)?)?);
        }
        _ => {}
    }
    Ok(())
}

/// The names stay readable one by one; a bad one makes the extension malformed.
fn check_names(names: GeneralNames<'_>) -> Der<()> {
    if names.is_empty() {
        return Err("no name is listed (RFC 5280 4.2.1.6)");
    }
    for name in names.iter() {
        match name {
            GeneralName::Unreadable { reason, .. } => return Err(reason),
            GeneralName::Ip(bytes) if !matches!(bytes.len(), 4 | 16) => {
                return Err("an iPAddress has neither 4 nor 16 bytes");
            }
            _ => {}
        }
    }
    Ok(())
}
