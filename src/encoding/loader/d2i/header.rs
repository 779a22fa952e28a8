//! Tag and length of an element (`ASN1_get_object`, `asn1_check_tlen`).

/// Whether the "constructed" bit is checked: `asn1_template_noexp_d2i` does not require it in a
/// SEQUENCE OF or SET OF.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Constructed {
    Needed,
    Any,
}

/// The identifier and length octets of an element (`ASN1_get_object`).
pub(super) struct Header<'b> {
    pub(super) class: u8,
    pub(super) tag: u32,
    pub(super) constructed: bool,
    pub(super) indefinite: bool,
    /// The contents; for an indefinite length, all that follows.
    pub(super) content: &'b [u8],
    /// What follows the contents.
    pub(super) behind: &'b [u8],
}

pub(super) fn header(bytes: &[u8]) -> Option<Header<'_>> {
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
        // `max < i + 1`: there must be one byte more than those of the length.
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
pub(super) fn end_of_contents(bytes: &mut &[u8]) -> bool {
    match bytes {
        [0, 0, rest @ ..] => {
            *bytes = rest;
            true
        }
        _ => false,
    }
}
