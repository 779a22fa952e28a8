//! `openssl.cnf`, as a server applies it: the commands of the section that
//! `openssl_conf`, `ssl_conf` and `system_default` lead to, and whether any algorithms
//! are left.
//!
//! Source: OpenSSL 3.0, crypto/conf/conf_def.c, ssl/ssl_mcnf.c, config(5); measured
//! with 3.0.19 under nginx, httpd, HAProxy and PostgreSQL: OpenSSL skips a command that it does not
//! accept, drops the whole file after an invalid line, ignores a missing included file, and stops
//! reading when a module fails.

mod lines;
mod modules;
mod text;

use crate::source::{Lines, Source};
use lines::{Dropped, Reader};

/// The largest file that certcheck reads, in bytes; Debian's is 12 kilobytes.
const LARGEST: usize = 1 << 20;

/// One `Name = value` of the section.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Command {
    /// The command, without the part before a dot.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Its line; for an included file, the line that includes it.
    pub lines: Lines,
}

/// What an `openssl.cnf` says about every TLS context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpensslConf {
    /// The commands, in order.
    pub commands: Vec<Command>,
    /// A part that was not followed and could matter: why, and where.
    pub not_followed: Option<(String, Lines)>,
    /// OpenSSL cannot read the file, and ignores all of it.
    pub dropped: bool,
    /// The first provider that is activated.
    activated: Option<Lines>,
    default_activated: bool,
    /// A provider that is not OpenSSL's own.
    others_activated: bool,
    /// Only algorithms of a FIPS provider count.
    fips_alone: Option<Lines>,
}

/// What exists at a path that an `openssl.cnf` includes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Beside {
    /// A file with its contents.
    File(Vec<u8>),
    /// A directory, and the names in it.
    Directory(Vec<String>),
    /// Nothing.
    Missing,
    /// Why the file was not checked, or could not be read.
    Unknown(String),
}

/// What a file depends on in addition to its text.
struct Around<'a> {
    environment: &'a [(&'a str, &'a str)],
    look: &'a mut dyn FnMut(&str) -> Beside,
}

impl OpensslConf {
    /// Reads a file by itself: includes and environment variables are not followed.
    ///
    /// ```
    /// use certcheck::{Source, server::OpensslConf};
    /// let text = "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nMinProtocol = TLSv1.2\n";
    /// let conf = OpensslConf::read(&Source::new("openssl.cnf", text.into()));
    /// assert_eq!(conf.commands[0].value, "TLSv1.2");
    /// ```
    pub fn read(source: &Source) -> Self {
        let mut nothing = |_: &str| {
            Beside::Unknown(
                "certcheck does not follow included files \
            here"
                    .to_owned(),
            )
        };
        Self::read_with(source, &[], &mut nothing)
    }

    /// Reads a file, with this environment and what `look` finds at the paths that it
    /// includes.
    pub fn read_with(
        source: &Source,
        environment: &[(&str, &str)],
        look: &mut dyn FnMut(&str) -> Beside,
    ) -> Self {
        let mut conf = Self::default();
        if source.bytes().len() > LARGEST {
            conf.open("the file is too large", 1);
            return conf;
        }
        let mut around = Around { environment, look };
        match Reader::new(source.bytes(), &mut around).run() {
            Ok(sections) => {
                if let Some((why, line)) = &sections.open {
                    conf.open(why, *line);
                }
                modules::run(&sections, &mut conf);
            }
            // OpenSSL silently drops a file that it cannot read.
            Err(Dropped(open)) => {
                conf.dropped = open.is_none();
                if let Some((why, line)) = open {
                    conf.open(&why, line);
                }
            }
        }
        conf
    }

    /// Why OpenSSL has no algorithms for TLS with this file, and the line.
    ///
    /// ```
    /// use certcheck::{Source, server::OpensslConf};
    /// let text = "openssl_conf = a\n[a]\nproviders = p\n[p]\nlegacy = l\n[l]\nactivate = 1\n";
    /// let conf = OpensslConf::read(&Source::new("openssl.cnf", text.into()));
    /// assert!(conf.without_algorithms().is_some());
    /// ```
    pub fn without_algorithms(&self) -> Option<(&'static str, Lines)> {
        // certcheck does not know which algorithms other providers have.
        if self.others_activated {
            return None;
        }
        match (self.activated, self.fips_alone) {
            // provider-base(7): the default provider is loaded implicitly only if the configuration
            // activates none. Activating `legacy` alone switches it off, a well-known accident.
            (Some(lines), _) if !self.default_activated => Some((
                "openssl.cnf activates a provider, but not the default one",
                lines,
            )),
            (_, Some(lines)) => Some((
                "openssl.cnf requires the algorithms of a FIPS provider, but activates none",
                lines,
            )),
            _ => None,
        }
    }

    /// Records a part that was not followed, unless an earlier one is recorded.
    fn open(&mut self, why: &str, line: usize) {
        if self.not_followed.is_none() {
            let line = line.max(1);
            self.not_followed = Some((why.to_owned(), Lines::new(line, line)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::OpensslConf;
    use crate::source::Source;

    const WAY: &str = "openssl_conf = a\n[a]\nssl_conf = b\n[ b ]\nsystem_default=c\n[c]\n";

    fn read(rest: &str) -> OpensslConf {
        OpensslConf::read(&Source::new("o.cnf", format!("{WAY}{rest}").into_bytes()))
    }

    #[test]
    fn commands_are_found_with_their_lines() {
        let conf = read("# a comment\n1.Groups = P-256 # and one behind\n");
        assert_eq!(conf.not_followed, None);
        let [command] = conf.commands.as_slice() else {
            panic!("{conf:?}");
        };
        assert_eq!(
            (command.name.as_str(), command.value.as_str()),
            ("Groups", "P-256")
        );
        assert_eq!(command.lines.first, 8);
    }

    #[test]
    fn openssl_drops_a_file_with_a_line_that_is_none() {
        let dropped = OpensslConf {
            dropped: true,
            ..OpensslConf::default()
        };
        assert_eq!(read("Groups = P-521\nbroken line\n"), dropped);
        assert_eq!(read("Groups = P-521\n[open\n"), dropped);
    }

    #[test]
    fn what_is_not_followed_is_said() {
        assert!(read(".include other.cnf\n").not_followed.is_some());
        assert!(read(".include /other.cnf\n").not_followed.is_some());
        assert!(read("Groups = $ENV::GROUPS\n").not_followed.is_some());
        assert_eq!(read("comment = \"who\"\n").not_followed, None);
    }

    #[test]
    fn of_two_entries_of_one_name_the_first_vanishes() {
        let conf = read("Options = ServerPreference\nGroups = P-256\nOptions = -SessionTicket\n");
        let values: Vec<_> = conf
            .commands
            .iter()
            .map(|command| command.value.as_str())
            .collect();
        assert_eq!(values, ["P-256", "-SessionTicket"]);
    }

    #[test]
    fn nothing_leads_anywhere() {
        let source = Source::new("o.cnf", b"[c]\nGroups = P-521\n".to_vec());
        assert_eq!(OpensslConf::read(&source), OpensslConf::default());
    }
}
