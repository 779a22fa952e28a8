//! Every command of every remedy is run: for each case of testdata/ with a finding
//! whose remedy has commands, in a copy of testdata/, by a real shell with real
//! programs. Then the same certcheck command is run again, with the new file where
//! the remedy says so, and the finding is gone.
//!
//! What cannot be run here is counted under its reason, and the reasons are a list:
//! a remedy that neither heals nor stands there fails the test.
#![cfg(all(feature = "cli", unix))]

#[path = "remedies/lab.rs"]
mod lab;
#[path = "remedies/snapshot.rs"]
mod snapshot;
use crate::support;

use lab::Lab;
use serde_json::Value;
use snapshot::Snapshot;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::Case;
use support::program::scratch;

/// Commands that show something to a person, or need what no test has, each with
/// why: code, a part of the command, the reason.
const NOT_HEALING: &[(&str, &str, &str)] = &[
    (
        "key.mismatch",
        "certcheck match ",
        "shows which key belongs to the certificate: a person chooses",
    ),
    (
        "trust.not-in-store",
        "certcheck trust plan ",
        "prints a plan: tests/trust runs its scripts",
    ),
    (
        "trust.not-taken-up",
        "certcheck trust plan ",
        "prints a plan: tests/trust runs its scripts",
    ),
    (
        "key.known-bad",
        "/pki/roca.new.key",
        "the finding is about a certificate: a CA must issue it anew for the new key",
    ),
    (
        "key.unknown",
        "secp160r1.new.key",
        "the settings name the old key: a person writes the new one's name there",
    ),
    ("config.kms-arn", "aws kms ", "needs an account at AWS"),
    ("config.password-unusable", "tabpy-user ", "needs TabPy"),
    (
        "config.controller-unchecked",
        "certcheck probe ",
        "needs Tableau Services Manager",
    ),
    (
        "key.legacy-encryption",
        "bcprov.jar",
        "needs Bouncy Castle's bcprov.jar",
    ),
    (
        "key.too-costly",
        "openssl pkcs8",
        "its passphrase is not kept, and each guess costs twenty million iterations",
    ),
    (
        "encoding.nothing-found",
        "ssh-keygen",
        "ssh-keygen leaves an Ed25519 key as it is; the next test has an RSA key",
    ),
];

/// Programs without which a command is not run, and the packages that have them.
const PROGRAMS: &[(&str, &str)] = &[
    ("openssl", "openssl"),
    ("keytool", "default-jdk-headless"),
    ("ssh-keygen", "openssh-client"),
    ("setfacl", "acl"),
    ("base64", "coreutils"),
    ("awk", "mawk"),
    ("sed", "sed"),
];

/// What became of a remedy.
enum Outcome {
    Healed,
    /// It is not for a machine to run.
    NotRun(String),
    /// This machine lacks something, which is written down as skipped.
    Skipped,
    Failed(String),
}

/// What must be gone: the same finding about the same thing.
fn still_there(document: &Value, finding: &Value, new: Option<&str>) -> bool {
    document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .any(|other| {
            let source = other["subject"]["source"].as_str();
            other["code"] == finding["code"]
                && other["evidence"] == finding["evidence"]
                && (other["subject"]["source"] == finding["subject"]["source"] || source == new)
        })
}

fn errors_of(document: &Value) -> BTreeSet<String> {
    let findings = document["findings"].as_array().into_iter().flatten();
    let errors = findings.filter(|finding| finding["severity"] == "error");
    errors
        .map(|finding| finding["code"].as_str().unwrap().to_owned())
        .collect()
}

/// The passphrases that may open what the case is about.
fn passphrases(case: &Case) -> Vec<String> {
    let mut files: Vec<PathBuf> = Vec::new();
    let words = case.words("run");
    if let Some(at) = words.iter().position(|word| word == "--passphrase-file") {
        files.push(case.dir.join(&words[at + 1]));
    }
    files.push(support::testdata().join("pki/passphrase.txt"));
    files.push(support::testdata().join("containers/passphrase.txt"));
    files.push(support::testdata().join("keys/passphrase.txt"));
    let first = |file: PathBuf| Some(fs::read_to_string(file).ok()?.lines().next()?.to_owned());
    files.into_iter().filter_map(first).collect()
}

