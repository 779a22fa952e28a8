//! Where the configuration file is.

use super::NAME;
use crate::args::Common;
use crate::failure::Failure;
use certcheck::preflight::tsm;
use std::path::{Path, PathBuf};

/// The file that the options name, or the first one from the working directory upwards.
pub(super) fn path(common: &Common) -> Result<Option<PathBuf>, Failure> {
    if common.no_config_file {
        return Ok(None);
    }
    if let Some(path) = &common.config_file {
        if path.as_os_str() == "-" {
            return Err(Failure::new(
                "--config-file: the configuration is not read from standard input",
            )
            .help("name a file: paths in it start in its directory"));
        }
        return Ok(Some(path.clone()));
    }
    let Ok(here) = std::env::current_dir() else {
        return Ok(None);
    };
    let mut way = PathBuf::new();
    for directory in here.ancestors() {
        if directory.join(NAME).symlink_metadata().is_ok() {
            let path = way.join(NAME);
            trusted(&path)?;
            return Ok(Some(path));
        }
        way.push("..");
    }
    Ok(None)
}

/// The same for `tsm`, among whose words our options may be.
pub(super) fn among(words: &[String], common: &Common) -> Result<Option<PathBuf>, Failure> {
    let (ours, _) = tsm::own_options(words);
    let mut common = common.clone();
    let mut ours = ours.iter();
    while let Some(word) = ours.next() {
        match word.split_once('=') {
            _ if word == "--no-config-file" => common.no_config_file = true,
            _ if word == "--config-file" => common.config_file = ours.next().map(PathBuf::from),
            Some(("--config-file", path)) => common.config_file = Some(PathBuf::from(path)),
            _ => {}
        }
    }
    path(&common)
}

/// Works in the file's directory; returns the file's path from there, and that directory's.
pub(super) fn enter(path: &Path) -> Result<(PathBuf, PathBuf), Failure> {
    let name = path.file_name().map(PathBuf::from);
    let name = name.ok_or_else(|| Failure::file(path, "is no file"))?;
    if let Some(directory) = path.parent().filter(|one| !one.as_os_str().is_empty()) {
        std::env::set_current_dir(directory).map_err(|error| Failure::file(directory, error))?;
    }
    Ok((name, PathBuf::new()))
}

/// Refuses a file that certcheck found by itself and that another user could have written, as in
/// /tmp: it changes verdicts. A link must be trusted as well as the file that it leads to.
#[cfg(unix)]
fn trusted(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt;
    let Ok(link) = std::fs::symlink_metadata(path) else {
        return Ok(());
    };
    // A link that leads nowhere is an error when it is read.
    let file = std::fs::metadata(path).ok();
    let own = rustix::process::geteuid().as_raw();
    let mut known = vec![0, own];
    if own == 0 {
        let sudo = std::env::var("SUDO_UID").ok();
        known.extend(sudo.and_then(|uid| uid.parse::<u32>().ok()));
    } else {
        // Who owns the working directory may change everything in it anyway. Root also judges
        // what is elsewhere.
        known.extend(std::fs::metadata(".").map(|here| here.uid()).ok());
    }
    let both = [Some(&link), file.as_ref()];
    let owners = both.into_iter().flatten().map(MetadataExt::uid);
    let other = owners.into_iter().find(|owner| !known.contains(owner));
    let why = match (other, &file) {
        (Some(owner), _) => format!("it belongs to another user (uid {owner})"),
        (None, Some(file)) if file.mode() & 0o002 != 0 => "every user can write to it".to_owned(),
        // A user's own group usually has the user's number, and no other member.
        (None, Some(file)) if file.mode() & 0o020 != 0 && file.gid() != file.uid() => {
            format!("group {} can write to it", file.gid())
        }
        _ => return Ok(()),
    };
    Err(
        Failure::file(path, format!("{why}, and it could change the verdict"))
            .help("name it with --config-file to use it, or ignore it with --no-config-file"),
    )
}

#[cfg(not(unix))]
fn trusted(_: &Path) -> Result<(), Failure> {
    Ok(())
}
