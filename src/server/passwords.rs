//! TabPy's file of names and passwords, as TabPy 2.16 reads it: Python's csv
//! with a blank for a delimiter, one name and one hash per line.
//!
//! Hashes are secrets here: no message contains them, and they are wiped.

use super::settings::shown;
use crate::crypto;
use crate::model::Passphrase;
use crate::rule::{self, ConfigFact};
use crate::source::{Lines, Source};
use std::collections::HashSet;
use std::num::NonZeroU32;
use zeroize::Zeroizing;

mod csv;

/// The largest file that is read, in bytes: some 25 000 users.
const LARGEST: usize = 4 << 20;

/// TabPy's own number (`hash_password`): 20 ms of work for any input.
const ITERATIONS: NonZeroU32 = match NonZeroU32::new(10_000) {
    Some(number) => number,
    None => NonZeroU32::MIN,
};

/// The length of a SHA-512 digest in bytes.
const DIGEST: usize = 64;

/// The users, and the problems of the file.
#[non_exhaustive]
pub struct PasswordFile {
    users: Vec<User>,
    facts: Vec<(ConfigFact, Lines)>,
}

struct User {
    /// In lower case, as TabPy compares it.
    name: String,
    /// `None`: not a PBKDF2 digest in hexadecimal.
    hash: Option<Zeroizing<Vec<u8>>>,
}

/// Whether a password belongs to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordAnswer {
    /// It is.
    Right,
    /// It is not.
    Wrong,
    /// The file has no such user.
    UnknownUser,
    /// The file's entry is not a hash, so no password is right.
    Unusable,
}

impl std::fmt::Debug for PasswordFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordFile")
            .field("users", &self.users.len())
            .field("facts", &self.facts)
            .finish()
    }
}

impl PasswordFile {
    /// The users of a file, up to the line where TabPy stops, and what stops it.
    ///
    /// ```
    /// use certcheck::{Source, server::passwords::PasswordFile};
    /// let file = PasswordFile::read(&Source::new("pwd.txt", b"bob secret\n".to_vec()));
    /// assert_eq!(file.facts()[0].0.code().as_str(), "config.password-unusable");
    /// assert!(!format!("{:?}", file).contains("secret"));
    /// ```
    pub fn read(source: &Source) -> Self {
        let mut file = Self {
            users: Vec::new(),
            facts: Vec::new(),
        };
        if let Some(facts) = source.file()
            // The salt is derived from the name, so that anyone who can read the file can try
            // passwords.
            && facts.mode & 0o004 != 0
        {
            let mode = format!("{:04o}", facts.mode);
            file.note(rule::config::PasswordFileMode { mode }, 1);
        }
        let text = match std::str::from_utf8(source.bytes()) {
            _ if source.bytes().len() > LARGEST => {
                file.stop("the file is too large for a password file", "", 1);
                return file;
            }
            Ok(text) => text,
            Err(error) => {
                // Python decodes as it reads, so TabPy stops at the first byte that is not UTF-8.
                let line = source.line_of(error.valid_up_to());
                file.stop("it is not UTF-8", "UnicodeDecodeError", line);
                return file;
            }
        };
        let mut seen = HashSet::new();
        for row in csv::Rows::of(text) {
            if !file.row(&row, &mut seen) {
                return file;
            }
        }
        if file.users.is_empty() {
            file.stop("it has no entries", "No credentials found", 1);
        }
        file
    }

    /// What is wrong, and on which lines.
    pub fn facts(&self) -> &[(ConfigFact, Lines)] {
        &self.facts
    }

