//! Remedies that are tried before they are offered.
//!
//! Where the commands of a remedy are certcheck's own (`convert`, `chain --fix`), they are
//! applied to the files in memory, and the question is asked again. What it then says is the
//! remedy's proof. Commands of other programs are not run: the report says what must hold
//! afterwards. With `--fetch`, `curl` was already run: what came is used.

use super::chain::{ChainResult, chain, fix};
use super::convert::contents;
use super::issuers::FetchedIssuers;
use super::verify::{VerifyRequest, VerifyResult};
use crate::Time;
use crate::answer::Answer;
use crate::client::Verdict;
use crate::encoding::Document;
use crate::encoding::convert::Conversion;
use crate::finding::{Proof, Remedy, Severity};
use crate::preflight::{Preflight, PreflightResult, StartupOutcome};
use crate::rule::{ChainFact, Evidence, Finding};
use crate::server::Profile;
use crate::source::Source;
use crate::trust_store::Anchors;
use std::collections::BTreeMap;

/// The most remedies of one answer that are tried: each costs a preflight.
const MOST: usize = 3;

/// Inputs of more in total are not judged again: a chain has a few kilobytes.
const MOST_BYTES: usize = 1 << 20;

/// The same answer, with its remedies tried.
pub fn proven(
    preflight: &Preflight,
    fetched: &FetchedIssuers,
    answer: Answer<PreflightResult>,
) -> Answer<PreflightResult> {
    let bench = Bench {
        input: &|name| preflight.input(name).map(<[u8]>::to_vec),
        fetched,
        at: preflight.moment(),
    };
    if preflight.size() > MOST_BYTES {
        return answer;
    }
    bench.proven(answer, |remedy, bytes| {
        let then = remedy.then.as_ref()?;
        let new = Source::new(then.file.as_str(), bytes);
        let changed = match (&then.in_place_of, &then.option) {
            (Some(old), _) => preflight.instead(old, new),
            (None, Some(option)) => preflight.also(option, new),
            (None, None) => None,
        };
        let again = changed?.run();
        let deciding = || again.result.clients.iter().filter(|row| row.decides);
        let accept = deciding().filter(|row| row.verdict == Verdict::Accepts);
        let startup = again.result.startup.as_ref();
        let starts = startup.map(|startup| startup.outcome == StartupOutcome::Starts);
        let clients = (accept.count() as u64, deciding().count() as u64);
        Some((again.map(|_| ()), starts, clients))
    })
}

/// The answer of `chain`, with the remedies tried that use what was fetched.
pub fn proven_chain(
    documents: &[Document],
    fetched: &FetchedIssuers,
    (server, anchors, at): (&'static Profile, Option<&Anchors>, Time),
    answer: Answer<ChainResult>,
) -> Answer<ChainResult> {
    let bench = Bench {
        input: &|name| {
            let mut all = documents.iter().map(Document::source);
            let one = all.find(|source| source.name() == name)?;
            Some(one.bytes().to_vec())
        },
        fetched,
        at,
    };
    bench.proven(answer, |remedy, bytes| {
        let then = remedy.then.as_ref()?;
        let old = then.in_place_of.as_deref()?;
        let again: Vec<_> = documents
            .iter()
            .map(Document::source)
            .map(|source| match source.name() == old {
                true => Source::new(then.file.as_str(), bytes.clone()),
                false => Source::new(source.name(), source.bytes().to_vec()),
            })
            .map(Document::read)
            .collect();
        let again = chain(&again, server, anchors, at);
        Some((again.map(|_| ()), None, (0, 0)))
    })
}

/// The answer of `verify`, with the remedies tried that use what was fetched.
pub fn proven_path(
    mut question: VerifyRequest,
    fetched: &FetchedIssuers,
    answer: Answer<VerifyResult>,
) -> Answer<VerifyResult> {
    let files = std::iter::once(&question.leaf).chain(&question.intermediates);
    let files = files.map(Document::source);
    let files: BTreeMap<_, _> = files
        .map(|source| (source.name().to_owned(), source.bytes().to_vec()))
        .collect();
    let bench = Bench {
        input: &|name| files.get(name).cloned(),
        fetched,
        at: question.at,
    };
    bench.proven(answer, |remedy, bytes| {
        let then = remedy.then.as_ref()?;
        let old = then.in_place_of.as_deref()?;
        let mut given = std::iter::once(&mut question.leaf).chain(&mut question.intermediates);
        let file = given.find(|document| document.source().name() == old)?;
        let new = Document::read(Source::new(then.file.as_str(), bytes));
        let before = std::mem::replace(file, new);
        let again = question.ask();
        let mut given = std::iter::once(&mut question.leaf).chain(&mut question.intermediates);
        if let Some(file) = given.find(|document| document.source().name() == then.file) {
            *file = before;
        }
        Some((again.map(|_| ()), None, (0, 0)))
    })
}

/// The answer after a remedy, whether the server then starts, and how many of how many clients
/// accept.
type Again = (Answer<()>, Option<bool>, (u64, u64));

/// Where remedies are tried.
struct Bench<'a> {
    /// The content of an input, by its name.
    input: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    fetched: &'a FetchedIssuers,
    at: Time,
}

