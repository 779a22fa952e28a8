//! The extensions that say what a certificate may be used for.

use super::der::plain::{BIT_STRING, BOOLEAN, Der, INTEGER, OBJECT_IDENTIFIER, Reader, SEQUENCE};
use super::der::plain::{boolean, context, named_bits, only, small_unsigned};
use super::oid::Oid;

/// basicConstraints (RFC 5280 4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the key may sign certificates.
    pub is_ca: bool,
    /// The most intermediates below, self-issued ones not counted.
    pub path_length: Option<u32>,
}

impl BasicConstraints {
    pub(crate) fn from_der(der: &[u8]) -> Der<Self> {
        let mut reader = Reader::new(only(der, SEQUENCE)?);
        let is_ca = reader.optional(BOOLEAN)?.map(boolean).transpose()?;
        let path_length = reader.optional(INTEGER)?.map(small_unsigned).transpose()?;
        reader.end()?;
        Ok(Self {
            // `cA` is DEFAULT FALSE. DER would leave FALSE out (X.690 11.5), but many CAs write it,
            // and every measured client reads it.
            is_ca: is_ca.unwrap_or(false),
            path_length,
        })
    }

    /// The same, but a BOOLEAN may be any byte (X.690 8.2.2), as all but Go read it.
    pub(super) fn from_ber(der: &[u8]) -> Der<Self> {
        let mut reader = Reader::new(only(der, SEQUENCE)?);
        let is_ca = reader.optional(BOOLEAN)?.is_some_and(|value| value != [0]);
        let path_length = reader.optional(INTEGER)?.map(small_unsigned).transpose()?;
        reader.end()?;
        Ok(Self { is_ca, path_length })
    }
}

/// keyUsage (RFC 5280 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(u16);

impl KeyUsage {
    const NAMES: [&'static str; 9] = [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];

    pub(crate) fn from_der(der: &[u8]) -> Der<Self> {
        // Nine usages are defined. Higher bits mean nothing, and a certificate that sets only such
        // bits allows no use.
        match named_bits(only(der, BIT_STRING)?)? & 0x1ff {
            0 => Err("no usage is set (RFC 5280 4.2.1.3)"),
            bits => Ok(Self(bits)),
        }
    }

    /// The same, but unused bits may be set, or no bit at all.
    pub(super) fn from_ber(der: &[u8]) -> Der<Self> {
        let value = only(der, BIT_STRING)?;
        let (&unused, bytes) = value.split_first().ok_or("a BIT STRING is empty")?;
        let mut bytes = bytes.to_vec();
        // BER does not define the unused bits, and OpenSSL clears them when it reads them
        // (a_bitstr.c, `ossl_c2i_ASN1_BIT_STRING`).
        if let Some(last) = bytes.last_mut().filter(|_| unused < 8) {
            *last &= u8::MAX.checked_shl(u32::from(unused)).unwrap_or(0);
        }
        // The strict reader then sees the same usages as OpenSSL does.
        bytes.insert(0, unused);
        Ok(Self(named_bits(&bytes)? & 0x1ff))
    }

    /// Whether the usage of this bit number is set.
    const fn bit(self, number: u32) -> bool {
        self.0 & (1 << number) != 0
    }

    /// digitalSignature.
    pub const fn digital_signature(self) -> bool {
        self.bit(0)
    }

    /// keyEncipherment.
    pub const fn key_encipherment(self) -> bool {
        self.bit(2)
    }

    /// keyAgreement.
    pub const fn key_agreement(self) -> bool {
        self.bit(4)
    }

    /// keyCertSign: the key may sign certificates.
    pub const fn key_cert_sign(self) -> bool {
        self.bit(5)
    }

    /// cRLSign: the key may sign revocation lists.
    pub const fn crl_sign(self) -> bool {
        self.bit(6)
    }

    /// The names of the usages that are set, in the order of RFC 5280.
    pub fn names(self) -> Vec<&'static str> {
        let set = Self::NAMES
            .iter()
            .zip(0..)
            .filter(|(_, bit)| self.bit(*bit));
        set.map(|(name, _)| *name).collect()
    }
}

