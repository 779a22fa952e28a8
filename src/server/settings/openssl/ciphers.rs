//! Cipher strings (`ssl_create_cipher_list`): which suites are left of one.
//!
//! Each word adds, removes or kills the suites of an alias, or of several that
//! are joined by `+`. The order does not matter here, only what is left. The
//! tables are those of OpenSSL 3.0.19 as Debian builds it (`openssl ciphers
//! 'WORD:@SECLEVEL=0'`); a word that OpenSSL does not know adds nothing, as one
//! whose suites are not built in.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// One suite below TLS 1.3, as `openssl ciphers -v` describes it.
#[derive(Debug)]
struct Suite {
    name: &'static str,
    exchange: &'static str,
    authentication: &'static str,
    encryption: &'static str,
}

static SUITES: LazyLock<Vec<Suite>> = LazyLock::new(|| {
    let rows = include_str!("suites.tsv").lines();
    rows.map(|row| {
        let mut cells = row.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let (name, _version) = (cell(), cell());
        Suite {
            name,
            exchange: cell(),
            authentication: cell(),
            encryption: cell(),
        }
    })
    .collect()
});

static ALIASES: LazyLock<HashMap<&'static str, HashSet<usize>>> = LazyLock::new(|| {
    let rows = include_str!("aliases.tsv").lines();
    rows.filter_map(|row| {
        let (name, places) = row.split_once('\t')?;
        let places = places.split(' ').filter_map(|it| it.parse().ok()).collect();
        Some((name, places))
    })
    .collect()
});

/// The kinds of key that suites below TLS 1.3 tell apart; Ed25519 and Ed448
/// are used with those of ECDSA (RFC 8422 section 5.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// RSA.
    Rsa,
    /// ECDSA and EdDSA.
    Ecdsa,
}

/// What is left of a cipher string.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CipherList {
    suites: HashSet<usize>,
    /// `@SECLEVEL=n`.
    pub security_level: Option<u8>,
    /// OpenSSL refuses the string itself, not only what is left of it.
    malformed: bool,
    /// `SUITEB…`, which also fixes curves and signatures.
    suite_b: bool,
}

impl CipherList {
    /// The suites that `string` leaves.
    pub fn of(string: &str) -> Self {
        let mut list = Self {
            suites: HashSet::new(),
            security_level: None,
            malformed: false,
            suite_b: string.starts_with("SUITEB"),
        };
        let mut killed = HashSet::new();
        let mut rest = string;
        // `DEFAULT` counts at the beginning only (ssl_ciph.c).
        if let Some(behind) = rest.strip_prefix("DEFAULT") {
            rest = behind;
            list.suites = of_word("DEFAULT").cloned().unwrap_or_default();
        }
        for word in rest.split([':', ' ', ';', ',']).filter(|it| !it.is_empty()) {
            list.word(word, &mut killed);
        }
        list
    }

    fn word(&mut self, word: &str, killed: &mut HashSet<usize>) {
        let (rule, name) = match word.split_at_checked(1) {
            Some((sign @ ("-" | "+" | "!" | "@"), name)) => (sign, name),
            _ => ("", word),
        };
        if rule == "@" {
            match name.strip_prefix("SECLEVEL=").map(str::parse::<u8>) {
                Some(Ok(level)) if level <= 5 && name.len() == 10 => {
                    self.security_level = Some(level);
                }
                _ if name == "STRENGTH" => {}
                _ => self.malformed = true,
            }
            return;
        }
        let letters = |c: char| c.is_ascii_alphanumeric() || "-.=_+".contains(c);
        if name.is_empty() || !name.chars().all(letters) {
            self.malformed = true;
            return;
        }
        let mut named: Option<HashSet<usize>> = None;
        for part in name.split('+') {
            let own = of_word(part).cloned().unwrap_or_else(|| single(part));
            named = Some(match named {
                None => own,
                Some(before) => before.intersection(&own).copied().collect(),
            });
        }
        let named = named.unwrap_or_default();
        match rule {
            "!" => {
                self.suites.retain(|it| !named.contains(it));
                killed.extend(named);
            }
            "-" => self.suites.retain(|it| !named.contains(it)),
            // It moves what is there to the end.
            "+" => {}
            _ => self
                .suites
                .extend(named.into_iter().filter(|it| !killed.contains(it))),
        }
    }

