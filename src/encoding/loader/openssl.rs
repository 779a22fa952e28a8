//! `PEM_read_bio` and `SSL_CTX_use_certificate_chain_file` of OpenSSL 3.0
//! (crypto/pem/pem_lib.c, ssl/ssl_rsa.c).

use super::base64::Rules;
use super::key_block::KeyBlock;
use super::{Run, Seen, d2i};
use zeroize::Zeroizing;

/// `LINESIZE`: longer lines are read in pieces of 254 bytes.
const PIECE: usize = 254;

/// `Proc-Type:`, the least that `PEM_get_EVP_CIPHER_INFO` could make sense of.
const SHORTEST_HEADER: usize = 10;

/// `EVP_DecodeUpdate` and `EVP_DecodeFinal`, which ignore the bits after the last byte.
const RULES: Rules = Rules {
    skips: |byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'),
    padding_needed: true,
    no_trailing_bits: false,
    padding_ignored: false,
};

/// One section that `PEM_read_bio_ex` returns.
pub(super) struct Block {
    pub(super) at: usize,
    pub(super) name: Vec<u8>,
    pub(super) has_header: bool,
    /// How long the header is.
    header: usize,
    /// Whether the header says that it is encrypted (`PEM_get_EVP_CIPHER_INFO`).
    pub(super) encrypted: bool,
    pub(super) content: Zeroizing<Vec<u8>>,
}

pub(super) enum Next {
    Block(Block),
    /// `PEM_R_NO_START_LINE`, which ends a chain file without an error.
    End,
    Error(usize),
}

/// What OpenSSL reads from: the two differ in what a zero byte does to its line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// `BIO_s_file`, used by the functions that take a file name.
    File,
    /// `BIO_s_mem`, used by Node, which reads the file itself.
    Memory,
}

pub(super) fn load(bytes: &[u8], from: From) -> Run {
    walk(bytes, from, false)
}

/// HAProxy's `ssl_sock_load_pem_into_ckch`: an error of the PEM library ends the chain; one of the
/// ASN.1 library is fatal.
pub(super) fn load_while_readable(bytes: &[u8]) -> Run {
    walk(bytes, From::File, true)
}

fn walk(bytes: &[u8], from: From, lenient: bool) -> Run {
    let mut run = Run::default();
    let mut place = 0;
    // One buffer for all sections: reserved memory is wiped, and 64 KiB for each of 100,000
    // sections would be 6 GB.
    let mut text = Zeroizing::new(Vec::with_capacity(bytes.len().min(1 << 16)));
    loop {
        let first = run.seen.is_empty();
        match next(bytes, from, &mut place, &mut text) {
            Next::End if first => return run.refuse(bytes.len()),
            Next::End => return run,
            Next::Error(_) if lenient && !first => return run,
            Next::Error(at) => return run.refuse(at),
            Next::Block(block) if is_wanted(&block.name, first) => {
                if lenient && !first && block.has_header {
                    return run;
                }
                // A header that is not a `Proc-Type` is an error in itself.
                match certificate(&block, first) {
                    Some(len) if !block.has_header => {
                        let content = block.content.get(..len).unwrap_or_default();
                        run.seen.push(Seen {
                            at: block.at,
                            content: Zeroizing::new(content.to_vec()),
                        });
                    }
                    _ => return run.refuse(block.at),
                }
            }
            Next::Block(_) => {}
        }
    }
}

/// `PEM_read_bio_X509_AUX` again and again until it fails, as Node's `addCACert` calls it
/// (src/crypto/crypto_context.cc): what came before stays, and there is no error.
pub(super) fn anchors_until_damage(bytes: &[u8]) -> Run {
    let mut run = Run::default();
    let mut place = 0;
    let mut text = Zeroizing::new(Vec::with_capacity(bytes.len().min(1 << 16)));
    while let Next::Block(block) = next(bytes, From::Memory, &mut place, &mut text) {
        if !is_wanted(&block.name, true) {
            continue;
        }
        let len = certificate(&block, true).filter(|_| !block.has_header);
        let Some(content) = len.and_then(|len| block.content.get(..len)) else {
            return run;
        };
        run.seen.push(Seen {
            at: block.at,
            content: Zeroizing::new(content.to_vec()),
        });
    }
    run
}

