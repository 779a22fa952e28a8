//! A server's own command line, if it contains settings. From each program's
//! own table of options: httpd 2.4 (`apr_getopt`, server/main.c), nginx 1.22
//! (`ngx_get_options`), HAProxy 2.6 (haproxy.c), PostgreSQL 15 (postmaster.c),
//! TabPy 2.16 and Rserve 1.8.

use super::path::join;
use crate::server::Profile;

/// The file name in findings about the command line.
pub(super) const NAME: &str = "command line";

/// The contents of a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommandLine {
    /// The files or directories of settings that it names, in order.
    pub configs: Vec<String>,
    /// The directory that it names: httpd's `-d`, nginx's `-p`, PostgreSQL's `-D`,
    /// HAProxy's `-C`.
    pub directory: Option<String>,
    /// The names that httpd's `-D` defines.
    pub defines: Vec<String>,
    /// Lines of settings that come before the file: httpd's `-C`, nginx's `-g`.
    pub(super) before: Vec<String>,
    /// Lines that come after it: httpd's `-c`.
    pub(super) behind: Vec<String>,
    /// PostgreSQL's parameters, which come before all files, and TabPy's options.
    pub(super) parameters: Vec<(String, String)>,
    /// Words that were not understood.
    pub not_understood: Vec<String>,
}

/// What an option means.
#[derive(Clone, Copy)]
enum Means {
    Config,
    Directory,
    Define,
    Before,
    Behind,
    /// PostgreSQL's `-c NAME=VALUE`.
    Parameter,
    /// A parameter that the option itself names, with the value that follows.
    Named(&'static str),
    /// The same, with this value.
    Set(&'static str, &'static str),
    /// It has a value, which does not matter here.
    Value,
    /// It has none.
    Flag,
    /// Process numbers follow (HAProxy's `-sf`).
    Numbers,
    /// Files of settings follow, to the end (HAProxy's `--`).
    Rest,
}

use Means::{
    Before, Behind, Config, Define, Directory, Flag, Named, Numbers, Parameter, Rest, Set, Value,
};

/// Options of one letter, which may be combined, and whose value follows directly or in the next
/// word.
fn letter(server: &str, option: char) -> Option<Means> {
    Some(match (server, option) {
        ("apache", 'f') | ("nginx", 'c') => Config,
        ("apache", 'd') | ("nginx", 'p') | ("postgres", 'D') => Directory,
        ("apache", 'D') => Define,
        ("apache", 'C') | ("nginx", 'g') => Before,
        ("apache", 'c') => Behind,
        ("apache", 'e' | 'E' | 'k') | ("nginx", 'e' | 's') => Value,
        ("apache", 'v' | 'V' | 'h' | 'l' | 'L' | 't' | 'T' | 'S' | 'M' | 'X' | '?')
        | ("nginx", '?' | 'h' | 'v' | 'V' | 't' | 'T' | 'q') => Flag,
        ("postgres", 'c') => Parameter,
        ("postgres", 'p') => Named("port"),
        ("postgres", 'h') => Named("listen_addresses"),
        ("postgres", 'i') => Set("listen_addresses", "*"),
        ("postgres", 'l') => Set("ssl", "on"),
        ("postgres", 'B' | 'C' | 'd' | 'f' | 'k' | 'N' | 'S' | 't' | 'W' | 'r') => Value,
        ("postgres", 'e' | 'F' | 's' | 'n' | 'O' | 'P' | 'T' | 'j' | 'E' | 'V' | '?') => Flag,
        _ => return None,
    })
}

/// Options that are whole words.
fn word(server: &str, option: &str) -> Option<Means> {
    Some(match (server, option) {
        ("haproxy", "-f") | ("tabpy", "--config") | ("rserve", "--RS-conf") => Config,
        ("haproxy", "-C") => Directory,
        ("haproxy", "--") => Rest,
        ("haproxy", "-sf" | "-st") => Numbers,
        ("haproxy", "-p" | "-n" | "-N" | "-m" | "-L" | "-S" | "-x")
        | (
            "rserve",
            "--RS-port" | "--RS-socket" | "--RS-workdir" | "--RS-encoding" | "--RS-pidfile",
        ) => Value,
        ("haproxy", "-D" | "-W" | "-Ws" | "-V" | "-v" | "-vv" | "-q" | "-c" | "-d")
        | (
            "rserve",
            "CMD"
            | "Rserve"
            | "--no-save"
            | "--vanilla"
            | "--slave"
            | "--no-echo"
            | "--RS-enable-remote"
            | "--RS-enable-control",
        ) => Flag,
        ("tabpy", "--disable-auth-warning") => Set("disable-auth-warning", "true"),
        // `-db`, `-dV`, `-dM<byte>` and their like.
        ("haproxy", other) if other.starts_with("-d") => Flag,
        _ => return None,
    })
}

impl CommandLine {
    /// The command line in `text`, with quotes and backslashes as a shell interprets them.
    ///
    /// ```
    /// use certcheck::server::{Profile, settings::CommandLine};
    /// let postgres = Profile::named("postgres").unwrap();
    /// let line = CommandLine::parse(postgres, "-D /data -c config_file=/etc/pg.conf -l");
    /// assert_eq!(line.directory.as_deref(), Some("/data"));
    /// assert_eq!(line.configs, ["/etc/pg.conf"]);
    /// assert!(line.not_understood.is_empty());
    /// ```
    pub fn parse(profile: &Profile, text: &str) -> Self {
        Self::of(profile, &words(text))
    }

