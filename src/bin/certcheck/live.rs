//! Writes an inspection while the files are read.

use crate::args::{Common, Format};
use crate::output::{self, End, buffered, choice};
use anstream::adapter::strip_str;
use certcheck::Time;
use certcheck::answer::Answer;
use certcheck::command::inspect::{Inspection, Object};
use certcheck::report::{json, text};
use std::io::{self, BufWriter, StdoutLock, Write};

type Plain = BufWriter<StdoutLock<'static>>;

/// Where the objects go.
enum Out {
    Json(json::Stream<Plain>),
    Styled(anstream::AutoStream<StdoutLock<'static>>),
    Plain(Plain),
    /// `--quiet`: only the closing line.
    Quiet,
    /// The objects are kept: the format needs all of them at once.
    Kept(Time, Vec<Object>),
}

pub(crate) struct Live<'c> {
    common: &'c Common,
    out: Out,
    has_output: bool,
    error: Option<io::Error>,
}

impl<'c> Live<'c> {
    pub(crate) fn new(common: &'c Common, at: Time) -> Self {
        let stdout = io::stdout().lock();
        let out = match common.format {
            Format::Json => Out::Json(json::Stream::new(buffered(stdout), at)),
            Format::Text if common.quiet => Out::Quiet,
            Format::Text => {
                let out = anstream::AutoStream::new(stdout, choice(common.color));
                if out.current_choice() == anstream::ColorChoice::Never {
                    Out::Plain(buffered(out.into_inner()))
                } else {
                    Out::Styled(out)
                }
            }
            _ => Out::Kept(at, Vec::new()),
        };
        Self {
            common,
            out,
            has_output: false,
            error: None,
        }
    }

    /// Writes one object. Keeps an error for the end, because the other objects are judged
    /// anyway.
    pub(crate) fn object(&mut self, object: Object) {
        if self.error.is_some() {
            return;
        }
        self.has_output = true;
        let written = match &mut self.out {
            Out::Json(stream) => stream.object(&object),
            Out::Styled(out) => out.write_all(text::object(&object).as_bytes()),
            Out::Plain(out) => write!(out, "{}", strip_str(&text::object(&object))),
            Out::Quiet => Ok(()),
            Out::Kept(_, objects) => {
                objects.push(object);
                Ok(())
            }
        };
        self.error = written.err();
    }

    /// Writes what is known only after the last object.
    pub(crate) fn end(mut self, mut answer: Answer<Inspection>) -> io::Result<End> {
        if let Out::Kept(at, objects) = &mut self.out {
            let more = std::mem::take(objects);
            answer.result.objects.splice(0..0, more);
            return output::report(self.common, *at, answer, |_, _| String::new());
        }
        let at = crate::clock::judged_at(self.common);
        let answer = output::judged(self.common, answer, at);
        let end = output::end(&answer);
        let rest = || {
            let mut rest = String::new();
            if !self.common.quiet {
                rest = text::inspection(&answer.result);
                if self.has_output || !rest.is_empty() {
                    rest.push('\n');
                }
            }
            let detail = output::detail(self.common);
            rest += &text::answer("inspect", &answer, detail);
            if !self.common.quiet {
                rest += &text::waived(&answer, detail);
            }
            rest
        };
        let written = match (self.error, self.out) {
            (Some(error), _) => Err(error),
            (None, Out::Json(stream)) => stream.end(&answer).and_then(|mut out| out.flush()),
            (None, Out::Styled(mut out)) => {
                out.write_all(rest().as_bytes()).and_then(|()| out.flush())
            }
            (None, Out::Plain(mut out)) => {
                write!(out, "{}", strip_str(&rest())).and_then(|()| out.flush())
            }
            (None, Out::Quiet | Out::Kept(..)) => output::print(self.common, &rest()),
        };
        output::ignore_closed(written).map(|()| end)
    }
}
