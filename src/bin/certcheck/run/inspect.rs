//! `certcheck inspect`.

use super::blocklist::blocklist;
use super::passphrase;
use super::several::Files;
use crate::args::{Common, Inspect};
use crate::clock;
use crate::failure::Failure;
use crate::live::Live;
use crate::output::End;
use crate::passphrase::Opens;
use certcheck::command::inspect::{Loads, inspect_each_with};

pub(crate) fn run(common: &Common, args: &Inspect) -> Result<End, Failure> {
    let passphrase = passphrase(&args.passphrase, Opens::Keys, args.files.iter())?;
    let blocklist = blocklist(&args.blocklists)?;
    let (mut files, mut loads) = (Files::default(), Loads::default());
    let documents = files.one_by_one(&args.files).inspect(|document| {
        if args.loaders {
            loads.add(document, passphrase.as_ref());
        }
    });
    let mut live = Live::new(common, clock::judged_at(common));
    let mut answer = inspect_each_with(
        documents,
        passphrase.as_ref(),
        blocklist.as_ref(),
        |object| live.object(&object),
    );
    answer.result.loads = loads;
    files
        .any()?
        .written(common, answer, None, |answer| live.end(answer))
}