/// The command again, with the new file where the remedy says so.
fn with_new_file(lab: &Lab, case: &Case, then: &Value) -> Vec<String> {
    let mut words = case.words("run");
    let Some(file) = then["file"].as_str() else {
        return words;
    };
    if let Some(option) = then["option"].as_str() {
        words.extend([option.to_owned(), file.to_owned()]);
        return words;
    }
    let Some(old) = then["in_place_of"].as_str() else {
        words.push(file.to_owned());
        return words;
    };
    let mut there = false;
    for word in words.iter_mut().filter(|word| *word == old) {
        file.clone_into(word);
        there = true;
    }
    if !there {
        // Then it stands in the settings.
        for entry in fs::read_dir(lab.place(case)).unwrap() {
            let path = entry.unwrap().path();
            if let Ok(text) = fs::read_to_string(&path)
                && path
                    .extension()
                    .is_some_and(|end| end == "conf" || end == "cfg")
            {
                fs::write(&path, text.replace(old, file)).unwrap();
            }
        }
    }
    words
}

fn heal(lab: &Lab, case: &Case, finding: &Value, original: &Value) -> Outcome {
    let code = finding["code"].as_str().unwrap();
    let remedy = &finding["remedy"];
    let strings = |value: &Value| -> Vec<String> {
        let all = value.as_array().into_iter().flatten();
        all.map(|item| item.as_str().unwrap().to_owned()).collect()
    };
    let (commands, needs) = (strings(&remedy["commands"]), strings(&remedy["needs"]));
    let line = commands.join(" && ");
    let mut words = line
        .split_whitespace()
        .map(|word| word.trim_start_matches('('));
    let lacks = words.any(|word| {
        let known = PROGRAMS.iter().find(|(program, _)| *program == word);
        known.is_some_and(|(program, package)| !support::here::have(program, package))
    });
    if lacks {
        return Outcome::Skipped;
    }
    if needs.iter().any(|need| need == "privilege") && !lab.is_root {
        support::here::skipped("remedies that change owners", "not run as root");
        return Outcome::Skipped;
    }
    if let Some(user) = line.strip_prefix("chown ").and_then(owner)
        && !is_user(user)
    {
        let package = if user == "postgres" {
            "postgresql"
        } else {
            user
        };
        support::here::skipped(
            &format!("remedies that give files to {user}"),
            &format!("no such user (apt-get install {package})"),
        );
        return Outcome::Skipped;
    }
    // Such a command must at least run: a mistyped option in it would otherwise be found by an
    // administrator.
    let stays = NOT_HEALING
        .iter()
        .find(|(of, part, _)| *of == code && line.contains(part));
    if let Some((_, _, why)) = stays {
        let remote = needs.iter().any(|need| need == "network");
        if line.starts_with("certcheck ") && !line.contains("/usr/") && !remote {
            let output = lab.shell(case, &line, "");
            if output.status.code().is_none_or(|status| status >= 2) {
                return Outcome::Failed(said(&line, &output));
            }
        }
        return Outcome::NotRun((*why).to_owned());
    }
    // The issuer, as if the CA had sent it, under the name that the command has.
    let mut suppliers = vec![None];
    if needs.iter().any(|need| need == "certificate") {
        let name = finding["evidence"]["issuer_name"].as_str().unwrap();
        let known = lab.authorities.get(name).cloned().unwrap_or_default();
        // testdata/ has several certificates of one name; the remedy must heal with one of them.
        suppliers = known.into_iter().map(Some).collect();
        if suppliers.is_empty() {
            return Outcome::NotRun("the issuer is not in the PKI of testdata/".to_owned());
        }
    }
    let mut problem = String::new();
    let mut allowed = errors_of(original);
    if needs.iter().any(|need| need == "issuance") {
        // The certificate for the new key is the CA's to make.
        allowed.insert("key.mismatch".to_owned());
    }
    for supplier in suppliers {
        let inputs = if needs.iter().any(|need| need == "passphrase") {
            passphrases(case)
        } else {
            vec![String::new()]
        };
        for input in inputs {
            let dirs = folders(lab, case, &line);
            let before = Snapshot::of(&dirs);
            if let Some(file) = &supplier {
                let words = line.split_whitespace();
                let wanted = words
                    .map(|word| word.trim_matches('\''))
                    .find(|word| word.ends_with(".issuer.crt") || word.ends_with(".root.crt"));
                let wanted = wanted.or(remedy["then"]["file"].as_str()).unwrap();
                fs::copy(file, lab.place(case).join(wanted)).unwrap();
            }
            // openssl and keytool ask once, or twice for a new passphrase, or for two stores.
            let output = lab.shell(case, &line, &format!("{input}\n").repeat(3));
            // certcheck says with 1 that something is wrong with what it wrote.
            let ran = output.status.success()
                || (line.contains("certcheck ") && output.status.code() == Some(1));
            if !ran {
                problem = said(&line, &output);
                before.restore(&dirs);
                continue;
            }
            if needs.iter().any(|need| need == "issuance") {
                issue(lab, case, &remedy["then"]);
            }
            let words = with_new_file(lab, case, &remedy["then"]);
            let document = lab.judged(case, &words);
            let configs = lab.place(case);
            // The next finding of the case must meet the files as they were. A remedy that changes
            // a file which it does not name would surprise an administrator.
            let changed = before.restore(&dirs);
            let only_settings = |file: &String| Path::new(file).starts_with(&configs);
            if let Some(file) = changed.iter().find(|file| !only_settings(file)) {
                return Outcome::Failed(format!("{line}\n   changed {file}"));
            }
            match document {
                Some(document)
                    if !still_there(&document, finding, remedy["then"]["file"].as_str()) =>
                {
                    return Outcome::Healed;
                }
                Some(_) => {
                    problem = format!("{line}\n   then {words:?}\n   the finding is still there")
                }
                None => problem = format!("{line}\n   then {words:?}\n   no document"),
            }
        }
    }
    Outcome::Failed(problem)
}

