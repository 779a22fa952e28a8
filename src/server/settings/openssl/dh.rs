//! Files of Diffie-Hellman parameters.

use crate::encoding::Document;
use crate::source::Source;

/// What `PEM_read_bio_DHparams` accepts; httpd and HAProxy accept only the first
/// (measured: 2.4.71, 2.6.12).
pub(in super::super) const DH_LABELS: [&str; 2] = ["DH PARAMETERS", "X9.42 DH PARAMETERS"];

/// The size of the prime in the first section with one of these labels.
pub(in super::super) fn dh_bits(bytes: &[u8], labels: &[&str]) -> Option<u32> {
    let document = Document::read(Source::new("", bytes.to_vec()));
    let mut sections = document.sections().iter();
    let section =
        sections.find(|section| section.label().is_some_and(|label| labels.contains(&label)))?;
    let sequence = element(section.der()?, 0x30)?;
    let prime = element(sequence, 0x02)?;
    let zeros = prime.iter().take_while(|&&byte| byte == 0).count();
    let digits = prime.get(zeros..)?;
    let first = digits.first()?;
    u32::try_from(digits.len() * 8)
        .ok()?
        .checked_sub(first.leading_zeros())
}

/// The contents of the first element, if it has this tag.
fn element(der: &[u8], tag: u8) -> Option<&[u8]> {
    let (&found, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let length = digits
                .iter()
                .fold(0usize, |length, &byte| length << 8 | usize::from(byte));
            (length, rest)
        }
        _ => return None,
    };
    (found == tag).then(|| rest.get(..length))?
}

#[cfg(test)]
mod tests {
    use super::{DH_LABELS, dh_bits};

    #[test]
    fn the_prime_counts() {
        // A group of 64 bits: p = 2^64 - 59, g = 2.
        let pem = b"-----BEGIN DH PARAMETERS-----\nMA4CCQD/////////xQIBAg==\n-----END DH PARAMETERS-----\n";
        assert_eq!(dh_bits(pem, &DH_LABELS), Some(64));
        assert_eq!(dh_bits(pem, &["X9.42 DH PARAMETERS"]), None);
        assert_eq!(dh_bits(b"", &DH_LABELS), None);
    }
}
