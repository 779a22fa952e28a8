//! Which bytes OpenSSL 3.0 accepts as a certificate: `d2i_X509` and `d2i_X509_AUX`
//! (crypto/asn1/tasn_dec.c, asn1_lib.c, a_mbstr.c, crypto/x509/x_name.c and x_x509a.c).
//!
//! The decoder walks the templates of the structure. It is laxer than DER:
//! lengths may be longer than needed or indefinite, strings may be in pieces,
//! a BOOLEAN may have any value, dates may be any text. It is stricter in one
//! place: every name is brought into a canonical form, so that a string whose
//! bytes are not what its type says loses the whole certificate. Each element
//! is looked at once, and pieces of strings nest at most five deep
//! (`ASN1_MAX_STRING_NEST`). Measured: tests/library/pem_mutations.rs.

mod extensions;
mod revocation_list;

pub(super) use extensions::is_read;
pub(super) use revocation_list::revocation_list;
use zeroize::Zeroizing;

/// Universal tags.
const BOOLEAN: u32 = 1;
const INTEGER: u32 = 2;
const BIT_STRING: u32 = 3;
const OCTET_STRING: u32 = 4;
const NULL: u32 = 5;
const OBJECT: u32 = 6;
const ENUMERATED: u32 = 10;
const UTF8_STRING: u32 = 12;
const SEQUENCE: u32 = 16;
const SET: u32 = 17;
const UTC_TIME: u32 = 23;
const GENERALIZED_TIME: u32 = 24;
const UNIVERSAL_STRING: u32 = 28;
const BMP_STRING: u32 = 30;

/// The two class bits of a tag: UNIVERSAL, and context-specific.
const UNIVERSAL: u8 = 0;
const CONTEXT: u8 = 0x80;

/// `ASN1_MAX_STRING_NEST`.
const MOST_PIECES_DEEP: u8 = 5;

/// `B_ASN1_PRINTABLE`, what a value in a name may be: the types that it lists,
/// and those that have no bit of their own (`B_ASN1_UNKNOWN` in `tag2bit`).
const fn may_be_in_name(tag: u32) -> bool {
    matches!(
        tag,
        3 | 7..=9 | 11..=16 | 18..=20 | 22 | 28..=31
    )
}

/// A certificate as OpenSSL cuts it out of what is there.
pub(super) struct Certificate<'b> {
    /// How long it is; what is behind it is another matter.
    pub(super) len: usize,
    /// Its SubjectPublicKeyInfo.
    pub(super) spki: &'b [u8],
    /// The object identifier in front of the signature.
    pub(super) signature: Vec<u8>,
    /// The AlgorithmIdentifier around it.
    pub(super) algorithm: &'b [u8],
    /// Whether subject and issuer are the same bytes.
    pub(super) self_issued: bool,
}

/// `d2i_X509`.
pub(super) fn certificate(bytes: &[u8]) -> Option<Certificate<'_>> {
    let mut input = bytes;
    let mut found = x509(&mut input)?;
    found.len = bytes.len() - input.len();
    Some(found)
}

/// `d2i_X509_AUX`: trust settings may be behind, and nothing else may.
pub(super) fn trusted_certificate(bytes: &[u8]) -> Option<Certificate<'_>> {
    let found = certificate(bytes)?;
    let mut behind = bytes.get(found.len..)?;
    if !behind.is_empty() {
        trust_settings(&mut behind)?;
    }
    Some(found)
}

