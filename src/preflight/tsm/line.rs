//! From words to the options that were given, and what is wrong with them.

use super::arguments::{Meaning, Owner, Reached, Route, Vocabulary, is_dashed, route, split};
use super::options::{Opt, Takes, Use};
use super::script::is_program;
use super::suggest;
use super::table::{Command, Kind, children};
use super::typographic;
use super::version::TableauVersion;
use super::{Context, TsmLine};
use crate::finding::{Part, Severity, Subject};
use crate::rule::{self, Evidence, Finding};
use crate::shown::value as shown;
use crate::spelling::nearest;

/// More words than any command of tsm has, by far (the longest of its page has 17). Further words
/// are not read.
const MOST_WORDS: usize = 4096;

/// More findings than anyone reads about one line.
const MOST_FINDINGS: usize = 100;

/// An option that was given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given<'w> {
    pub(super) option: &'static Opt,
    /// `None` for secrets, and if the value is missing.
    pub(super) value: Option<&'w str>,
    pub(super) word: usize,
    /// Whether a secret follows it.
    pub(super) secret: bool,
}

pub(super) struct Reader<'w> {
    pub(super) words: &'w [&'w str],
    /// For each word its place among those that were given.
    places: Vec<usize>,
    pub(super) vocabulary: Vocabulary,
    pub(super) version: Option<TableauVersion>,
    pub(super) name: String,
    pub(super) given: Vec<Given<'w>>,
    /// The value of --protocols with the words that the shell cut off it.
    pub(super) protocols: Option<String>,
    pub(super) ours: Vec<String>,
    /// The places of words that are secrets.
    pub(super) secrets: Vec<usize>,
    pub(super) findings: Vec<Finding>,
    pub(super) unseen: usize,
}

pub(super) fn read(all: &[&str], context: &Context) -> TsmLine {
    // A whole line may have been pasted after `certcheck tsm`.
    let pasted = usize::from(!context.script && all.first().is_some_and(|word| is_program(word)));
    let given = all.get(pasted..).unwrap_or_default();
    let given = given.get(..MOST_WORDS).unwrap_or(given);
    let repaired = typographic::repair(given);
    let mut places: Vec<usize> = (pasted..).take(given.len()).collect();
    let mut found = Vec::new();
    let texts: Vec<&str>;
    let words = match &repaired {
        Some(repaired) => {
            places = repaired.places.iter().map(|place| place + pasted).collect();
            found.clone_from(&repaired.found);
            texts = repaired.words.iter().map(|word| word.as_str()).collect();
            texts.as_slice()
        }
        None => given,
    };
    let route = route(words, context.script);
    let mut name = String::from("tsm");
    for word in &route.path {
        name.push(' ');
        name.push_str(word);
    }
    let mut reader = Reader {
        words,
        places,
        vocabulary: Vocabulary::of(route.reached, context.script),
        version: context.version,
        name,
        given: Vec::new(),
        protocols: None,
        ours: Vec::new(),
        secrets: Vec::new(),
        findings: Vec::new(),
        unseen: 0,
    };
    for (place, fact) in found {
        reader.report_at(place + pasted, None, fact);
    }
    reader.unknown_command(&route);
    reader.options(&route.words);
    if all.len() > given.len() + pasted {
        let behind = format!("word {} and everything after it", given.len() + 1);
        reader.unknown(words.len(), behind, None, Severity::Error);
    }
    reader.finish(&route)
}

impl<'w> Reader<'w> {
    pub(super) fn report(
        &mut self,
        word: usize,
        severity: Option<Severity>,
        evidence: impl Into<Evidence>,
    ) {
        self.report_at(self.place(word), severity, evidence);
    }

    /// The place of a word among those that were given; of one after the last, the next.
    pub(super) fn place(&self, word: usize) -> usize {
        let behind = self.places.last().map_or(0, |last| last + 1);
        self.places.get(word).copied().unwrap_or(behind)
    }

    fn report_at(
        &mut self,
        place: usize,
        severity: Option<Severity>,
        evidence: impl Into<Evidence>,
    ) {
        if self.findings.len() >= MOST_FINDINGS {
            self.unseen += 1;
            return;
        }
        let subject = Subject {
            source: "tsm".into(),
            part: Part::Setting,
            index: place,
            lines: None,
        };
        let finding = Finding::new(evidence, subject);
        self.findings.push(match severity {
            Some(severity) => finding.with_severity(severity),
            None => finding,
        });
    }

    pub(super) fn unknown(
        &mut self,
        word: usize,
        option: String,
        meant: Option<String>,
        severity: Severity,
    ) {
        let fact = rule::config::UnknownOption {
            command: self.name.clone(),
            option,
            suggestion: meant,
        };
        self.report(word, Some(severity), fact);
    }

