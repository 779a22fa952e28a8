//! The forms that the values of kept statements may have. A value of any other form is left out:
//! one with quotes or blanks inside, a variable, an address with a password, a PKCS#11 URI.

use certcheck::shown::holds_key;

pub(super) const LEFT_OUT: &str = "[left out]";

/// The longest value that is kept, in bytes.
const LONGEST: usize = 1024;

/// What a value may look like.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// A path of a file, without a scheme (`pkcs11:`, `data:`) and variables.
    Path,
    /// A name of a user, a section or a module; `!` may negate it.
    Name,
    /// Where a server listens: a port, or a host with or without a port.
    Address,
    /// A number, with a unit or without.
    Number,
    /// What is made of words of TLS: protocols, ciphers, groups, signature algorithms, options.
    Tls,
    /// One of these words.
    Words(&'static [&'static str]),
    /// Any number of values of this form.
    Many(&'static Form),
}

/// A switch.
pub(super) const SWITCH: Form = Form::Words(&[
    "on", "off", "yes", "no", "true", "false", "1", "0", "enable", "disable",
]);

/// A word of settings.
pub(super) struct Word {
    pub(super) text: String,
    /// The quotes around all of it.
    pub(super) quote: Option<char>,
}

impl Word {
    pub(super) fn bare(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            quote: None,
        }
    }

    /// As it is written, if it has this form.
    pub(super) fn kept(&self, form: Form) -> Option<String> {
        let fits = form.fits(&self.text);
        fits.then(|| match self.quote {
            Some(quote) => format!("{quote}{}{quote}", self.text),
            None => self.text.clone(),
        })
    }
}

/// The arguments of a statement. What follows an argument of another form is left out too, except
/// among many of one form.
pub(super) fn arguments(forms: &[Form], words: &[Word]) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut forms = forms.iter();
    let mut form = forms.next();
    for word in words {
        let kept = match form {
            Some(Form::Many(form)) => word.kept(**form),
            Some(one) => {
                let kept = word.kept(*one);
                form = forms.next().filter(|_| kept.is_some());
                kept
            }
            None => None,
        };
        push(&mut out, kept);
    }
    out.join(" ")
}

/// Adds a word; several words that are left out in a row are one.
pub(super) fn push(out: &mut Vec<String>, word: Option<String>) {
    match word {
        Some(word) => out.push(word),
        None if out.last().is_some_and(|last| last == LEFT_OUT) => {}
        None => out.push(LEFT_OUT.to_owned()),
    }
}

fn all(text: &str, more: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || more.contains(c))
}

impl Form {
    pub(super) fn fits(self, text: &str) -> bool {
        if text.is_empty() || text.len() > LONGEST || holds_key(text) {
            return false;
        }
        match self {
            Self::Path => {
                // `C:/…`
                let mut chars = text.chars();
                let drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic());
                let text = match text.get(1..3) {
                    Some(":/") if drive => text.get(2..).unwrap_or_default(),
                    _ => text,
                };
                all(text, "/._-+~*")
            }
            Self::Name => text.len() <= 64 && all(text.strip_prefix('!').unwrap_or(text), "._-"),
            Self::Address => text.split(',').all(is_address),
            Self::Number => {
                let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
                let number = all(digits, "") && digits.chars().all(|c| c.is_ascii_digit());
                number && digits.len() <= 10 && text.len() <= digits.len() + 2
            }
            Self::Tls => is_of_tls(text),
            Self::Words(words) => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
            Self::Many(form) => form.fits(text),
        }
    }
}

fn is_address(text: &str) -> bool {
    const BEGINNINGS: [&str; 9] = [
        "unix:", "unix@", "ipv4@", "ipv6@", "tcp4@", "tcp6@", "tcp@", "quic4@", "quic6@",
    ];
    let begin = BEGINNINGS.iter().find_map(|begin| text.strip_prefix(begin));
    let text = begin.unwrap_or(text);
    if text.starts_with('/') {
        return Form::Path.fits(text);
    }
    let port = |text: &str| text == "*" || text.chars().all(|c| c.is_ascii_digit() || c == '-');
    let of_ipv6 = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_hexdigit() || ":./".contains(c))
    };
    if let Some(inner) = text.strip_prefix('[') {
        return inner.split_once(']').is_some_and(|(inner, rest)| {
            of_ipv6(inner) && (rest.is_empty() || rest.strip_prefix(':').is_some_and(port))
        });
    }
    if text.matches(':').count() > 1 {
        return of_ipv6(text);
    }
    let (host, rest) = text.split_once(':').unwrap_or((text, ""));
    let (host, bits) = host.split_once('/').unwrap_or((host, ""));
    port(rest) && port(bits) && (host.is_empty() || all(host, "._-*"))
}

