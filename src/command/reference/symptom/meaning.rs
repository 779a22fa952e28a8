//! The meaning of a text that resembles no quoted text, by its words: in any program, `hostname`
//! and `match` mean a wrong name. The rules are in `pages/meanings.txt`, the specific before the
//! general, one per line: `cause: words & words & !words`. The line must contain one word of each
//! group, and none of a group with `!`; `*` is any ending, `+` joins words that follow each other.

use super::super::texts::Cause;
use super::numbers::split_capitals;
use super::tokens::normalized;

const RULES: &str = include_str!("../pages/meanings.txt");

/// A line that has none of these may be about anything.
const ABOUT: &str = "tls*|ssl*|x509*|certificate*|cert|certs|crt|pem|pkcs*|der|asn1|keystore*|\
    truststore*|private+key*|rustls|gnutls|nss|mbedtls|wolfssl|handshake*|pkix|schannel|ocsp|crl|csr|\
    alpn|sni|cipher*|ciphersuite*|https|sec+error|sec+e|mozilla+pkix|ca|crypto*|rsa|ecdsa|openssl*|\
    jks|dtls*|system+library|store+routines|key+format|key+file*|public+key|trust+anchor*|root+ca|key+usage*|name+constraint*|self+signed|x+509|jsse|ldaps|\
    certificates|certification|gsk*|oscp|crls|err+cert|certpath*";

/// What a file name may end in.
const EXTENSIONS: &[&str] = &[
    "crt", "cer", "pem", "key", "der", "p12", "pfx", "jks", "p7b", "csr", "crl", "conf",
];

/// The most causes that are given.
const MOST: usize = 3;

/// The causes of a text, the most specific first, each with the line in which it was seen.
pub(super) fn causes(text: &str) -> Vec<Cause> {
    let mut found: Vec<(usize, Cause)> = Vec::new();
    for line in text.lines() {
        let normal = normalized(&split_capitals(line));
        let joined = normalized(line);
        let words: Vec<&str> = normal.split(' ').chain(joined.split(' ')).collect();
        if !is_about(line) {
            continue;
        }
        for (place, rule) in RULES.lines().enumerate() {
            let Some((name, groups)) = rule.split_once(": ") else {
                continue;
            };
            let holds = groups
                .split(" & ")
                .all(|group| match group.strip_prefix('!') {
                    Some(none) => !any(none, &words),
                    None => any(group, &words),
                });
            if let Some(cause) = holds.then(|| Cause::named(name)).flatten() {
                found.push((place, cause));
            }
        }
    }
    found.sort_by_key(|(place, _)| *place);
    let mut causes: Vec<Cause> = Vec::new();
    for (_, cause) in found {
        if !causes.contains(&cause) && causes.len() < MOST {
            causes.push(cause);
        }
    }
    causes
}

/// The causes that the rules name.
#[cfg(test)]
pub(super) fn named() -> impl Iterator<Item = Cause> {
    RULES
        .lines()
        .filter_map(|rule| Cause::named(rule.split_once(": ")?.0))
}

/// Whether the line is about certificates or TLS, other than in a file's name.
fn is_about(line: &str) -> bool {
    let no_name = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/' && c != '.');
        let extension = word.rsplit_once('.').map_or("", |(_, it)| it);
        !word.starts_with(['/', '.']) && !EXTENSIONS.contains(&extension)
    };
    // Apache's `[ssl:emerg]` says who speaks, not about what.
    let module = |word: &&str| {
        let inside = word
            .strip_prefix('[')
            .and_then(|prefix| prefix.strip_suffix(']'));
        inside.is_none_or(|inside| !inside.contains(':'))
    };
    let words = line.split_whitespace().filter(no_name).filter(module);
    let line = words.collect::<Vec<_>>().join(" ");
    let (apart, joined) = (normalized(&split_capitals(&line)), normalized(&line));
    let words: Vec<&str> = apart.split(' ').chain(joined.split(' ')).collect();
    any(ABOUT, &words)
}

/// Whether one of the alternatives is in the words.
fn any(group: &str, words: &[&str]) -> bool {
    group.split('|').any(|alternative| {
        let parts: Vec<&str> = alternative.split('+').collect();
        let is = |(part, word): (&&str, &&str)| match part.strip_suffix('*') {
            Some(stem) => word.starts_with(stem),
            None => part == word,
        };
        words
            .windows(parts.len())
            .any(|window| parts.iter().zip(window).all(is))
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::texts;
    use super::causes;

    /// The listed texts are what programs really say: if the words of one have a meaning, that is
    /// mostly the text's cause.
    #[test]
    fn words_mean_what_is_known_of_the_texts() {
        let (mut first, mut among, mut other, mut mute) = (0, 0, 0, 0);
        for (cause, symptom) in texts::listed() {
            let meant = causes(&symptom.text.replace('…', " x "));
            match meant.iter().position(|known| *known == cause) {
                Some(0) => first += 1,
                Some(_) => among += 1,
                None if meant.is_empty() => mute += 1,
                None => {
                    other += 1;
                    println!("{cause:?} {meant:?} {}", symptom.text);
                }
            }
        }
        println!("{first} first, {among} among them, {other} others, {mute} nothing");
        assert!(first + among > other * 3 && first > other * 2, "{other}");
    }
}
