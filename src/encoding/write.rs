//! The strict writer: what RFC 7468 calls `stricttextualmsg`.

use zeroize::Zeroizing;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// `der` as PEM: 64 columns, LF, one newline at the end. Every loader that
/// was measured reads it (OpenSSL, GnuTLS, Go, rustls, Java, NSS).
///
/// The text is wiped when it is dropped, and is built in one allocation, so
/// that no copy of it stays behind.
///
/// ```
/// let pem = certcheck::encoding::to_pem("CERTIFICATE", &[0x30, 0x00]);
/// assert_eq!(*pem, "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
/// ```
pub fn to_pem(label: &str, der: &[u8]) -> Zeroizing<String> {
    to_pem_with_headers(label, &[], der)
}

/// The same with the headers of RFC 1421 before the base64, which a key encrypted in the
/// traditional form needs.
pub(crate) fn to_pem_with_headers(
    label: &str,
    headers: &[(String, String)],
    der: &[u8],
) -> Zeroizing<String> {
    let base64 = der.len().div_ceil(3) * 4;
    let extra: usize = headers
        .iter()
        .map(|(name, value)| name.len() + value.len() + 3)
        .sum();
    let size = base64 + base64.div_ceil(64) + 2 * label.len() + 33 + extra;
    let mut text = Zeroizing::new(String::with_capacity(size));
    for part in ["-----BEGIN ", label, "-----\n"] {
        text.push_str(part);
    }
    for (name, value) in headers {
        for part in [name, ": ", value, "\n"] {
            text.push_str(part);
        }
    }
    if !headers.is_empty() {
        text.push('\n');
    }
    for line in der.chunks(48) {
        for triple in line.chunks(3) {
            push_triple(&mut text, triple);
        }
        text.push('\n');
    }
    for part in ["-----END ", label, "-----\n"] {
        text.push_str(part);
    }
    text
}

fn push_triple(text: &mut String, triple: &[u8]) {
    let at = |index: usize| u32::from(triple.get(index).copied().unwrap_or(0));
    let bits = at(0) << 16 | at(1) << 8 | at(2);
    for position in 0..4 {
        if position > triple.len() {
            text.push('=');
        } else {
            let sextet = (bits >> (18 - 6 * position)) & 63;
            text.push(char::from(
                ALPHABET.get(sextet as usize).copied().unwrap_or(b'?'),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::to_pem;

    #[test]
    fn the_pem_crate_writes_the_same() {
        let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
        for len in (0..200).chain([4096]) {
            let der: Vec<u8> = (0..=250)
                .map(|byte: u8| byte.wrapping_mul(37))
                .cycle()
                .take(len)
                .collect();
            let theirs = pem::encode_config(&pem::Pem::new("PRIVATE KEY", der.clone()), config);
            let ours = to_pem("PRIVATE KEY", &der);
            assert_eq!(*ours, theirs, "{len} bytes");
            assert_eq!(pem::parse(ours.as_bytes()).unwrap().contents(), der);
        }
    }

    #[test]
    fn the_text_never_moves() {
        for len in 0..500 {
            let text = to_pem("X", &vec![7; len]);
            assert!(text.capacity() < text.len() + 41, "{len}");
        }
    }
}
