//! `certcheck inspect`.

use super::{passphrase, unwritten};
use crate::args::{Common, Inspect};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::{clock, input};
use certcheck::command::inspect::{inspect, loaders};
use certcheck::encoding::Document;
use certcheck::report::text;

pub(crate) fn run(common: &Common, args: &Inspect) -> Result<End, Failure> {
    crate::passphrase::refuse_shared_stdin(&args.passphrase, args.files.iter())?;
    let passphrase = passphrase(&args.passphrase)?;
    let (mut loaded, mut unread) = (Vec::new(), None);
    let sources = input::read_each(&args.files)
        .map_while(|source| source.map_err(|failure| unread = Some(failure)).ok());
    let documents = sources.map(Document::read).inspect(|document| {
        if args.loaders {
            loaded.extend(loaders([document]));
        }
    });
    let mut answer = inspect(documents, passphrase.as_ref());
    if let Some(failure) = unread {
        return Err(failure);
    }
    answer.result.loaders = loaded;
    output::answer(
        common,
        clock::judged_at(common),
        "inspect",
        answer,
        text::inspection,
    )
    .map_err(unwritten)
}
