//! What to do about a finding: words, commands, and what the commands still need.

use super::{Code, quote};

/// What a person must have at hand before the commands of a remedy work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Need {
    /// A passphrase, which the command asks for on the terminal.
    Passphrase,
    /// The network.
    Network,
    /// A certificate that is not among the files; the command says under which
    /// name it looks for it.
    Certificate,
    /// A CA that issues a new certificate for what the commands create.
    Issuance,
    /// The right to change owners, so root.
    Privilege,
    /// An account at a service, such as AWS.
    Account,
    /// A person who reads what the commands show and chooses.
    Choice,
}

impl Need {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passphrase => "passphrase",
            Self::Network => "network",
            Self::Certificate => "certificate",
            Self::Issuance => "issuance",
            Self::Privilege => "privilege",
            Self::Account => "account",
            Self::Choice => "choice",
        }
    }

    /// Every need.
    pub const ALL: [Self; 7] = [
        Self::Passphrase,
        Self::Network,
        Self::Certificate,
        Self::Issuance,
        Self::Privilege,
        Self::Account,
        Self::Choice,
    ];
}

/// A file to give from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Then {
    /// The file.
    pub file: String,
    /// The file that it replaces, if it replaces one.
    pub in_place_of: Option<String>,
    /// The option that it is given with, if it is an additional file: `--chain-file`.
    pub option: Option<String>,
}

/// What a preflight says after a remedy, applied to the files in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Whether the finding is gone.
    pub heals: bool,
    /// The verdict then: `pass`, `fail` or `undecided`.
    pub verdict: &'static str,
    /// Whether the server then starts; `None`: not known.
    pub starts: Option<bool>,
    /// How many of the clients that decide then accept.
    pub accept: u64,
    /// How many clients decide.
    pub clients: u64,
    /// The codes of the errors that remain.
    pub remains: Vec<Code>,
}

impl Proof {
    /// In words: `8 of 8 clients accept, the server starts`. It says what remains wrong, too.
    pub fn words(&self) -> String {
        let mut facts = Vec::new();
        // `starts` is also false for a server that starts without TLS, or that fails at each
        // handshake. In all of these no client connects, so their number would add nothing.
        if self.starts != Some(false) && self.clients > 0 {
            facts.push(format!(
                "{} of {} clients accept",
                self.accept, self.clients
            ));
        }
        match self.starts {
            Some(true) => facts.push("the server starts".to_owned()),
            Some(false) => facts.push("the server does not serve TLS".to_owned()),
            None => {}
        }
        if !self.heals {
            facts.push("this finding remains".to_owned());
        }
        // A pass and a failure show in the facts and the errors; an open question does not.
        if self.verdict == "undecided" || facts.is_empty() {
            facts.push(format!("the verdict is {}", self.verdict));
        }
        let mut words = facts.join(", ");
        if !self.remains.is_empty() {
            let codes: Vec<_> = self.remains.iter().map(|code| code.as_str()).collect();
            words.push_str("; still wrong: ");
            words.push_str(&codes.join(", "));
        }
        words
    }
}

/// What to do about a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remedy {
    /// In words.
    pub text: String,
    /// Commands to type, each complete and quoted for a POSIX shell. None of them replaces an
    /// existing file.
    pub commands: Vec<String>,
    /// What the commands still need.
    pub needs: Vec<Need>,
    /// Which file to give after the commands, to the server and to certcheck.
    pub then: Option<Then>,
}

