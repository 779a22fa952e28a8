//! Private keys in another form, under another passphrase, or in a keystore.

use super::{refused, unwritten};
use crate::args::{Common, Convert, Format, To};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::write::{self, WriteOptions};
use crate::{clock, passphrase, random};
use certcheck::answer::{Answer, Check};
use certcheck::command::assemble::{KeystoreKind, NoKeystore, keystore};
use certcheck::command::convert::{
    Contents, ConvertResult, NewForm, NewKeys, Output, with_new_keys,
};
use certcheck::encoding::Document;
use certcheck::model::Passphrase;
use certcheck::report::text;
use std::io::IsTerminal;
use std::path::Path;

/// Whether the options ask for private keys in another form.
pub(super) fn is_asked(args: &Convert) -> bool {
    args.decrypt_key
        || args.key_passphrase_file.is_some()
        || matches!(args.to, To::Pkcs12 | To::Jks | To::Pkcs8 | To::Traditional)
}

fn new_passphrase(args: &Convert) -> Result<Option<Passphrase>, Failure> {
    let Some(path) = &args.key_passphrase_file else {
        return Ok(None);
    };
    let new = passphrase::new(path)?;
    Ok(Some(new))
}

/// The document with its keys rewritten.
pub(super) fn rewritten(
    args: &Convert,
    document: &Document,
    old: Option<&Passphrase>,
) -> Result<Contents, Failure> {
    let form = match args.to {
        To::Pkcs8 => NewForm::Pkcs8,
        To::Traditional => NewForm::Traditional,
        _ => NewForm::Same,
    };
    let new = new_passphrase(args)?;
    let mut no_seed = None;
    let seed = || {
        random::seed().unwrap_or_else(|failure| {
            no_seed = Some(failure);
            [0; 80]
        })
    };
    let how = NewKeys::new(form, args.decrypt_key, new.as_ref());
    let made = with_new_keys(document, old, &how, seed);
    match no_seed {
        Some(failure) => Err(failure),
        None => made.map_err(|problem| refused(&args.input, &problem)),
    }
}

/// The keystore that is asked for.
pub(super) const fn keystore_kind(to: To) -> Option<KeystoreKind> {
    match to {
        To::Pkcs12 => Some(KeystoreKind::Pkcs12),
        To::Jks => Some(KeystoreKind::Jks),
        _ => None,
    }
}

/// One PKCS#12 file or Java keystore of the whole document.
pub(super) fn whole(
    kind: KeystoreKind,
    common: &Common,
    args: &Convert,
    document: &Document,
    old: Option<Passphrase>,
) -> Result<End, Failure> {
    let (option, called, usual) = match kind {
        KeystoreKind::Jks => ("--to jks", "a Java keystore", "server.jks"),
        _ => ("--to pkcs12", "PKCS#12", "server.p12"),
    };
    let failed = |why: &dyn std::fmt::Display| Failure::file(&args.input, why);
    if args.decrypt_key || args.split {
        return Err(
            Failure::new(format!("{option} writes one file, whose key is encrypted"))
                .help("leave out --decrypt-key and --split"),
        );
    }
    let Some(new) = new_passphrase(args)? else {
        return Err(Failure::new(format!("{option} needs a passphrase"))
            .help("give --key-passphrase-file FILE with the new passphrase in its first line"));
    };
    let at = clock::judged_at(common);
    let old: Vec<_> = old.into_iter().collect();
    let made =
        keystore(kind, document, &old, &new, at, &random::seed()?).map_err(|why| {
            match &why {
        NoKeystore::Refused(_) => failed(&why).help(
            "`certcheck assemble --for java` chooses among several, by --host, and tries several \
             passphrases",
        ),
        why => failed(why),
    }
        })?;
    let path = args.output.as_deref();
    let Some(path) = path.filter(|path| path.as_os_str() != "-") else {
        if std::io::stdout().is_terminal() || common.format != Format::Text {
            return Err(Failure::new(format!(
                "certcheck does not write {called} to a terminal or into a report",
            ))
            .help("name a file with -o"));
        }
        let written = output::print_bytes(&made.bytes);
        return written.map(|()| End::Good).map_err(unwritten);
    };
    let file = if path.is_dir() {
        path.join(usual)
    } else {
        path.to_owned()
    };
    let force = args.force || args.backup;
    if !args.backup {
        write::refuse_inputs(std::iter::once(file.as_path()))?;
    }
    write::refuse_existing(std::iter::once(file.as_path()), force)?;
    if args.backup {
        write::keep(&file)?;
    }
    write::write(
        &file,
        &made.bytes,
        WriteOptions {
            secret: true,
            force,
        },
    )?;
    let mut repairs = match made.keys_left_out {
        0 => vec![],
        1 => vec!["left out 1 key that belongs to another certificate".to_owned()],
        count => vec![format!(
            "left out {count} keys that belong to other certificates"
        )],
    };
    if !new.secret_bytes().is_ascii() {
        let note = "the passphrase has characters outside ASCII: Java cannot open the file";
        repairs.push(note.to_owned());
    }
    if kind == KeystoreKind::Jks {
        let note = "wrote JKS, which protects the key with SHA-1 only: keep the file readable only by its owner";
        repairs.push(note.to_owned());
    }
    let result = ConvertResult::of(
        Output::of(&file_name(&file), made.certificates + 1, made.bytes.len()),
        repairs,
    );
    let name = document.source().name();
    let answer = Answer::new(result, vec![], vec![Check::ran("read-back")], [name]);
    output::answer(common, at, "convert", answer, text::conversion).map_err(unwritten)
}

fn file_name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
