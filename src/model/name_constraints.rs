//! nameConstraints.

use super::der::plain::{
    Der, Reader, SEQUENCE, context, context_constructed, only, small_unsigned,
};
use super::general_name::{GeneralName, NO_FORM};

/// nameConstraints (RFC 5280 4.2.1.10).
#[derive(Clone, Copy, Debug)]
pub struct NameConstraints<'a> {
    permitted: Option<Subtrees<'a>>,
    excluded: Option<Subtrees<'a>>,
}

/// A list of subtrees, read as it is walked.
#[derive(Clone, Copy, Debug)]
pub struct Subtrees<'a>(&'a [u8]);

/// One subtree.
#[derive(Clone, Copy, Debug)]
pub struct Subtree<'a> {
    /// The name at its top.
    pub base: GeneralName<'a>,
    /// Whether it has a minimum or maximum, which RFC 5280 forbids.
    pub bounded: bool,
}

impl<'a> NameConstraints<'a> {
    pub(crate) fn from_der(der: &'a [u8]) -> Der<Self> {
        let mut reader = Reader::new(only(der, SEQUENCE)?);
        let permitted = reader.optional(context_constructed(0))?;
        let excluded = reader.optional(context_constructed(1))?;
        reader.end()?;
        if permitted.is_none() && excluded.is_none() {
            return Err("it constrains nothing (RFC 5280 4.2.1.10)");
        }
        Ok(Self {
            permitted: permitted.map(Subtrees::from_contents).transpose()?,
            excluded: excluded.map(Subtrees::from_contents).transpose()?,
        })
    }

    /// Permitted subtrees: each name must be within one of its form.
    pub fn permitted(&self) -> impl Iterator<Item = Subtree<'a>> + use<'a> {
        self.permitted.into_iter().flat_map(|trees| trees.iter())
    }

    /// Excluded subtrees: no name may be within them.
    pub fn excluded(&self) -> impl Iterator<Item = Subtree<'a>> + use<'a> {
        self.excluded.into_iter().flat_map(|trees| trees.iter())
    }
}

impl<'a> Subtrees<'a> {
    fn from_contents(contents: &'a [u8]) -> Der<Self> {
        if contents.is_empty() {
            return Err("a list of subtrees is empty (RFC 5280 4.2.1.10)");
        }
        let mut reader = Reader::new(contents);
        while !reader.is_empty() {
            subtree(&mut reader)?;
        }
        Ok(Self(contents))
    }

    fn iter(self) -> impl Iterator<Item = Subtree<'a>> + use<'a> {
        let mut reader = Reader::new(self.0);
        std::iter::from_fn(move || subtree(&mut reader).ok())
    }
}

fn subtree<'a>(reader: &mut Reader<'a>) -> Der<Subtree<'a>> {
    let mut inner = Reader::new(reader.expect(SEQUENCE)?);
    let base = GeneralName::read(&mut inner)?;
    // A constraint without a form cannot be judged: OpenSSL does not read the extension.
    if let GeneralName::Unreadable { reason, .. } = base
        && reason == NO_FORM
    {
        return Err("an element has the wrong type");
    }
    let minimum = inner
        .optional(context(0))?
        .map(small_unsigned)
        .transpose()?;
    let maximum = inner
        .optional(context(1))?
        .map(small_unsigned)
        .transpose()?;
    inner.end()?;
    Ok(Subtree {
        base,
        bounded: minimum.is_some_and(|minimum| minimum != 0) || maximum.is_some(),
    })
}
