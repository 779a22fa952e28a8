//! `certcheck inspect`.

use super::passphrase;
use super::several::Files;
use crate::args::{Common, Inspect};
use crate::clock;
use crate::failure::Failure;
use crate::live::Live;
use crate::output::End;
use certcheck::command::inspect::{Loads, inspect_each};

pub(crate) fn run(common: &Common, args: &Inspect) -> Result<End, Failure> {
    crate::passphrase::refuse_shared_stdin(&args.passphrase, args.files.iter())?;
    let passphrase = passphrase(&args.passphrase)?;
    let (mut files, mut loads) = (Files::default(), Loads::default());
    let documents = files.one_by_one(&args.files).inspect(|document| {
        if args.loaders {
            loads.add(document, passphrase.as_ref());
        }
    });
    let mut live = Live::new(common, clock::judged_at(common));
    let mut answer = inspect_each(documents, passphrase.as_ref(), |object| {
        live.object(&object)
    });
    answer.result.loads = loads;
    files
        .any()?
        .written(common, answer, None, |answer| live.end(answer))
}
