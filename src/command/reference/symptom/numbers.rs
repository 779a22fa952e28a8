//! Translates the numbers in an error text into words: OpenSSL's verification errors (`error 20 at
//! 0 depth lookup`) and the alerts of TLS, whose names every library spells in its own way.

use super::tokens::normalized;
use std::fmt::Write;

/// The most lines that are added to a text: a log has fewer kinds of errors.
const MOST: usize = 16;

/// The text and, after it, its numbers and alerts in words.
pub(super) fn spelt_out(text: &str) -> String {
    let apart = normalized(&split_capitals(text));
    let words: Vec<&str> = apart.split(' ').collect();
    let mut out = text.to_owned();
    let mut added = 0;
    for said in text.lines().flat_map(numbered) {
        if added < MOST {
            let _ = write!(out, "\n{said}");
            added += 1;
        }
    }
    for at in 0..words.len() {
        let behind = words.get(at..).unwrap_or_default();
        let said = verification(behind)
            .map(str::to_owned)
            .or_else(|| alert(behind).map(|name| format!("tls alert {name}")));
        if let Some(said) = said.filter(|_| added < MOST) {
            let _ = write!(out, "\n{said}");
            added += 1;
        }
    }
    out
}

/// The names of the numbers in a line, if the line says whose numbers they are.
fn numbered(line: &str) -> Vec<&'static str> {
    let normal = normalized(line);
    let words: Vec<&str> = normal.split(' ').collect();
    let lower = line.to_ascii_lowercase();
    let numbers: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|part| {
            part.trim_start_matches('-')
                .starts_with(|c: char| c.is_ascii_digit())
        })
        .collect();
    let (mut ours, mut found) = (false, Vec::new());
    for row in NUMBERS.lines() {
        if let Some(names) = row.strip_prefix("@ ") {
            // A number means nothing without its library: -8179 is an NSS error only in a line that names
            // NSS or one of its programs.
            ours = !numbers.is_empty()
                && names
                    .split(' ')
                    .any(|name| words.iter().any(|word| word.starts_with(name)));
        } else if let Some((number, text)) = row.split_once(' ').filter(|_| ours)
            && numbers.contains(&number)
        {
            found.push(text);
        }
    }
    found
}

/// Libraries that report numbers: after `@`, the words that mark a line as theirs; then, per line,
/// a number and its text.
const NUMBERS: &str = include_str!("../pages/numbers.txt");

/// `BadCertificate` as `Bad Certificate`.
pub(super) fn split_capitals(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            out.push(' ');
        }
        out.push(c);
        before = c;
    }
    out
}

/// The text of OpenSSL's number, if these words begin with one: `openssl verify`, `s_client`,
/// HAProxy and nginx write it like this.
fn verification(words: &[&str]) -> Option<&'static str> {
    let number = match words {
        ["error", number, "at", _, "depth", ..]
        | ["verify", "error", "num", number, ..]
        | ["verify", "return", "code", number, ..]
        | ["verify", "error", number, ..]
        | ["verification", "error", number, ..]
        | ["x509", "verify", "result", number, ..] => number,
        _ => return None,
    };
    let number: usize = number.parse().ok()?;
    // The table starts at X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT (2): 0 is success, and 1 is
    // unspecified.
    let text = VERIFICATION.get(number.checked_sub(2)?).copied()?;
    // Numbers changed from version to version: the words in the line count.
    let line = words.join(" ");
    let is_said = |text: &&str| line.contains(&normalized(text));
    (!VERIFICATION.iter().any(is_said)).then_some(text)
}

