//! `--blocklist`.

use crate::args::Blocklists;
use crate::failure::Failure;
use crate::input;
use certcheck::known_bad::Blocklist;

/// All given lists as one; `None` if none was given.
pub(crate) fn blocklist(args: &Blocklists) -> Result<Option<Blocklist>, Failure> {
    if args.blocklist.is_empty() {
        return Ok(None);
    }
    let mut list = Blocklist::default();
    for (path, source) in args.blocklist.iter().zip(input::read_all(&args.blocklist)?) {
        list.add(source.bytes())
            .map_err(|problem| Failure::file(path, problem.to_string()))?;
    }
    Ok(Some(list))
}
