//! Where a Java object in a stream ends: the sealed secret keys of JCEKS have no length before
//! them.
//!
//! The grammar is that of the Java Object Serialization Specification, chapter 6.
//! Unlike Java, this module builds nothing from what it reads: it only walks over the stream.

use crate::model::Malformed;

/// How deep objects may be in objects: a sealed key has four levels.
const MOST_DEPTH: usize = 16;

/// The most classes that one object may be made of: a sealed key has three.
const MOST_CLASSES: usize = 32;

/// The length of the stream at the start of `bytes` that holds one object.
pub(super) fn length(bytes: &[u8]) -> Result<usize, Malformed> {
    let mut stream = Stream {
        rest: bytes,
        handles: Vec::new(),
        classes: Vec::new(),
    };
    if stream.take(4)? != [0xac, 0xed, 0x00, 0x05] {
        return Err(malformed("it does not begin like a Java object stream"));
    }
    stream.content(0)?;
    Ok(bytes.len() - stream.rest.len())
}

fn malformed(reason: &str) -> Malformed {
    Malformed::new("Java object", reason)
}

struct Class {
    flags: u8,
    /// The type codes of its fields, as in `[B`.
    fields: Vec<u8>,
    /// For an array's class: what its elements are.
    element: Option<u8>,
    parent: Option<usize>,
}

struct Stream<'a> {
    rest: &'a [u8],
    /// What can be referred to later: a class by its place, or something else.
    handles: Vec<Option<usize>>,
    classes: Vec<Class>,
}

impl<'a> Stream<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or_else(|| malformed("it is cut off"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self, length: usize) -> Result<usize, Malformed> {
        let bytes = self.take(length)?;
        Ok(bytes
            .iter()
            .fold(0, |number, &byte| (number << 8) | usize::from(byte)))
    }

    fn text(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.number(2)?;
        self.take(length)
    }

    /// Anything that may be in a stream; a class by its place.
    fn content(&mut self, depth: usize) -> Result<Option<usize>, Malformed> {
        if depth > MOST_DEPTH {
            return Err(malformed("objects are nested too deeply"));
        }
        match self.number(1)? {
            0x70 => Ok(None),
            0x71 => {
                // References are counted from baseWireHandle, 0x7e0000.
                let handle = self.number(4)?.checked_sub(0x007e_0000);
                let known = handle.and_then(|handle| self.handles.get(handle).copied());
                known.ok_or_else(|| malformed("a reference to a missing object"))
            }
            0x72 => self.class(depth).map(Some),
            0x73 => self.object(depth).map(|()| None),
            0x74 => {
                self.handles.push(None);
                self.text().map(|_| None)
            }
            0x75 => self.array(depth).map(|()| None),
            0x77 => {
                let length = self.number(1)?;
                self.take(length).map(|_| None)
            }
            0x7e => {
                // An enum: its class and its name.
                self.content(depth + 1)?;
                self.handles.push(None);
                self.content(depth + 1).map(|_| None)
            }
            _ => Err(malformed("an object that does not belong in a key")),
        }
    }

    fn class(&mut self, depth: usize) -> Result<usize, Malformed> {
        let name = self.text()?;
        // serialVersionUID.
        self.take(8)?;
        let handle = self.handles.len();
        self.handles.push(None);
        let element = name
            .strip_prefix(b"[")
            .and_then(|name| name.first().copied());
        let flags = *self.take(1)?.first().unwrap_or(&0);
        let mut fields = Vec::new();
        for _ in 0..self.number(2)? {
            let kind = *self.take(1)?.first().unwrap_or(&0);
            self.text()?;
            if matches!(kind, b'[' | b'L') {
                self.content(depth + 1)?;
            }
            fields.push(kind);
        }
        self.annotation(depth)?;
        // Only now can the class be referred to, so that none is its own parent.
        let parent = self.content(depth + 1)?;
        if self.classes.len() == MOST_CLASSES {
            return Err(malformed("too many classes"));
        }
        let place = self.classes.len();
        self.classes.push(Class {
            flags,
            fields,
            element,
            parent,
        });
        if let Some(known) = self.handles.get_mut(handle) {
            *known = Some(place);
        }
        Ok(place)
    }

    /// Whatever precedes the end of a block.
    fn annotation(&mut self, depth: usize) -> Result<(), Malformed> {
        while self.rest.first() != Some(&0x78) {
            self.content(depth + 1)?;
        }
        self.take(1).map(|_| ())
    }

    fn object(&mut self, depth: usize) -> Result<(), Malformed> {
        let class = self.content(depth + 1)?;
        self.handles.push(None);
        let mut line = Vec::new();
        let mut next = class;
        while let Some(place) = next {
            line.push(place);
            next = self.classes.get(place).and_then(|class| class.parent);
        }
        // The oldest ancestor's fields come first.
        for place in line.into_iter().rev() {
            let Some(class) = self.classes.get(place) else {
                continue;
            };
            let (flags, fields) = (class.flags, class.fields.clone());
            // Without SC_SERIALIZABLE the object writes itself, in its own form without lengths.
            if flags & 0x02 == 0 {
                return Err(malformed("an object with its own serialised form"));
            }
            for field in fields {
                self.value(field, depth)?;
            }
            // SC_WRITE_METHOD: after the fields comes what the class wrote itself, up to an end
            // mark.
            if flags & 0x01 != 0 {
                self.annotation(depth)?;
            }
        }
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Result<(), Malformed> {
        let class = self.content(depth + 1)?;
        self.handles.push(None);
        let element = class
            .and_then(|class| self.classes.get(class))
            .and_then(|class| class.element)
            .ok_or_else(|| malformed("an array of no class"))?;
        let count = self.number(4)?;
        match size(element) {
            Some(size) => {
                let length = count.checked_mul(size);
                self.take(length.ok_or_else(|| malformed("it is cut off"))?)?;
            }
            None => {
                for _ in 0..count {
                    self.value(element, depth)?;
                }
            }
        }
        Ok(())
    }

    fn value(&mut self, kind: u8, depth: usize) -> Result<(), Malformed> {
        match (size(kind), kind) {
            (Some(size), _) => self.take(size).map(|_| ()),
            (None, b'L' | b'[') => self.content(depth + 1).map(|_| ()),
            _ => Err(malformed("a field of unknown type")),
        }
    }
}

/// The bytes of a value of this type code.
const fn size(kind: u8) -> Option<usize> {
    match kind {
        b'B' | b'Z' => Some(1),
        b'C' | b'S' => Some(2),
        b'F' | b'I' => Some(4),
        b'D' | b'J' => Some(8),
        _ => None,
    }
}
