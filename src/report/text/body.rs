//! The results of each command, without its findings.

use super::loaders::write_loads;
use super::places::common_name;
use super::style::{DIM, GOOD, STRONG};
use super::wrap::wrapped;
use super::{Detail, printable};
use crate::command::chain::ChainResult;
use crate::command::convert::ConvertResult;
use crate::command::inspect::{CertificateDetails, Details, Inspection, KeyDetails, Object};
use crate::command::matching::{Matching, Member};
use crate::command::verify::VerifyResult;
use crate::finding::Fingerprint;
use crate::shown::counted;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What is in the files.
pub fn inspection(inspection: &Inspection) -> String {
    let mut out = String::new();
    for object in &inspection.objects {
        write_object(&mut out, object);
    }
    write_loads(&mut out, &inspection.loads);
    out
}

/// One of them.
pub fn object(object: &Object) -> String {
    let mut out = String::new();
    write_object(&mut out, object);
    out
}

fn write_object(out: &mut String, object: &Object) {
    let lines = object
        .lines
        .map_or_else(String::new, |l| format!(":{}-{}", l.first, l.last));
    let label = object
        .label
        .as_deref()
        .map_or_else(String::new, |l| format!(", `{}`", printable(l)));
    let container = object
        .container
        .map_or_else(String::new, |index| format!(" {DIM}in #{index}{DIM:#}"));
    let _ = writeln!(
        out,
        "{STRONG}{}{STRONG:#}  {}{lines}{container} {DIM}({}{label}){DIM:#}",
        object.kind,
        printable(&object.source),
        object.encoding
    );
    if let Some(name) = &object.name {
        row(out, "name", name);
    }
    match &object.details {
        Details::None => {}
        Details::Certificate(details) => write_certificate(out, details),
        Details::Key(key) => write_key(out, key),
        Details::Csr(csr) => {
            row(out, "subject", &csr.subject);
            list(out, "names", &csr.subject_alt_names);
            write_key(out, &csr.public_key);
            row(out, "signature", &csr.signature_algorithm);
        }
        Details::Crl(crl) => {
            row(out, "issuer", &crl.issuer);
            row(out, "issued", &crl.this_update.to_string());
            if let Some(next) = crl.next_update {
                row(out, "next", &next.to_string());
            }
            if let Some(number) = &crl.number {
                row(out, "number", number);
            }
            row(out, "revoked", &crl.entries.to_string());
        }
        Details::Container(container) => {
            if let Some(words) = container.message {
                row(out, "type", words);
            }
            row(out, "contents", &container.contents.to_string());
            list(out, "closed", &container.closed);
            list(out, "encrypted", &container.ciphers);
            if let Some(mac) = &container.mac {
                row(out, "mac", mac);
            }
            let integrity = match container.integrity {
                "absent" => return,
                "not-checked" => "not checked without a passphrase",
                "not-computable" => "not computed here",
                "wrong" => "does not match this passphrase",
                "broken" => "does not match the contents, although this passphrase opens them",
                _ => "valid, with its passphrase",
            };
            row(out, "integrity", integrity);
        }
    }
}

fn write_certificate(out: &mut String, certificate: &CertificateDetails) {
    row(out, "subject", &certificate.subject);
    row(out, "issuer", &certificate.issuer);
    row(out, "serial", &certificate.serial);
    row(
        out,
        "valid",
        &format!("{} to {}", certificate.not_before, certificate.not_after),
    );
    list(out, "names", &certificate.subject_alt_names);
    write_key(out, &certificate.public_key);
    row(out, "signature", &certificate.signature_algorithm);
    let role = match (certificate.is_ca, certificate.self_signed) {
        (true, true) => "CA, self-signed",
        (true, false) => "CA",
        (false, true) => "end-entity, self-signed",
        (false, false) => "end-entity",
    };
    row(out, "role", role);
    list(out, "usage", &certificate.key_usage);
    list(out, "purposes", &certificate.extended_key_usage);
    list(out, "issuer at", &certificate.ca_issuers);
    for extension in &certificate.extensions {
        let name = extension.name.as_deref().unwrap_or(&extension.oid);
        let critical = if extension.critical {
            " (critical)"
        } else {
            ""
        };
        if let Some(text) = &extension.text {
            row(out, "extension", &format!("{name}{critical}: {text}"));
        } else if extension.name.is_none() {
            row(out, "extension", &format!("{name}{critical}"));
        }
    }
    row(out, "sha256", &certificate.sha256.to_string());
}

fn write_key(out: &mut String, key: &KeyDetails) {
    let bits = key
        .bits
        .map_or_else(String::new, |bits| format!(", {bits} bits"));
    row(out, "key", &format!("{}{bits}", key.algorithm));
    if let Some(encryption) = &key.encryption {
        row(out, "encrypted", encryption);
    }
    if let Some(digest) = key.spki_sha256 {
        row(out, "spki sha256", &digest.to_string());
    }
}