impl Bench<'_> {
    /// The same answer, with its remedies tried; `again` asks the question with the new file.
    fn proven<T>(
        &self,
        mut answer: Answer<T>,
        mut again: impl FnMut(&Remedy, Vec<u8>) -> Option<Again>,
    ) -> Answer<T> {
        let mut tried: BTreeMap<Vec<String>, Proof> = BTreeMap::new();
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
            let new = self.made(&remedy);
            if let Some(then) = new.and_then(|new| again(&remedy, new)) {
                let proof = proof(finding, then);
                tried.insert(remedy.commands, proof.clone());
                finding.proof = Some(proof);
            }
        }
        answer
    }

    /// The file that the commands of a remedy end with; `None` if they cannot be tried.
    fn made(&self, remedy: &Remedy) -> Option<Vec<u8>> {
        let then = remedy.then.as_ref()?;
        let mut made: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for command in &remedy.commands {
            let (name, bytes) = self.applied(&made, command)?;
            made.insert(name, bytes);
        }
        made.remove(&then.file)
    }

    /// The name and the bytes of the file that a command writes; none for another program's.
    fn applied(
        &self,
        made: &BTreeMap<String, Vec<u8>>,
        command: &str,
    ) -> Option<(String, Vec<u8>)> {
        let read = |name: &str| match made.get(name) {
            Some(bytes) => Some(bytes.clone()),
            None => (self.input)(name).or_else(|| Some(self.fetched.answer(name)?.to_vec())),
        };
        // The lines of several files in one: awk ends each.
        let lines = command.strip_prefix("(set -C; awk 1 ");
        if let Some((files, new)) = lines.and_then(|rest| rest.strip_suffix(')')?.split_once(" > "))
        {
            let mut all = Vec::new();
            for file in words(files)? {
                all.extend(read(&file)?);
                if all.last().is_some_and(|last| *last != b'\n') {
                    all.push(b'\n');
                }
            }
            let [new] = <[String; 1]>::try_from(words(new)?).ok()?;
            return Some((new, all));
        }
        let (came, command) = match command.strip_prefix("curl -sSfL ") {
            Some(rest) => {
                let (url, rest) = rest.split_once(" | ")?;
                let [url] = <[String; 1]>::try_from(words(url)?).ok()?;
                (Some(self.fetched.answer(&url)?), rest)
            }
            None => (None, command),
        };
        let words = words(command)?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let read = |name: &str| {
            let bytes = match came {
                Some(came) if name == "-" => came.to_vec(),
                _ => read(name)?,
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
                let fixed = fix(&documents?, generic, None, self.at)?;
                Some(((*output).to_owned(), fixed.secret_bytes().to_vec()))
            }
            _ => None,
        }
    }
}

/// What an answer after the remedy says about the finding.
fn proof(finding: &Finding, (again, starts, (accept, clients)): Again) -> Proof {
    // Other errors may remain: the remedy works if its own finding is gone.
    let same = |other: &Finding| {
        other.code() == finding.code() && is_same(&other.evidence, &finding.evidence)
    };
    let mut remains: Vec<_> = again
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(Finding::code)
        .collect();
    remains.sort();
    remains.dedup();
    Proof {
        heals: !again.findings.iter().any(same),
        verdict: again.verdict().as_str(),
        starts,
        accept,
        clients,
        remains,
    }
}

/// Whether both are the same facts, apart from what was fetched.
fn is_same(one: &Evidence, other: &Evidence) -> bool {
    let missing = |evidence: &Evidence| match evidence {
        Evidence::ChainFact(ChainFact::MissingIntermediate(fact)) => Some(fact.issuer_of),
        _ => None,
    };
    match (missing(one), missing(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
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
