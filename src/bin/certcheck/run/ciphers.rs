//! `certcheck ciphers`.

use super::unwritten;
use crate::args::{Ciphers, Common};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::{clock, input};
use certcheck::cipher::{CipherDialect, SecurityLevel};
use certcheck::command::ciphers::ciphers;
use certcheck::report::text;

pub(crate) fn run(common: &Common, args: &Ciphers) -> Result<End, Failure> {
    let dialect: CipherDialect = args
        .dialect
        .parse()
        .map_err(|error| Failure::new(format!("--dialect {}: {error}", args.dialect)))?;
    let level = SecurityLevel::new(args.security_level)
        .ok_or_else(|| Failure::new("a security level is a number from 0 to 5"))?;
    let string = match (&args.string, &args.file) {
        (Some(string), _) => string.clone(),
        (None, Some(path)) => {
            let source = input::read(path)?;
            let text = std::str::from_utf8(source.bytes())
                .map_err(|_| Failure::file(path, "is not text"))?;
            text.trim_end_matches(['\n', '\r']).to_owned()
        }
        (None, None) => {
            return Err(Failure::new("no string was given")
                .help("certcheck ciphers 'HIGH:!aNULL', or --file FILE"));
        }
    };
    output::answer(
        common,
        clock::judged_at(common),
        "ciphers",
        ciphers(&string, dialect, level),
        text::ciphers,
    )
    .map_err(unwritten)
}