/// The name of the alert that these words begin with.
fn alert(words: &[&str]) -> Option<&'static str> {
    let rest = match words {
        ["alert", "number", number, ..]
        | ["received", "alert", number, ..]
        | ["alert", "code", "is", number, ..]
        | ["alert", "code", number, ..] => {
            return named(number);
        }
        ["tls", "alert", number, ..] if named(number).is_some() => return named(number),
        ["remote", "error", "tls", rest @ ..] | ["alert", "fatal", rest @ ..] => rest,
        ["alert", "level", "fatal", "description", rest @ ..]
        | ["alert", "received" | "description", rest @ ..]
        | ["alert", rest @ ..] => rest,
        _ => return None,
    };
    let is_called = |spelling: &str| {
        spelling
            .split(' ')
            .enumerate()
            .all(|(at, word)| rest.get(at) == Some(&word))
    };
    let found = ALERTS
        .iter()
        .filter_map(|(_, name, other)| {
            let spelt = [*name, *other]
                .into_iter()
                .filter(|spelling| !spelling.is_empty());
            let longest = spelt
                .filter(|spelling| is_called(spelling))
                .map(str::len)
                .max()?;
            Some((longest, *name))
        })
        .max_by_key(|(longest, _)| *longest);
    found.map(|(_, name)| name)
}

fn named(number: &str) -> Option<&'static str> {
    let number: u8 = number.parse().ok()?;
    let mut rows = ALERTS.iter();
    rows.find(|row| row.0 == number).map(|row| row.1)
}

/// Number, name (RFC 8446 section 6, RFC 5246, SSL 3.0) and Go's words where they differ
/// (crypto/tls/alert.go).
const ALERTS: &[(u8, &str, &str)] = &[
    (0, "close notify", ""),
    (10, "unexpected message", ""),
    (20, "bad record mac", ""),
    (21, "decryption failed", ""),
    (22, "record overflow", ""),
    (30, "decompression failure", ""),
    (40, "handshake failure", "handshake failed"),
    (41, "no certificate", ""),
    (42, "bad certificate", "certificate is bad"),
    (43, "unsupported certificate", ""),
    (44, "certificate revoked", "revoked certificate"),
    (45, "certificate expired", "expired certificate"),
    (46, "certificate unknown", "unknown certificate"),
    (47, "illegal parameter", ""),
    (48, "unknown ca", "unknown certificate authority"),
    (49, "access denied", ""),
    (50, "decode error", "error decoding message"),
    (51, "decrypt error", "error decrypting message"),
    (60, "export restriction", ""),
    (70, "protocol version", "protocol version not supported"),
    (71, "insufficient security", "insufficient security level"),
    (80, "internal error", ""),
    (86, "inappropriate fallback", ""),
    (90, "user canceled", "user cancelled"),
    (100, "no renegotiation", ""),
    (109, "missing extension", ""),
    (110, "unsupported extension", ""),
    (111, "certificate unobtainable", ""),
    (112, "unrecognized name", "unrecognised name"),
    (113, "bad certificate status response", ""),
    (114, "bad certificate hash value", ""),
    (115, "unknown psk identity", ""),
    (116, "certificate required", "certificate is required"),
    (120, "no application protocol", ""),
    (121, "ech required", "encrypted client hello required"),
];

