//! `certcheck key-id`.

use super::passphrase;
use super::several::{Files, Shows};
use crate::args::{Common, KeyId};
use crate::failure::Failure;
use crate::output::End;
use crate::passphrase::Opens;
use certcheck::command::key_id::key_ids;
use certcheck::report::text;

/// In text format, standard output has only the fingerprints; findings go to standard error.
pub(crate) fn run(common: &Common, args: &KeyId) -> Result<End, Failure> {
    let passphrase = passphrase(&args.passphrase, Opens::Keys, args.files.iter())?;
    let files = Files::each(&args.files)?;
    let answer = key_ids(&files.documents, passphrase.as_ref());
    files.answer(
        common,
        ("key-id", Shows::ResultOnly),
        answer,
        |ids| ids.keys.is_empty(),
        text::key_ids,
    )
}
