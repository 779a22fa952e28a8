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
use crate::walk;
use certcheck::answer::Check;
use certcheck::command::inspect::{Dates, Loads, inspect_each_with};

pub(crate) fn run(common: &Common, args: &Inspect) -> Result<End, Failure> {
    let passphrase = passphrase(&args.passphrase, Opens::Keys, args.files.iter())?;
    let blocklist = blocklist(&args.blocklists)?;
    let walked = walk::through(&args.files);
    let (mut files, mut loads) = (Files::default(), Loads::default());
    let (mut told, mut passed_over) = (0_usize, 0_usize);
    let documents = files.one_by_one(&walked.files).filter(|document| {
        // A directory may hold anything, but a file that you named should be readable.
        let other = document.holds_nothing() && walked.found(document.source().name());
        *if other { &mut passed_over } else { &mut told } += 1;
        if args.loaders && !other {
            loads.add(document, passphrase.as_ref());
        }
        !other
    });
    let at = clock::judged_at(common);
    let dates = Dates {
        at,
        expires_within: args.expires_within,
    };
    let mut live = Live::new(common, at);
    let mut answer = inspect_each_with(
        documents,
        passphrase.as_ref(),
        blocklist.as_ref(),
        dates,
        |object| live.object(object),
    );
    answer.result.loads = loads;
    files.unread.extend(walked.unread);
    if passed_over > 0 {
        let what = if passed_over == 1 {
            "1 file holds".to_owned()
        } else {
            format!("{passed_over} files hold")
        };
        let reason = format!("{what} no certificate, key, request or list");
        if told == 0 && files.unread.is_empty() {
            let names: Vec<_> = args
                .files
                .iter()
                .map(|file| file.to_string_lossy())
                .collect();
            return Err(Failure::new(format!("{}: {reason}", names.join(", "))));
        }
        answer
            .checks
            .push(Check::not_applicable("other-files", reason));
    }
    files
        .any()?
        .written(common, answer, None, |answer| live.end(answer))
}