/// Whether every run of letters is a word of TLS, and every number short.
fn is_of_tls(text: &str) -> bool {
    let marks = "+-!:,=@_./";
    all(text, marks)
        && text
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(|run| !run.is_empty())
            .all(|run| WORDS.contains(&run.to_ascii_lowercase().as_str()))
        && text
            .split(|c: char| !c.is_ascii_digit())
            .all(|digits| digits.len() <= 5)
}

/// The runs of letters in names of protocols, ciphers, groups, signature algorithms, and options.
const WORDS: &[&str] = &[
    // protocols
    "tls",
    "tlsv",
    "ssl",
    "sslv",
    "dtls",
    "dtlsv",
    "none",
    "all",
    "any",
    "on",
    "off",
    "h",
    "http",
    // ciphers
    "aes",
    "gcm",
    "ccm",
    "cbc",
    "sha",
    "md",
    "rsa",
    "ecdsa",
    "dsa",
    "dss",
    "ecdhe",
    "ecdh",
    "dhe",
    "edh",
    "dh",
    "eecdh",
    "adh",
    "aecdh",
    "krsa",
    "kdhe",
    "kedh",
    "kecdhe",
    "keecdh",
    "kecdh",
    "kpsk",
    "ksrp",
    "arsa",
    "adss",
    "aecdsa",
    "apsk",
    "anull",
    "enull",
    "null",
    "anon",
    "high",
    "medium",
    "low",
    "default",
    "complementofdefault",
    "complementofall",
    "strength",
    "seclevel",
    "exp",
    "export",
    "psk",
    "srp",
    "camellia",
    "aria",
    "chacha",
    "poly",
    "des",
    "ede",
    "rc",
    "idea",
    "seed",
    "gost",
    "with",
    "suiteb",
    "suitebc",
    "only",
    "fips",
    "profile",
    "system",
    "modern",
    // groups and signature algorithms
    "x",
    "p",
    "k",
    "r",
    "v",
    "t",
    "b",
    "ed",
    "prime",
    "secp",
    "sect",
    "ffdhe",
    "mlkem",
    "kyber",
    "brainpoolp",
    "auto",
    "pss",
    "rsae",
    "pkcs",
    "mldsa",
    "c",
    // options
    "sessionticket",
    "serverpreference",
    "unsafelegacyrenegotiation",
    "unsafelegacyserverconnect",
    "prioritizechacha",
    "norenegotiation",
    "clientrenegotiation",
    "encryptthenmac",
    "middleboxcompat",
    "noresumptiononrenegotiation",
    "compression",
    "emptyfragments",
    "bugs",
    "allownodhekex",
    "preferno",
    "dhekex",
    "antireplay",
    "ktls",
    "extendedmastersecret",
    "no",
    "tlsext",
    "tickets",
    "sslv2",
    "force",
    "min",
    "max",
    "ver",
    "ecdhsingle",
    "dhsingle",
];

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn forms() {
        for (form, fit, other) in [
            (
                Form::Path,
                ["/etc/ssl/a.pem", "C:/ssl/a.pem", "sites-enabled/*.conf"].as_slice(),
                [
                    "pkcs11:a", "data:x", "$a.crt", "a b", "a\"b", "a@b", "a?b", "",
                ]
                .as_slice(),
            ),
            (
                Form::Address,
                &[
                    "443",
                    "*:443",
                    "[::]:443",
                    "::1",
                    "a.example:443",
                    "10.0.0.0/8",
                    "unix:/s",
                ],
                &[
                    "a:secret",
                    "http://a:b@c",
                    "ada:x@127.0.0.1",
                    "127.0.0.1:80x",
                    "[x y]:1",
                ],
            ),
            (
                Form::Tls,
                &[
                    "ECDHE-RSA-AES128-GCM-SHA256:!aNULL:@SECLEVEL=2",
                    "TLSv1.2",
                    "X25519:prime256v1:secp384r1",
                    "RSA-PSS+SHA256",
                    "-SessionTicket",
                ],
                &[
                    "HIGH:secret",
                    "hunter2",
                    "${PW}",
                    "HIGH MEDIUM",
                    "HIGH:1234567",
                ],
            ),
            (
                Form::Number,
                &["10", "10m", "5432"],
                &["a", "10 m", "10xyz", "12345678901"],
            ),
            (
                Form::Name,
                &["www-data", "!mod_ssl.c"],
                &["a b", "a:b", "a=b"],
            ),
        ] {
            fit.iter()
                .for_each(|text| assert!(form.fits(text), "{text}"));
            other
                .iter()
                .for_each(|text| assert!(!form.fits(text), "{text}"));
        }
    }
}
