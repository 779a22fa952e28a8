//! `inspect`, `match`, `chain`, `convert`: what is in files, and writing it anew.

use super::common::Blocklists;
use super::preflight::{Anchors, PassphraseSource, server_names};
use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

/// Say what is in any file: every section, certificate, key, request, list
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck inspect server.crt
  certcheck inspect server.p12 --passphrase-file passphrase.txt
  certcheck inspect odd.pem --loaders       (who reads it, and what of it)
  openssl s_client -connect host:443 -showcerts </dev/null | certcheck inspect -")]
pub(crate) struct Inspect {
    /// Files to read, of at most 64 MiB each; `-` is standard input
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// Show what each loader, and each server, makes of the files: certificates, which first, key
    #[arg(long)]
    pub(crate) loaders: bool,
    #[command(flatten)]
    pub(crate) blocklists: Blocklists,
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
    pub(crate) blocklists: Blocklists,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

/// Print the SHA-256 of every public key (SubjectPublicKeyInfo), to compare across machines
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck key-id server.key
  test \"$(certcheck key-id server.crt)\" = \"$(ssh host certcheck key-id /etc/ssl/server.key)\"

One line for each certificate, request, public and private key; of a private
key it is derived, never read off. With several, the file stands behind it.")]
pub(crate) struct KeyId {
    /// Files to read; `-` is standard input
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
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

/// Write the objects of a file as PEM or DER, losing nothing
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck convert server.der --to pem -o server.crt
  certcheck convert fullchain.pem --to der --split -o chain.der
  certcheck convert broken.pem --to pem        (a clean copy on standard output)
  certcheck convert server.p12 --to pem --passphrase-file pass.txt -o server.pem

What was written is read back and compared before it gets its name. Files
that hold a private key are made with mode 0600. What is in a PKCS#7 or
PKCS#12 container or a Java keystore is taken out of it for PEM; a key in
PKCS#12 stays under its passphrase.")]
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
    /// Go on without sections that are damaged beyond repair, and say which
    #[arg(long)]
    pub(crate) leave_out_damaged: bool,
    /// Overwrite existing files
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum To {
    Pem,
    Der,
}
