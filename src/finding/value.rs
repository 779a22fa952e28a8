//! The few shapes that a fact may have, so that one table drives messages, JSON and schema.

use crate::Time;
use crate::shown::without_keys;
use std::fmt;

/// A SHA-256 digest, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// A digest that was computed elsewhere.
    pub const fn from_digest(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The 32 bytes of the digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first half, which keeps large tables small: two digests with the same half take 2^64
    /// attempts to find.
    pub(crate) fn half(&self) -> [u8; 16] {
        let (half, _) = self.0.split_at(16);
        half.try_into().unwrap_or_default()
    }

    /// The first four bytes, `3f2a09c1`, for places where space is short.
    pub fn short(&self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('?');
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

/// The value of one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// The fact is not known or does not apply.
    Absent,
    /// Words, names, hexadecimal digits.
    Text(String),
    /// A count, a size, a position.
    Number(u64),
    /// Yes or no.
    Flag(bool),
    /// A moment.
    Time(Time),
    /// Several values.
    List(Vec<Value>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("none"),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Flag(true) => f.write_str("yes"),
            Self::Flag(false) => f.write_str("no"),
            Self::Time(time) => write!(f, "{time}"),
            Self::List(values) if values.is_empty() => f.write_str("none"),
            Self::List(values) => {
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{value}")?;
                }
                Ok(())
            }
        }
    }
}

/// The type of a fact, from which the JSON Schema is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// A string.
    Text,
    /// 64 hexadecimal digits.
    Fingerprint,
    /// A whole number that is not negative.
    Number,
    /// `true` or `false`.
    Flag,
    /// RFC 3339 in UTC.
    Time,
    /// The inner shape or nothing.
    Maybe(&'static Shape),
    /// Any number of the inner shape.
    List(&'static Shape),
}

/// A type that may be in a fact.
pub(crate) trait Fact {
    const SHAPE: Shape;
    fn value(&self) -> Value;
}

impl Fact for String {
    const SHAPE: Shape = Shape::Text;
    fn value(&self) -> Value {
        Value::Text(without_keys(self).into_owned())
    }
}

impl Fact for Fingerprint {
    const SHAPE: Shape = Shape::Fingerprint;
    fn value(&self) -> Value {
        Value::Text(self.to_string())
    }
}

impl Fact for u64 {
    const SHAPE: Shape = Shape::Number;
    fn value(&self) -> Value {
        Value::Number(*self)
    }
}

impl Fact for bool {
    const SHAPE: Shape = Shape::Flag;
    fn value(&self) -> Value {
        Value::Flag(*self)
    }
}

impl Fact for Time {
    const SHAPE: Shape = Shape::Time;
    fn value(&self) -> Value {
        Value::Time(*self)
    }
}

impl<T: Fact> Fact for Option<T> {
    const SHAPE: Shape = Shape::Maybe(&T::SHAPE);
    fn value(&self) -> Value {
        self.as_ref().map_or(Value::Absent, T::value)
    }
}

impl<T: Fact> Fact for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
    fn value(&self) -> Value {
        Value::List(self.iter().map(T::value).collect())
    }
}
