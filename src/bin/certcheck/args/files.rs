//! `inspect`, `match`, `chain`, `convert`: what is in files, and writing it anew.

use super::preflight::{Anchors, PassphraseSource, server_names};
use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

/// Say what is in any file: every section, certificate, key, request, list
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck inspect server.crt
  openssl s_client -connect host:443 -showcerts </dev/null | certcheck inspect -")]
pub(crate) struct Inspect {
    /// Files to read; `-` is standard input
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

/// Say which keys, certificates and requests belong together
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck match server.crt server.key
  certcheck match /etc/ssl/private/*.key new.crt

The public key is derived from each private key, and the key proven
consistent: a forged key with the right modulus does not match.")]
pub(crate) struct Match {
    /// Files to read, in any order and number; `-` is standard input
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

/// Say whether a chain is in order and whole, and what is missing
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck chain fullchain.pem
  certcheck chain server.crt intermediates.crt --anchors mozilla
  certcheck chain messy.pem --fix                    (shows what it would write)
  certcheck chain messy.pem --fix -o fullchain.pem
  certcheck chain server.crt bag.pem --fix --server haproxy -o haproxy.pem

--fix edits the file with the server's own certificate as little as heals it,
takes what is missing from the other files, shows the edit as a diff of
sections, and judges what it wrote: the findings and the exit code are those
of the new file. A private key in the file stays for servers that read it from
there (apache, haproxy, generic), and is left out for the others.")]
pub(crate) struct Chain {
    /// Files to read, the server's certificate among them; `-` is standard input
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// The server that will be given the files
    #[arg(long, value_name = "NAME", default_value = "generic", value_parser = server_names())]
    pub(crate) server: String,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
    /// Correct the chain: in order, each certificate once, no root, nothing foreign, clean PEM
    #[arg(long)]
    pub(crate) fix: bool,
    /// Where to write the corrected chain; without it the edit is only shown
    #[arg(short, long, value_name = "FILE", requires = "fix", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Overwrite the output file
    #[arg(long, requires = "fix")]
    pub(crate) force: bool,
}

/// Write the objects of a file as PEM or DER, losing nothing
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck convert server.der --to pem -o server.crt
  certcheck convert fullchain.pem --to der --split -o chain.der
  certcheck convert broken.pem --to pem        (a clean copy on standard output)

What was written is read back and compared before it gets its name. Files
that hold a private key are made with mode 0600.")]
pub(crate) struct Convert {
    /// The file to read; `-` is standard input
    #[arg(value_name = "IN", value_hint = ValueHint::FilePath)]
    pub(crate) input: PathBuf,
    /// The file or the directory to write; PEM without it goes to standard output
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::AnyPath)]
    pub(crate) output: Option<PathBuf>,
    /// The encoding to write
    #[arg(long, value_enum)]
    pub(crate) to: To,
    /// Write every object into a file of its own
    #[arg(long)]
    pub(crate) split: bool,
    /// Overwrite existing files
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum To {
    Pem,
    Der,
}
