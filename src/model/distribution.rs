//! Where and for which certificates revocation lists are published.

use super::der::plain::{Der, Reader, SEQUENCE};
use super::der::plain::{boolean, context, context_constructed, named_bits, only};
use super::general_name::GeneralNames;

/// cRLDistributionPoints or freshestCRL (RFC 5280 4.2.1.13).
#[derive(Clone, Copy, Debug)]
pub struct DistributionPoints<'a>(&'a [u8]);

/// One distribution point.
#[derive(Clone, Copy, Debug)]
pub struct DistributionPoint<'a> {
    /// Its name.
    pub name: Option<DistributionPointName<'a>>,
    /// The reasons that its lists cover; all if absent. Bit 1 is keyCompromise.
    pub reasons: Option<u16>,
    /// Who signs its lists, if not the certificate's issuer.
    pub crl_issuer: Option<GeneralNames<'a>>,
}

/// The name of a distribution point.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum DistributionPointName<'a> {
    /// fullName.
    Full(GeneralNames<'a>),
    /// nameRelativeToCRLIssuer: the contents of the RDN to append.
    Relative(&'a [u8]),
}

impl<'a> DistributionPointName<'a> {
    /// From the contents of the explicit tag around the choice.
    fn read(explicit: &'a [u8]) -> Der<Self> {
        let mut reader = Reader::new(explicit);
        let element = reader.next()?;
        reader.end()?;
        match element.tag {
            0xa0 => GeneralNames::from_contents(element.content).map(Self::Full),
            0xa1 => Ok(Self::Relative(element.content)),
            _ => Err("a distribution point's name has neither of the two forms"),
        }
    }
}

impl<'a> DistributionPoints<'a> {
    pub(crate) fn from_der(der: &'a [u8]) -> Der<Self> {
        let contents = only(der, SEQUENCE)?;
        if contents.is_empty() {
            return Err("no distribution point is listed (RFC 5280 4.2.1.13)");
        }
        let mut reader = Reader::new(contents);
        while !reader.is_empty() {
            point(&mut reader)?;
        }
        Ok(Self(contents))
    }

    /// The points, in order.
    pub fn iter(&self) -> impl Iterator<Item = DistributionPoint<'a>> + use<'a> {
        let mut reader = Reader::new(self.0);
        std::iter::from_fn(move || point(&mut reader).ok())
    }
}

fn point<'a>(reader: &mut Reader<'a>) -> Der<DistributionPoint<'a>> {
    let mut inner = Reader::new(reader.expect(SEQUENCE)?);
    let name = inner.optional(context_constructed(0))?;
    let reasons = inner.optional(context(1))?.map(named_bits).transpose()?;
    let crl_issuer = inner.optional(context_constructed(2))?;
    inner.end()?;
    if name.is_none() && crl_issuer.is_none() {
        return Err("a distribution point has neither name nor issuer (RFC 5280 4.2.1.13)");
    }
    Ok(DistributionPoint {
        name: name.map(DistributionPointName::read).transpose()?,
        reasons,
        crl_issuer: crl_issuer.map(GeneralNames::from_contents).transpose()?,
    })
}

/// issuingDistributionPoint of a revocation list (RFC 5280 5.2.5).
#[derive(Clone, Copy, Debug)]
pub struct IssuingDistributionPoint<'a> {
    /// The point's name.
    pub name: Option<DistributionPointName<'a>>,
    /// Covers end-entity certificates only.
    pub only_user_certs: bool,
    /// Covers CA certificates only.
    pub only_ca_certs: bool,
    /// The reasons that it covers; all if absent.
    pub only_some_reasons: Option<u16>,
    /// Covers certificates of other issuers too.
    pub indirect: bool,
    /// Covers attribute certificates only.
    pub only_attribute_certs: bool,
}

impl<'a> IssuingDistributionPoint<'a> {
    pub(crate) fn from_der(der: &'a [u8]) -> Der<Self> {
        let mut reader = Reader::new(only(der, SEQUENCE)?);
        let name = reader.optional(context_constructed(0))?;
        let flag = |reader: &mut Reader<'a>, number| -> Der<bool> {
            let value = reader.optional(context(number))?.map(boolean).transpose()?;
            Ok(value.unwrap_or(false))
        };
        let only_user_certs = flag(&mut reader, 1)?;
        let only_ca_certs = flag(&mut reader, 2)?;
        let only_some_reasons = reader.optional(context(3))?.map(named_bits).transpose()?;
        let indirect = flag(&mut reader, 4)?;
        let only_attribute_certs = flag(&mut reader, 5)?;
        reader.end()?;
        Ok(Self {
            name: name.map(DistributionPointName::read).transpose()?,
            only_user_certs,
            only_ca_certs,
            only_some_reasons,
            indirect,
            only_attribute_certs,
        })
    }
}