    /// The users' names, in lower case, in the order of the file.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.users.iter().map(|user| user.name.as_str())
    }

    /// Whether `password` is the password of `user`, whose name may be in any case.
    pub fn check(&self, user: &str, password: &Passphrase) -> PasswordAnswer {
        let name = user.to_lowercase();
        let Some(user) = self.users.iter().find(|user| user.name == name) else {
            return PasswordAnswer::UnknownUser;
        };
        let Some(hash) = &user.hash else {
            return PasswordAnswer::Unusable;
        };
        // TabPy's salt is derived from the name. It is the same on every server that has that
        // user.
        let salt = format!("_$salt@tabpy:{name}$_");
        let mut derived = Zeroizing::new([0; DIGEST]);
        let (password, salt) = (password.secret_bytes(), salt.as_bytes());
        crypto::pbkdf2(
            crypto::Hash::Sha512,
            password,
            salt,
            ITERATIONS,
            &mut *derived,
        );
        // Every byte is compared, whatever the first ones are: the time shows nothing.
        let pairs = derived.iter().zip(hash.iter());
        let differences = pairs.fold(0, |all, (one, other)| all | (one ^ other));
        if differences == 0 && hash.len() == DIGEST {
            PasswordAnswer::Right
        } else {
            PasswordAnswer::Wrong
        }
    }

    /// The answer of [`check`](Self::check) as a fact; `None` if it is right.
    pub fn fact(answer: PasswordAnswer, user: &str) -> Option<ConfigFact> {
        let user = shown(user);
        match answer {
            PasswordAnswer::Right => None,
            PasswordAnswer::Wrong => Some(ConfigFact::WrongPassword(rule::config::WrongPassword {
                user,
                known: true,
            })),
            PasswordAnswer::UnknownUser => {
                Some(ConfigFact::WrongPassword(rule::config::WrongPassword {
                    user,
                    known: false,
                }))
            }
            PasswordAnswer::Unusable => Some(ConfigFact::PasswordUnusable(
                rule::config::PasswordUnusable {
                    user,
                    reason: NO_HASH.to_owned(),
                },
            )),
        }
    }

    fn note(&mut self, fact: impl Into<ConfigFact>, line: usize) {
        let fact = fact.into();
        self.facts.push((fact, Lines::new(line, line)));
    }

    fn stop(&mut self, problem: &str, message: &str, line: usize) {
        let message = match message {
            "" => "Failed to read passwords file".to_owned(),
            _ => message.to_owned(),
        };
        let problem = problem.to_owned();
        self.note(rule::config::PasswordEntry { problem, message }, line);
    }

    /// One row; `false`: TabPy reads no further.
    fn row(&mut self, row: &csv::Row, seen: &mut HashSet<String>) -> bool {
        let Some(first) = row.fields.first() else {
            return true;
        };
        // TabPy looks at the first character before it counts the fields, which is why a line that
        // begins with a blank ends in a traceback.
        let problem = match (first.chars().next(), row.fields.as_slice()) {
            (None, _) => Some((
                "a line begins with a blank",
                "IndexError: string index out of range",
            )),
            (Some('#'), _) => return true,
            (_, [_, hash]) if hash.is_empty() => {
                Some(("a name has no password", "Found username … but no password"))
            }
            (_, [_, _]) => None,
            _ => Some((
                "a line is not a name, exactly one space and a hash",
                "Incorrect entry \"…\" in password file",
            )),
        };
        if let Some((problem, message)) = problem {
            self.stop(problem, message, row.line);
            return false;
        }
        let name = first.to_lowercase();
        // Names are compared in lower case, so `Bob` and `bob` are the same user, and the second
        // one stops TabPy.
        if !seen.insert(name.clone()) {
            let message = "Multiple entries for username … in password file";
            self.stop(
                "a name occurs twice; case does not count",
                message,
                row.line,
            );
            return false;
        }
        let hash = row.fields.get(1).and_then(|hash| digest(hash));
        // Python's `open` leaves a byte order mark in the text; only `utf-8-sig` removes it.
        let reason = if name.starts_with('\u{feff}') {
            Some("the file begins with a byte order mark, which becomes part of the first name")
        } else {
            hash.is_none().then_some(NO_HASH)
        };
        if let Some(reason) = reason {
            let fact = rule::config::PasswordUnusable {
                user: shown(name.trim_start_matches('\u{feff}')),
                reason: reason.to_owned(),
            };
            self.note(fact, row.line);
        }
        self.users.push(User { name, hash });
        true
    }
}

const NO_HASH: &str = "the text after the name is not a hash of 128 hexadecimal digits; TabPy compares hashes, so a plaintext password never matches, and everyone who reads the file knows it";

/// 128 hexadecimal digits in either case.
fn digest(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if text.len() != 2 * DIGEST {
        return None;
    }
    let digits = text.chars().map(|c| c.to_digit(16));
    let digits: Option<Zeroizing<Vec<u8>>> = digits
        .map(|digit| digit.and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<Vec<u8>>>()
        .map(Zeroizing::new);
    let pairs = digits?;
    Some(Zeroizing::new(
        pairs
            .chunks(2)
            .map(|pair| pair.iter().fold(0u8, |byte, digit| byte << 4 | digit))
            .collect(),
    ))
}
