//! Files that HAProxy loads because they are next to a certificate: `.sctl`, `.ocsp`, `.issuer`
//! (`ssl_sock_load_files_into_ckch` of 2.6.12). It ignores any other file there, such as `.dh`.

use super::super::{Context, Looked, NamedPath, Settings, shown};
use super::TEST;
use super::global::Global;
use crate::encoding::Document;
use crate::model::Certificate;
use crate::source::Source;

/// `tune.bufsize`'s default: HAProxy reads only the beginning of a longer file.
const BUFFER: usize = 16384;

/// Whether the file holds a private key: HAProxy then does not look for one next to it.
pub(super) fn holds_key(bytes: &[u8]) -> bool {
    bytes.split(|&byte| byte == b'\n').any(|line| {
        let line = line.trim_ascii_end();
        line.starts_with(b"-----BEGIN ") && line.ends_with(b"PRIVATE KEY-----")
    })
}

/// The path of a certificate's files without its ending.
fn stem<'p>(file: &'p NamedPath, global: &Global) -> &'p str {
    let whole = file.path.as_str();
    match whole.strip_suffix(".crt") {
        Some(stem) if global.without_extension => stem,
        _ => whole,
    }
}

/// The key of a certificate whose file holds none: without it `haproxy -c` fails.
pub(super) fn key(
    file: &NamedPath,
    line: usize,
    global: &Global,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    if !global.extras.key {
        let message = format!("No Private Key found in '{}'.", shown(&file.path));
        settings.refuse_at("crt", &message, TEST, line);
        return;
    }
    let path = format!("{}.key", stem(file, global));
    // An unreadable file is reported where the key is judged.
    if let Some(Looked::Missing) = settings.look(context, &path) {
        let message = format!("No Private Key found in '{}'.", shown(&path));
        settings.refuse_at("crt", &message, TEST, line);
    }
}

/// Checks the files next to one certificate.
pub(super) fn check(
    file: &NamedPath,
    line: usize,
    global: &Global,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let stem = stem(file, global);
    if global.extras.sctl {
        list(&format!("{stem}.sctl"), line, context, settings);
    }
    if global.extras.ocsp {
        answer(file, stem, line, global, context, settings);
    }
}

/// A list of signed certificate timestamps.
fn list(path: &str, line: usize, context: &Context<'_>, settings: &mut Settings) {
    let broken = match settings.look(context, path) {
        Some(Looked::Read(source)) => {
            let bytes = source.bytes();
            !whole(bytes.get(..BUFFER).unwrap_or(bytes))
        }
        Some(Looked::Directory(_)) => true,
        Some(Looked::Missing) => false,
        Some(Looked::Unreadable(_)) | None => {
            let reason = format!("{} was not read", shown(path));
            settings.not_judged("crt", reason, line);
            false
        }
    };
    if broken {
        let message = format!("'{}' is present but cannot be read or parsed", shown(path));
        settings.refuse_at("crt", &message, TEST, line);
    } else if settings
        .look(context, path)
        .is_some_and(|looked| matches!(looked, Looked::Read(_)))
    {
        // Measured: it frees the list twice when it ends (Debian's 2.6.12-1+deb12u4), so a service
        // that tests its configuration first does not start.
        let reason = format!(
            "with {} HAProxy 2.6.12 finds the configuration valid, and then crashes in `haproxy -c`",
            shown(path)
        );
        settings.not_judged("crt", reason, line);
    }
}

/// RFC 6962 3.3: a length of two bytes, and elements of such lengths that fill it.
fn whole(bytes: &[u8]) -> bool {
    let element = |bytes: &[u8]| -> Option<(usize, usize)> {
        let (&high, rest) = bytes.split_first()?;
        let (&low, rest) = rest.split_first()?;
        Some((usize::from(high) << 8 | usize::from(low), rest.len()))
    };
    let Some((length, behind)) = element(bytes) else {
        return false;
    };
    if length != behind {
        return false;
    }
    let mut rest = bytes.get(2..).unwrap_or_default();
    while !rest.is_empty() {
        let Some((length, behind)) = element(rest) else {
            return false;
        };
        if length > behind {
            return false;
        }
        rest = rest.get(length + 2..).unwrap_or_default();
    }
    true
}