    pub(super) fn missing(&mut self, word: usize, option: impl Into<String>, severity: Severity) {
        let fact = rule::config::MissingOption {
            command: self.name.clone(),
            option: option.into(),
        };
        self.report(word, Some(severity), fact);
    }

    fn unknown_command(&mut self, route: &Route) {
        let names = children(&route.path);
        match route.reached {
            Reached::Command(_) => {}
            Reached::Stranger(at) => {
                let word = self.words.get(at).copied().unwrap_or_default();
                let meant = nearest(word, names.iter().copied()).map(str::to_owned);
                // A few names are quick to read.
                let few = !route.path.is_empty() && names.len() <= 8;
                let meant = meant.or_else(|| few.then(|| names.join("|")));
                self.unknown(at, shown(word), meant, Severity::Error);
            }
            Reached::End if asks_for_help(self.words) => {}
            Reached::End if route.path.is_empty() => {
                self.missing(0, "COMMAND", Severity::Error);
            }
            Reached::End => {
                self.missing(self.words.len(), names.join("|"), Severity::Error);
            }
        }
    }

    /// How serious it is that the command's row does not know an option.
    fn stranger(&self) -> Severity {
        match self.vocabulary.command {
            Some(Command { open: false, .. }) => Severity::Error,
            _ => Severity::Warning,
        }
    }

    fn options(&mut self, path: &[usize]) {
        let mut at = 0;
        let mut only_words = false;
        while let Some(&word) = self.words.get(at) {
            at = if path.contains(&at) {
                at + 1
            } else if !only_words && word == "--" {
                only_words = true;
                at + 1
            } else if only_words || !is_dashed(word) {
                self.loose(at, word)
            } else {
                self.option(at, word)
            };
        }
    }

    /// A word that is neither an option nor the value of one. After a secret it may be the rest of
    /// the secret, and is not shown. Returns the position after it.
    fn loose(&mut self, at: usize, word: &str) -> usize {
        if self.vocabulary.command.is_none() {
            return at + 1;
        }
        if self.is_cut_off_protocols(word) {
            return self.cut_off_protocols(at);
        }
        let may_be_secret =
            |given: &Given<'_>| given.secret || given.option.used == Use::ConfigValue;
        // `tsm login -u admin SECRET`.
        let takes_secret = |option: &Opt| option.takes == Takes::Secret;
        let options = self
            .vocabulary
            .command
            .map_or(&[][..], |command| command.options);
        let login = self
            .vocabulary
            .command
            .is_some_and(|command| command.kind == Kind::Login);
        let secret =
            login || options.iter().any(takes_secret) || self.given.iter().any(may_be_secret);
        let text = if secret {
            format!("word {}", at + 1)
        } else {
            shown(word)
        };
        self.unknown(at, text, None, self.stranger());
        at + 1
    }

    /// Reads the option at `at`; returns the position after it and its value.
    fn option(&mut self, at: usize, word: &'w str) -> usize {
        let name = split(word).0;
        match self.vocabulary.meaning(word) {
            Meaning::Option(Owner::Tsm, option, inline) => self.take(at, option, inline),
            Meaning::Option(Owner::Certcheck, option, inline) => {
                self.ours.push(word.to_owned());
                match self.value_behind(at, option, inline) {
                    Some(value) => {
                        self.ours.push(value.to_owned());
                        at + 2
                    }
                    None => at + 1,
                }
            }
            Meaning::Glued(option, value) => self.take(at, option, Some(value)),
            _ if self.is_cut_off_protocols(word) => self.cut_off_protocols(at),
            Meaning::Misspelt {
                owner,
                option,
                inline,
                hyphen,
            } => {
                let severity = if hyphen {
                    // The library that tsm uses for its options may accept it.
                    Severity::Warning
                } else {
                    self.stranger()
                };
                let text = self.vocabulary.shown(name);
                self.unknown(at, text, Some(option.name().to_owned()), severity);
                match owner {
                    // Read as what was meant: one error, one finding.
                    Owner::Tsm => self.take(at, option, inline),
                    Owner::Certcheck => match self.value_behind(at, option, inline) {
                        Some(_) => at + 2,
                        None => at + 1,
                    },
                }
            }
            Meaning::Unknown { inline } => self.stray(at, name, word, inline),
        }
    }

