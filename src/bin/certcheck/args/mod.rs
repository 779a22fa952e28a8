//! The command line: one file for each family of commands.

mod assemble;
mod ciphers;
mod common;
mod config;
mod diff;
mod doctor;
mod files;
mod gate;
mod handshake;
mod named;
mod preflight;
mod probe;
mod protocols;
mod reference;
mod scan;
mod settings;
mod stream;
mod targets;
mod trust;
mod verify;
mod watch;

pub(crate) use assemble::{Assemble, Fetch, KeystoreType};
pub(crate) use ciphers::Ciphers;
pub(crate) use common::{Blocklists, Color, Common, Denied, Format};
pub(crate) use config::Config;
pub(crate) use diff::{Diff, Wire};
pub(crate) use doctor::Doctor;
pub(crate) use files::{Chain, Convert, Inspect, KeyId, Match, To};
pub(crate) use gate::Gate;
pub(crate) use handshake::Handshake;
pub(crate) use preflight::{Anchors, PassphraseSource, Preflight, ServerFiles, Tsm};
pub(crate) use probe::Probe;
pub(crate) use protocols::{LibraryName, Protocols};
pub(crate) use reference::{Codes, Completions, Explain, Man, Published, Schema};
pub(crate) use scan::Scan;
pub(crate) use settings::Around;
pub(crate) use stream::Stream;
pub(crate) use targets::Run;
pub(crate) use trust::{Trust, TrustCommand, TrustPlan, TrustStatus, platforms};
pub(crate) use verify::{RevocationMode, Verify};
pub(crate) use watch::Watch;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Check whether a certificate, its key, its chain and a protocol string will work on your
/// server, and whether clients will trust it, before you enable them
#[derive(Parser)]
#[command(name = "certcheck", version, styles = STYLES, after_help = AFTER, max_term_width = 100,
    propagate_version = true, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER: &str = "\
Examples:
  certcheck preflight --server apache --cert-file server.crt --key-file server.key \\
      --host www.example.com
  certcheck probe www.example.com:443 --expect fullchain.pem
  certcheck inspect anything.pem other.der
  certcheck match *.crt *.key
  certcheck scan /etc/ssl /srv --expires-within 60
  certcheck run
  certcheck protocols 'all -SSLv2 -SSLv3'
  certcheck trust plan root.crt --format sh
  certcheck probe www.example.com:443 --format nagios

Exit codes:
  0  the check ran and found nothing at or above the failing level
  1  the check found something (not fit, no match, not valid, refused), or is undecided
  2  the check could not run: bad usage, unreadable input, nothing to check";

#[derive(Subcommand)]
pub(crate) enum Command {
    Preflight(Box<Preflight>),
    Handshake(Box<Handshake>),
    Probe(Box<Probe>),
    Inspect(Inspect),
    Match(Match),
    KeyId(KeyId),
    Chain(Chain),
    Convert(Convert),
    Assemble(Box<Assemble>),
    Diff(Box<Diff>),
    Gate(Gate),
    Verify(Verify),
    Protocols(Protocols),
    Ciphers(Ciphers),
    Config(Box<Config>),
    Doctor(Doctor),
    Scan(Scan),
    Run(Run),
    Stream(Stream),
    Watch(Box<Watch>),
    Trust(Trust),
    Tsm(Tsm),
    Codes(Codes),
    Explain(Explain),
    Schema(Schema),
    Completions(Completions),
    Man(Man),
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use certcheck::command::reference::Page;
    use certcheck::finding::Code;
    use clap::{CommandFactory, Parser};

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    /// Words as a shell splits them; the pages use only single quotes.
    fn words(line: &str) -> Vec<String> {
        let mut words = Vec::new();
        for (place, part) in line.split('\'').enumerate() {
            if place % 2 == 1 {
                words.push(part.to_owned());
            } else {
                words.extend(part.split_whitespace().map(str::to_owned));
            }
        }
        words
    }

    /// Every certcheck command line in a page of `explain`, and every code named there.
    #[test]
    fn what_the_pages_show_is_there() {
        let (mut lines, mut codes) = (0, 0);
        for &code in Code::ALL {
            let page = Page::of(code);
            let prose = [page.breaks, page.whom].into_iter().chain(page.fix);
            let mut shown: Vec<&str> = page.run.clone();
            for text in prose {
                let quoted = text.split('`').skip(1).step_by(2);
                for quoted in quoted {
                    if quoted.starts_with("certcheck ") {
                        shown.push(quoted);
                    } else if quoted.parse::<Code>().is_ok() {
                        codes += 1;
                    } else {
                        let area = quoted.split('.').next().unwrap_or_default();
                        let areas = ["encoding", "key", "certificate", "chain", "protocol"];
                        let meant = areas.contains(&area) && quoted.contains('.');
                        assert!(!meant, "{code}: no code {quoted}");
                    }
                }
            }
            for line in shown.iter().filter(|line| line.starts_with("certcheck ")) {
                lines += 1;
                if let Err(error) = Cli::try_parse_from(words(line)) {
                    panic!("{code}: {line}\n{error}");
                }
            }
        }
        println!("{lines} command lines, {codes} codes");
        assert!(lines >= 70, "{lines}");
    }
}