/// `SSL_CTX_use_certificate_file`: the first certificate, and nothing after it.
pub(super) fn load_first(bytes: &[u8]) -> Run {
    let run = Run::default();
    let mut place = 0;
    let mut text = Zeroizing::new(Vec::with_capacity(bytes.len().min(1 << 16)));
    loop {
        match next(bytes, From::File, &mut place, &mut text) {
            Next::End => return run.refuse(bytes.len()),
            Next::Error(at) => return run.refuse(at),
            Next::Block(block) if is_wanted(&block.name, false) => {
                return match certificate(&block, false) {
                    Some(len) if !block.has_header => {
                        let content = block.content.get(..len).unwrap_or_default();
                        let content = Zeroizing::new(content.to_vec());
                        let at = block.at;
                        Run {
                            seen: vec![Seen { at, content }],
                            ..run
                        }
                    }
                    _ => run.refuse(block.at),
                };
            }
            Next::Block(_) => {}
        }
    }
}

/// `PEM_read_bio_PrivateKey`: every section that can be read, until one of
/// them is a key; damaged ones are skipped.
pub(super) fn keys(bytes: &[u8], from: From) -> Vec<KeyBlock> {
    let mut found = Vec::new();
    let mut place = 0;
    let mut text = Zeroizing::new(Vec::with_capacity(bytes.len().min(1 << 16)));
    loop {
        let start = place;
        match next(bytes, from, &mut place, &mut text) {
            Next::Block(block) if block.name.ends_with(b"PRIVATE KEY") => {
                // `pem2der_decode` reads only headers of more than ten bytes.
                // Labels are compared byte by byte.
                let named = block.name.trim_ascii() == block.name;
                let sound = named && (block.encrypted || block.header <= SHORTEST_HEADER);
                found.push(KeyBlock::new(block.at, sound.then_some(block.content)));
            }
            Next::Block(_) => {}
            // It ends when there is no progress: after a line that begins with a zero byte,
            // and so looks empty, the decoder is asked again (`pem_read_bio_key_decoder`).
            Next::Error(_) if place > start => {}
            Next::End if place > start && place < bytes.len() => {}
            Next::End | Next::Error(_) => return found,
        }
    }
}

/// `check_pem`: the first certificate may be a trusted one, the others may not.
fn is_wanted(name: &[u8], first: bool) -> bool {
    match name {
        b"CERTIFICATE" | b"X509 CERTIFICATE" => true,
        b"TRUSTED CERTIFICATE" => first,
        _ => false,
    }
}

/// The certificate's length. What follows the first one must be trust
/// settings (`d2i_X509_AUX`); what follows others is ignored.
fn certificate(block: &Block, first: bool) -> Option<usize> {
    let found = if first {
        d2i::trusted_certificate(&block.content)
    } else {
        d2i::certificate(&block.content)
    };
    found.map(|found| found.len)
}

/// Whether a header belongs to an encrypted section, letter by letter
/// (`PEM_get_EVP_CIPHER_INFO`).
fn promises_encryption(header: &[u8]) -> bool {
    let blanks = |text: &[u8]| {
        text.iter()
            .take_while(|&&byte| matches!(byte, b' ' | b'\t'))
            .count()
    };
    let promise = || {
        let rest = header.strip_prefix(b"Proc-Type:")?;
        let rest = rest.get(blanks(rest)..)?.strip_prefix(b"4,")?;
        let rest = rest.get(blanks(rest)..)?.strip_prefix(b"ENCRYPTED")?;
        let end = rest
            .iter()
            .position(|byte| !matches!(byte, b' ' | b'\t' | b'\r'))?;
        rest.get(end..)?.strip_prefix(b"\nDEK-Info:")
    };
    promise().is_some()
}

/// `BIO_gets`: up to a newline or 254 bytes; on a file, a zero byte hides what
/// follows it on the line.
fn gets<'b>(bytes: &'b [u8], from: From, place: &mut usize) -> Option<&'b [u8]> {
    let rest = bytes.get(*place..).unwrap_or_default();
    let piece = rest.get(..rest.len().min(PIECE)).unwrap_or_default();
    let len = piece
        .iter()
        .position(|&byte| byte == b'\n')
        .map_or(piece.len(), |end| end + 1);
    *place += len;
    let line = rest.get(..len).unwrap_or_default();
    let shown = match from {
        From::File => string(line),
        From::Memory => line,
    };
    (!shown.is_empty()).then_some(shown)
}

