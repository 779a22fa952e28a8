//! The names of subjectAltName, name constraints and the like.

use super::der::plain::{Der, Reader, SEQUENCE};
use super::name::Name;
use super::oid::Oid;
use core::net::IpAddr;
use std::fmt;

/// A GeneralName (RFC 5280 4.2.1.6).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum GeneralName<'a> {
    /// otherName: a form that its issuer defined.
    Other {
        /// Which form.
        kind: Oid<'a>,
        /// The contents of the explicit tag around its value.
        value: &'a [u8],
    },
    /// rfc822Name: an e-mail address, or in a constraint a host or domain.
    Email(&'a str),
    /// dNSName.
    Dns(&'a str),
    /// x400Address.
    X400(&'a [u8]),
    /// directoryName.
    Directory(Name<'a>),
    /// ediPartyName.
    EdiParty(&'a [u8]),
    /// uniformResourceIdentifier.
    Uri(&'a str),
    /// iPAddress: 4 or 16 bytes, or twice as many in a constraint.
    Ip(&'a [u8]),
    /// registeredID.
    Registered(Oid<'a>),
    /// A name that should be one of the forms above, but is not.
    Unreadable {
        /// Its tag byte.
        tag: u8,
        /// Its contents.
        value: &'a [u8],
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// What is wrong with a name whose tag belongs to no form.
pub(crate) const NO_FORM: &str = "a name has none of the nine forms";

impl<'a> GeneralName<'a> {
    pub(crate) fn read(reader: &mut Reader<'a>) -> Der<Self> {
        let element = reader.next()?;
        let (tag, value) = (element.tag, element.content);
        let unreadable = |reason| Self::Unreadable { tag, value, reason };
        Ok(match tag {
            // Context tags of RFC 5280 4.2.1.6. The constructed bit is part of the comparison: DER fixes it
            // for each form. [4] is EXPLICIT, because Name is a CHOICE.
            0xa0 => other_name(value).unwrap_or_else(unreadable),
            0x81 => ascii(value).map_or_else(unreadable, Self::Email),
            0x82 => ascii(value).map_or_else(unreadable, Self::Dns),
            0xa3 => Self::X400(value),
            0xa4 => Name::from_der(value).map_or_else(unreadable, Self::Directory),
            0xa5 => Self::EdiParty(value),
            0x86 => ascii(value).map_or_else(unreadable, Self::Uri),
            0x87 => Self::Ip(value),
            0x88 => Oid::read(value).map_or_else(unreadable, Self::Registered),
            _ => unreadable(NO_FORM),
        })
    }

    /// The address, if it is one of 4 or 16 bytes.
    pub fn ip(&self) -> Option<IpAddr> {
        match self {
            Self::Ip(bytes) => address(bytes),
            _ => None,
        }
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    }
}

fn ascii(value: &[u8]) -> Der<&str> {
    match std::str::from_utf8(value) {
        Ok(text) if text.is_ascii() => Ok(text),
        _ => Err("it is not ASCII, as an IA5String must be (RFC 5280 7.2)"),
    }
}

fn other_name(value: &[u8]) -> Der<GeneralName<'_>> {
    let mut reader = Reader::new(value);
    let kind = Oid::read(reader.expect(super::der::plain::OBJECT_IDENTIFIER)?)?;
    let value = reader.expect(0xa0)?;
    reader.end()?;
    Ok(GeneralName::Other { kind, value })
}

/// `DNS:example.com`, `IP:192.0.2.1`, with control characters escaped.
impl fmt::Display for GeneralName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other { kind, .. } => write!(f, "otherName:{kind}"),
            Self::Email(text) => write!(f, "email:{}", Escaped(text)),
            Self::Dns(text) => write!(f, "DNS:{}", Escaped(text)),
            Self::X400(_) => f.write_str("x400Address"),
            Self::Directory(name) => write!(f, "directoryName:{name}"),
            Self::EdiParty(_) => f.write_str("ediPartyName"),
            Self::Uri(text) => write!(f, "URI:{}", Escaped(text)),
            Self::Ip(bytes) => match (address(bytes), bytes.split_at_checked(bytes.len() / 2)) {
                (Some(address), _) => write!(f, "IP:{address}"),
                (None, Some((net, mask))) => match (address(net), address(mask)) {
                    (Some(net), Some(mask)) => write!(f, "IP:{net}/{mask}"),
                    _ => write!(f, "IP:({} bytes)", bytes.len()),
                },
                _ => write!(f, "IP:({} bytes)", bytes.len()),
            },
            Self::Registered(oid) => write!(f, "registeredID:{oid}"),
            Self::Unreadable { tag, value, .. } => {
                // 64 bytes are enough to recognise the name, and an attacker's megabyte stays out of the
                // report.
                let shown = value.get(..value.len().min(64)).unwrap_or(value);
                let text = String::from_utf8_lossy(shown);
                write!(f, "unreadable[{}]:{}", tag & 0x1f, Escaped(&text))
            }
        }
    }
}

/// Text with control characters escaped, cut at 255 characters.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, c) in self.0.chars().enumerate() {
            if index == 255 {
                return f.write_str("…");
            }
            if crate::shown::is_hidden(c) {
                write!(f, "{}", c.escape_unicode())?;
            } else {
                write!(f, "{c}")?;
            }
        }
        Ok(())
    }
}

/// A list of general names, read as it is walked.
#[derive(Clone, Copy)]
pub struct GeneralNames<'a>(&'a [u8]);

impl<'a> GeneralNames<'a> {
    /// From the whole extension value.
    pub(crate) fn from_der(der: &'a [u8]) -> Der<Self> {
        Self::from_contents(super::der::plain::only(der, SEQUENCE)?)
    }

    /// From the contents of the SEQUENCE. Fails if the list as such cannot be
    /// walked; unreadable names in it are skipped.
    pub(crate) fn from_contents(contents: &'a [u8]) -> Der<Self> {
        let mut reader = Reader::new(contents);
        while !reader.is_empty() {
            GeneralName::read(&mut reader)?;
        }
        Ok(Self(contents))
    }

    /// Whether there are no names.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names, in order.
    pub fn iter(&self) -> impl Iterator<Item = GeneralName<'a>> + use<'a> {
        let mut reader = Reader::new(self.0);
        std::iter::from_fn(move || GeneralName::read(&mut reader).ok())
    }
}

impl fmt::Debug for GeneralNames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
