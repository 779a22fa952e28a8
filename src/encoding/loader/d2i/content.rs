//! The contents of simple types: pieces, numbers, texts.

use super::header::{end_of_contents, header};
use super::{
    BIT_STRING, BMP_STRING, BOOLEAN, ENUMERATED, INTEGER, MOST_PIECES_DEEP, NULL, OBJECT,
    UNIVERSAL_STRING, UTF8_STRING,
};
use zeroize::Zeroizing;

/// `asn1_collect`: the pieces of a string, whose own tags are ignored.
pub(super) fn collect(
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
pub(super) fn find_end(content: &[u8]) -> Option<&[u8]> {
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

/// `asn1_ex_c2i`: whether these contents are a value of the type.
pub(super) fn is_value(kind: u32, content: &[u8]) -> bool {
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

/// `ossl_c2i_ASN1_OBJECT`: the last byte ends a number, and none has leading zeros.
pub(super) fn is_object(content: &[u8]) -> bool {
    let ends = content.last().is_some_and(|last| last & 0x80 == 0);
    let mut starts = true;
    ends && content.iter().all(|&byte| {
        let padded = starts && byte == 0x80;
        starts = byte & 0x80 == 0;
        !padded
    })
}

/// `c2i_ibuf`: at least one byte, and no more than needed.
pub(super) fn is_integer(content: &[u8]) -> bool {
    match content {
        [] => false,
        [0, second, ..] => second & 0x80 != 0,
        // 0xff followed by zeros is a power of two, not padding.
        [0xff, rest @ ..] if rest.iter().any(|&byte| byte != 0) => {
            rest.first().is_some_and(|second| second & 0x80 == 0)
        }
        _ => true,
    }
}

/// `asn1_string_canon`: whether `ASN1_STRING_to_UTF8` can read a value; it leaves types that are
/// not text as they are.
pub(super) fn is_text(tag: u32, content: &[u8]) -> bool {
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
