//! `certcheck match`.

use super::blocklist::blocklist;
use super::passphrase;
use super::several::{Files, Manner};
use crate::args::{Common, Match};
use crate::failure::Failure;
use crate::output::End;
use crate::passphrase::Opens;
use certcheck::command::matching::matching_with;
use certcheck::report::text;

pub(crate) fn run(common: &Common, args: &Match) -> Result<End, Failure> {
    let passphrase = passphrase(&args.passphrase, Opens::Keys, args.files.iter())?;
    let files = Files::each(&args.files)?;
    let blocklist = blocklist(&args.blocklists)?;
    let answer = matching_with(&files.documents, passphrase.as_ref(), blocklist.as_ref());
    files.answer(
        common,
        ("match", Manner::Report),
        answer,
        |matching| matching.groups.is_empty() && matching.unmatched.is_empty(),
        text::matching,
    )
}
