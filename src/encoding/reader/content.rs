//! Compares a section's bytes with its label.

use super::label::Label;
use crate::encoding::SectionKind;
use crate::encoding::der::{self, Shape};
use crate::rule::{self, EncodingFact};
use zeroize::Zeroizing;

/// What a section's bytes turned out to be.
pub(super) struct Content {
    pub(super) kind: SectionKind,
    pub(super) content: Option<Zeroizing<Vec<u8>>>,
    pub(super) object_len: usize,
    pub(super) fact: Option<EncodingFact>,
}

/// What the decoded bytes are, compared with what the label promises. `sound` is
/// whether all of the base64 was read.
pub(super) fn judge(
    bytes: Zeroizing<Vec<u8>>,
    label: &Label,
    encrypted: bool,
    sound: bool,
) -> Content {
    let promised = label.kind();
    let whole = |bytes: Zeroizing<Vec<u8>>, kind, fact| Content {
        kind,
        object_len: bytes.len(),
        content: Some(bytes),
        fact,
    };
    let lost = |fact| Content {
        kind: promised,
        content: None,
        object_len: 0,
        fact,
    };
    let malformed = |reason: String| {
        Some(EncodingFact::MalformedDer(rule::encoding::MalformedDer {
            expected: promised.words().into(),
            reason,
        }))
    };
    let is_der = promised != SectionKind::Unknown && promised != SectionKind::OpenSshPrivateKey;
    if encrypted || (!is_der && promised != SectionKind::Unknown) {
        return if sound {
            whole(bytes, promised, None)
        } else {
            lost(None)
        };
    }
    match der::shape(&bytes) {
        Shape::Whole { kind, len } => {
            // The object is complete although the base64 broke off: the damage is after it.
            let known = kind != SectionKind::Unknown;
            if !known && !sound {
                return lost(None);
            }
            let kind = settle(kind, promised);
            let fact = match () {
                () if !is_der || kind.fits(promised) => None,
                () if kind == SectionKind::Unknown => malformed(format!(
                    "its structure is not that of a {}",
                    promised.words()
                )),
                () => malformed(format!("it is {}", kind.with_article())),
            };
            let kind = match kind {
                SectionKind::Unknown => promised,
                SectionKind::Certificate if kind.fits(promised) => promised,
                kind => kind,
            };
            // What follows an object can be determined only if the object is known.
            let object_len = if known { len } else { bytes.len() };
            Content {
                kind,
                content: Some(bytes),
                object_len,
                fact,
            }
        }
        _ if !sound => lost(None),
        _ if !is_der => whole(bytes, promised, None),
        Shape::CutOff { announced } => {
            let have = bytes.len();
            lost(malformed(format!(
                "it declares {announced} bytes, but {have} are present"
            )))
        }
        Shape::NotDer if bytes.is_empty() => lost(malformed("it is empty".into())),
        Shape::NotDer => whole(
            bytes,
            promised,
            malformed("it does not begin like DER".into()),
        ),
    }
}

/// The structure alone cannot tell a few kinds apart; the label decides.
fn settle(found: SectionKind, promised: SectionKind) -> SectionKind {
    use SectionKind::{DhParameters, DsaParameters, RsaPublicKey};
    let alike = |kind| matches!(kind, DhParameters | DsaParameters | RsaPublicKey);
    if alike(found) && alike(promised) {
        promised
    } else {
        found
    }
}