/// OpenSSL 3.0's texts from number 2 on (`X509_verify_cert_error_string`).
const VERIFICATION: &[&str] = &[
    "unable to get issuer certificate",
    "unable to get certificate CRL",
    "unable to decrypt certificate's signature",
    "unable to decrypt CRL's signature",
    "unable to decode issuer public key",
    "certificate signature failure",
    "CRL signature failure",
    "certificate is not yet valid",
    "certificate has expired",
    "CRL is not yet valid",
    "CRL has expired",
    "format error in certificate's notBefore field",
    "format error in certificate's notAfter field",
    "format error in CRL's lastUpdate field",
    "format error in CRL's nextUpdate field",
    "out of memory",
    "self-signed certificate",
    "self-signed certificate in certificate chain",
    "unable to get local issuer certificate",
    "unable to verify the first certificate",
    "certificate chain too long",
    "certificate revoked",
    "issuer certificate doesn't have a public key",
    "path length constraint exceeded",
    "unsuitable certificate purpose",
    "certificate not trusted",
    "certificate rejected",
    "subject issuer mismatch",
    "authority and subject key identifier mismatch",
    "authority and issuer serial number mismatch",
    "key usage does not include certificate signing",
    "unable to get CRL issuer certificate",
    "unhandled critical extension",
    "key usage does not include CRL signing",
    "unhandled critical CRL extension",
    "invalid non-CA certificate (has CA markings)",
    "proxy path length constraint exceeded",
    "key usage does not include digital signature",
    "proxy certificates not allowed, please set the appropriate flag",
    "invalid or inconsistent certificate extension",
    "invalid or inconsistent certificate policy extension",
    "no explicit policy",
    "different CRL scope",
    "unsupported extension feature",
    "RFC 3779 resource not subset of parent's resources",
    "permitted subtree violation",
    "excluded subtree violation",
    "name constraints minimum and maximum not supported",
    "application verification failure",
    "unsupported name constraint type",
    "unsupported or invalid name constraint syntax",
    "unsupported or invalid name syntax",
    "CRL path validation error",
    "path loop",
    "Suite B: certificate version invalid",
    "Suite B: invalid public key algorithm",
    "Suite B: invalid ECC curve",
    "Suite B: invalid signature algorithm",
    "Suite B: curve not allowed for this LOS",
    "Suite B: cannot sign P-384 with P-256",
    "hostname mismatch",
    "email address mismatch",
    "IP address mismatch",
    "no matching DANE TLSA records",
    "EE certificate key too weak",
    "CA certificate key too weak",
    "CA signature digest algorithm too weak",
    "invalid certificate verification context",
    "issuer certificate lookup error",
    "Certificate Transparency required, but no valid SCTs found",
    "proxy subject name violation",
    "OCSP verification needed",
    "OCSP verification failed",
    "OCSP unknown cert",
    "Cannot find certificate signature algorithm",
    "subject signature algorithm and issuer public key algorithm mismatch",
    "cert info signature and signature algorithm mismatch",
    "invalid CA certificate",
    "Path length invalid for non-CA cert",
    "Path length given without key usage keyCertSign",
    "Key usage keyCertSign invalid for non-CA cert",
    "Issuer name empty",
    "Subject name empty",
    "Missing Authority Key Identifier",
    "Missing Subject Key Identifier",
    "Empty Subject Alternative Name extension",
    "Subject empty and Subject Alt Name extension not critical",
    "Basic Constraints of CA cert not marked critical",
    "Authority Key Identifier marked critical",
    "Subject Key Identifier marked critical",
    "CA cert does not include key usage extension",
    "Using cert extension requires at least X509v3",
    "Certificate public key has explicit ECC parameters",
];

#[cfg(test)]
mod tests {
    use super::spelt_out;

    #[test]
    fn numbers_and_names_of_alerts_are_said_in_words() {
        for (text, said) in [
            (
                "error 20 at 0 depth lookup",
                "unable to get local issuer certificate",
            ),
            ("verify error:num=18:", "self-signed certificate"),
            (
                "Verify return code: 94 (…)",
                "Certificate public key has explicit ECC parameters",
            ),
            ("SSL alert number 50", "tls alert decode error"),
            ("Received alert [116]", "tls alert certificate required"),
            (
                "received fatal alert: BadCertificate",
                "tls alert bad certificate",
            ),
            ("AlertReceived(UnknownCA)", "tls alert unknown ca"),
            (
                "The TLS protocol defined fatal alert code is 46.",
                "tls alert certificate unknown",
            ),
            ("NSS error -8179", "SEC_ERROR_UNKNOWN_ISSUER"),
            ("kCFStreamErrorCodeKey=-9807", "errSSLXCertChainInvalid"),
            (
                "mbedtls_ssl_handshake returned -0x7780",
                "SSL - A fatal alert message was received from our peer",
            ),
            (
                "remote error: tls: error decrypting message",
                "tls alert decrypt error",
            ),
            (
                "Received fatal alert: bad_certificate_status_response",
                "tls alert bad certificate status response",
            ),
            (
                "tlsv1 alert unrecognized name",
                "tls alert unrecognized name",
            ),
            (
                "CLIENT ALERT: Fatal - Unsupported Certificate",
                "tls alert unsupported certificate",
            ),
        ] {
            let out = spelt_out(text);
            assert!(
                out.lines().skip(1).any(|line| line == said),
                "{text}: {out}"
            );
        }
        for text in [
            "error 1000 at 0 depth lookup",
            "alert",
            "on alert we page you",
            "port -9807",
        ] {
            assert_eq!(spelt_out(text), text);
        }
    }
}
