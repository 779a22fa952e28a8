//! `certcheck inspect`.

use super::passphrase;
use super::several::{Files, Manner};
use crate::args::{Common, Inspect};
use crate::failure::Failure;
use crate::output::End;
use certcheck::command::inspect::{inspect, loaders};
use certcheck::report::text;

pub(crate) fn run(common: &Common, args: &Inspect) -> Result<End, Failure> {
    crate::passphrase::refuse_shared_stdin(&args.passphrase, args.files.iter())?;
    let passphrase = passphrase(&args.passphrase)?;
    let files = Files::each(&args.files)?;
    let mut answer = inspect(&files.documents, passphrase.as_ref());
    if args.loaders {
        answer.result.loaders = loaders(&files.documents);
    }
    files.answer(
        common,
        ("inspect", Manner::Report),
        answer,
        |inspection| inspection.objects.is_empty(),
        text::inspection,
    )
}
