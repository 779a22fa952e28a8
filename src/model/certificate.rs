//! A certificate, as a view of its DER form.

use super::algorithm::{AlgorithmIdentifier, KeyInfo};
use super::authority::{AuthorityKeyId, InfoAccess};
use super::computed::Computed;
use super::constraint::{BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage};
use super::constraint::{PolicyConstraints, PolicyMappings};
use super::der::plain::{
    self as der, BIT_STRING, Der, INTEGER, Reader, SEQUENCE, context, context_constructed,
};
use super::distribution::DistributionPoints;
use super::extension::{self, Extension, ExtensionProblem, Known};
use super::general_name::{GeneralName, GeneralNames};
use super::malformed::Malformed;
use super::name::Name;
use super::name_constraints::NameConstraints;
use super::oddity::{self, Oddity};
use crate::Time;
use crate::encoding::loader::openssl_reads;
use crate::finding::Fingerprint;
use std::sync::{Arc, OnceLock};

/// An X.509 certificate (RFC 5280 4.1), borrowed from its DER form.
///
/// It parses if its skeleton can be walked; extensions that cannot be read
/// are listed by [`Certificate::extension_problems`], and what RFC 5280 forbids but readers in use
/// accept by [`Certificate::oddities`].
#[derive(Clone, Debug)]
pub struct Certificate<'a> {
    der: &'a [u8],
    signed: &'a [u8],
    version: u32,
    serial: &'a [u8],
    inner_algorithm: AlgorithmIdentifier<'a>,
    issuer: Name<'a>,
    not_before: Time,
    not_after: Time,
    subject: Name<'a>,
    key: KeyInfo<'a>,
    extensions: Vec<Extension<'a>>,
    known: Known<'a>,
    problems: Vec<ExtensionProblem>,
    algorithm: AlgorithmIdentifier<'a>,
    signature: &'a [u8],
    digest: OnceLock<Fingerprint>,
    oddities: Vec<Oddity>,
    invalid_to_openssl: OnceLock<bool>,
    /// Whether it has an issuerUniqueID or a subjectUniqueID.
    unique_ids: bool,
    /// Signatures that were computed before, where that is shared.
    computed: Option<Arc<Computed>>,
}

impl<'a> Certificate<'a> {
    /// Reads one certificate, after which nothing may follow.
    ///
    /// # Errors
    /// What keeps `der` from being a certificate, if its skeleton is not one; never for the
    /// contents of an extension, nor for what is listed by
    /// [`Certificate::oddities`].
    pub fn parse(der: &'a [u8]) -> Result<Self, Malformed> {
        Self::read(der).map_err(|reason| Malformed::new("certificate", reason))
    }

    fn read(bytes: &'a [u8]) -> Der<Self> {
        let mut outer = Reader::new(bytes);
        let whole = outer.expect_element(SEQUENCE)?;
        outer.end()?;
        let mut outer = Reader::new(whole.content);
        let signed = outer.expect_element(SEQUENCE)?;
        let algorithm = AlgorithmIdentifier::read(&mut outer)?;
        let signature = der::whole_bits(outer.expect(BIT_STRING)?)?;
        outer.end()?;

        let mut oddities = Vec::new();
        let mut tbs = Reader::new(signed.content);
        let version = match tbs.optional(context_constructed(0))? {
            Some(explicit) => der::small_unsigned(der::only(explicit, INTEGER)?)?,
            None => 0,
        };
        if version > 2 {
            oddities.push(Oddity::Version {
                number: version.saturating_add(1),
            });
        }
        let serial = der::integer(tbs.expect(INTEGER)?)?;
        let inner_algorithm = AlgorithmIdentifier::read(&mut tbs)?;
        let issuer = Name::read(&mut tbs)?;
        let mut validity = Reader::new(tbs.expect(SEQUENCE)?);
        let not_before = oddity::moment(&validity.next()?, "notBefore", &mut oddities)?;
        let not_after = oddity::moment(&validity.next()?, "notAfter", &mut oddities)?;
        validity.end()?;
        let subject = Name::read(&mut tbs)?;
        let key = KeyInfo::read(&mut tbs)?;
        // issuerUniqueID and subjectUniqueID (RFC 5280 4.1.2.8).
        let issuer_id = tbs.optional(context(1))?;
        let subject_id = tbs.optional(context(2))?;
        let extensions = match tbs.optional(context_constructed(3))? {
            Some(explicit) => {
                let list = extension::walk(der::only(explicit, SEQUENCE)?)?;
                // The grammar has SIZE (1..MAX), but an empty list does no harm and readers accept
                // it.
                if list.is_empty() {
                    oddities.push(Oddity::NoExtensions);
                }
                let odd = list.iter().filter(|extension| extension.odd_boolean);
                oddities.extend(odd.map(|oddity| Oddity::Boolean {
                    extension: oddity.oid.to_string(),
                }));
                list
            }
            None => Vec::new(),
        };
        tbs.end()?;
        // A malformed extension does not end the reading: whether a client minds it depends on
        // whether it processes that extension.
        let (known, problems) = extension::read_known(&extensions);
        Ok(Self {
            der: bytes,
            signed: signed.whole,
            version,
            serial,
            inner_algorithm,
            issuer,
            not_before,
            not_after,
            subject,
            key,
            extensions,
            known,
            problems,
            algorithm,
            signature,
            digest: OnceLock::new(),
            oddities,
            invalid_to_openssl: OnceLock::new(),
            unique_ids: issuer_id.is_some() || subject_id.is_some(),
            computed: None,
        })
    }

