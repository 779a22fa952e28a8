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

/// Refuses a file that was found by itself and that another user could have put there, as in
/// /tmp: it changes verdicts.
#[cfg(unix)]
fn trusted(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt;
    let Ok(file) = std::fs::symlink_metadata(path) else {
        return Ok(());
    };
    let owner = file.uid();
    let sudo = std::env::var("SUDO_UID")
        .ok()
        .and_then(|uid| uid.parse().ok());
    // Who owns the working directory may change everything in it anyway.
    let here = std::fs::metadata(".").map(|here| here.uid()).ok();
    let own = rustix::process::geteuid().as_raw();
    if [Some(0), Some(own), sudo, here].contains(&Some(owner)) {
        return Ok(());
    }
    Err(Failure::file(
        path,
        format!("it belongs to another user (uid {owner}), and it would change the verdict"),
    )
    .help("name it with --config-file to use it, or ignore it with --no-config-file"))
}

#[cfg(not(unix))]
fn trusted(_: &Path) -> Result<(), Failure> {
    Ok(())
}
