//! `certcheck key-id`.

use super::{checked, documents, passphrase, unwritten};
use crate::args::{Common, Format, KeyId};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::{clock, input};
use certcheck::command::key_id::key_ids;
use certcheck::report::text;

/// In text, standard output has the fingerprints alone; what was found on the
/// way goes to standard error.
pub(crate) fn run(common: &Common, args: &KeyId) -> Result<End, Failure> {
    crate::passphrase::refuse_shared_stdin(&args.passphrase, args.files.iter())?;
    let passphrase = passphrase(&args.passphrase)?;
    let documents = documents(input::read_all(&args.files)?);
    let mut answer = key_ids(&documents, passphrase.as_ref());
    if answer.result.keys.is_empty() {
        answer = checked(answer, &documents)?;
    }
    let at = clock::judged_at(common);
    match common.format {
        Format::Json => output::answer(common, at, "key-id", answer, text::key_ids),
        Format::Text | Format::Sh => output::apart(common, "key-id", answer, text::key_ids),
    }
    .map_err(unwritten)
}