/// extendedKeyUsage (RFC 5280 4.2.1.12).
#[derive(Clone, Copy, Debug)]
pub struct ExtendedKeyUsage<'a>(&'a [u8]);

/// anyExtendedKeyUsage.
pub(crate) const ANY_EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25, 0x00];

impl<'a> ExtendedKeyUsage<'a> {
    pub(crate) fn from_der(der: &'a [u8]) -> Der<Self> {
        let contents = only(der, SEQUENCE)?;
        if contents.is_empty() {
            return Err("no purpose is listed (RFC 5280 4.2.1.12)");
        }
        let mut reader = Reader::new(contents);
        // Read to its end once: the iterators over it can then not fail.
        while !reader.is_empty() {
            Oid::read(reader.expect(OBJECT_IDENTIFIER)?)?;
        }
        Ok(Self(contents))
    }

    /// Whether it lists nothing.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A list without any purpose.
    pub(super) const fn none() -> Self {
        Self(&[])
    }

    /// The purposes, in order.
    pub fn purposes(&self) -> impl Iterator<Item = Oid<'a>> + use<'a> {
        let mut reader = Reader::new(self.0);
        std::iter::from_fn(move || {
            let contents = reader.expect(OBJECT_IDENTIFIER).ok()?;
            Some(Oid::from_der_contents(contents))
        })
    }

    /// Whether it lists the purpose with this object identifier.
    pub fn lists(&self, purpose: Oid<'_>) -> bool {
        self.purposes()
            .any(|listed| listed.as_bytes() == purpose.as_bytes())
    }

    /// The names of the purposes, or their dotted identifiers.
    pub fn names(&self) -> Vec<String> {
        self.purposes().take(64).map(purpose_name).collect()
    }
}

/// `serverAuth` and the like, dotted for a purpose without a name.
pub fn purpose_name(purpose: Oid<'_>) -> String {
    let name = match purpose.as_bytes() {
        ANY_EXTENDED_KEY_USAGE => "anyExtendedKeyUsage",
        [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, last] => match last {
            1 => "serverAuth",
            2 => "clientAuth",
            3 => "codeSigning",
            4 => "emailProtection",
            8 => "timeStamping",
            9 => "OCSPSigning",
            _ => return purpose.to_string(),
        },
        _ => return purpose.to_string(),
    };
    name.to_owned()
}

/// policyConstraints (RFC 5280 4.2.1.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyConstraints {
    /// How many certificates may follow before an acceptable policy is required.
    pub require_explicit_policy: Option<u32>,
    /// How many certificates may follow before policies may no longer be mapped.
    pub inhibit_policy_mapping: Option<u32>,
}

impl PolicyConstraints {
    pub(crate) fn from_der(der: &[u8]) -> Der<Self> {
        let mut reader = Reader::new(only(der, SEQUENCE)?);
        let mut field = |number| {
            reader
                .optional(context(number))?
                .map(small_unsigned)
                .transpose()
        };
        let require_explicit_policy = field(0)?;
        let inhibit_policy_mapping = field(1)?;
        reader.end()?;
        // RFC 5280 4.2.1.11: an issuer must not write the extension as an empty sequence.
        if require_explicit_policy.is_none() && inhibit_policy_mapping.is_none() {
            return Err("it constrains nothing (RFC 5280 4.2.1.11)");
        }
        Ok(Self {
            require_explicit_policy,
            inhibit_policy_mapping,
        })
    }
}

/// certificatePolicies (RFC 5280 4.2.1.4), without the qualifiers.
#[derive(Clone, Copy, Debug)]
pub struct CertificatePolicies<'a>(&'a [u8]);

