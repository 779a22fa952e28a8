//! `a` or `an`, by the sound of what follows.

/// Initials whose names begin with a vowel: an EC key, an RSA key, an X25519 key.
const SPOKEN_WITH_VOWEL: &str = "AEFHILMNORSX";

/// The indefinite article for a word.
///
/// ```
/// use certcheck::shown::article;
/// let said = |word| format!("{} {word}", article(word));
/// assert_eq!(said("EC key"), "an EC key");
/// assert_eq!(said("DSA key"), "a DSA key");
/// assert_eq!(said("unknown object"), "an unknown object");
/// ```
pub fn article(word: &str) -> &'static str {
    let mut letters = word.chars();
    let (first, second) = (letters.next(), letters.next());
    let initials = first.is_some_and(|letter| letter.is_ascii_uppercase())
        && second.is_some_and(|second| !second.is_ascii_lowercase());
    let vowel = match first {
        Some(letter) if initials => SPOKEN_WITH_VOWEL.contains(letter),
        Some(letter) => "aeiou".contains(letter.to_ascii_lowercase()),
        None => false,
    };
    if vowel { "an" } else { "a" }
}
