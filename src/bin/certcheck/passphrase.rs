//! Where a passphrase is read from: a file, an environment variable, standard
//! input. Never the command line.

use crate::args::PassphraseSource;
use crate::failure::Failure;
use crate::input;
use std::path::Path;
use zeroize::Zeroizing;

/// Refuses a standard input that is to be a file and a passphrase at once.
pub(crate) fn refuse_shared_stdin<'p>(
    source: &PassphraseSource,
    mut files: impl Iterator<Item = &'p std::path::PathBuf>,
) -> Result<(), Failure> {
    let from_stdin = source.passphrase_stdin
        || source
            .passphrase_file
            .as_ref()
            .is_some_and(|path| path.as_os_str() == "-");
    if from_stdin && files.any(|path| path.as_os_str() == "-") {
        return Err(
            Failure::new("-: standard input cannot be a file and the passphrase")
                .help("use --passphrase-file"),
        );
    }
    Ok(())
}

/// The passphrase that the options name, without its final newline.
pub(crate) fn read(source: &PassphraseSource) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    if let Some(path) = &source.passphrase_file {
        return first_line(path).map(Some);
    }
    if source.passphrase_stdin {
        return first_line(Path::new("-")).map(Some);
    }
    let Some(name) = &source.passphrase_env else {
        return Ok(None);
    };
    match std::env::var_os(name) {
        Some(value) => Ok(Some(Zeroizing::new(value.into_encoded_bytes()))),
        None => Err(
            Failure::new(format!("the environment variable {name} is not set"))
                .help(format!("export {name}, or use --passphrase-file")),
        ),
    }
}

fn first_line(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let source = input::read(path)?;
    let line = source
        .bytes()
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Ok(Zeroizing::new(line.to_vec()))
}
