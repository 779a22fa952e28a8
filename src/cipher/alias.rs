//! The words of OpenSSL's cipher strings, and the suites that each selects.

use super::suite::{
    Authentication as A, Encryption as E, KeyExchange as K, Mac as M, Since, Suite,
};
use super::table::{EXTRA, FIPS, HIGH};

/// Which suites a word, or several joined by `+`, means: a suite must be in
/// each set that is not empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Selection {
    key_exchange: u16,
    authentication: u16,
    encryption: u16,
    mac: u16,
    since: Option<Since>,
    /// `HIGH` or `FIPS`. OpenSSL keeps both in one mask, so `HIGH+FIPS` is empty.
    class: u8,
    complement_of_default: bool,
    code: Option<u16>,
}

impl Selection {
    /// Whether a suite is in the selection.
    pub(super) fn holds(&self, suite: &Suite) -> bool {
        // An empty mask sets no condition, as in `ssl_cipher_apply_rule`: OpenSSL's words leave
        // open the parts that they do not apply to.
        let within = |mask: u16, bit: u16| mask == 0 || mask & bit != 0;
        within(self.key_exchange, exchange(suite.key_exchange))
            && within(self.authentication, signer(suite.authentication))
            && within(self.encryption, cipher(suite.encryption))
            && within(self.mac, mac(suite.mac))
            // Compared for equality, as OpenSSL compares `min_tls`: `TLSv1.2` means the suites
            // that are new in TLS 1.2, not all that TLS 1.2 can use.
            && self.since.is_none_or(|since| since == suite.since)
            && (self.class == 0 || self.class & suite.flags != 0)
            && (!self.complement_of_default || suite.flags & EXTRA != 0)
            && self.code.is_none_or(|code| code == suite.code)
    }

    /// What both mean; `None` if they exclude each other: OpenSSL then skips the whole entry.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        Some(Self {
            key_exchange: both(self.key_exchange, other.key_exchange)?,
            authentication: both(self.authentication, other.authentication)?,
            encryption: both(self.encryption, other.encryption)?,
            mac: both(self.mac, other.mac)?,
            since: match (self.since, other.since) {
                (Some(one), Some(two)) if one != two => return None,
                (one, two) => one.or(two),
            },
            class: match (self.class, other.class) {
                (0, class) | (class, 0) => class,
                (one, two) if one & two == 0 => return None,
                (one, two) => one & two,
            },
            complement_of_default: self.complement_of_default || other.complement_of_default,
            // The last suite that is named wins: `ssl_cipher_process_rulestr` overwrites its
            // `cipher_id`.
            code: other.code.or(self.code),
        })
    }

    /// One suite by its name. Its parts are narrowed too, as OpenSSL does, so
    /// `AES128-SHA+kDHE` is empty.
    fn suite(suite: &Suite) -> Self {
        Self {
            key_exchange: exchange(suite.key_exchange),
            authentication: signer(suite.authentication),
            encryption: cipher(suite.encryption),
            mac: mac(suite.mac),
            since: None,
            class: suite.flags & (HIGH | FIPS),
            complement_of_default: suite.flags & EXTRA != 0,
            code: Some(suite.code),
        }
    }
}

fn both(one: u16, two: u16) -> Option<u16> {
    match (one, two) {
        (0, mask) | (mask, 0) => Some(mask),
        (one, two) if one & two == 0 => None,
        (one, two) => Some(one & two),
    }
}

const fn exchange(key_exchange: K) -> u16 {
    1 << key_exchange as u16
}
const fn signer(authentication: A) -> u16 {
    1 << authentication as u16
}
const fn cipher(encryption: E) -> u16 {
    1 << encryption as u16
}
const fn mac(mac: M) -> u16 {
    1 << mac as u16
}

const NO_KEY: u16 = signer(A::Anonymous);
const AES128: u16 =
    cipher(E::Aes128Cbc) | cipher(E::Aes128Gcm) | cipher(E::Aes128Ccm) | cipher(E::Aes128Ccm8);
