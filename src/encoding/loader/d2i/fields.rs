//! The elements within an element, one after the other (`ASN1_item_ex_d2i`).

use super::content::{collect, find_end, is_text, is_value};
use super::header::{Constructed, end_of_contents, header};
use super::{
    BIT_STRING, BOOLEAN, ENUMERATED, GENERALIZED_TIME, INTEGER, NULL, OBJECT, OCTET_STRING,
    SEQUENCE, SET, UNIVERSAL, UTC_TIME, may_be_in_name,
};
use zeroize::Zeroizing;

/// The contents of a constructed element that are still to be read.
pub(super) struct Fields<'b> {
    pub(super) rest: &'b [u8],
    /// Whether only an end-of-contents marker ends it.
    pub(super) indefinite: bool,
    /// What follows an element of definite length.
    pub(super) behind: &'b [u8],
}

impl<'b> Fields<'b> {
    pub(super) fn open(
        input: &mut &'b [u8],
        class: u8,
        tag: u32,
        constructed: Constructed,
    ) -> Option<Self> {
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
    pub(super) fn enter(&mut self, class: u8, tag: u32, constructed: Constructed) -> Option<Self> {
        self.more()?.then_some(())?;
        Self::open(&mut self.rest, class, tag, constructed)
    }

    /// Continues after an element that was opened.
    pub(super) fn leave(&mut self, inner: Self) -> Option<()> {
        self.rest = inner.close()?;
        Some(())
    }

    /// What follows; `None` if it did not end here.
    pub(super) fn close(mut self) -> Option<&'b [u8]> {
        if self.indefinite {
            return end_of_contents(&mut self.rest).then_some(self.rest);
        }
        self.rest.is_empty().then_some(self.behind)
    }

    /// Whether another element follows; `None` at a marker that ends nothing
    /// (`ASN1_R_UNEXPECTED_EOC`).
    pub(super) fn more(&self) -> Option<bool> {
        match self.rest {
            [] => Some(false),
            [0, 0, ..] => self.indefinite.then_some(false),
            _ => Some(true),
        }
    }

    /// Whether the next element is the optional one with this tag.
    pub(super) fn next_is(&self, class: u8, tag: u32) -> Option<bool> {
        if !self.more()? {
            return Some(false);
        }
        let header = header(self.rest)?;
        Some(header.class == class && header.tag == tag)
    }

    /// Reads every element of a SEQUENCE OF or SET OF.
    pub(super) fn each(
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

    /// `asn1_d2i_ex_primitive` for one type: the value under this tag, its pieces joined.
    pub(super) fn value(&mut self, class: u8, tag: u32, kind: u32) -> Option<Zeroizing<Vec<u8>>> {
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

    /// `ASN1_ANY`: SEQUENCE, SET and elements of other classes are kept as they are.
    pub(super) fn any(&mut self) -> Option<()> {
        let header = header(self.rest)?;
        // `asn1_d2i_ex_primitive`: V_ASN1_OTHER, V_ASN1_SEQUENCE and V_ASN1_SET keep header and
        // content together.
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
    pub(super) fn identified(&mut self) -> Option<Vec<u8>> {
        let mut fields = self.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
        let identifier = fields.value(UNIVERSAL, OBJECT, OBJECT)?;
        if fields.more()? {
            fields.any()?;
        }
        self.leave(fields)?;
        Some(identifier.to_vec())
    }

    pub(super) fn algorithm(&mut self) -> Option<()> {
        self.identified().map(|_| ())
    }

    pub(super) fn validity(&mut self) -> Option<()> {
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
    pub(super) fn passed(
        &mut self,
        read: impl FnOnce(&mut Self) -> Option<()>,
    ) -> Option<&'b [u8]> {
        let start = self.rest;
        read(self)?;
        start.get(..start.len().checked_sub(self.rest.len())?)
    }

    pub(super) fn public_key(&mut self) -> Option<()> {
        let mut fields = self.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
        fields.algorithm()?;
        fields.value(UNIVERSAL, BIT_STRING, BIT_STRING)?;
        self.leave(fields)
    }

    pub(super) fn extension(&mut self) -> Option<()> {
        let mut fields = self.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
        fields.value(UNIVERSAL, OBJECT, OBJECT)?;
        if fields.next_is(UNIVERSAL, BOOLEAN)? {
            fields.value(UNIVERSAL, BOOLEAN, BOOLEAN)?;
        }
        fields.value(UNIVERSAL, OCTET_STRING, OCTET_STRING)?;
        self.leave(fields)
    }

    /// `x509_name_ex_d2i`, and `x509_name_canon`, which needs each value as UTF-8.
    pub(super) fn name(&mut self) -> Option<()> {
        self.each(UNIVERSAL, SEQUENCE, |names| {
            names.each(UNIVERSAL, SET, Self::attribute)
        })
    }

    /// `X509_NAME_ENTRY`.
    pub(super) fn attribute(&mut self) -> Option<()> {
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