    /// The command line of these words; the first may be the program's name.
    pub fn of(profile: &Profile, words: &[String]) -> Self {
        let mut line = Self::default();
        let mut rest = words.iter();
        // A unit or a process begins with the program, `--server-args` may begin with an option.
        if words.first().is_some_and(|word| !word.starts_with('-')) {
            let _ = rest.next();
        }
        line.read(profile.name, &mut rest);
        // PostgreSQL has no option for its file of settings: the parameter `config_file` names it,
        // and the last one counts (guc.c, `SelectConfigFiles`).
        if profile.name == "postgres" {
            let file = |(name, _): &(String, String)| name == "config_file";
            let files = line.parameters.iter().filter(|one| file(one));
            line.configs = files
                .map(|(_, value)| value.clone())
                .next_back()
                .into_iter()
                .collect();
            line.parameters.retain(|one| !file(one));
        }
        line
    }

    /// The paths of the settings that the line names: relative ones start from its own
    /// directory, and PostgreSQL's are in the data directory unless it says otherwise.
    pub fn files(&self, profile: &Profile) -> Vec<String> {
        let directory = self.directory.as_deref().unwrap_or_default();
        if let ("postgres", [], Some(data)) = (profile.name, &*self.configs, &self.directory) {
            return vec![join(data, "postgresql.conf")];
        }
        let from = if profile.name == "postgres" {
            ""
        } else {
            directory
        };
        self.configs.iter().map(|file| join(from, file)).collect()
    }

    /// Where relative paths in the settings start, if the line says so.
    pub fn base(&self, profile: &Profile) -> Option<&str> {
        let directory = self.directory.as_deref()?;
        matches!(profile.name, "apache" | "haproxy").then_some(directory)
    }