fn x509<'b>(input: &mut &'b [u8]) -> Option<Certificate<'b>> {
    let mut outer = Fields::open(input, UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    let mut body = outer.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    if body.next_is(CONTEXT, 0)? {
        let mut version = body.enter(CONTEXT, 0, Constructed::Needed)?;
        version.value(UNIVERSAL, INTEGER, INTEGER)?;
        body.leave(version)?;
    }
    body.value(UNIVERSAL, INTEGER, INTEGER)?;
    body.algorithm()?;
    let issuer = body.passed(Fields::name)?;
    body.validity()?;
    let subject = body.passed(Fields::name)?;
    let spki = body.passed(Fields::public_key)?;
    for unique_id in [1, 2] {
        if body.next_is(CONTEXT, unique_id)? {
            body.value(CONTEXT, unique_id, BIT_STRING)?;
        }
    }
    if body.next_is(CONTEXT, 3)? {
        let mut tagged = body.enter(CONTEXT, 3, Constructed::Needed)?;
        tagged.each(UNIVERSAL, SEQUENCE, Fields::extension)?;
        body.leave(tagged)?;
    }
    outer.leave(body)?;
    let mut signature = Vec::new();
    let algorithm = outer.passed(|outer| {
        signature = outer.identified()?;
        Some(())
    })?;
    outer.value(UNIVERSAL, BIT_STRING, BIT_STRING)?;
    *input = outer.close()?;
    Some(Certificate {
        len: 0,
        spki,
        signature,
        algorithm,
        self_issued: issuer == subject,
    })
}

/// `X509_CERT_AUX`; what follows it is not looked at.
fn trust_settings(input: &mut &[u8]) -> Option<()> {
    let object = |fields: &mut Fields<'_>| fields.value(UNIVERSAL, OBJECT, OBJECT).map(|_| ());
    let mut fields = Fields::open(input, UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    if fields.next_is(UNIVERSAL, SEQUENCE)? {
        fields.each(UNIVERSAL, SEQUENCE, object)?;
    }
    if fields.next_is(CONTEXT, 0)? {
        fields.each(CONTEXT, 0, object)?;
    }
    for kind in [UTF8_STRING, OCTET_STRING] {
        if fields.next_is(UNIVERSAL, kind)? {
            fields.value(UNIVERSAL, kind, kind)?;
        }
    }
    if fields.next_is(CONTEXT, 1)? {
        fields.each(CONTEXT, 1, Fields::algorithm)?;
    }
    *input = fields.close()?;
    Some(())
}

/// Whether the bit for "constructed" is looked at: `asn1_template_noexp_d2i`
/// does not ask for it in a SEQUENCE OF or SET OF.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Constructed {
    Needed,
    Any,
}

/// The identifier and length octets of an element (`ASN1_get_object`).
struct Header<'b> {
    class: u8,
    tag: u32,
    constructed: bool,
    indefinite: bool,
    /// The contents; of an indefinite length, all that follows.
    content: &'b [u8],
    /// What is behind the contents.
    behind: &'b [u8],
}

fn header(bytes: &[u8]) -> Option<Header<'_>> {
    let (&first, mut rest) = bytes.split_first()?;
    let mut tag = u32::from(first & 0x1f);
    if tag == 0x1f {
        tag = 0;
        loop {
            let (&byte, behind) = rest.split_first()?;
            rest = behind;
            // A tag of more than 31 bits, or one that ends the input.
            if tag > (i32::MAX as u32) >> 7 || rest.is_empty() {
                return None;
            }
            tag = tag << 7 | u32::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                break;
            }
        }
    }
    let constructed = first & 0x20 != 0;
    let (&length, mut rest) = rest.split_first()?;
    let indefinite = length == 0x80;
    // Without a length only end-of-contents can end an element, and only a constructed one has
    // elements in it (X.690 8.1.3.2).
    if indefinite && !constructed {
        return None;
    }
    let mut len = usize::from(length & 0x7f);
    if indefinite {
        len = rest.len();
    } else if length & 0x80 != 0 {
        // `max < i + 1`: one byte more than the length's own must be there.
        let (digits, behind) = rest
            .split_at_checked(len)
            .filter(|parts| !parts.1.is_empty())?;
        let zeros = digits.iter().take_while(|&&digit| digit == 0).count();
        let digits = digits.get(zeros..)?;
        if digits.len() > size_of::<usize>() {
            return None;
        }
        len = digits
            .iter()
            .fold(0, |sum, &digit| sum << 8 | usize::from(digit));
        rest = behind;
    }
    let (content, behind) = rest.split_at_checked(len)?;
    Some(Header {
        class: first & 0xc0,
        tag,
        constructed,
        indefinite,
        content,
        behind,
    })
}

