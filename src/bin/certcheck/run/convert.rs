//! `certcheck convert`.

mod keys;

use super::{lacks, passphrase, unwritten};
use crate::args::{Common, Convert, Format, To};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::passphrase::Opens;
use crate::write::{self, New, WriteOptions};
use crate::{clock, input};
use certcheck::answer::Answer;
use certcheck::command::convert::{ConvertResult, contents, convert};
use certcheck::encoding::Document;
use certcheck::encoding::convert::{Conversion, ConversionProblem, Output, Target};
use certcheck::report::text;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

pub(crate) fn run(common: &Common, args: &Convert) -> Result<End, Failure> {
    let anew = keys::is_asked(args);
    let opens = if anew { Opens::Keys } else { Opens::Containers };
    let passphrase = passphrase(&args.passphrase, opens, std::iter::once(&args.input))?;
    let mut document = Document::read(input::read(&args.input)?);
    if let Some(kind) = keys::keystore_kind(args.to) {
        return keys::whole(kind, common, args, &document, passphrase);
    }
    let mut folder = args.output.as_deref().and_then(self::folder);
    let into_folder = folder.is_some();
    let target = match args.to {
        To::Der => Target::Der,
        _ => Target::Pem,
    };
    let conversion = Conversion::to(target)
        .split(args.split || (into_folder && target == Target::Der))
        .leave_out_damaged(args.leave_out_damaged);
    let mut repairs = Vec::new();
    // One DER file can be the container itself. PEM, or several files, need its contents.
    if target == Target::Pem || args.split || into_folder {
        let taken = contents(&document, passphrase.as_ref())
            .map_err(|problem| refused(&args.input, &problem))?;
        if let Some(taken) = taken {
            (document, repairs) = (taken.document, taken.repairs);
        }
    }
    if anew {
        let taken = keys::rewritten(args, &document, passphrase.as_ref())?;
        document = taken.document;
        repairs.extend(taken.repairs);
    }
    let mut planned = conversion.plan(&document);
    // Several objects, and -o names nothing that exists: it names a new directory.
    if matches!(planned, Err(ConversionProblem::SeveralObjects { .. }))
        && let Some(output) = args.output.as_deref().filter(|path| is_new_folder(path))
    {
        folder = Some(output.to_owned());
        planned = conversion.split(true).plan(&document);
    }
    let into_folder = folder.is_some();
    let plan = planned.map_err(|problem| match problem {
        ConversionProblem::NothingFound => lacks(&document, &problem.to_string()),
        problem => refused(&args.input, &problem),
    })?;
    let to_stdout = args
        .output
        .as_deref()
        .is_none_or(|path| path.as_os_str() == "-");
    if to_stdout {
        let [output] = plan.outputs.as_slice() else {
            return Err(
                Failure::file(&args.input, "standard output takes only one file")
                    .help("name a directory with -o"),
            );
        };
        if target == Target::Der && std::io::stdout().is_terminal() {
            return Err(Failure::new("certcheck does not write DER to a terminal")
                .help("name a file with -o, or use a pipe"));
        }
        if common.format == Format::Text {
            for place in &plan.left_out {
                let what = format!("section {} is damaged and was left out", place + 1);
                output::complain(common.color, Failure::file(&args.input, what));
            }
            return output::print_bytes(&output.bytes)
                .map(|()| End::Good)
                .map_err(unwritten);
        }
        return Err(
            Failure::new("the result and the report cannot both go to standard output")
                .help("name a file with -o"),
        );
    }
    let paths: Vec<_> = plan
        .outputs
        .iter()
        .enumerate()
        .map(|(place, output)| path(args, into_folder, plan.outputs.len(), place + 1, output))
        .collect();
    let options = |output: &Output| WriteOptions {
        secret: output.is_secret,
        force: args.force || args.backup,
    };
    // With --backup, an output may replace an input, because the old file is kept.
    if !args.backup {
        write::refuse_inputs(paths.iter().map(PathBuf::as_path))?;
    }
    write::refuse_existing(
        paths.iter().map(PathBuf::as_path),
        args.force || args.backup,
    )?;
    if let Some(folder) = &folder {
        write::folder(folder)?;
    }
    if args.backup {
        for path in &paths {
            write::keep(path)?;
        }
    }
    let both = paths.iter().zip(&plan.outputs);
    let new: Vec<_> = both
        .map(|(path, output)| New {
            path,
            bytes: &output.bytes,
            options: options(output),
        })
        .collect();
    write::write_all(&new)?;
    let names = paths
        .iter()
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    let answer: Answer<ConvertResult> = convert(&document, &plan, names, repairs);
    output::answer(
        common,
        clock::judged_at(common),
        "convert",
        answer,
        text::conversion,
    )
    .map_err(unwritten)
}