/// The user of chown's operands.
fn owner(operands: &str) -> Option<&str> {
    let word = operands
        .split_whitespace()
        .find(|word| !word.starts_with('-'))?;
    word.split(':').next().filter(|word| !word.is_empty())
}

fn is_user(name: &str) -> bool {
    let id = Command::new("id").args(["-u", name]).output();
    id.unwrap().status.success()
}

/// A CA of testdata/ issues a certificate for the new key; it is given in place of
/// the old one by nobody, since the finding is about the key.
fn issue(lab: &Lab, case: &Case, then: &Value) {
    let key = then["file"].as_str().unwrap();
    let line = format!(
        "openssl req -new -key '{key}' -subj /CN=server.example.test | \
         openssl x509 -req -CA \"$PKI/issuing.crt\" -CAkey \"$PKI/issuing.key\" -days 30 -out /dev/null"
    );
    let output = lab.shell(case, &line, "");
    assert!(output.status.success(), "{}", said(&line, &output));
}

/// The directories in which the files of a line lie, and the case's own.
fn folders(lab: &Lab, case: &Case, line: &str) -> Vec<PathBuf> {
    let own = lab.place(case);
    let mut dirs = vec![own.clone()];
    for word in line.split_whitespace() {
        let word = word.trim_matches(['\'', '(', ')']);
        if let Some((folder, _)) = word.rsplit_once('/')
            && let Ok(dir) = fs::canonicalize(own.join(folder))
            && dir.starts_with(fs::canonicalize(lab.dir.path()).unwrap())
            && !dirs.contains(&dir)
        {
            dirs.push(dir);
        }
    }
    dirs
}

fn said(line: &str, output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr].concat();
    let text: String = String::from_utf8_lossy(&text).chars().take(600).collect();
    format!("{line}\n   exit {:?}: {text}", output.status.code())
}

/// What became of the remedies of some cases.
#[derive(Default)]
struct Tally {
    run: usize,
    skipped: usize,
    healed: BTreeMap<String, usize>,
    reasons: BTreeMap<String, usize>,
    failed: Vec<String>,
}