/// Skips an end-of-contents marker, if one is here.
fn end_of_contents(bytes: &mut &[u8]) -> bool {
    match bytes {
        [0, 0, rest @ ..] => {
            *bytes = rest;
            true
        }
        _ => false,
    }
}

/// The contents of a constructed element that are still to be read.
struct Fields<'b> {
    rest: &'b [u8],
    /// Whether only an end-of-contents marker ends it.
    indefinite: bool,
    /// What is behind an element of definite length.
    behind: &'b [u8],
}

impl<'b> Fields<'b> {
    fn open(input: &mut &'b [u8], class: u8, tag: u32, constructed: Constructed) -> Option<Self> {
        let header = header(input)?;
        let wrong = header.class != class || header.tag != tag;
        if wrong || (constructed == Constructed::Needed && !header.constructed) {
            return None;
        }
        Some(Self {
            rest: header.content,
            indefinite: header.indefinite,
            behind: header.behind,
        })
    }

    /// Opens the next element.
    fn enter(&mut self, class: u8, tag: u32, constructed: Constructed) -> Option<Self> {
        self.more()?.then_some(())?;
        Self::open(&mut self.rest, class, tag, constructed)
    }

    /// Goes on behind an element that was entered.
    fn leave(&mut self, inner: Self) -> Option<()> {
        self.rest = inner.close()?;
        Some(())
    }

    /// What is behind; nothing where it did not end here.
    fn close(mut self) -> Option<&'b [u8]> {
        if self.indefinite {
            return end_of_contents(&mut self.rest).then_some(self.rest);
        }
        self.rest.is_empty().then_some(self.behind)
    }

    /// Whether another element follows; nothing where a marker is that ends
    /// nothing (`ASN1_R_UNEXPECTED_EOC`).
    fn more(&self) -> Option<bool> {
        match self.rest {
            [] => Some(false),
            [0, 0, ..] => self.indefinite.then_some(false),
            _ => Some(true),
        }
    }

    /// Whether the next element is the optional one with this tag.
    fn next_is(&self, class: u8, tag: u32) -> Option<bool> {
        if !self.more()? {
            return Some(false);
        }
        let header = header(self.rest)?;
        Some(header.class == class && header.tag == tag)
    }

    /// Reads every element of a SEQUENCE OF or SET OF.
    fn each(
        &mut self,
        class: u8,
        tag: u32,
        mut read: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        let mut list = self.enter(class, tag, Constructed::Any)?;
        while list.more()? {
            read(&mut list)?;
        }
        self.leave(list)
    }

    /// `asn1_d2i_ex_primitive` for one type: the value under this tag, its
    /// pieces put together.
    fn value(&mut self, class: u8, tag: u32, kind: u32) -> Option<Zeroizing<Vec<u8>>> {
        self.more()?.then_some(())?;
        let header = header(self.rest)?;
        if header.class != class || header.tag != tag {
            return None;
        }
        let mut content = Zeroizing::new(Vec::new());
        self.rest = if header.constructed {
            // ASN1_R_TYPE_NOT_PRIMITIVE: only strings may come in pieces.
            if matches!(kind, BOOLEAN | INTEGER | NULL | OBJECT | ENUMERATED) {
                return None;
            }
            let mut pieces = header.content;
            collect(&mut pieces, header.indefinite, 0, &mut content)?;
            if header.indefinite {
                pieces
            } else {
                header.behind
            }
        } else {
            content.extend_from_slice(header.content);
            header.behind
        };
        is_value(kind, &content).then_some(content)
    }

    /// `ASN1_ANY`: SEQUENCE, SET and what has another class are kept as they are.
    fn any(&mut self) -> Option<()> {
        let header = header(self.rest)?;
        let raw = header.class != UNIVERSAL || matches!(header.tag, SEQUENCE | SET);
        if !raw {
            return self.value(UNIVERSAL, header.tag, header.tag).map(|_| ());
        }
        if header.class == UNIVERSAL && !header.constructed {
            return None;
        }
        self.rest = if header.indefinite {
            find_end(header.content)?
        } else {
            header.behind
        };
        Some(())
    }

    /// AlgorithmIdentifier, and its object identifier.
    fn identified(&mut self) -> Option<Vec<u8>> {
        let mut fields = self.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
        let identifier = fields.value(UNIVERSAL, OBJECT, OBJECT)?;
        if fields.more()? {
            fields.any()?;
        }
        self.leave(fields)?;
        Some(identifier.to_vec())
    }

    fn algorithm(&mut self) -> Option<()> {
        self.identified().map(|_| ())
    }

    fn validity(&mut self) -> Option<()> {
        let mut fields = self.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
        for _ in 0..2 {
            let time = header(fields.rest)
                .filter(|header| header.class == UNIVERSAL)?
                .tag;
            if !matches!(time, UTC_TIME | GENERALIZED_TIME) {
                return None;
            }
            fields.value(UNIVERSAL, time, time)?;
        }
        self.leave(fields)
    }

    /// What `read` ignores.
    fn passed(&mut self, read: impl FnOnce(&mut Self) -> Option<()>) -> Option<&'b [u8]> {
        let start = self.rest;
        read(self)?;
        start.get(..start.len().checked_sub(self.rest.len())?)
    }

    fn public_key(&mut self) -> Option<()> {
        let mut fields = self.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
        fields.algorithm()?;
        fields.value(UNIVERSAL, BIT_STRING, BIT_STRING)?;
        self.leave(fields)
    }

    fn extension(&mut self) -> Option<()> {
        let mut fields = self.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
        fields.value(UNIVERSAL, OBJECT, OBJECT)?;
        if fields.next_is(UNIVERSAL, BOOLEAN)? {
            fields.value(UNIVERSAL, BOOLEAN, BOOLEAN)?;
        }
        fields.value(UNIVERSAL, OCTET_STRING, OCTET_STRING)?;
        self.leave(fields)
    }

    /// `x509_name_ex_d2i`, and `x509_name_canon`, which wants each value as UTF-8.
    fn name(&mut self) -> Option<()> {
        self.each(UNIVERSAL, SEQUENCE, |names| {
            names.each(UNIVERSAL, SET, Self::attribute)
        })
    }

    /// `X509_NAME_ENTRY`.
    fn attribute(&mut self) -> Option<()> {
        let mut entry = self.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
        entry.value(UNIVERSAL, OBJECT, OBJECT)?;
        entry.more()?.then_some(())?;
        let header = header(entry.rest)?;
        if header.class != UNIVERSAL || !may_be_in_name(header.tag) {
            return None;
        }
        if header.tag == SEQUENCE {
            entry.any()?;
        } else {
            let value = entry.value(UNIVERSAL, header.tag, header.tag)?;
            is_text(header.tag, &value).then_some(())?;
        }
        self.leave(entry)
    }
}

