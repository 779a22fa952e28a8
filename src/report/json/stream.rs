//! The document of an inspection, written while the files are read: twenty thousand of them need
//! the memory of one.

use super::escaped::Escaped;
use super::results::{Loads, One};
use super::{Document, Envelope};
use crate::Time;
use crate::answer::Answer;
use crate::command::inspect::{Inspection, Object};
use serde_core::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

/// Writes the objects of an inspection as they are found, and at the end the rest
/// of [`document()`](super::document()): the same members, with `result` before those that are
/// known last.
///
/// ```
/// # use certcheck::{Source, Time, encoding::Document, command::inspect::inspect_each};
/// use certcheck::report::json::Stream;
/// let at = Time::from_unix_seconds(1_795_000_000);
/// let mut stream = Stream::new(Vec::new(), at);
/// let files = [Document::read(Source::new("hello.txt", b"hello".to_vec()))];
/// let answer = inspect_each(&files, None, at, |object| stream.object(&object).unwrap());
/// let text = String::from_utf8(stream.end(&answer)?).unwrap();
/// assert!(text.contains(r#""source": "hello.txt""#) && text.contains(r#""verdict": "#));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Stream<W> {
    out: W,
    at: Time,
    /// Keeps track of the nesting depth.
    form: Escaped,
    begun: bool,
    any: bool,
}

impl<W: Write> Stream<W> {
    /// Nothing is written before the first object.
    pub fn new(out: W, at: Time) -> Self {
        Self {
            out,
            at,
            form: Escaped::default(),
            begun: false,
            any: false,
        }
    }

    /// Writes the next object.
    ///
    /// # Errors
    /// Any error that the output returns.
    pub fn object(&mut self, object: &Object) -> io::Result<()> {
        self.begin()?;
        let first = !std::mem::replace(&mut self.any, true);
        self.form.begin_array_value(&mut self.out, first)?;
        self.value(&One(object))?;
        self.form.end_array_value(&mut self.out)
    }

    /// Writes the rest; `answer` is that of
    /// [`inspect_each`](crate::command::inspect::inspect_each).
    ///
    /// # Errors
    /// Any error that the output returns.
    pub fn end(mut self, answer: &Answer<Inspection>) -> io::Result<W> {
        self.begin()?;
        for object in &answer.result.objects {
            self.object(object)?;
        }
        self.form.end_array(&mut self.out)?;
        self.form.end_object_value(&mut self.out)?;
        let loads = Loads(&answer.result.loads);
        self.member("servers", false, &loads.servers())?;
        self.member("loaders", false, &loads.loaders())?;
        self.form.end_object(&mut self.out)?;
        self.form.end_object_value(&mut self.out)?;
        let document = Document {
            answer,
            at: self.at,
        };
        for (name, part) in document.closing_members() {
            self.member(name, false, &part)?;
        }
        self.form.end_object(&mut self.out)?;
        self.out.write_all(b"\n")?;
        Ok(self.out)
    }

    fn begin(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        self.form.begin_object(&mut self.out)?;
        let envelope = Envelope::of::<Inspection>(self.at);
        for (place, (name, text)) in envelope.members().iter().enumerate() {
            self.member(name, place == 0, text)?;
        }
        self.open("result", false)?;
        self.form.begin_object(&mut self.out)?;
        self.open("objects", true)?;
        self.form.begin_array(&mut self.out)
    }

    fn member(&mut self, name: &str, first: bool, value: &impl Serialize) -> io::Result<()> {
        self.open(name, first)?;
        self.value(value)?;
        self.form.end_object_value(&mut self.out)
    }

    fn open(&mut self, name: &str, first: bool) -> io::Result<()> {
        self.form.begin_object_key(&mut self.out, first)?;
        serde_json::to_writer(&mut self.out, name)?;
        self.form.end_object_key(&mut self.out)?;
        self.form.begin_object_value(&mut self.out)
    }

    fn value(&mut self, value: &impl Serialize) -> io::Result<()> {
        let form = self.form.clone();
        let mut serializer = Serializer::with_formatter(&mut self.out, form);
        Ok(value.serialize(&mut serializer)?)
    }
}