    /// The same certificate; its computations are done once for all that share the table.
    pub(crate) fn sharing(mut self, computed: Option<&Arc<Computed>>) -> Self {
        self.computed = computed.cloned();
        self
    }

    /// Whether it has an issuerUniqueID or a subjectUniqueID, which version 1 does not have.
    pub(crate) const fn has_unique_ids(&self) -> bool {
        self.unique_ids
    }

    /// The table that it shares.
    pub(crate) const fn computed(&self) -> Option<&Arc<Computed>> {
        self.computed.as_ref()
    }

    /// Its DER form.
    pub const fn der(&self) -> &'a [u8] {
        self.der
    }

    /// SHA-256 of its DER form, computed once.
    pub fn sha256(&self) -> Fingerprint {
        *self.digest.get_or_init(|| super::sha256(self.der))
    }

    /// 1, 2 or 3; another number is among its oddities.
    pub const fn version(&self) -> u32 {
        self.version.saturating_add(1)
    }

    /// What RFC 5280 forbids in its skeleton, although readers in use accept it.
    pub fn oddities(&self) -> &[Oddity] {
        &self.oddities
    }

    /// The serial number, two's complement, most significant byte first.
    pub const fn serial(&self) -> &'a [u8] {
        self.serial
    }

    /// The issuer's name.
    pub const fn issuer(&self) -> Name<'a> {
        self.issuer
    }

    /// The name for which it was issued.
    pub const fn subject(&self) -> Name<'a> {
        self.subject
    }

    /// Whether issuer and subject are the same name (RFC 5280 3.2). That does not say whose key
    /// signed it.
    pub fn is_self_issued(&self) -> bool {
        self.issuer.matches(&self.subject)
    }

    /// The first moment of its validity.
    pub const fn not_before(&self) -> Time {
        self.not_before
    }

    /// The last moment of its validity.
    pub const fn not_after(&self) -> Time {
        self.not_after
    }

    /// The SubjectPublicKeyInfo's DER form.
    pub const fn spki_der(&self) -> &'a [u8] {
        self.key.der
    }

    pub(crate) const fn key_info(&self) -> &KeyInfo<'a> {
        &self.key
    }

    /// The algorithm of its signature.
    pub const fn signature_algorithm(&self) -> AlgorithmIdentifier<'a> {
        self.algorithm
    }

    /// The algorithm that the signed part names.
    pub(crate) const fn inner_algorithm(&self) -> AlgorithmIdentifier<'a> {
        self.inner_algorithm
    }

    /// Whether the signed part names the same algorithm as the signature
    /// (RFC 5280 4.1.1.2 requires it).
    pub fn algorithms_agree(&self) -> bool {
        self.algorithm.der() == self.inner_algorithm.der()
    }

    /// The bytes that are signed, the TBSCertificate's DER form.
    pub const fn signed_der(&self) -> &'a [u8] {
        self.signed
    }

    /// The signature.
    pub const fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// Every extension, in order.
    pub fn extensions(&self) -> &[Extension<'a>] {
        &self.extensions
    }

    pub(crate) fn standard_extension(&self, number: u8) -> Option<&Extension<'a>> {
        let mut all = self.extensions.iter();
        all.find(|extension| extension.standard_number() == Some(number))
    }

    /// Extensions that are malformed or occur twice.
    pub fn extension_problems(&self) -> &[ExtensionProblem] {
        &self.problems
    }

    /// OpenSSL's `EXFLAG_INVALID`, set by `ossl_x509v3_cache_extensions` (crypto/x509/v3_purp.c):
    /// an extension that it reads with every certificate cannot be read or occurs twice, or a
    /// proxyCertInfo is in the certificate of a CA or next to other names. Bytes after a value,
    /// unused bits and single odd names do not matter to it.
    pub fn is_invalid_to_openssl(&self) -> bool {
        *self.invalid_to_openssl.get_or_init(|| {
            let reads = |extension: &Extension<'_>| {
                openssl_reads(extension.oid.as_bytes(), extension.value)
            };
            let mut all = self.extensions.iter();
            let doubled = extension::duplicates(&self.extensions);
            all.any(|extension| reads(extension) == Some(false))
                || doubled.into_iter().any(|doubled| reads(doubled).is_some())
                || self.is_proxy() && self.cannot_be_proxy()
        })
    }

    /// Whether it has a proxyCertInfo (RFC 3820 3.8).
    pub(crate) fn is_proxy(&self) -> bool {
        let mut all = self.extensions.iter();
        all.any(|extension| extension.oid.as_bytes() == extension::PROXY_CERT_INFO)
    }

    /// RFC 3820 3.1 and 3.7.
    fn cannot_be_proxy(&self) -> bool {
        let names = [
            extension::id::SUBJECT_ALT_NAME,
            extension::id::ISSUER_ALT_NAME,
        ];
        let named = |number: u8| self.standard_extension(number).is_some();
        self.is_ca() || names.into_iter().any(named)
    }

    /// Whether basicConstraints marks it as a CA's.
    pub fn is_ca(&self) -> bool {
        self.known
            .basic_constraints
            .is_some_and(|basic| basic.is_ca)
    }

    /// basicConstraints, if present and readable.
    pub const fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.known.basic_constraints
    }

    /// keyUsage, if present and readable.
    pub const fn key_usage(&self) -> Option<KeyUsage> {
        self.known.key_usage
    }

    /// extKeyUsage, if present and readable.
    pub const fn extended_key_usage(&self) -> Option<ExtendedKeyUsage<'a>> {
        self.known.extended_key_usage
    }

    /// subjectAltName, if present and readable as a list.
    pub const fn subject_alt_names(&self) -> Option<GeneralNames<'a>> {
        self.known.subject_alt_names
    }

    /// The dNSNames of subjectAltName, in its order.
    pub fn dns_names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let names = self.subject_alt_names().into_iter();
        names
            .flat_map(|names| names.iter())
            .filter_map(|name| match name {
                GeneralName::Dns(name) => Some(name),
                _ => None,
            })
    }

    /// nameConstraints, if present and readable.
    pub const fn name_constraints(&self) -> Option<NameConstraints<'a>> {
        self.known.name_constraints
    }

    /// certificatePolicies, if present and readable.
    pub const fn policies(&self) -> Option<CertificatePolicies<'a>> {
        self.known.policies
    }

    /// policyMappings, if present and readable.
    pub const fn policy_mappings(&self) -> Option<PolicyMappings<'a>> {
        self.known.policy_mappings
    }

    /// policyConstraints, if present and readable.
    pub const fn policy_constraints(&self) -> Option<PolicyConstraints> {
        self.known.policy_constraints
    }

    /// inhibitAnyPolicy, if present and readable.
    pub const fn inhibit_any_policy(&self) -> Option<u32> {
        self.known.inhibit_any_policy
    }

    /// authorityKeyIdentifier, if present and readable.
    pub const fn authority_key_id(&self) -> Option<AuthorityKeyId<'a>> {
        self.known.authority_key_id
    }

    /// subjectKeyIdentifier, if present and readable.
    pub const fn subject_key_id(&self) -> Option<&'a [u8]> {
        self.known.subject_key_id
    }

    /// authorityInfoAccess, if present and readable.
    pub const fn authority_info_access(&self) -> Option<InfoAccess<'a>> {
        self.known.info_access
    }

    /// URLs of its issuer's certificate.
    pub fn ca_issuers(&self) -> Vec<&'a str> {
        let access = self.known.info_access.into_iter();
        access.flat_map(|access| access.ca_issuers()).collect()
    }

    /// URLs of its OCSP responders.
    pub fn ocsp_urls(&self) -> Vec<&'a str> {
        let access = self.known.info_access.into_iter();
        access.flat_map(|access| access.ocsp()).collect()
    }

    /// cRLDistributionPoints, if present and readable.
    pub const fn crl_distribution_points(&self) -> Option<DistributionPoints<'a>> {
        self.known.distribution_points
    }

    /// freshestCRL, if present and readable.
    pub const fn freshest_crl(&self) -> Option<DistributionPoints<'a>> {
        self.known.freshest_crl
    }
}