/// `asn1_collect`: the pieces of a string, whose own tags are not looked at.
fn collect(
    input: &mut &[u8],
    indefinite: bool,
    depth: u8,
    out: &mut Zeroizing<Vec<u8>>,
) -> Option<()> {
    while !input.is_empty() {
        if end_of_contents(input) {
            return indefinite.then_some(());
        }
        let header = header(input)?;
        if header.constructed {
            if depth >= MOST_PIECES_DEEP {
                return None;
            }
            let mut inner = header.content;
            collect(&mut inner, header.indefinite, depth + 1, out)?;
            *input = if header.indefinite {
                inner
            } else {
                header.behind
            };
        } else {
            out.extend_from_slice(header.content);
            *input = header.behind;
        }
    }
    (!indefinite).then_some(())
}

/// `asn1_find_end` of an indefinite length.
fn find_end(content: &[u8]) -> Option<&[u8]> {
    let mut rest = content;
    let mut open = 1_usize;
    while open > 0 {
        if end_of_contents(&mut rest) {
            open -= 1;
            continue;
        }
        let header = header(rest)?;
        if header.indefinite {
            open += 1;
            rest = header.content;
        } else {
            rest = header.behind;
        }
    }
    Some(rest)
}

/// The most levels of a private key that are followed.
const MOST_LEVELS: u8 = 16;

