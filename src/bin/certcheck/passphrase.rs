//! Where a passphrase is read from: a file, an environment variable, standard
//! input. Never the command line.

use crate::args::PassphraseSource;
use crate::failure::Failure;
use crate::unpacked::unpacked;
use crate::{input, terminal};
use certcheck::command::convert::contents;
use certcheck::encoding::convert::ConversionProblem;
use certcheck::encoding::{Document, Section};
use certcheck::model::Passphrase;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What a command opens with a passphrase.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opens {
    /// Private keys, and containers.
    Keys,
    /// Only containers: the command does not need PEM keys to be decrypted.
    Containers,
}

/// Refuses standard input as both a file and a passphrase.
fn refuse_shared_stdin<'p>(
    source: &PassphraseSource,
    mut files: impl Iterator<Item = &'p PathBuf>,
) -> Result<(), Failure> {
    let from_stdin = source.passphrase_stdin
        || source
            .passphrase_file
            .as_ref()
            .is_some_and(|path| path.as_os_str() == "-");
    if from_stdin && files.any(|path| path.as_os_str() == "-") {
        return Err(
            Failure::new("-: standard input cannot be both a file and the passphrase")
                .help("use --passphrase-file"),
        );
    }
    Ok(())
}

/// The passphrase that the options name, without its final newline; or what a person types at the
/// terminal, if one of the files is encrypted.
pub(crate) fn read<'p>(
    source: &PassphraseSource,
    opens: Opens,
    files: impl Iterator<Item = &'p PathBuf> + Clone,
) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    refuse_shared_stdin(source, files.clone())?;
    if let Some(path) = &source.passphrase_file {
        return first_line(path).map(Some);
    }
    if source.passphrase_stdin {
        if std::io::stdin().is_terminal() {
            // The option says that there is a passphrase, so an empty line is one too.
            return ask("Passphrase: ").map(|line| Some(line.unwrap_or_default()));
        }
        return first_line(Path::new("-")).map(Some);
    }
    // A person is asked only if an encrypted file was given: a script must not hang at a question.
    if source.passphrase_env.is_none() && terminal::is_there() {
        return match files.clone().find(|path| is_closed(path, opens)) {
            Some(path) => ask(&format!(
                "Passphrase of {} (Enter: continue without): ",
                path.display()
            )),
            None => Ok(None),
        };
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

fn ask(question: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    terminal::ask(question).map_err(|error| match error.kind() {
        std::io::ErrorKind::Interrupted => Failure::new("interrupted"),
        std::io::ErrorKind::Unsupported => {
            Failure::new(error.to_string()).help("use --passphrase-file, or --passphrase-env")
        }
        _ => Failure::new(format!("/dev/tty: {error}"))
            .help("use --passphrase-file, or --passphrase-env"),
    })
}

/// The most passphrases that are tried: a file with more lines is not a list of passphrases.
const MOST_CANDIDATES: usize = 32;

/// The candidates that the options name: the lines of a file or of standard input, where an
/// empty line is the empty passphrase; else the one passphrase that [`read`] gives.
pub(crate) fn candidates<'p>(
    source: &PassphraseSource,
    files: impl Iterator<Item = &'p PathBuf> + Clone,
) -> Result<Vec<Passphrase>, Failure> {
    let file = match &source.passphrase_file {
        Some(path) => path.as_path(),
        None if source.passphrase_stdin && !std::io::stdin().is_terminal() => Path::new("-"),
        None => {
            let one = read(source, Opens::Keys, files)?;
            let one = one.map(|mut bytes| Passphrase::new(std::mem::take(&mut *bytes)));
            return Ok(one.into_iter().collect());
        }
    };
    refuse_shared_stdin(source, files)?;
    let source = input::read_secret(file)?;
    let text = source.bytes();
    // The line feed at the end of the file ends the last passphrase, and does not begin an empty
    // one.
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let lines = text.split(|&byte| byte == b'\n');
    if lines.clone().count() > MOST_CANDIDATES {
        let why = format!("has more than {MOST_CANDIDATES} lines, each a passphrase to try");
        return Err(Failure::file(file, why));
    }
    Ok(lines
        .map(|line| Passphrase::new(line.strip_suffix(b"\r").unwrap_or(line)))
        .collect())
}

/// Whether there is something in a file that only a passphrase opens.
fn is_closed(path: &Path, opens: Opens) -> bool {
    if path.as_os_str() == "-" || !path.is_file() {
        return false;
    }
    let Ok(source) = input::read(path) else {
        return false;
    };
    let has_key = |document: &Document| {
        opens == Opens::Keys && document.sections().iter().any(Section::is_encrypted)
    };
    let inputs = unpacked(vec![source]).unwrap_or_default();
    inputs.into_iter().map(Document::read).any(|document| {
        has_key(&document)
            || match contents(&document, None) {
                Err(ConversionProblem::Closed { .. }) => true,
                Ok(Some(inside)) => has_key(&inside.document),
                _ => false,
            }
    })
}

pub(crate) fn first_line(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let source = input::read_secret(path)?;
    let line = source
        .bytes()
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Ok(Zeroizing::new(line.to_vec()))
}

/// The new passphrase in the first line of a file.
pub(crate) fn new(path: &Path) -> Result<Passphrase, Failure> {
    /// The byte order marks that editors put before a text: UTF-8, and both orders of UTF-16.
    const MARKS: [&[u8]; 3] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];
    let mut line = first_line(path)?;
    if line.is_empty() {
        return Err(
            Failure::file(path, "its first line is empty: that is no passphrase")
                .help("write the new passphrase in its first line"),
        );
    }
    if MARKS.iter().any(|mark| line.starts_with(mark)) {
        return Err(Failure::file(
            path,
            "begins with a byte order mark, which would be part of the passphrase",
        )
        .help("save it as plain UTF-8 without a mark"));
    }
    Ok(Passphrase::new(std::mem::take(&mut *line)))
}

/// Refuses a new passphrase that Java does not accept because it has characters outside ASCII.
pub(crate) fn refuse_for_java(path: &Path, new: &Passphrase) -> Result<(), Failure> {
    if new.secret_bytes().is_ascii() {
        return Ok(());
    }
    Err(Failure::file(
        path,
        "the passphrase has characters outside ASCII, and Java opens no keystore with it",
    )
    .help("choose a passphrase of ASCII characters"))
}
