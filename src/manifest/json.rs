//! JSON: one document, or several, one after the other.

use super::Manifest;
use super::builder::Builder;
use serde_core::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

pub(super) fn read(text: &str) -> Manifest {
    let mut builder = Builder::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    while !builder.is_stopped() {
        match Node(&mut builder).deserialize(&mut reader) {
            Ok(()) => {}
            Err(error) => {
                builder.fail(|| format!("line {} is not JSON", error.line()));
                break;
            }
        }
        if reader.end().is_ok() {
            break;
        }
    }
    builder.finish()
}

/// Any value; it is added to the builder.
struct Node<'b>(&'b mut Builder);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.0.other();
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.0.other();
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.0.other();
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.0.other();
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.other();
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self.0.scalar(text, None, false) {
            true => Ok(()),
            false => Err(E::custom("too much")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        if !self.0.begin(false) {
            return Err(A::Error::custom("too deep"));
        }
        while elements.next_element_seed(Node(self.0))?.is_some() {}
        self.0.end();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        if !self.0.begin(true) {
            return Err(A::Error::custom("too deep"));
        }
        // A member's name is a scalar, like its value.
        while members.next_key_seed(Node(self.0))?.is_some() {
            members.next_value_seed(Node(self.0))?;
        }
        self.0.end();
        Ok(())
    }
}
