//! YAML, event by event.

use super::Manifest;
use super::builder::Builder;
use saphyr_parser::{Event, Parser, ScalarStyle};

pub(super) fn read(text: &str) -> Manifest {
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (event, span) = match next {
            Ok(next) => next,
            Err(error) => {
                let line = error.marker().line();
                builder.fail(|| format!("line {line} is not YAML: {}", error.info()));
                break;
            }
        };
        let goes_on = match event {
            Event::MappingStart(..) => builder.begin(true),
            Event::SequenceStart(..) => builder.begin(false),
            Event::MappingEnd | Event::SequenceEnd => {
                builder.end();
                true
            }
            Event::Scalar(text, style, ..) => {
                let in_lines = style == ScalarStyle::Literal;
                // The span of a literal block begins with its first line.
                builder.scalar(&text, Some(span.start.line()), in_lines)
            }
            Event::Alias(_) => {
                builder.other();
                true
            }
            _ => true,
        };
        if !goes_on {
            break;
        }
    }
    builder.finish()
}
