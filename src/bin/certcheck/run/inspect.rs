//! `certcheck inspect`.

use super::{documents, passphrase, unwritten};
use crate::args::{Common, Inspect};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::{clock, input};
use certcheck::command::inspect::{inspect, loaders};
use certcheck::report::text;

pub(crate) fn run(common: &Common, args: &Inspect) -> Result<End, Failure> {
    crate::passphrase::refuse_shared_stdin(&args.passphrase, args.files.iter())?;
    let passphrase = passphrase(&args.passphrase)?;
    let documents = documents(input::read_all(&args.files)?);
    let mut answer = inspect(&documents, passphrase.as_ref());
    if args.loaders {
        answer.result.loads = loaders(&documents, passphrase.as_ref());
    }
    output::answer(
        common,
        clock::judged_at(common),
        "inspect",
        answer,
        text::inspection,
    )
    .map_err(unwritten)
}
