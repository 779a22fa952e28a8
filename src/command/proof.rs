//! Remedies that are tried before they are offered.
//!
//! Where the commands of a remedy are certcheck's own (`convert`, `chain --fix`), they are
//! applied to the files in memory, and the preflight judges again. What it then says is the
//! remedy's proof. Commands of other programs are not run: the report says what must hold
//! afterwards.

use super::chain::fix;
use super::convert::contents;
use crate::answer::Answer;
use crate::client::Verdict;
use crate::encoding::Document;
use crate::encoding::convert::Conversion;
use crate::finding::{Proof, Remedy, Severity};
use crate::preflight::{Preflight, PreflightResult, StartupOutcome};
use crate::rule::Finding;
use crate::server::Profile;
use crate::source::Source;
use std::collections::BTreeMap;

/// The most remedies of one answer that are tried: each costs a preflight.
const MOST: usize = 3;

/// Inputs of more in total are not judged again: a chain has a few kilobytes.
const MOST_BYTES: usize = 1 << 20;

/// The same answer, with its remedies tried.
pub fn proven(
    preflight: &Preflight,
    mut answer: Answer<PreflightResult>,
) -> Answer<PreflightResult> {
    let mut tried: BTreeMap<Vec<String>, Proof> = BTreeMap::new();
    if preflight.size() > MOST_BYTES {
        return answer;
    }
    for finding in &mut answer.findings {
        // A notice means that nothing is broken, so there is nothing to prove.
        if finding.severity < Severity::Warning {
            continue;
        }
        let Some(remedy) = finding
            .remedy()
            .filter(|remedy| !remedy.commands.is_empty())
        else {
            continue;
        };
        // Several findings about a file often share a remedy: one preflight serves all of them.
        if let Some(known) = tried.get(&remedy.commands) {
            finding.proof = Some(known.clone());
            continue;
        }
        if tried.len() >= MOST {
            break;
        }
        if let Some(proof) = prove(preflight, finding, &remedy) {
            tried.insert(remedy.commands, proof.clone());
            finding.proof = Some(proof);
        }
    }
    answer
}

/// What a preflight says after the remedy; `None` if it cannot be tried.
fn prove(preflight: &Preflight, finding: &Finding, remedy: &Remedy) -> Option<Proof> {
    let then = remedy.then.as_ref()?;
    let mut made: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for command in &remedy.commands {
        let (name, bytes) = applied(preflight, &made, command)?;
        made.insert(name, bytes);
    }
    let new = Source::new(then.file.as_str(), made.remove(&then.file)?);
    let again = preflight.instead(then.in_place_of.as_deref()?, new)?.run();
    // Other errors may remain: the remedy works if its own finding is gone.
    let same =
        |other: &&Finding| other.code() == finding.code() && other.evidence == finding.evidence;
    let deciding = || again.result.clients.iter().filter(|row| row.decides);
    let accept = deciding().filter(|row| row.verdict == Verdict::Accepts);
    let startup = again.result.startup.as_ref();
    let mut remains: Vec<_> = again
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(Finding::code)
        .collect();
    remains.sort();
    remains.dedup();
    Some(Proof {
        heals: !again.findings.iter().any(|other| same(&other)),
        verdict: again.verdict().as_str(),
        starts: startup.map(|startup| startup.outcome == StartupOutcome::Starts),
        accept: accept.count() as u64,
        clients: deciding().count() as u64,
        remains,
    })
}

/// The name and the bytes of the file that a command writes; none for another program's.
fn applied(
    preflight: &Preflight,
    made: &BTreeMap<String, Vec<u8>>,
    command: &str,
) -> Option<(String, Vec<u8>)> {
    let words = words(command)?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let read = |name: &str| {
        let bytes = match made.get(name) {
            Some(bytes) => bytes.clone(),
            None => preflight.input(name)?.to_vec(),
        };
        Some(Document::read(Source::new(name, bytes)))
    };
    match words.as_slice() {
        ["certcheck", "convert", input, "--to", "pem", "-o", output] => {
            let mut document = read(input)?;
            if let Some(taken) = contents(&document, None).ok()? {
                document = taken.document;
            }
            let plan = Conversion::to_pem().plan(&document).ok()?;
            // The command in the remedy names one output file; a conversion that needs several is not
            // this command.
            let [only] = plan.outputs.as_slice() else {
                return None;
            };
            Some(((*output).to_owned(), only.bytes.to_vec()))
        }
        ["certcheck", "chain", files @ .., "--fix", "-o", output] => {
            let documents: Option<Vec<_>> = files.iter().map(|file| read(file)).collect();
            let generic = Profile::named("generic")?;
            let fixed = fix(&documents?, generic, None, preflight.moment())?;
            Some(((*output).to_owned(), fixed.secret_bytes().to_vec()))
        }
        _ => None,
    }
}

/// The words of a command as a POSIX shell splits it; `None` if it has more than words and single
/// quotes.
fn words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in command.chars() {
        match (c, quoted) {
            ('\'', _) => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            (' ', false) => words.extend(word.take()),
            ('|' | '>' | '<' | '$' | '`' | '"' | '\\' | ';' | '&' | '*' | '?' | '(', false) => {
                return None;
            }
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    (!quoted).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn only_plain_commands_are_taken() {
        let taken = words("certcheck convert 'a b.crt' --to pem -o new.crt").unwrap();
        assert_eq!(
            taken,
            [
                "certcheck",
                "convert",
                "a b.crt",
                "--to",
                "pem",
                "-o",
                "new.crt"
            ]
        );
        for other in ["a | b", "a > b", "a 'b", "a $(b)", "a; b", "a \\b"] {
            assert_eq!(words(other), None, "{other}");
        }
    }
}