    /// OpenSSL refuses it: `no cipher match`, whatever TLS 1.3 has.
    pub fn is_refused(&self) -> bool {
        !self.suite_b && (self.malformed || self.suites.is_empty())
    }

    /// Whether it fixes more than suites (`SUITEB128`).
    pub fn is_suite_b(&self) -> bool {
        self.suite_b
    }

    /// Whether a server with such a key agrees on a suite below TLS 1.3 that
    /// every client of today offers: ECDHE with AES-GCM or ChaCha20.
    pub fn serves(&self, key: KeyKind) -> bool {
        let authentication = match key {
            KeyKind::Rsa => "RSA",
            KeyKind::Ecdsa => "ECDSA",
        };
        let fits = |suite: &Suite| {
            suite.authentication == authentication
                && suite.exchange == "ECDH"
                && (suite.encryption.starts_with("AESGCM")
                    || suite.encryption.starts_with("CHACHA20"))
        };
        let mut suites = self.suites.iter().filter_map(|&place| SUITES.get(place));
        suites.any(fits)
    }
}

fn of_word(word: &str) -> Option<&'static HashSet<usize>> {
    ALIASES.get(word)
}

fn single(word: &str) -> HashSet<usize> {
    let place = SUITES.iter().position(|suite| suite.name == word);
    place.into_iter().collect()
}

/// What a list of TLS 1.3 suites is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Tls13 {
    /// Every name is known, and one is AES-GCM or ChaCha20.
    Good,
    /// OpenSSL refuses it.
    Refused,
    /// It starts; what clients make of it is another question.
    Unusual,
}

/// A list for `SSL_CTX_set_ciphersuites`. Measured with httpd 2.4.71 and
/// HAProxy 2.6.12 on OpenSSL 3.0.19: a list with no name that is known is refused.
pub(in super::super) fn tls13_suites(list: &str) -> Tls13 {
    let known = |name: &&str| {
        matches!(
            *name,
            "TLS_AES_256_GCM_SHA384"
                | "TLS_CHACHA20_POLY1305_SHA256"
                | "TLS_AES_128_GCM_SHA256"
                | "TLS_AES_128_CCM_SHA256"
                | "TLS_AES_128_CCM_8_SHA256"
        )
    };
    let names: Vec<&str> = list.split(':').filter(|it| !it.is_empty()).collect();
    let few = names.iter().filter(|it| known(it)).count();
    if names.is_empty() {
        return Tls13::Unusual;
    }
    if few == 0 {
        return Tls13::Refused;
    }
    let common = names.iter().any(|it| known(it) && !it.contains("CCM"));
    if few == names.len() && common {
        Tls13::Good
    } else {
        Tls13::Unusual
    }
}

#[cfg(test)]
mod tests {
    use super::{CipherList, KeyKind};

    /// What `openssl ciphers` of 3.0.19 said of the same strings.
    #[test]
    fn strings_that_leave_nothing_are_refused() {
        for refused in [
            "NO-SUCH",
            "aNULL:!aNULL",
            "MEDIUM",
            "",
            "RC4",
            "3DES:!3DES",
            "@FOO",
            "HIGH:@SECLEVEL=6",
            "HIGH:@SECLEVEL=10",
            "!ALL:HIGH",
            "AES+RC4",
            "high",
        ] {
            assert!(CipherList::of(refused).is_refused(), "{refused}");
        }
        for taken in [
            "HIGH:!aNULL:!MD5",
            "DEFAULT",
            "DEFAULT:@SECLEVEL=0",
            "NO-SUCH:AES",
            "eNULL",
            "ECDHE+AESGCM",
            "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ALL:-HIGH:HIGH",
            "SUITEB128",
        ] {
            assert!(!CipherList::of(taken).is_refused(), "{taken}");
        }
    }

    #[test]
    fn a_suite_needs_its_kind_of_key() {
        let serves = |string: &str| {
            let list = CipherList::of(string);
            (list.serves(KeyKind::Rsa), list.serves(KeyKind::Ecdsa))
        };
        assert_eq!(serves("HIGH:!aNULL:!MD5"), (true, true));
        assert_eq!(serves("aRSA"), (true, false));
        assert_eq!(serves("ECDHE-ECDSA-AES128-GCM-SHA256"), (false, true));
        assert_eq!(serves("eNULL"), (false, false));
        assert_eq!(serves("kRSA"), (false, false));
        assert_eq!(CipherList::of("HIGH:@SECLEVEL=3").security_level, Some(3));
    }
}