/// An OCSP answer: its contents are never an error, but its issuer must be known.
fn answer(
    file: &NamedPath,
    stem: &str,
    line: usize,
    global: &Global,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let path = format!("{stem}.ocsp");
    match settings.look(context, &path) {
        Some(Looked::Missing) => return,
        // A successful response: SEQUENCE, ENUMERATED 0 (RFC 6960 section 4.2.1).
        Some(Looked::Read(source))
            if source.bytes().first() == Some(&0x30)
                && source
                    .bytes()
                    .get(..8)
                    .is_some_and(|head| head.windows(3).any(|part| part == [10, 1, 0])) =>
        {
            let reason = format!(
                "certcheck does not read {}: clients refuse a certificate that it calls revoked",
                shown(&path)
            );
            settings.not_judged("crt", reason, line);
        }
        Some(Looked::Read(_)) => {}
        Some(Looked::Directory(_)) => {
            let message = format!("'{}': Error reading OCSP response from file", shown(&path));
            settings.refuse_at("crt", &message, TEST, line);
            return;
        }
        Some(Looked::Unreadable(_)) | None => {
            let reason = format!("{} was not read", shown(&path));
            settings.not_judged("crt", reason, line);
            return;
        }
    }
    // Problems of the certificate itself are reported elsewhere.
    let Some(Looked::Read(source)) = settings.look(context, &file.path) else {
        return;
    };
    let chain = Document::read(Source::new("", source.bytes().to_vec()));
    let chain = certificates(&chain);
    let Some((own, others)) = chain.split_first() else {
        return;
    };
    let mut known = others.iter().any(|other| issued(other, own));
    if global.extras.issuer {
        let path = format!("{stem}.issuer");
        match settings.look(context, &path) {
            Some(Looked::Missing) => {}
            Some(Looked::Read(source)) => {
                let document = Document::read(Source::new("", source.bytes().to_vec()));
                let message = match certificates(&document).first() {
                    Some(issuer) if issued(issuer, own) => {
                        known = true;
                        None
                    }
                    Some(_) => Some("is not an issuer"),
                    None => Some("cannot be read or parsed"),
                };
                if let Some(message) = message {
                    let message = format!("'{}' {message}", shown(&path));
                    settings.refuse_at("crt", &message, TEST, line);
                    return;
                }
            }
            _ => {
                let reason = format!("{} was not read", shown(&path));
                settings.not_judged("crt", reason, line);
                return;
            }
        }
    }
    if known {
        return;
    }
    if global.issuers.is_some() && others.is_empty() {
        let reason = "certcheck does not judge whether issuers-chain-path has the issuer of the OCSP response";
        settings.not_judged("crt", reason, line);
        return;
    }
    let message = format!(
        "'{}' is present and activates OCSP but it is impossible to compute the OCSP certificate \
         ID (maybe the issuer could not be found)",
        shown(&path)
    );
    settings.refuse_at("crt", &message, TEST, line);
}

/// The certificates of a file, up to the first invalid one.
pub(super) fn certificates(document: &Document) -> Vec<Certificate<'_>> {
    document
        .sections()
        .iter()
        .filter(|section| {
            section
                .label()
                .is_some_and(|label| label.ends_with("CERTIFICATE"))
        })
        .map_while(|section| Certificate::parse(section.der()?).ok())
        .collect()
}

/// `X509_check_issued`: names and key identifiers, no signature.
pub(super) fn issued(issuer: &Certificate<'_>, own: &Certificate<'_>) -> bool {
    let names = issuer.subject().matches(&own.issuer());
    let wanted = own
        .authority_key_id()
        .and_then(|authority_key_id| authority_key_id.key_id);
    let keys = match (wanted, issuer.subject_key_id()) {
        (Some(wanted), Some(found)) => wanted == found,
        _ => true,
    };
    names && keys
}

#[cfg(test)]
mod tests {
    use super::whole;

    /// What `haproxy -c` 2.6.12 said.
    #[test]
    fn lists_of_timestamps() {
        for bytes in [&[0, 0][..], &[0, 4, 0, 2, 1, 2]] {
            assert!(whole(bytes), "{bytes:?}");
        }
        for bytes in [
            &[][..],
            &[0],
            b"junk\n",
            &[0, 4, 0, 3, 1, 2],
            &[0, 5, 0, 2, 1, 2],
            &[0, 1, 0],
        ] {
            assert!(!whole(bytes), "{bytes:?}");
        }
    }
}
