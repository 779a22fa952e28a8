//! The details of keys in SSH's own forms, which no TLS server reads.

use super::KeyDetails;
use crate::encoding::SectionKind;
use crate::objects::Object;

const MAGIC: &[u8] = b"openssh-key-v1\0";

/// Algorithm and encryption of an SSH key; no secret part is checked.
pub(super) fn details(object: &Object<'_>) -> Option<KeyDetails> {
    let section = object.section;
    let (algorithm, encryption) = match (section.kind(), section.der()) {
        (SectionKind::OpenSshPrivateKey, Some(der)) => private(der)?,
        (SectionKind::SshPublicKey, Some(blob)) => (name(string(&mut { blob })?)?, None),
        (SectionKind::SshPublicKey, None) => {
            let span = section.span();
            let line = object.document.source().bytes().get(span.start..span.end)?;
            let word = line
                .split(u8::is_ascii_whitespace)
                .find(|part| !part.is_empty());
            (name(word?)?, None)
        }
        _ => return None,
    };
    Some(KeyDetails {
        algorithm,
        bits: None,
        spki_sha256: None,
        encryption,
    })
}

/// OpenSSH's PROTOCOL.key: cipher, derivation and its options, the number of
/// keys, the first public key.
fn private(der: &[u8]) -> Option<(String, Option<String>)> {
    let mut rest = der.strip_prefix(MAGIC)?;
    let cipher = name(string(&mut rest)?)?;
    let derivation = name(string(&mut rest)?)?;
    string(&mut rest)?;
    rest = rest.get(4..)?;
    let mut public = string(&mut rest)?;
    let algorithm = name(string(&mut public)?)?;
    let encryption = (cipher != "none").then(|| format!("OpenSSH ({derivation}; {cipher})"));
    Some((algorithm, encryption))
}

/// Bytes after their length, as SSH writes them (RFC 4251 section 5).
fn string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, behind) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (taken, behind) = behind.split_at_checked(length)?;
    *rest = behind;
    Some(taken)
}

/// A name of an algorithm (RFC 4251 section 6): at most 64 characters of ASCII.
fn name(bytes: &[u8]) -> Option<String> {
    let known = !bytes.is_empty() && bytes.len() <= 64 && bytes.iter().all(u8::is_ascii_graphic);
    known.then(|| String::from_utf8_lossy(bytes).into_owned())
}
