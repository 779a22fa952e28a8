//! Names for the files to write.

use super::{Object, Target};
use crate::encoding::SectionKind;

/// Gives each output a name, made from the source's name.
pub(super) struct Names {
    stem: String,
    target: Target,
    outputs: usize,
    given: usize,
}

impl Names {
    pub(super) fn new(source: &str, target: Target, outputs: usize) -> Self {
        Self {
            stem: stem(source),
            target,
            outputs,
            given: 0,
        }
    }

    pub(super) fn next(&mut self, group: &[Object<'_>]) -> String {
        self.given += 1;
        let kind = group
            .first()
            .map_or(SectionKind::Unknown, |object| object.kind);
        let one = group.len() == 1;
        let extension = match self.target {
            Target::Der if kind.is_private_key() => "key.der",
            Target::Der => "der",
            Target::Pem if one => extension(kind),
            Target::Pem if group.iter().all(|object| extension(object.kind) == "crt") => "crt",
            Target::Pem => "pem",
        };
        if self.outputs == 1 {
            return format!("{}.{extension}", self.stem);
        }
        // Leading zeros keep the files in the order of the chain when a shell sorts them.
        let width = self.outputs.to_string().len();
        format!("{}-{:0width$}.{extension}", self.stem, self.given)
    }
}

/// The extension for a PEM file with one object of this kind. Tableau wants
/// `.crt` for certificates and `.key` for keys.
fn extension(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Certificate | SectionKind::TrustedCertificate => "crt",
        kind if kind.is_private_key() => "key",
        SectionKind::CertificationRequest => "csr",
        SectionKind::Crl => "crl",
        SectionKind::Pkcs7 => "p7b",
        SectionKind::PublicKey | SectionKind::RsaPublicKey => "pub",
        _ => "pem",
    }
}

/// The source's name without folder and extension, in at most 64 harmless characters.
fn stem(source: &str) -> String {
    // The name may come from Windows, where a backslash ends a folder's name.
    let file = source.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let harmless = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') {
            c
        } else {
            '_'
        }
    };
    let stem: String = stem.chars().take(64).map(harmless).collect();
    // A leading dot would hide the file, and a leading hyphen would make it an option of the next
    // program.
    let stem = stem.trim_start_matches(['.', '-']);
    if stem.is_empty() {
        "converted".into()
    } else {
        stem.into()
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_name_is_never_a_path_or_an_option() {
        for (source, name) in [
            ("/etc/ssl/server.crt", "server"),
            ("..", "converted"),
            ("-", "converted"),
            ("--force.pem", "force"),
            ("a b;c.pem", "a_b_c"),
            ("C:\\certs\\x.cer", "x"),
            ("", "converted"),
            ("../../etc/passwd", "passwd"),
        ] {
            assert_eq!(stem(source), name, "{source}");
        }
    }
}