/// What C sees of a line: up to a zero byte.
fn string(line: &[u8]) -> &[u8] {
    line.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// `sanitize_line` for `PEM_FLAG_EAY_COMPATIBLE`: bytes up to a space, and
/// those over 127 (`char` is signed), are stripped from the end.
fn stripped(line: &[u8]) -> &[u8] {
    let kept = line
        .iter()
        .rposition(|&byte| byte > b' ' && byte.is_ascii());
    line.get(..kept.map_or(0, |last| last + 1))
        .unwrap_or_default()
}

pub(super) fn next(
    bytes: &[u8],
    from: From,
    place: &mut usize,
    text: &mut Zeroizing<Vec<u8>>,
) -> Next {
    // get_name
    let mut first_call = true;
    let (at, name) = loop {
        let at = *place;
        let Some(line) = gets(bytes, from, place) else {
            return Next::End;
        };
        let mark: &[u8] = &[0xef, 0xbb, 0xbf];
        // `get_name` ignores a UTF-8 byte order mark, and only before the first line of a call.
        let marked = first_call && line.len() > 3 && line.starts_with(mark);
        let (at, line) = match line.strip_prefix(mark) {
            Some(line) if marked => (at + mark.len(), line),
            _ => (at, line),
        };
        first_call = false;
        let name = stripped(line)
            .strip_prefix(b"-----BEGIN ")
            .and_then(|name| name.strip_suffix(b"-----"));
        if let Some(name) = name {
            break (at, string(name).to_vec());
        }
    };
    // get_header_and_data
    text.clear();
    let mut header_ends = None;
    let (mut partial, mut short) = (false, false);
    let mut maybe_header = true;
    loop {
        let start = *place;
        let Some(line) = gets(bytes, from, place) else {
            return Next::Error(at);
        };
        // A line of more than 254 bytes comes in pieces. An empty last piece is not an empty line,
        // which would end the header.
        let was_partial =
            std::mem::replace(&mut partial, line.len() == PIECE && !line.ends_with(b"\n"));
        maybe_header &= !line.contains(&b':');
        let line = stripped(line);
        if line.is_empty() {
            if !was_partial {
                if header_ends.is_some() {
                    return Next::Error(start);
                }
                header_ends = Some(text.len());
                maybe_header = false;
            }
            continue;
        }
        if let Some(rest) = line.strip_prefix(b"-----END ") {
            let ends = rest
                .strip_prefix(name.as_slice())
                .is_some_and(|rest| rest == b"-----");
            if !ends {
                return Next::Error(start);
            }
            break;
        }
        // Only the last line may be short: PEM_R_BAD_END_LINE (`get_header_and_data`).
        if short {
            return Next::Error(start);
        }
        text.extend_from_slice(string(line));
        text.push(b'\n');
        if header_ends.is_some() {
            // 65 with the newline; longer lines are refused after the header.
            if line.len() > 64 {
                return Next::Error(start);
            }
            short = line.len() < 64;
        }
    }
    // Without a header it is all data, unless a colon was seen.
    let (header, data) = match header_ends {
        Some(end) => text.split_at_checked(end).unwrap_or_default(),
        None if maybe_header => (&[][..], text.as_slice()),
        None => (text.as_slice(), &[][..]),
    };
    // A `-` is the decoder's end of file: what follows is ignored.
    let data = data.split(|&byte| byte == b'-').next().unwrap_or_default();
    match RULES.decode(data.iter().copied()) {
        Some(content) if !content.is_empty() => Next::Block(Block {
            at,
            name,
            has_header: !header.is_empty(),
            header: header.len(),
            encrypted: promises_encryption(header),
            content,
        }),
        _ => Next::Error(at),
    }
}

#[cfg(test)]
mod tests {
    use super::promises_encryption;

    #[test]
    fn headers_as_nginx_takes_them() {
        let promise = |first: &str| {
            let header = format!("{first}\nDEK-Info: AES-256-CBC,00\n");
            promises_encryption(header.as_bytes())
        };
        assert!(promise("Proc-Type: 4,ENCRYPTED") && promise("Proc-Type: 4, ENCRYPTED "));
        assert!(!promise("Proc-Type: 4,ENCRYPTEDX") && !promise("Proc-Type: 3,ENCRYPTED"));
        assert!(!promises_encryption(b"DEK-Info: AES-256-CBC,00\n"));
    }
}
