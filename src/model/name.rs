//! Distinguished names: shown, compared, taken apart.

use super::der::plain::{Der, OBJECT_IDENTIFIER, Reader, SEQUENCE, SET};
use super::oid::Oid;
use super::prepared::fold;
use super::text::{SHOWN_VALUE, directory_string, write_escaped};
use std::borrow::Cow;
use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;

/// A distinguished name (RFC 5280 4.1.2.4), well-formed by construction.
///
/// `Display` writes it as RFC 4514 does, the most specific part first, with
/// control characters escaped; very long names are cut.
#[derive(Clone, Copy)]
pub struct Name<'a> {
    der: &'a [u8],
    rdns: &'a [u8],
    /// A hash that is equal for names that match.
    hash: u64,
}

/// One attribute of a [`Name`].
#[derive(Clone, Copy)]
pub struct Attribute<'a> {
    kind: Oid<'a>,
    tag: u8,
    value: &'a [u8],
    /// Whether it shares its RDN with the attribute before it.
    joined: bool,
}

const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];
pub(crate) const EMAIL_ADDRESS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01";

/// The most attributes shown.
const SHOWN_ATTRIBUTES: usize = 32;

impl<'a> Name<'a> {
    /// The next element of `reader`, if it is a well-formed name.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Der<Self> {
        let element = reader.expect_element(SEQUENCE)?;
        Ok(Self {
            der: element.whole,
            rdns: element.content,
            hash: Self::check(element.content)?,
        })
    }

    /// Walks the whole name, and hashes the parts that matter. The hash is keyed, so that no one
    /// can prepare names that collide.
    fn check(rdns: &[u8]) -> Der<u64> {
        static KEY: OnceLock<RandomState> = OnceLock::new();
        let key = KEY.get_or_init(RandomState::new);
        let mut hash: u64 = 0;
        let mut rdns = Reader::new(rdns);
        while !rdns.is_empty() {
            let mut set = Reader::new(rdns.expect(SET)?);
            if set.is_empty() {
                return Err("a name has an empty RDN");
            }
            // The order of attributes within an RDN does not matter, so a sum.
            let mut sum: u64 = 0;
            while !set.is_empty() {
                let mut attribute = Reader::new(set.expect(SEQUENCE)?);
                let kind = Oid::read(attribute.expect(OBJECT_IDENTIFIER)?)?;
                let value = attribute.next()?;
                attribute.end()?;
                let mut hasher = key.build_hasher();
                hasher.write(kind.as_bytes());
                match directory_string(value.tag, value.content) {
                    Some(text) => fold(&text, |part| hasher.write(part)),
                    // What is not text is compared as bytes, its type included.
                    None => hasher.write(value.whole),
                }
                sum = sum.wrapping_add(hasher.finish());
            }
            // The order of the RDNs does matter, so a rotation keeps `O, CN` and `CN, O` apart.
            hash = hash.rotate_left(7) ^ sum;
        }
        Ok(hash)
    }

    /// A number that is equal for names that match.
    pub(crate) const fn hash(&self) -> u64 {
        self.hash
    }

    /// A well-formed name from the contents of its SEQUENCE, whose own tag and
    /// length are `der`'s.
    pub(crate) fn from_der(der: &'a [u8]) -> Der<Self> {
        let mut reader = Reader::new(der);
        let name = Self::read(&mut reader)?;
        reader.end()?;
        Ok(name)
    }

    /// Its DER form.
    pub const fn der(&self) -> &'a [u8] {
        self.der
    }

    /// Whether it has no attribute at all.
    pub const fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }

    /// Its attributes, in the order of the encoding.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        let mut rdns = Reader::new(self.rdns);
        let mut set = Reader::new(&[]);
        std::iter::from_fn(move || {
            let joined = !set.is_empty();
            if !joined {
                set = Reader::new(rdns.expect(SET).ok()?);
            }
            let mut attribute = Reader::new(set.expect(SEQUENCE).ok()?);
            let kind = Oid::from_der_contents(attribute.expect(OBJECT_IDENTIFIER).ok()?);
            let value = attribute.next().ok()?;
            Some(Attribute {
                kind,
                tag: value.tag,
                value: value.content,
                joined,
            })
        })
    }

    /// The tag and the contents of each attribute's value.
    pub(crate) fn raw_values(&self) -> impl Iterator<Item = (u8, &'a [u8])> + use<'a> {
        self.attributes()
            .map(|attribute| (attribute.tag, attribute.value))
    }

    /// The types of its attributes.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = Oid<'a>> + use<'a> {
        self.attributes().map(|attribute| attribute.kind)
    }

    /// The last commonName, which is the most specific one.
    pub fn common_name(&self) -> Option<String> {
        self.common_names().last()
    }

    /// The first organizationName.
    pub(crate) fn organisation(&self) -> Option<String> {
        let mut all = self.attributes();
        let attribute = all.find(|attribute| attribute.kind.as_bytes() == ORGANISATION)?;
        attribute.text().map(|text| text.to_lowercase())
    }

    /// The values of emailAddress attributes, as ASCII text.
    pub(crate) fn email_addresses(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.attributes()
            .filter(|attribute| attribute.kind.as_bytes() == EMAIL_ADDRESS)
            .filter_map(|attribute| std::str::from_utf8(attribute.value).ok())
    }

    /// Whether an emailAddress is of another type than IA5String.
    pub(crate) fn has_email_of_other_type(&self) -> bool {
        self.attributes()
            .any(|attribute| attribute.kind.as_bytes() == EMAIL_ADDRESS && attribute.tag != 0x16)
    }

    /// Every commonName that can be read as text.
    pub(crate) fn common_names(&self) -> impl Iterator<Item = String> + use<'a> {
        self.attributes()
            .filter(|attribute| attribute.kind.as_bytes() == COMMON_NAME)
            .filter_map(|attribute| attribute.text().map(Cow::into_owned))
    }

    /// The first commonName as it is encoded.
    pub(crate) fn first_common_name(&self) -> Option<&'a [u8]> {
        let mut all = self.attributes();
        let first = all.find(|attribute| attribute.kind.as_bytes() == COMMON_NAME)?;
        Some(first.value)
    }

    /// The same, each with the tag of its string type.
    pub(crate) fn typed_common_names(&self) -> impl Iterator<Item = (u8, String)> + use<'a> {
        self.attributes()
            .filter(|attribute| attribute.kind.as_bytes() == COMMON_NAME)
            .filter_map(|attribute| Some((attribute.tag, attribute.text()?.into_owned())))
    }

    /// Whether both are the same name by the rules of RFC 5280 7.1: strings are
    /// prepared as RFC 4518 says, so that case, white space, string type and the encoding of
    /// accents do not matter.
    #[must_use]
    pub fn matches(&self, other: &Name<'_>) -> bool {
        // Most pairs differ, and the hashes show that without an allocation. Equal bytes are the
        // usual match. Only the rest is folded: Unicode preparation is the costly part.
        self.hash == other.hash && (self.der == other.der || self.canonical() == other.canonical())
    }

    /// Whether values of names that match are the same bytes of the same type, except for
    /// PrintableStrings and UTF8Strings of `known` attributes.
    pub(crate) fn matches_as_text(
        &self,
        other: &Name<'_>,
        known: impl Fn(Oid<'_>) -> bool,
    ) -> bool {
        let plain = |attribute: &Attribute<'_>| {
            matches!(attribute.tag, 0x0c | 0x13) && known(attribute.kind)
        };
        let mut pairs = self.attributes().zip(other.attributes());
        self.der == other.der
            || pairs.all(|(one, other)| {
                one.tag == other.tag && one.value == other.value || plain(&one) && plain(&other)
            })
    }

    /// A form that is equal for names that match. If another name is a prefix of this name, its
    /// form is a prefix of this form.
    pub(crate) fn canonical(&self) -> Vec<u8> {
        let mut form = Vec::with_capacity(self.der.len() + 16);
        let mut rdn: Vec<Vec<u8>> = Vec::new();
        for attribute in self.attributes() {
            if !attribute.joined {
                flush(&mut rdn, &mut form);
            }
            rdn.push(attribute.canonical());
        }
        flush(&mut rdn, &mut form);
        form
    }
}