/// The first element with its lengths as short as they can be.
pub(super) fn shortest(bytes: &[u8], depth: u8) -> Option<Zeroizing<Vec<u8>>> {
    if depth > MOST_LEVELS {
        return None;
    }
    let header = header(bytes).filter(|header| !header.indefinite)?;
    let mut content = Zeroizing::new(Vec::with_capacity(header.content.len()));
    // A string in pieces becomes one, whatever the pieces are called (`asn1_collect`).
    let in_pieces = header.constructed && bytes.first() == Some(&0x24);
    if header.constructed {
        let mut rest = header.content;
        while !rest.is_empty() {
            let piece = self::header(rest)?;
            let len = rest.len() - piece.behind.len();
            let (one, behind) = rest.split_at_checked(len)?;
            if in_pieces {
                content.extend_from_slice(piece.content);
            } else {
                content.extend_from_slice(&shortest(one, depth + 1)?);
            }
            rest = behind;
        }
    } else {
        let structure = header.tag == OCTET_STRING && header.content.first() == Some(&0x30);
        let inner = structure
            .then(|| shortest(header.content, depth + 1))
            .flatten();
        content.extend_from_slice(inner.as_ref().map_or(header.content, |inner| inner));
    }
    let mut out = Zeroizing::new(Vec::with_capacity(content.len() + 10));
    out.push(if in_pieces { 0x04 } else { *bytes.first()? });
    let digits = content.len().to_be_bytes();
    let digits = digits.get(
        digits
            .iter()
            .position(|&digit| digit != 0)
            .unwrap_or(digits.len())..,
    )?;
    if content.len() >= 0x80 {
        out.push(0x80 | u8::try_from(digits.len()).ok()?);
        out.extend_from_slice(digits);
    } else {
        out.push(u8::try_from(content.len()).ok()?);
    }
    out.extend_from_slice(&content);
    Some(out)
}

/// `asn1_ex_c2i`: whether these contents are a value of the type.
fn is_value(kind: u32, content: &[u8]) -> bool {
    match kind {
        BOOLEAN => content.len() == 1,
        NULL => content.is_empty(),
        OBJECT => is_object(content),
        INTEGER | ENUMERATED => is_integer(content),
        BIT_STRING => content.first().is_some_and(|&unused| unused <= 7),
        BMP_STRING => content.len().is_multiple_of(2),
        UNIVERSAL_STRING => content.len().is_multiple_of(4),
        _ => true,
    }
}

/// `ossl_c2i_ASN1_OBJECT`: the last byte ends a number, and none has zeros in front.
fn is_object(content: &[u8]) -> bool {
    let ends = content.last().is_some_and(|last| last & 0x80 == 0);
    let mut starts = true;
    ends && content.iter().all(|&byte| {
        let padded = starts && byte == 0x80;
        starts = byte & 0x80 == 0;
        !padded
    })
}

/// `c2i_ibuf`: some bytes, and no more than needed.
fn is_integer(content: &[u8]) -> bool {
    match content {
        [] => false,
        [0, second, ..] => second & 0x80 != 0,
        // 0xff and zeros is a power of two, and not padding.
        [0xff, rest @ ..] if rest.iter().any(|&byte| byte != 0) => {
            rest.first().is_some_and(|second| second & 0x80 == 0)
        }
        _ => true,
    }
}

/// `asn1_string_canon`: whether `ASN1_STRING_to_UTF8` can read a value; types
/// that are no text it leaves as they are.
fn is_text(tag: u32, content: &[u8]) -> bool {
    match tag {
        UTF8_STRING => std::str::from_utf8(content).is_ok(),
        BMP_STRING => content.chunks_exact(2).all(|unit| {
            let value = unit.iter().fold(0, |sum, &byte| sum << 8 | u32::from(byte));
            // `UTF8_putc` refuses surrogates: a BMPString is not UTF-16, and two of its units make
            // no character.
            char::from_u32(value).is_some()
        }),
        UNIVERSAL_STRING => content.chunks_exact(4).all(|unit| {
            let value = unit.iter().fold(0, |sum, &byte| sum << 8 | u32::from(byte));
            char::from_u32(value).is_some()
        }),
        _ => true,
    }
}
