//! The contents of a container as a separate document.

use crate::encoding::convert::ConversionProblem;
use crate::encoding::{Document, Encoding, SectionKind, to_pem};
use crate::model::Passphrase;
use crate::objects::{Content, Object, Opened, unopened};
use crate::source::Source;
use zeroize::Zeroizing;

/// A document with its containers' contents in their place.
#[derive(Debug)]
#[non_exhaustive]
pub struct Contents {
    /// The objects, as PEM.
    pub document: Document,
    /// What was done, in words.
    pub repairs: Vec<String>,
}

/// Takes everything out of the containers of `document`; `None` if it has none.
///
/// A private key of a PKCS#12 container stays under its passphrase, as it is. One of a Java
/// keystore is protected in a way that only Java reads: it is written without a passphrase.
///
/// # Errors
/// When a container cannot be opened, or a part of it cannot.
pub fn contents(
    document: &Document,
    passphrase: Option<&Passphrase>,
) -> Result<Option<Contents>, ConversionProblem> {
    let opened = Opened::new(document, passphrase);
    let objects = opened.objects();
    // A message is an object like any other: there is nothing to take out of it.
    let is_container = |object: &&Object<'_>| matches!(&object.content, Content::Container(inside) if !inside.is_message());
    let Some(container) = objects.iter().find(is_container) else {
        return Ok(None);
    };
    let kind = container.section.kind();
    if let Some(reason) = unopened(&objects) {
        return Err(ConversionProblem::Closed { kind, reason });
    }
    // A growing buffer leaves pieces of keys behind: twice as much as all of it is, for base64
    // and labels, and for keys in another form.
    let length = |object: &Object<'_>| object.section.der().map_or(0, <[u8]>::len);
    let room: usize = objects.iter().map(|object| length(object) * 2 + 512).sum();
    let room = room + document.source().bytes().len() * 2;
    let mut pem = Zeroizing::new(Vec::with_capacity(room));
    let mut repairs = Vec::new();
    for object in &objects {
        let mut note = |what: String| repairs.push(what);
        match &object.content {
            Content::Container(inside) if !inside.is_message() => note(format!(
                "extracted {} objects from the {}",
                inside.len(),
                object.section.kind().words()
            )),
            _ if object.container.is_none() => append_as_it_is(object, &mut pem),
            _ => append(object, kind, &mut pem, &mut note)?,
        }
    }
    if pem.is_empty() {
        return Err(ConversionProblem::Empty { kind });
    }
    let document = Document::read(Source::new(document.source().name(), pem.to_vec()));
    Ok(Some(Contents { document, repairs }))
}

/// One object of a container.
fn append(
    object: &Object<'_>,
    container: SectionKind,
    pem: &mut Vec<u8>,
    note: &mut impl FnMut(String),
) -> Result<(), ConversionProblem> {
    let kind = object.section.kind();
    let closed = |reason: String| ConversionProblem::Closed {
        kind: container,
        reason,
    };
    let (Some(label), Some(der)) = (kind.canonical_label(), object.section.der()) else {
        note("left out an object of unknown kind".to_owned());
        return Ok(());
    };
    let (label, der) = match &object.content {
        Content::PrivateKey(key) if container == SectionKind::Jks => {
            note("wrote the key without a passphrase: keep it safe".to_owned());
            ("PRIVATE KEY", key.secret_der())
        }
        Content::ClosedKey(problem) if container == SectionKind::Jks => {
            return Err(closed(problem.to_string()));
        }
        _ => (label, der),
    };
    if kind == SectionKind::EncryptedPkcs8PrivateKey && container != SectionKind::Jks {
        note("the key stays encrypted with its passphrase".to_owned());
    }
    pem.extend_from_slice(to_pem(label, der).as_bytes());
    Ok(())
}

/// An object outside the containers: its text if it is PEM.
pub(super) fn append_as_it_is(object: &Object<'_>, pem: &mut Vec<u8>) {
    let section = object.section;
    match (section.encoding(), section.der()) {
        (Encoding::Der, Some(der)) => {
            let label = section.kind().canonical_label().unwrap_or("DATA");
            pem.extend_from_slice(to_pem(label, der).as_bytes());
        }
        _ => {
            let span = section.span();
            let text = object.document.source().bytes().get(span.start..span.end);
            pem.extend_from_slice(text.unwrap_or_default());
            pem.push(b'\n');
        }
    }
}