    fn read(&mut self, server: &str, rest: &mut std::slice::Iter<'_, String>) {
        while let Some(written) = rest.next() {
            let (name, inline) = match written.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value)),
                _ => (written.as_str(), None),
            };
            if let Some(means) = word(server, name) {
                self.apply(means, written, inline, rest);
            } else if let (Some(name), "postgres") = (written.strip_prefix("--"), server) {
                self.apply(Parameter, written, Some(name), rest);
            } else if written.starts_with('-') && matches!(server, "apache" | "nginx" | "postgres")
            {
                self.letters(server, written, rest);
            } else {
                self.not_understood.push(written.clone());
            }
        }
    }

    fn letters(&mut self, server: &str, written: &str, rest: &mut std::slice::Iter<'_, String>) {
        let mut letters = written.get(1..).unwrap_or_default().chars();
        while let Some(option) = letters.next() {
            let Some(means) = letter(server, option) else {
                self.not_understood.push(written.to_owned());
                return;
            };
            // Flags may share a word with the next option: `-Sf x.conf` has both.
            if matches!(means, Flag | Set(..)) {
                self.apply(means, written, None, rest);
                continue;
            }
            // `-f/etc/x.conf` and `-f /etc/x.conf` mean the same (getopt, `apr_getopt`): the value
            // is the rest of its word, or the next word if nothing is left.
            let behind = letters.as_str();
            self.apply(means, written, (!behind.is_empty()).then_some(behind), rest);
            return;
        }
    }

    fn apply(
        &mut self,
        means: Means,
        written: &str,
        inline: Option<&str>,
        rest: &mut std::slice::Iter<'_, String>,
    ) {
        match means {
            Flag => return,
            Set(name, value) => {
                self.parameters.push((name.to_owned(), value.to_owned()));
                return;
            }
            Numbers => {
                // HAProxy reads process numbers until the next option, without a terminator.
                while rest
                    .as_slice()
                    .first()
                    .is_some_and(|word| !word.starts_with('-'))
                {
                    let _ = rest.next();
                }
                return;
            }
            Rest => {
                self.configs.extend(rest.by_ref().cloned());
                return;
            }
            _ => {}
        }
        let Some(value) = inline.map(str::to_owned).or_else(|| rest.next().cloned()) else {
            self.not_understood.push(written.to_owned());
            return;
        };
        match means {
            Config => self.configs.push(value),
            Directory => self.directory = Some(value),
            Define => self.defines.push(value),
            Before => self.before.push(value),
            Behind => self.behind.push(value),
            Named(name) => self.parameters.push((name.to_owned(), value)),
            Parameter => match value.split_once('=') {
                // `ParseLongOption`: a dash in a name means an underscore.
                Some((name, value)) => {
                    let name = name.replace('-', "_").to_ascii_lowercase();
                    self.parameters.push((name, value.to_owned()));
                }
                None => self.not_understood.push(written.to_owned()),
            },
            _ => {}
        }
    }
}

/// Words as a shell makes them, without variables and patterns.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                let _ = word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(rest.next()),
            (None, c) if c.is_whitespace() => found.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    found.extend(word);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(server: &str, text: &str) -> CommandLine {
        CommandLine::parse(Profile::named(server).unwrap(), text)
    }

    #[test]
    fn each_program_reads_its_own_options() {
        let httpd = read(
            "apache",
            "/usr/sbin/apache2 -DSSL -D 'A' -d /srv -f conf/h.conf -k start -c 'Listen 1' -C\"Listen 2\" -tX",
        );
        assert_eq!(httpd.defines, ["SSL", "A"]);
        assert_eq!(httpd.directory.as_deref(), Some("/srv"));
        assert_eq!(httpd.configs, ["conf/h.conf"]);
        assert_eq!(
            (&*httpd.behind, &*httpd.before),
            (&["Listen 1".to_owned()][..], &["Listen 2".to_owned()][..])
        );
        assert!(httpd.not_understood.is_empty());

        let nginx = read("nginx", "nginx -tqc n.conf -p /srv -g 'daemon off;' -z");
        assert_eq!(
            (&*nginx.configs, &*nginx.before),
            (&["n.conf".to_owned()][..], &["daemon off;".to_owned()][..])
        );
        assert_eq!(nginx.not_understood, ["-z"]);

        let haproxy = read(
            "haproxy",
            "haproxy -Ws -db -f a -p /run/pid -sf 1 2 -f b -- c d",
        );
        assert_eq!(haproxy.configs, ["a", "b", "c", "d"]);
        assert!(haproxy.not_understood.is_empty());

        let postgres = read(
            "postgres",
            "postgres -c ssl=on --ssl-cert-file=/c.pem -p5433 -l -D /d",
        );
        let pairs: Vec<_> = postgres
            .parameters
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [
                ("ssl", "on"),
                ("ssl_cert_file", "/c.pem"),
                ("port", "5433"),
                ("ssl", "on")
            ]
        );
        assert_eq!(read("postgres", "-c ssl").not_understood, ["-c"]);
        assert_eq!(read("tabpy", "--config=t.conf").configs, ["t.conf"]);
        assert_eq!(
            read("rserve", "R CMD Rserve --RS-conf r.conf").configs,
            ["r.conf"]
        );
    }

    #[test]
    fn words_of_a_shell() {
        assert_eq!(
            words(r#"a 'b c'd "e\"f" '' \ g"#),
            ["a", "b cd", "e\"f", "", " g"]
        );
    }
}
