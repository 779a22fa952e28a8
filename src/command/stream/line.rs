//! A line of input: what it asks, and its identifier.

use crate::encoding::decoded;
use serde_core::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use std::fmt;
use zeroize::Zeroizing;

/// The most parts of a chain.
const MOST_PARTS: usize = 1_000;
/// The longest identifier, in characters.
const LONGEST_ID: usize = 1_000;

/// A record's identifier.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Id {
    /// Nothing.
    #[default]
    None,
    /// A text.
    Text(String),
    /// A whole number.
    Number(i128),
    /// Yes or no.
    Flag(bool),
}

impl Id {
    /// What the record is called as an input: its identifier, or its line.
    pub(super) fn name(&self, number: usize) -> String {
        match self {
            Self::Text(text) if !text.is_empty() => text.clone(),
            Self::Number(number) => number.to_string(),
            _ => format!("line {number}"),
        }
    }
}

/// What is asked about.
pub(super) enum Asked {
    /// What these bytes hold.
    Objects(Zeroizing<Vec<u8>>),
    /// Whether these are a chain, in this order.
    Chain(Vec<Zeroizing<Vec<u8>>>),
}

pub(super) struct Line {
    pub(super) id: Id,
    pub(super) asked: Result<Asked, String>,
}

/// Reads a line. A fault in it is an error of that line, never of the whole stream.
pub(super) fn read(line: &[u8], number: usize) -> Line {
    let refused = |id: Id, why: String| Line {
        id,
        asked: Err(format!("line {number}: {why}")),
    };
    let mut members = Members::default();
    let mut reader = serde_json::Deserializer::from_slice(line);
    let read = Object(&mut members).deserialize(&mut reader);
    let Members {
        id,
        pem,
        der,
        chain,
    } = members;
    if let Err(error) = read.and_then(|()| reader.end()) {
        let why = match error.classify() {
            // Our own words, without the place in the line.
            serde_json::error::Category::Data => {
                let text = error.to_string();
                let end = text.rfind(" at line ").unwrap_or(text.len());
                text.get(..end).unwrap_or_default().to_owned()
            }
            _ => "it is not a JSON object".to_owned(),
        };
        return refused(id, why);
    }
    match (pem, der, chain) {
        (Some(pem), None, None) => Line {
            id,
            asked: Ok(Asked::Objects(pem)),
        },
        (None, Some(der), None) => match decoded(der.iter().copied()) {
            Some(der) => Line {
                id,
                asked: Ok(Asked::Objects(der)),
            },
            None => refused(id, "`der_base64` is not base64".to_owned()),
        },
        (None, None, Some(chain)) if chain.is_empty() => {
            refused(id, "`chain` has no certificate".to_owned())
        }
        (None, None, Some(chain)) => Line {
            id,
            asked: Ok(Asked::Chain(chain.into_iter().map(part).collect())),
        },
        (None, None, None) => refused(
            id,
            "it has none of `pem`, `der_base64` and `chain`".to_owned(),
        ),
        _ => refused(
            id,
            "it has more than one of `pem`, `der_base64` and `chain`".to_owned(),
        ),
    }
}

/// A certificate of a chain: PEM, or DER in base64.
fn part(text: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    let is_pem = text.windows(5).any(|window| window == b"-----");
    let bytes = (!is_pem).then(|| decoded(text.iter().copied())).flatten();
    bytes.unwrap_or(text)
}

#[derive(Default)]
struct Members {
    id: Id,
    pem: Option<Zeroizing<Vec<u8>>>,
    der: Option<Zeroizing<Vec<u8>>>,
    chain: Option<Vec<Zeroizing<Vec<u8>>>>,
}

/// The whole line. Members are kept as they come, so that the identifier is known even if the line
/// ends too soon.
struct Object<'m>(&'m mut Members);

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "id" => self.0.id = members.next_value()?,
                "pem" => self.0.pem = members.next_value::<Text>()?.0,
                "der_base64" => self.0.der = members.next_value::<Text>()?.0,
                "chain" => self.0.chain = members.next_value::<Texts>()?.0,
                // A table may have other columns.
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a whole number as `id`")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
                Ok(Id::Text(text.chars().take(LONGEST_ID).collect()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Id, E> {
                Ok(Id::Number(number.into()))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Id, E> {
                Ok(Id::Number(number.into()))
            }

            fn visit_bool<E: Error>(self, flag: bool) -> Result<Id, E> {
                Ok(Id::Flag(flag))
            }

            fn visit_unit<E: Error>(self) -> Result<Id, E> {
                Ok(Id::None)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// A text, or null.
struct Text(Option<Zeroizing<Vec<u8>>>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Texts::deserialize(deserializer).and_then(|texts| match texts {
            Texts(None) => Ok(Self(None)),
            Texts(Some(mut all)) if all.len() == 1 => Ok(Self(all.pop())),
            Texts(_) => Err(D::Error::custom("a list in place of a text")),
        })
    }
}

/// Several texts, one, or null.
struct Texts(Option<Vec<Zeroizing<Vec<u8>>>>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or a list of texts")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Texts, E> {
                Ok(Texts(Some(vec![Zeroizing::new(text.as_bytes().to_vec())])))
            }

            fn visit_unit<E: Error>(self) -> Result<Texts, E> {
                Ok(Texts(None))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Texts, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = elements.next_element::<String>()? {
                    if texts.len() == MOST_PARTS {
                        let why = format!("`chain` has more than {MOST_PARTS} elements");
                        return Err(A::Error::custom(why));
                    }
                    texts.push(Zeroizing::new(text.into_bytes()));
                }
                Ok(Texts(Some(texts)))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Id, read};

    #[test]
    fn lines_are_read_or_say_why_not() {
        let ok = |line: &str| read(line.as_bytes(), 1);
        let one = ok(r#"{"id": "a", "pem": "x", "other": [1, {"deep": null}]}"#);
        assert_eq!(one.id, Id::Text("a".into()));
        assert!(matches!(one.asked, Ok(Asked::Objects(_))));
        let two = ok(r#"{"der_base64": "MAA=", "pem": null, "id": 7}"#);
        assert_eq!(two.id, Id::Number(7));
        assert!(matches!(two.asked, Ok(Asked::Objects(bytes)) if **bytes == *b"0\0"));
        for (chain, parts) in [(r#"["a", "b"]"#, 2), (r#""a""#, 1)] {
            let line = ok(&format!(r#"{{"chain": {chain}}}"#));
            assert!(matches!(line.asked, Ok(Asked::Chain(all)) if all.len() == parts));
        }
        for (line, why) in [
            ("", "not a JSON object"),
            ("x", "not a JSON object"),
            ("[1]", "JSON object"),
            ("{}", "none of"),
            (r#"{"pem": "a", "chain": "b"}"#, "more than one of"),
            (r#"{"pem": 1}"#, "a text"),
            (r#"{"pem": ["a", "b"]}"#, "a list"),
            (r#"{"id": {}, "pem": "a"}"#, "as `id`"),
            (r#"{"der_base64": "***"}"#, "not base64"),
            (r#"{"chain": []}"#, "no certificate"),
            (r#"{"pem": "a"} {}"#, "not a JSON object"),
            ("{\"pem\": \"\u{ff}", "not a JSON object"),
        ] {
            let Err(said) = ok(line).asked else {
                panic!("{line}")
            };
            assert!(
                said.contains(why) && said.starts_with("line 1: "),
                "{line}: {said}"
            );
        }
        // A line's identifier is known even if the line ends too soon.
        assert_eq!(ok(r#"{"id": "cut", "pem": "#).id, Id::Text("cut".into()));
    }
}