/// The canonical form of one RDN, from the contents of its SET.
pub(crate) fn canonical_rdn(set: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader::new(set);
    let mut rdn = Vec::new();
    while !reader.is_empty() {
        let mut attribute = Reader::new(reader.expect(SEQUENCE).ok()?);
        let kind = Oid::from_der_contents(attribute.expect(OBJECT_IDENTIFIER).ok()?);
        let value = attribute.next().ok()?;
        let (tag, value, joined) = (value.tag, value.content, !rdn.is_empty());
        rdn.push(
            Attribute {
                kind,
                tag,
                value,
                joined,
            }
            .canonical(),
        );
    }
    let mut form = Vec::new();
    flush(&mut rdn, &mut form);
    Some(form)
}

fn flush(rdn: &mut Vec<Vec<u8>>, form: &mut Vec<u8>) {
    if rdn.is_empty() {
        return;
    }
    // An RDN is a SET: its attributes are compared without their order (RFC 5280 7.1). Lengths go
    // before every part, so that no two different names have the same form.
    rdn.sort_unstable();
    push_length(form, rdn.len());
    for attribute in rdn.drain(..) {
        form.extend(attribute);
    }
}

fn push_length(form: &mut Vec<u8>, length: usize) {
    form.extend(u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
}

impl<'a> Attribute<'a> {
    /// What kind of attribute it is.
    pub const fn kind(&self) -> Oid<'a> {
        self.kind
    }

    /// Its value, if it is text.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        directory_string(self.tag, self.value)
    }

    fn canonical(&self) -> Vec<u8> {
        let kind = self.kind.as_bytes();
        let (tag, value) = match self.text() {
            Some(text) => {
                let mut folded = Vec::with_capacity(text.len());
                fold(&text, |part| folded.extend(part));
                // Tag 0: text is compared without its string type (RFC 5280 7.1).
                (0, Cow::Owned(folded))
            }
            None => (self.tag, Cow::Borrowed(self.value)),
        };
        let mut form = Vec::with_capacity(kind.len() + value.len() + 9);
        push_length(&mut form, kind.len());
        form.extend(kind);
        form.push(tag);
        push_length(&mut form, value.len());
        form.extend(value.iter());
        form
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut attributes: Vec<_> = self.attributes().take(SHOWN_ATTRIBUTES + 1).collect();
        let cut = attributes.len() > SHOWN_ATTRIBUTES;
        attributes.truncate(SHOWN_ATTRIBUTES);
        if cut {
            f.write_str("…, ")?;
        }
        // RFC 4514 2.1: the last RDN comes first, and `+` joins the attributes of one RDN.
        let mut following_is_joined = false;
        for (index, attribute) in attributes.iter().rev().enumerate() {
            if index > 0 {
                f.write_str(if following_is_joined { "+" } else { ", " })?;
            }
            fmt::Display::fmt(attribute, f)?;
            following_is_joined = attribute.joined;
        }
        Ok(())
    }
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Attribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match short_name(self.kind.as_bytes()) {
            Some(name) => write!(f, "{name}=")?,
            None => write!(f, "{}=", self.kind)?,
        }
        match self.text() {
            Some(text) => write_escaped(f, &text),
            None => {
                write!(f, "#{:02x}", self.tag)?;
                let shown = self.value.iter().take(SHOWN_VALUE / 2);
                shown.copied().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

fn short_name(kind: &[u8]) -> Option<&'static str> {
    Some(match kind {
        [0x55, 0x04, last] => match last {
            3 => "CN",
            4 => "SN",
            5 => "serialNumber",
            6 => "C",
            7 => "L",
            8 => "ST",
            9 => "street",
            10 => "O",
            11 => "OU",
            12 => "title",
            15 => "businessCategory",
            17 => "postalCode",
            42 => "GN",
            43 => "initials",
            44 => "generationQualifier",
            46 => "dnQualifier",
            65 => "pseudonym",
            97 => "organizationIdentifier",
            _ => return None,
        },
        b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19" => "DC",
        b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01" => "UID",
        EMAIL_ADDRESS => "emailAddress",
        b"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03" => "jurisdictionC",
        b"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x02" => "jurisdictionST",
        b"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x01" => "jurisdictionL",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rdn(attributes: &[(u8, u8, &[u8])]) -> Vec<u8> {
        let mut set = Vec::new();
        for (last, tag, value) in attributes {
            let length = u8::try_from(value.len()).unwrap();
            set.extend([0x30, 7 + length, 6, 3, 0x55, 4, *last, *tag, length]);
            set.extend(*value);
        }
        let mut rdn = vec![0x31, u8::try_from(set.len()).unwrap()];
        rdn.extend(set);
        rdn
    }

    fn name(rdns: &[Vec<u8>]) -> Vec<u8> {
        let contents = rdns.concat();
        let mut name = vec![0x30, u8::try_from(contents.len()).unwrap()];
        name.extend(contents);
        name
    }

    #[test]
    fn strings_compare_without_case_blanks_and_type() {
        let one = name(&[rdn(&[(6, 0x13, b"US")]), rdn(&[(3, 0x13, b"Good  CA ")])]);
        let two = name(&[rdn(&[(6, 0x0c, b"us")]), rdn(&[(3, 0x0c, b" gOOD CA")])]);
        let other = name(&[rdn(&[(6, 0x0c, b"us")]), rdn(&[(3, 0x0c, b"goodCA")])]);
        let [one, two, other] =
            [&one, &two, &other].map(|der| Name::from_der(der).expect("well-formed"));
        assert!(one.matches(&two) && !one.matches(&other));
        assert_eq!(one.to_string(), "CN=Good  CA\\ , C=US");
    }

    #[test]
    fn the_order_within_an_rdn_does_not_matter_but_between_them_it_does() {
        let (a, b) = ((3, 12, &b"a"[..]), (10, 12, &b"b"[..]));
        let joined = name(&[rdn(&[a, b])]);
        let swapped = name(&[rdn(&[b, a])]);
        let apart = name(&[rdn(&[a]), rdn(&[b])]);
        let prefix = name(&[rdn(&[a])]);
        let [joined, swapped, apart, prefix] =
            [&joined, &swapped, &apart, &prefix].map(|der| Name::from_der(der).unwrap());
        assert!(joined.matches(&swapped) && !joined.matches(&apart));
        assert!(apart.canonical().starts_with(&prefix.canonical()));
        assert!(!joined.canonical().starts_with(&prefix.canonical()));
        assert_eq!(joined.to_string(), "O=b+CN=a");
    }

    #[test]
    fn hostile_text_is_shown_tame() {
        let hostile = name(&[rdn(&[(3, 12, "a\u{1b}[m\n\u{202e}b,c".as_bytes())])]);
        let shown = Name::from_der(&hostile).unwrap().to_string();
        assert_eq!(shown, r"CN=a\1B[m\0A\E2\80\AEb\,c");
    }

    #[test]
    fn malformed_names_are_refused() {
        for der in [
            &b"\x30\x02\x31\x00"[..],
            b"\x30\x01\x31",
            b"\x31\x00",
            b"\x30\x00\x00",
        ] {
            assert!(Name::from_der(der).is_err(), "{der:02x?}");
        }
        assert!(Name::from_der(b"\x30\x00").unwrap().is_empty());
    }
}
