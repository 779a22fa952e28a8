//! `encoding.file-extension`: the server requires a different file name extension.

use crate::finding::{Remedy, Subject, quote};
use crate::rule::{Rule, rule};

rule! {
    FileExtension = EncodingFileExtension Warning
    "the server requires a different file name extension"
    page "file_extension.txt"
    {
        /// The extension of the file, if it has one.
        extension: Option<String>,
        /// The extension that the server requires, without the dot.
        wanted: String,
    }
}

impl Rule for FileExtension {
    fn message(&self) -> String {
        match self {
            Self {
                extension: Some(extension),
                wanted,
            } => {
                format!("the file's extension is `.{extension}`, not `.{wanted}`")
            }
            Self {
                extension: None,
                wanted,
            } => {
                format!("the file has no extension; the server requires `.{wanted}`")
            }
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let source = &subject.source;
        let file = quote(source);
        let Self { wanted, .. } = self;
        let new = with_extension(source, wanted);
        Some(
            // `cp` would overwrite a file of that name.
            Remedy::words(format!("give the file a name that ends in .{wanted}"))
                .run(format!("ln {file} {}", quote(&new)))
                .then_instead(new, source),
        )
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["Tableau Server: tsm security external-ssl enable, certificate file requirements"]
    }
}

fn with_extension(name: &str, wanted: &str) -> String {
    let (folder, file) = match name.rfind('/') {
        Some(at) => name.split_at(at + 1),
        None => ("", name),
    };
    let stem = match file.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => file,
    };
    format!("{folder}{stem}.{wanted}")
}