const AES256: u16 =
    cipher(E::Aes256Cbc) | cipher(E::Aes256Gcm) | cipher(E::Aes256Ccm) | cipher(E::Aes256Ccm8);
const CCM8: u16 = cipher(E::Aes128Ccm8) | cipher(E::Aes256Ccm8);
const CAMELLIA128: u16 = cipher(E::Camellia128Cbc);
const CAMELLIA256: u16 = cipher(E::Camellia256Cbc);
const ARIA128: u16 = cipher(E::Aria128Gcm);
const ARIA256: u16 = cipher(E::Aria256Gcm);
/// Triple DES and two classes of strength: OpenSSL knows the words, but Debian builds no such
/// suites.
const TRIPLE_DES: u16 = 1 << 15;
const LOW: u8 = 1 << 6;
const MEDIUM: u8 = 1 << 7;
const PSK: u16 =
    exchange(K::Psk) | exchange(K::RsaPsk) | exchange(K::DhePsk) | exchange(K::EcdhePsk);

/// `EDH-RSA-DES-CBC3-SHA` and similar names, which OpenSSL keeps as aliases.
const fn triple_des(authentication: A) -> Selection {
    Selection {
        key_exchange: exchange(K::Dhe),
        authentication: signer(authentication),
        encryption: TRIPLE_DES,
        mac: mac(M::Sha1),
        since: None,
        class: HIGH | FIPS,
        complement_of_default: false,
        code: None,
    }
}

/// Words and suites of algorithms that OpenSSL knows or knew, and that Debian
/// does not build: they mean no suite, but are not typing errors either.
pub(super) fn is_not_built(word: &str) -> bool {
    const WORDS: [&str; 28] = [
        "LOW", "MEDIUM", "EXP", "EXPORT", "EXPORT40", "EXPORT56", "DES", "3DES", "RC4", "RC2",
        "IDEA", "SEED", "SSLv2", "KRB5", "kDHr", "kDHd", "kDH", "aDH", "kECDHr", "kECDHe", "kECDH",
        "aECDH", "GOST", "kGOST", "aGOST", "aGOST01", "aGOST12", "kGOST18",
    ];
    const PARTS: [&str; 8] = [
        "RC4-", "RC2-", "DES-CBC", "IDEA-CBC", "SEED-SHA", "EXP-", "GOST", "ECDH-",
    ];
    let of_old_suite = |part: &&str| word.starts_with(*part) || word.contains(&format!("-{part}"));
    WORDS.contains(&word) || PARTS.iter().any(of_old_suite)
}