/// Whether `output` can name a new directory: it does not exist, and has no extension.
fn is_new_folder(output: &Path) -> bool {
    output.symlink_metadata().is_err() && output.extension().is_none() && output.as_os_str() != "-"
}

/// `output`, if it names a directory: one that exists, or any name that ends in a slash.
fn folder(output: &Path) -> Option<PathBuf> {
    let ends_in_slash = output.as_os_str().as_encoded_bytes().ends_with(b"/");
    (output.is_dir() || ends_in_slash).then(|| output.to_owned())
}

/// Where one output goes: into the named directory under a name that certcheck chooses, to the
/// named file, or, if there are several outputs, to the named file with a number.
fn path(
    args: &Convert,
    into_folder: bool,
    outputs: usize,
    number: usize,
    output: &Output,
) -> PathBuf {
    let named = args.output.clone().unwrap_or_default();
    if into_folder {
        named.join(&output.name)
    } else if outputs == 1 {
        named
    } else {
        named.with_file_name(numbered(&named, number, &output.name))
    }
}

/// `chain.der` becomes `chain-2.der` for the second output. A name without an extension gets
/// that of `ours`.
fn numbered(named: &Path, number: usize, ours: &str) -> String {
    let stem = named.file_stem().unwrap_or_default().to_string_lossy();
    let extension = match named.extension() {
        Some(extension) => extension.to_string_lossy().into_owned(),
        None => ours
            .split_once('.')
            .map(|(_, extension)| extension.to_owned())
            .unwrap_or_default(),
    };
    format!("{stem}-{number}.{extension}")
}

fn refused(path: &Path, problem: &ConversionProblem) -> Failure {
    let failure = Failure::file(path, problem);
    match problem {
        ConversionProblem::SeveralObjects { .. } => {
            failure.help("add --split, or name a directory with -o: `-o NEW/` creates it")
        }
        ConversionProblem::NoForm { .. } => {
            failure.help("OpenSSH writes its public key as PEM: ssh-keygen -e -m PKCS8 -f FILE")
        }
        ConversionProblem::HeadersLost { .. } => {
            failure.help("convert the key to PKCS#8 first: openssl pkcs8 -topk8 -in KEY -out NEW")
        }
        ConversionProblem::Container { .. } => {
            failure.help("--to pem extracts its contents; so does --split")
        }
        ConversionProblem::Closed { .. } => failure
            .help("give its passphrase: --passphrase-file, --passphrase-env or --passphrase-stdin"),
        ConversionProblem::Damaged { .. } => {
            failure.help(
            "`certcheck inspect` shows the fault and its place; --leave-out-damaged continues without it",
        )
        }
        ConversionProblem::Key { .. } => failure.help(
            "--passphrase-file, --passphrase-env or --passphrase-stdin open it; --decrypt-key writes it unencrypted",
        ),
        ConversionProblem::NoKey => {
            failure.help("--to pem and --to der convert files without a key")
        }
        _ => failure,
    }
}
