//! From events to the values that can hold objects.

use super::{DEPTH, Held, MOST_VALUES, Manifest};
use crate::encoding::decoded;
use zeroize::Zeroizing;

/// The longest name that is kept for an object, or of a member on the way to a value.
const LONGEST_NAME: usize = 253;
/// The shortest base64 that can hold an object: an Ed25519 key has 48 bytes.
const SHORTEST: usize = 44;

/// A mapping or a sequence that is open.
struct Frame {
    is_map: bool,
    /// The member whose value comes next.
    key: Option<String>,
    /// How many elements came so far.
    elements: usize,
    /// Where the values in it begin among all values.
    first: usize,
    /// The length of the path that leads to it.
    path: usize,
    kind: Option<String>,
    name: Option<String>,
    namespace: Option<String>,
}

/// The values, and where the reader is.
#[derive(Default)]
pub(super) struct Builder {
    open: Vec<Frame>,
    path: String,
    /// Each value with its path, and whether an object around it has given it a name.
    held: Vec<(Held, bool)>,
    problem: Option<String>,
}

impl Builder {
    /// Begins a mapping or a sequence; returns whether it may be read.
    pub(super) fn begin(&mut self, is_map: bool) -> bool {
        if self.open.len() >= DEPTH {
            self.problem = Some(format!("it is nested more than {DEPTH} levels deep"));
            return false;
        }
        self.enter();
        self.open.push(Frame {
            is_map,
            key: None,
            elements: 0,
            first: self.held.len(),
            path: self.path.len(),
            kind: None,
            name: None,
            namespace: None,
        });
        true
    }

    /// Ends it.
    pub(super) fn end(&mut self) {
        let Some(frame) = self.open.pop() else {
            return;
        };
        self.path.truncate(frame.path);
        if let Some(kind) = &frame.kind {
            let place = match (&frame.namespace, &frame.name) {
                (Some(namespace), Some(name)) => format!(" {namespace}/{name}"),
                (None, Some(name)) => format!(" {name}"),
                _ => String::new(),
            };
            let own = self.held.get_mut(frame.first..).unwrap_or_default();
            for (held, is_named) in own.iter_mut().filter(|(_, is_named)| !is_named) {
                let within = held.name.get(frame.path..).unwrap_or_default();
                held.name = format!("{kind}{place} {}", within.trim_start_matches('.'));
                *is_named = true;
            }
        }
        let outer = self.open.last_mut().filter(|outer| outer.is_map);
        if let Some(outer) = outer.filter(|outer| outer.key.as_deref() == Some("metadata")) {
            outer.name = outer.name.take().or(frame.name);
            outer.namespace = frame.namespace;
        }
        self.leave();
    }

    /// A scalar: the name of a member, a value or an element. `in_lines`: its text is written
    /// line by line from `line` on.
    pub(super) fn scalar(&mut self, text: &str, line: Option<usize>, in_lines: bool) -> bool {
        let text_of = || shortened(text);
        match self.open.last_mut() {
            Some(frame) if frame.is_map && frame.key.is_none() => {
                frame.key = Some(text_of());
                return true;
            }
            Some(frame) if frame.is_map => match frame.key.as_deref() {
                Some("kind") => frame.kind = Some(text_of()),
                Some("name") => frame.name = Some(text_of()),
                Some("namespace") => frame.namespace = Some(text_of()),
                _ => {}
            },
            _ => {}
        }
        let kept = self.keep(text, line, in_lines);
        self.leave();
        kept
    }

    /// A value that does not matter here: a number, an alias.
    pub(super) fn other(&mut self) {
        match self.open.last_mut() {
            Some(frame) if frame.is_map && frame.key.is_none() => frame.key = Some("?".to_owned()),
            _ => self.leave(),
        }
    }

    pub(super) fn fail(&mut self, why: impl FnOnce() -> String) {
        self.problem.get_or_insert_with(why);
    }

    /// Whether nothing more is read.
    pub(super) fn is_stopped(&self) -> bool {
        self.problem.is_some()
    }

    pub(super) fn finish(self) -> Manifest {
        Manifest {
            held: self.held.into_iter().map(|(held, _)| held).collect(),
            problem: self.problem,
        }
    }

    fn keep(&mut self, text: &str, line: Option<usize>, in_lines: bool) -> bool {
        let (bytes, in_lines) = if text.contains("-----BEGIN ") {
            (Zeroizing::new(text.as_bytes().to_vec()), in_lines)
        } else if let Some(bytes) = unwrapped(text) {
            (bytes, false)
        } else {
            return true;
        };
        if self.held.len() >= MOST_VALUES {
            self.problem = Some(format!(
                "it has more than {MOST_VALUES} values with objects"
            ));
            return false;
        }
        let before = self.path.len();
        self.enter();
        let name = self.path.clone();
        self.path.truncate(before);
        self.held.push((
            Held {
                name,
                line,
                in_lines,
                bytes,
            },
            false,
        ));
        true
    }

    /// Adds the step to what comes next.
    fn enter(&mut self) {
        match self.open.last() {
            Some(frame) if frame.is_map => {
                if !self.path.is_empty() {
                    self.path.push('.');
                }
                self.path.push_str(frame.key.as_deref().unwrap_or("?"));
            }
            Some(frame) => self.path.push_str(&format!("[{}]", frame.elements)),
            None => {}
        }
    }

    /// The value of a member or an element is complete.
    fn leave(&mut self) {
        if let Some(frame) = self.open.last_mut() {
            self.path.truncate(frame.path);
            frame.elements += 1;
            if frame.is_map && frame.key.take().is_none() {
                // A mapping or a sequence was the name of a member.
                frame.key = Some("?".to_owned());
            }
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_NAME).collect()
}

/// What base64 holds, if that can be an object: PEM, DER, a Java keystore.
fn unwrapped(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let is_base64 = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\n' | b'\r' | b' ')
    };
    if text.len() < SHORTEST || !text.bytes().all(is_base64) {
        return None;
    }
    let bytes = decoded(text.bytes())?;
    let begins = matches!(
        bytes.as_slice(),
        [0x30, 0x80..=0x84, ..]
            | [0x30, 0x26..=0x7f, ..]
            | [0xfe, 0xed, 0xfe, 0xed, ..]
            | [0xce, 0xce, 0xce, 0xce, ..]
    );
    let has_pem = || bytes.windows(11).any(|window| window == b"-----BEGIN ");
    (begins || has_pem()).then_some(bytes)
}