fn row(out: &mut String, name: &str, value: &str) {
    let _ = writeln!(out, "  {DIM}{name:<12}{DIM:#} {}", printable(value));
}

fn list(out: &mut String, name: &str, values: &[String]) {
    if !values.is_empty() {
        row(out, name, &values.join(", "));
    }
}

/// Which objects belong together.
pub fn matching(matching: &Matching) -> String {
    let mut out = String::new();
    for group in &matching.groups {
        let _ = writeln!(
            out,
            "{GOOD}match{GOOD:#} {} {DIM}spki sha256 {}{DIM:#}",
            printable(&group.algorithm),
            group.spki_sha256
        );
        for member in &group.members {
            let _ = writeln!(out, "  {}", place(member));
        }
    }
    if !matching.unmatched.is_empty() {
        let _ = writeln!(out, "{STRONG}without a counterpart{STRONG:#}");
        for member in &matching.unmatched {
            let _ = writeln!(out, "  {}", place(member));
        }
    }
    out
}

fn place(member: &Member) -> String {
    format!(
        "{:<12} {} {DIM}#{}{DIM:#}",
        member.kind,
        printable(&member.source),
        member.index
    )
}

/// What would be sent, and what is missing.
pub fn chain(chain: &ChainResult, detail: Detail) -> String {
    let mut out = String::new();
    if let Some(fix) = &chain.fix {
        super::fix::write(&mut out, fix, chain.complete);
    }
    let of = |digest: &Fingerprint| named(&chain.subjects, digest, detail);
    let sent: Vec<_> = chain.presented.iter().map(of).collect();
    let mut say = |title: &str, text: &str| {
        let first = format!("{STRONG}{title:<11}{STRONG:#}");
        out.push_str(&wrapped(&first, text, "           ", detail.width()));
    };
    let colon = if sent.is_empty() { "" } else { ": " };
    let count = counted(sent.len(), "certificate");
    say("presented", &format!("{count}{colon}{}", sent.join(", ")));
    for path in &chain.paths {
        let steps: Vec<_> = path.certificates.iter().map(of).collect();
        // JSON keeps the short words, which programs compare; people read a sentence.
        let ends = match path.ends_in {
            "trust-anchor" => "ends in a trust anchor",
            "self-signed" => "ends in a self-signed certificate",
            "below-root" => "ends below the root",
            _ => "incomplete",
        };
        say(
            "path",
            &format!("{} {DIM}({ends}){DIM:#}", steps.join(" <- ")),
        );
    }
    for missing in &chain.missing {
        let issuer = printable(&missing.issuer_name);
        let below = of(&missing.issuer_of);
        say(
            "missing",
            &format!("{issuer} {DIM}(issuer of {below}){DIM:#}"),
        );
    }
    out
}

/// A certificate by its common name; with its fingerprint if all details are requested.
fn named(subjects: &BTreeMap<Fingerprint, String>, digest: &Fingerprint, detail: Detail) -> String {
    let Some(subject) = subjects.get(digest) else {
        return digest.short();
    };
    // A common name alone may be that of several certificates: `-v` tells them apart.
    let name = printable(common_name(subject));
    if detail.verbose {
        format!("{name} {DIM}{}{DIM:#}", digest.short())
    } else {
        name.into_owned()
    }
}

/// What was written.
pub fn conversion(result: &ConvertResult) -> String {
    let mut out = String::new();
    for repair in &result.repairs {
        let _ = writeln!(out, "{STRONG}repaired{STRONG:#}  {}", printable(repair));
    }
    for place in &result.left_out {
        let _ = writeln!(
            out,
            "{STRONG}left out{STRONG:#}  section {}, which is damaged",
            place + 1
        );
    }
    for output in &result.outputs {
        let path = output.path.as_deref().unwrap_or("standard output");
        let secret = if output.secret { ", a private key" } else { "" };
        let _ = writeln!(
            out,
            "{STRONG}wrote{STRONG:#}     {} {DIM}({} object{}, {} bytes{secret}){DIM:#}",
            printable(path),
            output.objects,
            if output.objects == 1 { "" } else { "s" },
            output.bytes
        );
    }
    out
}

/// The path, the work it took to find it, and the policies that apply to it.
pub fn verification(result: &VerifyResult, detail: Detail) -> String {
    let mut out = String::new();
    if result.path.is_empty() {
        return out;
    }
    let of = |digest: &Fingerprint| named(&result.subjects, digest, detail);
    let steps: Vec<_> = result.path.iter().map(of).collect();
    let signatures = counted(result.work.signatures, "signature");
    let mut say = |title: &str, text: &str| {
        let first = format!("{STRONG}{title:<11}{STRONG:#}");
        out.push_str(&wrapped(&first, text, "           ", detail.width()));
    };
    say(
        "path",
        &format!(
            "{} {DIM}(profile {}, {signatures}){DIM:#}",
            steps.join(" <- "),
            result.profile
        ),
    );
    if !result.policies.is_empty() {
        say("policies", &result.policies.join(" "));
    }
    out
}