impl Remedy {
    /// Advice in words alone.
    pub fn words(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// The same advice with a command to type.
    #[must_use]
    pub fn run(mut self, command: impl Into<String>) -> Self {
        self.commands.push(command.into());
        self
    }

    /// The same advice, and what its commands need.
    #[must_use]
    pub fn needing(mut self, need: Need) -> Self {
        if !self.needs.contains(&need) {
            self.needs.push(need);
        }
        self
    }

    /// The same advice; `file` replaces `old` afterwards.
    #[must_use]
    pub fn then_instead(mut self, file: impl Into<String>, old: impl Into<String>) -> Self {
        self.then = Some(Then {
            file: file.into(),
            in_place_of: Some(old.into()),
            option: None,
        });
        self
    }

    /// The same advice; `file` is also given afterwards.
    #[must_use]
    pub fn then_also(mut self, file: impl Into<String>) -> Self {
        self.then = Some(Then {
            file: file.into(),
            in_place_of: None,
            option: None,
        });
        self
    }

    /// The same advice; `file` is given with `option` afterwards.
    #[must_use]
    pub fn then_with(mut self, file: impl Into<String>, option: impl Into<String>) -> Self {
        self.then = Some(Then {
            file: file.into(),
            in_place_of: None,
            option: Some(option.into()),
        });
        self
    }
}

impl Then {
    /// In words.
    pub fn words(&self) -> String {
        let file = quote(&self.file);
        match (&self.in_place_of, &self.option) {
            (Some(old), _) => format!("give {file} in place of {}", quote(old)),
            (None, Some(option)) => format!("give {file} as {option}"),
            (None, None) => format!("give {file} as well"),
        }
    }
}

/// The name of a file next to `name` that a command may write: `server.clean.crt` next to
/// `server.crt`. The extension stays, since some servers demand one; a file that is not text gets
/// that of its content.
pub(crate) fn beside(name: &str, what: &str, extension: Option<&str>) -> String {
    // What was read from the network has no extension: `tls://192.0.2.1:443`.
    if let Some((_, address)) = name.split_once("://") {
        let file = address.replace([':', '/', '[', ']'], "_");
        return format!("{file}.{what}.{}", extension.unwrap_or("pem"));
    }
    let (folder, file) = match name.rfind('/') {
        Some(at) => name.split_at(at + 1),
        None => ("", name),
    };
    // `.key` is a whole name: an extension needs something before it.
    let (stem, own) = match file.rsplit_once('.') {
        Some((stem, own)) if !stem.is_empty() && !own.is_empty() => (stem, Some(own)),
        _ => (file, None),
    };
    let binary = |own: &str| {
        let own = own.to_ascii_lowercase();
        [
            "der", "p12", "pfx", "p7b", "p7c", "jks", "jceks", "ks", "bks", "uber", "txt",
        ]
        .contains(&own.as_str())
    };
    let extension = extension
        .or(own.filter(|own| !binary(own)))
        .unwrap_or("pem");
    format!("{folder}{stem}.{what}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::{Code, Proof, beside};

    #[test]
    fn a_proof_says_what_holds_and_what_remains() {
        let whole = Proof {
            heals: true,
            verdict: "pass",
            starts: Some(true),
            accept: 8,
            clients: 8,
            remains: vec![],
        };
        assert_eq!(whole.words(), "8 of 8 clients accept, the server starts");
        let stopped = Proof {
            verdict: "fail",
            starts: Some(false),
            accept: 0,
            remains: vec![Code::KeyMismatch],
            ..whole.clone()
        };
        assert_eq!(
            stopped.words(),
            "the server does not serve TLS; still wrong: key.mismatch"
        );
        let open = Proof {
            heals: false,
            verdict: "undecided",
            starts: None,
            accept: 3,
            ..whole.clone()
        };
        assert_eq!(
            open.words(),
            "3 of 8 clients accept, this finding remains, the verdict is undecided"
        );
        let alone = Proof {
            starts: None,
            clients: 0,
            ..whole
        };
        assert_eq!(alone.words(), "the verdict is pass");
    }

    #[test]
    fn a_new_file_stands_beside_the_old_one() {
        for (name, extension, beside_it) in [
            ("server.crt", None, "server.clean.crt"),
            (
                "/etc/ssl/private/server.key",
                None,
                "/etc/ssl/private/server.clean.key",
            ),
            ("../a.b/server", None, "../a.b/server.clean.pem"),
            ("dir/.key", None, "dir/.key.clean.pem"),
            ("dir/.key", Some("key"), "dir/.key.clean.key"),
            ("server.p12", None, "server.clean.pem"),
            ("server.der", Some("crt"), "server.clean.crt"),
            ("server.", None, "server..clean.pem"),
        ] {
            assert_eq!(beside(name, "clean", extension), beside_it, "{name}");
        }
    }
}