impl<'a> CertificatePolicies<'a> {
    pub(crate) fn from_der(der: &'a [u8]) -> Der<Self> {
        let contents = only(der, SEQUENCE)?;
        if contents.is_empty() {
            return Err("no policy is listed (RFC 5280 4.2.1.4)");
        }
        let mut reader = Reader::new(contents);
        let mut seen = Vec::new();
        while !reader.is_empty() {
            let mut information = Reader::new(reader.expect(SEQUENCE)?);
            seen.push(Oid::read(information.expect(OBJECT_IDENTIFIER)?)?);
            // policyQualifiers is optional, with at least one in it (`SIZE (1..MAX)`).
            if !information.is_empty() {
                if information.expect(SEQUENCE)?.is_empty() {
                    return Err("a list of policy qualifiers is empty");
                }
                information.end()?;
            }
        }
        let listed = seen.len();
        // Sorted, so that a certificate with thousands of policies costs no quadratic search.
        seen.sort_unstable();
        seen.dedup();
        if seen.len() != listed {
            return Err("a policy is listed twice (RFC 5280 4.2.1.4)");
        }
        Ok(Self(contents))
    }

    /// The first qualifier that RFC 5280 4.2.1.4 does not define.
    pub fn unknown_qualifier(&self) -> Option<Oid<'a>> {
        /// id-qt-cps and id-qt-unotice.
        const KNOWN: [&[u8]; 2] = [
            b"\x2b\x06\x01\x05\x05\x07\x02\x01",
            b"\x2b\x06\x01\x05\x05\x07\x02\x02",
        ];
        let mut reader = Reader::new(self.0);
        while let Ok(information) = reader.expect(SEQUENCE) {
            let mut information = Reader::new(information);
            let _policy = information.expect(OBJECT_IDENTIFIER).ok()?;
            let Ok(qualifiers) = information.expect(SEQUENCE) else {
                continue;
            };
            let mut qualifiers = Reader::new(qualifiers);
            while let Ok(qualifier) = qualifiers.expect(SEQUENCE) {
                let contents = Reader::new(qualifier).expect(OBJECT_IDENTIFIER).ok()?;
                if !KNOWN.contains(&contents) {
                    return Some(Oid::from_der_contents(contents));
                }
            }
        }
        None
    }

    /// The policies, in order.
    pub fn policies(&self) -> impl Iterator<Item = Oid<'a>> + use<'a> {
        let mut reader = Reader::new(self.0);
        std::iter::from_fn(move || {
            let mut information = Reader::new(reader.expect(SEQUENCE).ok()?);
            let contents = information.expect(OBJECT_IDENTIFIER).ok()?;
            Some(Oid::from_der_contents(contents))
        })
    }
}

/// policyMappings (RFC 5280 4.2.1.5).
#[derive(Clone, Copy, Debug)]
pub struct PolicyMappings<'a>(&'a [u8]);

impl<'a> PolicyMappings<'a> {
    pub(crate) fn from_der(der: &'a [u8]) -> Der<Self> {
        let contents = only(der, SEQUENCE)?;
        if contents.is_empty() {
            return Err("no mapping is listed (RFC 5280 4.2.1.5)");
        }
        let mut reader = Reader::new(contents);
        while !reader.is_empty() {
            let mut mapping = Reader::new(reader.expect(SEQUENCE)?);
            Oid::read(mapping.expect(OBJECT_IDENTIFIER)?)?;
            Oid::read(mapping.expect(OBJECT_IDENTIFIER)?)?;
            mapping.end()?;
        }
        Ok(Self(contents))
    }

    /// Pairs of the issuer's and the subject's policy, in order.
    pub fn mappings(&self) -> impl Iterator<Item = (Oid<'a>, Oid<'a>)> + use<'a> {
        let mut reader = Reader::new(self.0);
        std::iter::from_fn(move || {
            let mut mapping = Reader::new(reader.expect(SEQUENCE).ok()?);
            let issuer = mapping.expect(OBJECT_IDENTIFIER).ok()?;
            let subject = mapping.expect(OBJECT_IDENTIFIER).ok()?;
            Some((
                Oid::from_der_contents(issuer),
                Oid::from_der_contents(subject),
            ))
        })
    }
}
