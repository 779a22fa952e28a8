//! The extensions that say who issued a certificate, and where to find more.

use super::der::plain::{Der, OBJECT_IDENTIFIER, Reader, SEQUENCE, context, context_constructed};
use super::der::plain::{integer, only};
use super::general_name::{GeneralName, GeneralNames};
use super::oid::Oid;

/// authorityKeyIdentifier (RFC 5280 4.2.1.1).
#[derive(Clone, Copy, Debug)]
pub struct AuthorityKeyId<'a> {
    /// The identifier of the issuer's key.
    pub key_id: Option<&'a [u8]>,
    /// The name of the issuer's issuer. RFC 5280 4.2.1.1 wants a serial number with it;
    /// no client that was measured does.
    pub issuer: Option<GeneralNames<'a>>,
    /// The serial number of the issuer's certificate.
    pub serial: Option<&'a [u8]>,
}

impl<'a> AuthorityKeyId<'a> {
    pub(crate) fn from_der(der: &'a [u8]) -> Der<Self> {
        let mut reader = Reader::new(only(der, SEQUENCE)?);
        let key_id = reader.optional(context(0))?;
        let issuer = reader.optional(context_constructed(1))?;
        let serial = reader.optional(context(2))?.map(integer).transpose()?;
        reader.end()?;
        Ok(Self {
            key_id,
            issuer: issuer.map(GeneralNames::from_contents).transpose()?,
            serial,
        })
    }
}

/// authorityInfoAccess (RFC 5280 4.2.2.1), or subjectInfoAccess.
#[derive(Clone, Copy, Debug)]
pub struct InfoAccess<'a>(&'a [u8]);

const OCSP: u8 = 1;
const CA_ISSUERS: u8 = 2;

impl<'a> InfoAccess<'a> {
    pub(crate) fn from_der(der: &'a [u8]) -> Der<Self> {
        let contents = only(der, SEQUENCE)?;
        if contents.is_empty() {
            return Err("no access is described (RFC 5280 4.2.2.1)");
        }
        // Read to its end once: the iterators over it cannot fail after that.
        let mut reader = Reader::new(contents);
        while !reader.is_empty() {
            access(&mut reader)?;
        }
        Ok(Self(contents))
    }

    /// URLs from which the issuer's certificates can be downloaded.
    pub fn ca_issuers(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.urls(CA_ISSUERS)
    }

    /// URLs of OCSP responders.
    pub fn ocsp(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.urls(OCSP)
    }

    fn urls(&self, wanted: u8) -> impl Iterator<Item = &'a str> + use<'a> {
        let mut reader = Reader::new(self.0);
        std::iter::from_fn(move || access(&mut reader).ok()).filter_map(
            move |(method, location)| {
                let wanted = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, wanted];
                match location {
                    GeneralName::Uri(url) if method.as_bytes() == wanted => Some(url),
                    _ => None,
                }
            },
        )
    }
}

fn access<'a>(reader: &mut Reader<'a>) -> Der<(Oid<'a>, GeneralName<'a>)> {
    let mut description = Reader::new(reader.expect(SEQUENCE)?);
    let method = Oid::read(description.expect(OBJECT_IDENTIFIER)?)?;
    let location = GeneralName::read(&mut description)?;
    description.end()?;
    Ok((method, location))
}
