//! `certcheck match`.

use super::blocklist::blocklist;
use super::passphrase;
use super::several::{Files, Shows};
use crate::args::{Common, Match};
use crate::failure::Failure;
use crate::output::End;
use crate::passphrase::Opens;
use crate::walk;
use certcheck::command::matching::matching_with;
use certcheck::encoding::Document;
use certcheck::report::text;

pub(crate) fn run(common: &Common, args: &Match) -> Result<End, Failure> {
    let passphrase = passphrase(&args.passphrase, Opens::Keys, args.files.iter())?;
    let walked = walk::through(&args.files);
    let mut files = Files::default();
    let documents: Vec<_> = files.one_by_one(&walked.files).collect();
    // The user did not name the files in a directory that are not certificates or keys.
    let named = |document: &Document| {
        !walked.found(document.source().name()) || !document.sections().is_empty()
    };
    files.documents = documents.into_iter().filter(named).collect();
    files.unread.extend(walked.unread);
    let files = files.any()?;
    let blocklist = blocklist(&args.blocklists)?;
    let answer = matching_with(&files.documents, passphrase.as_ref(), blocklist.as_ref());
    files.answer(
        common,
        ("match", Shows::Report),
        answer,
        |matching| matching.groups.is_empty() && matching.unmatched.is_empty(),
        text::matching,
    )
}
