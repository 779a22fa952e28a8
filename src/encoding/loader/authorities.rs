//! The two functions by which OpenSSL reads files of CA certificates and of revocation
//! lists: `X509_load_cert_crl_file` (crypto/x509/by_file.c), which
//! `SSL_CTX_load_verify_locations`, `X509_STORE_load_locations` and
//! `X509_LOOKUP_load_file` call; and `SSL_load_client_CA_file` (ssl/ssl_cert.c).
//!
//! Both read only PEM. The first accepts certificates, trusted certificates and lists, skips
//! sections that are neither these nor private keys, and refuses the whole file if it cannot read
//! one section. The second accepts certificates except trusted ones, up to the first that it cannot
//! read.

use super::d2i;
use super::openssl::{From, Next, next};
use zeroize::Zeroizing;

/// What is in a file of CA certificates or revocation lists, as OpenSSL 3.0 reads it.
#[derive(Default)]
pub(crate) struct Authorities {
    /// How many certificates `X509_load_cert_crl_file` finds, trusted ones included.
    pub(crate) certificates: usize,
    /// How many revocation lists.
    pub(crate) lists: usize,
    /// How many certificates `SSL_load_client_CA_file` takes names from.
    pub(crate) names: usize,
    /// Whether `X509_load_cert_crl_file` refuses the file because of a section.
    pub(crate) refused: bool,
    /// Where the refused section is.
    pub(crate) refused_at: Option<usize>,
    /// Where the certificates are, and their content.
    pub(crate) read: Vec<(usize, Vec<u8>)>,
    /// The private keys in it: one that cannot be read makes OpenSSL refuse the file, too.
    pub(crate) keys: Vec<Zeroizing<Vec<u8>>>,
    /// All of these and encrypted keys, in order, up to the first section that is refused.
    pub(crate) items: Vec<Item>,
    /// Whether an empty section is the first reason to refuse it: OpenSSL then uses whatever error
    /// its thread met last.
    pub(crate) empty_section: bool,
}

/// One section that OpenSSL reads.
pub(crate) enum Item {
    /// A certificate's DER.
    Certificate(Vec<u8>),
    /// A private key's DER, as it is in the file.
    Key(Zeroizing<Vec<u8>>),
    /// A private key that needs a passphrase.
    EncryptedKey,
    /// A revocation list.
    List,
}

impl Authorities {
    /// Reads a file.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut found = Self::default();
        let mut place = 0;
        let mut text = Zeroizing::new(Vec::with_capacity(bytes.len().min(1 << 16)));
        let mut naming = true;
        loop {
            let block = match next(bytes, From::File, &mut place, &mut text) {
                Next::End => return found,
                Next::Error(at) => {
                    found.empty_section = !found.refused && is_empty_section(bytes, at);
                    // `PEM_X509_INFO_read_bio` returns nothing from a truncated file, so sound
                    // certificates before the break do not count either.
                    found.refused = true;
                    found.refused_at.get_or_insert(at);
                    return found;
                }
                Next::Block(block) => block,
            };
            let plain = matches!(block.name.as_slice(), b"CERTIFICATE" | b"X509 CERTIFICATE");
            let mut length = None;
            let sound = match block.name.as_slice() {
                _ if plain => {
                    length = d2i::certificate(&block.content).map(|certificate| certificate.len);
                    length.is_some()
                }
                b"TRUSTED CERTIFICATE" => {
                    length =
                        d2i::trusted_certificate(&block.content).map(|certificate| certificate.len);
                    length.is_some()
                }
                b"X509 CRL" => d2i::revocation_list(&block.content).is_some(),
                // Encrypted ones are skipped (measured: OpenSSL 3.0.19).
                name if is_encrypted(name) || is_key(name) && block.encrypted => {
                    found
                        .items
                        .extend((!found.refused).then_some(Item::EncryptedKey));
                    continue;
                }
                name if is_key(name) => {
                    found.keys.push(block.content.clone());
                    true
                }
                _ => continue,
            };
            // A header that is not a `Proc-Type` is an error in itself.
            let sound = sound && !block.has_header;
            if plain {
                naming &= sound;
                found.names += usize::from(naming);
            }
            match block.name.as_slice() {
                _ if !sound => {
                    found.refused = true;
                    found.refused_at.get_or_insert(block.at);
                }
                b"X509 CRL" => {
                    found.lists += 1;
                    found.items.extend((!found.refused).then_some(Item::List));
                }
                name if is_key(name) => {
                    let item = (!found.refused).then(|| Item::Key(block.content.clone()));
                    found.items.extend(item);
                }
                _ => {
                    let content = length.and_then(|len| block.content.get(..len));
                    if let Some(content) = content.filter(|_| !found.refused) {
                        found.items.push(Item::Certificate(content.to_vec()));
                    }
                    found
                        .read
                        .extend(content.map(|content| (block.at, content.to_vec())));
                    found.certificates += 1;
                }
            }
        }
    }
}

/// `ENCRYPTED PRIVATE KEY`: a key next to a certificate; a store skips it
/// (measured: httpd 2.4.71).
fn is_encrypted(name: &[u8]) -> bool {
    name == b"ENCRYPTED PRIVATE KEY"
}

/// Whether nothing is between the BEGIN line here and its END line.
fn is_empty_section(bytes: &[u8], at: usize) -> bool {
    let text = bytes.get(at..).unwrap_or_default();
    let mut lines = text.split(|&byte| byte == b'\n');
    let begins = lines
        .next()
        .is_some_and(|line| line.starts_with(b"-----BEGIN "));
    let next = lines.find(|line| !line.trim_ascii().is_empty());
    begins && next.is_some_and(|line| line.starts_with(b"-----END "))
}

/// `RSA PRIVATE KEY`, `PRIVATE KEY` and any other label that ends like this, except `ENCRYPTED
/// PRIVATE KEY` (measured: OpenSSL 3.0.19).
fn is_key(name: &[u8]) -> bool {
    name != b"ENCRYPTED PRIVATE KEY" && (name == b"PRIVATE KEY" || name.ends_with(b" PRIVATE KEY"))
}