/// The suites that a word means: a suite's name or one of OpenSSL 3.0's aliases (ssl/ssl_ciph.c,
/// `cipher_aliases`; `openssl-ciphers(1)`). `None` for a word that it does not know, which it
/// silently skips. Case matters.
pub(super) fn selection(word: &str, suites: &[Suite]) -> Option<Selection> {
    if let Some(suite) = suites.iter().find(|suite| suite.openssl == word) {
        return Some(Selection::suite(suite));
    }
    let none = Selection::default();
    let exchanges = |key_exchange| Selection {
        key_exchange,
        ..none
    };
    let signers = |authentication| Selection {
        authentication,
        ..none
    };
    let ciphers = |encryption| Selection { encryption, ..none };
    let macs = |mac| Selection { mac, ..none };
    let since = |version| Selection {
        since: Some(version),
        ..none
    };
    let class = |class| Selection { class, ..none };
    Some(match word {
        // `ALL` leaves out suites that do not encrypt. `COMPLEMENTOFALL` is those, and must be
        // asked for by name.
        "ALL" => ciphers(!cipher(E::Null)),
        "COMPLEMENTOFALL" | "eNULL" | "NULL" => ciphers(cipher(E::Null)),
        "COMPLEMENTOFDEFAULT" => Selection {
            complement_of_default: true,
            ..none
        },
        "kRSA" => exchanges(exchange(K::Rsa)),
        "kDHE" | "kEDH" | "DH" => exchanges(exchange(K::Dhe)),
        "kECDHE" | "kEECDH" | "ECDH" => exchanges(exchange(K::Ecdhe)),
        "kPSK" => exchanges(exchange(K::Psk)),
        "kRSAPSK" => exchanges(exchange(K::RsaPsk)),
        "kDHEPSK" => exchanges(exchange(K::DhePsk)),
        "kECDHEPSK" => exchanges(exchange(K::EcdhePsk)),
        "kSRP" | "SRP" => exchanges(exchange(K::Srp)),
        "PSK" => exchanges(PSK),
        "aRSA" => signers(signer(A::Rsa)),
        "aDSS" | "DSS" => signers(signer(A::Dss)),
        "aECDSA" | "ECDSA" => signers(signer(A::Ecdsa)),
        "aNULL" => signers(NO_KEY),
        "aPSK" => signers(signer(A::Psk)),
        "aSRP" => signers(signer(A::Srp)),
        // `DHE` and `kDHE` differ: only the first leaves out the anonymous suites.
        "DHE" | "EDH" => Selection {
            key_exchange: exchange(K::Dhe),
            authentication: !NO_KEY,
            ..none
        },
        "ECDHE" | "EECDH" => Selection {
            key_exchange: exchange(K::Ecdhe),
            authentication: !NO_KEY,
            ..none
        },
        // `RSA` requires both parts. `aRSA` alone would include ECDHE suites, whose certificates
        // are RSA as well.
        "RSA" => Selection {
            key_exchange: exchange(K::Rsa),
            authentication: signer(A::Rsa),
            ..none
        },
        "ADH" => Selection {
            key_exchange: exchange(K::Dhe),
            authentication: NO_KEY,
            ..none
        },
        "AECDH" => Selection {
            key_exchange: exchange(K::Ecdhe),
            authentication: NO_KEY,
            ..none
        },
        "AES128" => ciphers(AES128),
        "AES256" => ciphers(AES256),
        "AES" => ciphers(AES128 | AES256),
        "AESGCM" => ciphers(cipher(E::Aes128Gcm) | cipher(E::Aes256Gcm)),
        "AESCCM" => ciphers(cipher(E::Aes128Ccm) | cipher(E::Aes256Ccm) | CCM8),
        "AESCCM8" => ciphers(CCM8),
        "CHACHA20" => ciphers(cipher(E::ChaCha20)),
        "CAMELLIA128" => ciphers(CAMELLIA128),
        "CAMELLIA256" => ciphers(CAMELLIA256),
        "CAMELLIA" => ciphers(CAMELLIA128 | CAMELLIA256),
        "ARIA128" => ciphers(ARIA128),
        "ARIA256" => ciphers(ARIA256),
        "ARIA" | "ARIAGCM" => ciphers(ARIA128 | ARIA256),
        "CBC" => ciphers(cipher(E::Aes128Cbc) | cipher(E::Aes256Cbc) | CAMELLIA128 | CAMELLIA256),
        "MD5" => macs(mac(M::Md5)),
        "SHA1" | "SHA" => macs(mac(M::Sha1)),
        "SHA256" => macs(mac(M::Sha256)),
        "SHA384" => macs(mac(M::Sha384)),
        "SSLv3" => since(Since::SslV3),
        "TLSv1" | "TLSv1.0" => since(Since::TlsV1),
        "TLSv1.2" => since(Since::TlsV1_2),
        "HIGH" => class(HIGH),
        // Known, although no suite has them: what follows them must be read.
        "LOW" => class(LOW),
        "MEDIUM" => class(MEDIUM),
        "3DES" => ciphers(TRIPLE_DES),
        "EDH-DSS-DES-CBC3-SHA" => triple_des(A::Dss),
        "EDH-RSA-DES-CBC3-SHA" => triple_des(A::Rsa),
        "FIPS" => class(FIPS),
        _ => return None,
    })
}