    /// An option that the command does not have. If it means one that is not given elsewhere, it is
    /// read as that one.
    fn stray(&mut self, at: usize, name: &str, word: &'w str, inline: bool) -> usize {
        let command = self.vocabulary.command;
        if let Some(command) = command.filter(|command| !command.open) {
            let text = self.vocabulary.shown(name);
            let meant = suggest::option(name, command.options);
            self.unknown(at, text, meant.map(str::to_owned), Severity::Error);
            let option = command.options.iter().find(|option| {
                let given = |word: &&str| {
                    split(word).0 == option.long || option.short == Some(split(word).0)
                };
                meant == Some(option.long) && !self.words.iter().any(given)
            });
            if let Some(option) = option {
                return self.take(at, option, split(word).1);
            }
        }
        let value = self.words.get(at + 1).is_some_and(|next| !is_dashed(next));
        // What follows may be its value, whatever it is.
        if command.is_some() && value && !inline {
            at + 2
        } else {
            at + 1
        }
    }

    /// The word after `at`, if it is the option's value.
    fn value_behind(&self, at: usize, option: &Opt, inline: Option<&str>) -> Option<&'w str> {
        if inline.is_some() || option.takes == Takes::Nothing {
            return None;
        }
        let next = self.words.get(at + 1).copied()?;
        (!self.vocabulary.is_option(next)).then_some(next)
    }

    fn take(&mut self, at: usize, option: &'static Opt, inline: Option<&'w str>) -> usize {
        let behind = self.value_behind(at, option, inline);
        // An empty value of a configuration key is a value.
        let empty = option.used == Use::ConfigValue;
        let value = inline.or(behind).filter(|value| empty || !value.is_empty());
        let next = at + 1 + usize::from(behind.is_some());
        let mut given = Given {
            option,
            value: None,
            word: at,
            secret: false,
        };
        match option.takes {
            Takes::Nothing => {}
            Takes::Value => given.value = value,
            Takes::Secret | Takes::MaybeSecret => given.secret = value.is_some(),
        }
        if value.is_none() && matches!(option.takes, Takes::Value | Takes::Secret) {
            self.missing(at, format!("{} VALUE", option.name()), Severity::Error);
        }
        if given.secret {
            let place = self.place(at + usize::from(behind.is_some()));
            self.secrets.push(place);
            // -p with its value is the documented way to log in: worth knowing.
            let severity = (option.used != Use::Passphrase).then_some(Severity::Notice);
            let fact = rule::key::PassphraseOnCommandLine {
                option: option.name().to_owned(),
            };
            self.report(at, severity, fact);
        }
        let repeated = self
            .given
            .iter()
            .any(|first| first.option.long == option.long);
        if option.takes != Takes::Nothing && repeated {
            let fact = rule::config::RepeatedOption {
                command: self.name.clone(),
                option: option.name().to_owned(),
            };
            self.report(at, None, fact);
        }
        self.given.push(given);
        next
    }

    /// Whether `word` is a token of a protocol string whose quotation marks
    /// were forgotten: `--protocols all -SSLv2 -SSLv3`.
    fn is_cut_off_protocols(&self, word: &str) -> bool {
        self.given
            .last()
            .is_some_and(|given| matches!(given.option.used, Use::Protocols | Use::ConfigValue))
            && is_protocol(word)
    }

    fn cut_off_protocols(&mut self, at: usize) -> usize {
        let rest = self.words.get(at..).unwrap_or_default();
        // A string of more tokens than this is not a protocol string.
        let cut_off: Vec<&str> = rest
            .iter()
            .copied()
            .take(32)
            .take_while(|word| is_protocol(word))
            .collect();
        let first = self.given.last().copied();
        let meant = first
            .and_then(|given| given.value)
            .into_iter()
            .chain(cut_off.iter().copied())
            .collect::<Vec<_>>()
            .join(" ");
        // cmd leaves apostrophes in the words.
        let meant = meant.trim_matches('\'').to_owned();
        let option = cut_off.first().copied().map(shown).unwrap_or_default();
        let name = first.map_or("--protocols", |given| given.option.name());
        let suggestion = format!("{name} \"{}\"", shown(&meant));
        self.unknown(at, option, Some(suggestion), Severity::Error);
        self.protocols = Some(meant);
        at + cut_off.len().max(1)
    }
}

/// Whether help is requested for the beginning of a command.
pub(super) fn asks_for_help(words: &[&str]) -> bool {
    words.iter().any(|word| matches!(*word, "-h" | "--help"))
}

/// `-SSLv3`, `+TLSv1.2`, `all`, with or without a comma after it.
fn is_protocol(word: &str) -> bool {
    let word = word.strip_suffix(',').unwrap_or(word);
    let word = word.strip_prefix(['+', '-']).unwrap_or(word);
    let starts = |prefix: &str| {
        word.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    word.len() <= 16 && (word.eq_ignore_ascii_case("all") || starts("SSLv") || starts("TLSv"))
}
