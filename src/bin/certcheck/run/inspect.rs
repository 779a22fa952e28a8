//! `certcheck inspect`.

use super::passphrase;
use super::several::{Files, Manner};
use crate::args::{Common, Inspect};
use crate::failure::Failure;
use crate::output::End;
use certcheck::command::inspect::{Loads, inspect};
use certcheck::report::text;

pub(crate) fn run(common: &Common, args: &Inspect) -> Result<End, Failure> {
    crate::passphrase::refuse_shared_stdin(&args.passphrase, args.files.iter())?;
    let passphrase = passphrase(&args.passphrase)?;
    let (mut files, mut loads) = (Files::default(), Loads::default());
    let documents = files.one_by_one(&args.files).inspect(|document| {
        if args.loaders {
            loads.add(document, passphrase.as_ref());
        }
    });
    let mut answer = inspect(documents, passphrase.as_ref());
    answer.result.loads = loads;
    files.any()?.answer(
        common,
        ("inspect", Manner::Report),
        answer,
        |inspection| inspection.objects.is_empty(),
        text::inspection,
    )
}
