//! The certificates and keys that httpd shows to other servers
//! (`SSLProxyMachineCertificateFile` and `…Path`).
//!
//! OpenSSL's `PEM_X509_INFO_read_bio` puts the sections of a file into groups of at most a
//! certificate, a key and a list; a second object of one kind begins a new group. httpd then
//! processes the groups of all files (`ssl_init_proxy_certs`): one with only a certificate belongs
//! to a chain, any other must be a certificate and its key. Measured: httpd 2.4.71.

use crate::encoding::loader::{Authorities, Item};
use crate::key_loading::key_of;
use crate::key_match::{Pair, pair};
use crate::model::{Certificate, KeyForm};
use zeroize::Zeroizing;

/// How httpd reads such files.
pub(super) enum Pairs {
    /// It starts with them.
    Taken,
    /// It does not start, and says this.
    Refused(&'static str),
    /// Unknown.
    Unsure(&'static str),
}

const INCOMPLETE: &str =
    "AH02252: incomplete client cert configured for SSL proxy (missing or encrypted private key?)";
const MISMATCH: &str = "AH02326: proxy client certificate and private key do not match";

/// One group, as OpenSSL forms it.
#[derive(Default)]
struct Group {
    certificate: Option<Vec<u8>>,
    key: Option<Key>,
    list: bool,
}

enum Key {
    Plain(Zeroizing<Vec<u8>>),
    Encrypted,
}

/// How httpd reads these files, in this order.
pub(super) fn pairs(files: &[&[u8]]) -> Pairs {
    let mut groups = Vec::new();
    for bytes in files {
        let found = Authorities::of(bytes);
        let mut refused = found.refused;
        let mut group = Group::default();
        let before = groups.len();
        let mut items = 0;
        for item in found.items {
            if matches!(&item, Item::Key(key) if KeyForm::sniff(key).is_none()) {
                refused = true;
                break;
            }
            items += 1;
            // `PEM_X509_INFO_read_bio` pushes its X509_INFO at the second object of one kind.
            if group.is_full_for(&item) {
                groups.push(std::mem::take(&mut group));
            }
            group.take(item);
        }
        if refused && (items > 0 || before > 0) {
            // OpenSSL frees what it has put into httpd's list, but httpd continues to use it.
            return Pairs::Unsure(
                "httpd either crashes on a damaged section or skips the file: certcheck does not \
                 know which",
            );
        }
        if items > 0 {
            groups.push(group);
        }
    }
    let mut unsure = None;
    for group in &groups {
        match group.judge() {
            Pairs::Taken => {}
            Pairs::Unsure(reason) => unsure = Some(reason),
            refused @ Pairs::Refused(_) => return refused,
        }
    }
    unsure.map_or(Pairs::Taken, Pairs::Unsure)
}

impl Group {
    fn is_full_for(&self, item: &Item) -> bool {
        match item {
            Item::Certificate(_) => self.certificate.is_some(),
            Item::Key(_) | Item::EncryptedKey => self.key.is_some(),
            Item::List => self.list,
        }
    }

    fn take(&mut self, item: Item) {
        match item {
            Item::Certificate(der) => self.certificate = Some(der),
            Item::Key(key) => self.key = Some(Key::Plain(key)),
            Item::EncryptedKey => self.key = Some(Key::Encrypted),
            Item::List => self.list = true,
        }
    }

    fn judge(&self) -> Pairs {
        let (certificate, key) = match (&self.certificate, &self.key) {
            // httpd moves it to the chain (`ssl_init_proxy_certs`: "other intermediate CA
            // certificates").
            (Some(_), None) => return Pairs::Taken,
            (_, Some(Key::Encrypted)) | (None, None) => return Pairs::Refused(INCOMPLETE),
            (None, Some(Key::Plain(_))) => return Pairs::Refused(MISMATCH),
            (Some(certificate), Some(Key::Plain(key))) => (certificate, key),
        };
        let compared = match (Certificate::parse(certificate), key_of(key)) {
            (Ok(certificate), Some(key)) => pair(&key, certificate.spki_der()).ok(),
            _ => None,
        };
        match compared {
            Some(Pair::Proven | Pair::Claimed) => Pairs::Taken,
            Some(Pair::Different { .. }) => Pairs::Refused(MISMATCH),
            _ => Pairs::Unsure(
                "certcheck does not judge whether the private key belongs to its \
                certificate",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pairs, pairs};
    use std::path::Path;

    const EMPTY: &str = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
    const BROKEN: &str = "-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n";

    /// What httpd 2.4.71 did with each, from `testdata/pki`: L a certificate and K its key
    /// (D with a passphrase, P the same in PKCS#8), E another and F its key, I the issuing
    /// CA, R the root, C a list; `|` between the files of a directory.
    #[test]
    fn groups_as_measured() {
        let text = |name: &str| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pki");
            let text = std::fs::read_to_string(path.join(name)).unwrap();
            let begin = text.find("-----BEGIN").unwrap();
            let end = text[begin..].find("-----END").unwrap() + begin;
            let end = text[end..]
                .find('\n')
                .map_or(text.len(), |line| end + line + 1);
            text[begin..end].to_owned()
        };
        let word = |letter: char| match letter {
            'L' => text("server.crt"),
            'K' => text("server.pkcs1.key"),
            'D' => text("server.dek.key"),
            'P' => text("server.pbes2.key"),
            'E' => text("p256.crt"),
            'F' => text("p256.sec1.key"),
            'I' => text("issuing.crt"),
            'R' => text("root.crt"),
            'C' => text("issuing.crl"),
            '0' => EMPTY.to_owned(),
            'B' => BROKEN.to_owned(),
            other => panic!("{other}"),
        };
        let taken = [
            "LK", "KL", "LKI", "LKIR", "ILK", "LKEF", "LEF", "LE", "LKE", "ELK", "LKC", "CLK",
            "LCK", "LC", "LKFE", "LKLK", "LLK", "RC", "LKRC", "0", "B", "", "LK|EF", "LK|", "R",
        ];
        let refused = [
            "LIK", "K", "KK", "LKK", "LEKF", "LF", "LD", "D", "LKD", "DL", "LP", "P", "LKP", "LPK",
            "C", "CC", "LKCC", "KLK", "RK", "LKED", "KFLE", "LKRD", "RD", "LKKR", "LK|ED", "L|K",
            "LK|C", "LK|LF",
        ];
        // httpd crashed, or started.
        let open = ["LKB", "LB", "LK0", "LK|B"];
        for (words, wanted) in [(&taken[..], 't'), (&refused, 'r'), (&open, 'u')] {
            for words in words {
                let files: Vec<String> = words
                    .split('|')
                    .map(|file| file.chars().map(word).collect())
                    .collect();
                let files: Vec<&[u8]> = files.iter().map(|file| file.as_bytes()).collect();
                let found = match pairs(&files) {
                    Pairs::Taken => 't',
                    Pairs::Refused(_) => 'r',
                    Pairs::Unsure(_) => 'u',
                };
                assert_eq!(found, wanted, "{words}");
            }
        }
    }
}