impl Tally {
    fn of(cases: &[&Case]) -> Self {
        let (lab, mut tally) = (Lab::new(), Self::default());
        for case in cases {
            tally.add(&lab, case);
        }
        tally
    }

    fn add(&mut self, lab: &Lab, case: &Case) {
        let Some(document) = lab.judged(case, &case.words("run")) else {
            return;
        };
        for finding in document["findings"].as_array().unwrap() {
            let remedy = &finding["remedy"];
            let commands = remedy["commands"].as_array();
            if commands.is_none_or(Vec::is_empty) && remedy["then"].is_null() {
                continue;
            }
            self.run += 1;
            let code = finding["code"].as_str().unwrap();
            match heal(lab, case, finding, &document) {
                Outcome::Skipped => self.skipped += 1,
                Outcome::Healed => *self.healed.entry(code.to_owned()).or_default() += 1,
                Outcome::NotRun(why) => {
                    *self.reasons.entry(format!("{code}: {why}")).or_default() += 1
                }
                Outcome::Failed(why) => {
                    self.failed
                        .push(format!("{}: {code}\n   {why}", case.name()));
                }
            }
        }
    }

    fn join(mut self, other: Self) -> Self {
        self.run += other.run;
        self.skipped += other.skipped;
        for (code, count) in other.healed {
            *self.healed.entry(code).or_default() += count;
        }
        for (why, count) in other.reasons {
            *self.reasons.entry(why).or_default() += count;
        }
        self.failed.extend(other.failed);
        self
    }
}

#[test]
fn every_command_of_a_remedy_heals() {
    // The modes of key files are right before they are copied.
    let cases = support::cases();
    let parts: Vec<Vec<&Case>> = (0..4)
        .map(|part| cases.iter().skip(part).step_by(4).collect())
        .collect();
    let tally = std::thread::scope(|scope| {
        let threads: Vec<_> = parts
            .iter()
            .map(|part| scope.spawn(|| Tally::of(part)))
            .collect();
        let tallies = threads.into_iter().map(|thread| thread.join().unwrap());
        tallies.fold(Tally::default(), Tally::join)
    });
    let Tally {
        run,
        skipped,
        healed,
        reasons,
        failed,
    } = tally;
    let all: usize = healed.values().sum();
    let left: usize = reasons.values().sum();
    println!(
        "{run} remedies: {all} healed, {left} are not for a machine, {skipped} skipped, {} failed",
        failed.len()
    );
    for (code, count) in &healed {
        println!("  healed {count:4} {code}");
    }
    for (why, count) in &reasons {
        println!("  not run {count:3} {why}");
    }
    assert!(
        failed.is_empty(),
        "{}\n{} failed",
        failed.join("\n"),
        failed.len()
    );
    assert!(run >= 150, "only {run} remedies");
}

/// What no case can hold, since it is made anew each time: an RSA key in SSH's
/// form, and a value of a Kubernetes secret.
#[test]
fn keys_of_other_programs_become_pem() {
    if !support::here::have("ssh-keygen", "openssh-client") {
        return;
    }
    let dir = scratch();
    let at = dir.path();
    let make = Command::new("ssh-keygen")
        .args(["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", "id rsa"])
        .current_dir(at)
        .status();
    assert!(make.unwrap().success());
    let judged = |file: &str| {
        let path = at.join(file).display().to_string();
        support::program::document(&["inspect", &path]).1
    };
    let remedy = judged("id rsa")["findings"][0]["remedy"].clone();
    let line = remedy["commands"][0].as_str().unwrap();
    let ran = Command::new("sh").args(["-c", line]).output().unwrap();
    assert!(ran.status.success(), "{}", said(line, &ran));
    let new = remedy["then"]["file"].as_str().unwrap();
    let (exit, document) = support::program::document(&["inspect", new]);
    assert_eq!(exit, 0, "{document}");
    assert_eq!(document["result"]["objects"][0]["kind"], "private-key");
    // Run again it does nothing: the file is there.
    let again = Command::new("sh").args(["-c", line]).output().unwrap();
    assert!(!again.status.success());
}
