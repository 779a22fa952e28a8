//! A file with a private key that unrelated users can read or replace.

use crate::key_file::{self, OwnerRule};
use crate::rule::KeyFact;
use crate::source::Source;

/// What is unsuitable about the owner and mode of a key file whose service is not known; `None` if
/// nothing is, or if they are not known.
pub(super) fn exposed(source: &Source) -> Option<KeyFact> {
    // In a closed directory, no other user can read it, whatever the mode of the file.
    let mut above = source.directories().iter();
    let closed = above.any(|above| above.facts.mode & 0o001 == 0);
    let file = source.file().filter(|_| !closed)?;
    let list = source.access_list();
    let problems = key_file::judge_listed(file, list, None, OwnerRule::Unknown);
    let problem = problems.first()?;
    Some(problem.fact(file, list.is_some(), None, OwnerRule::Unknown))
}
