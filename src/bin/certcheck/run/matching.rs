//! `certcheck match`.

use super::{checked, documents, passphrase, unwritten};
use crate::args::{Common, Match};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::{clock, input};
use certcheck::command::matching::matching;
use certcheck::report::text;

pub(crate) fn run(common: &Common, args: &Match) -> Result<End, Failure> {
    crate::passphrase::refuse_shared_stdin(&args.passphrase, args.files.iter())?;
    let passphrase = passphrase(&args.passphrase)?;
    let documents = documents(input::read_all(&args.files)?);
    let mut answer = matching(&documents, passphrase.as_ref());
    if answer.result.groups.is_empty() && answer.result.unmatched.is_empty() {
        answer = checked(answer, &documents)?;
    }
    output::answer(
        common,
        clock::judged_at(common),
        "match",
        answer,
        text::matching,
    )
    .map_err(unwritten)
}
