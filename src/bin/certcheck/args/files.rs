//! `inspect`, `match`, `key-id`, `chain`, `convert`: what files hold, and rewriting it.

use super::assemble::Fetch;
use super::common::Blocklists;
use super::named::Named;
use super::preflight::{Anchors, PassphraseSource};
use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

/// Show what is in any file: every section, certificate, key, request and revocation list
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck inspect server.crt
  certcheck inspect server.p12 --passphrase-file passphrase.txt
  certcheck inspect odd.pem --loaders       (which programs read it, and what they see)
  certcheck inspect /etc/nginx --expires-within 30
  openssl s_client -connect host:443 -showcerts </dev/null | certcheck inspect -")]
pub(crate) struct Inspect {
    /// Files of at most 64 MiB each, or directories to search; `-` is standard input
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) files: Vec<PathBuf>,
    /// Warn of certificates that expire within this many days
    /// [default: a third of their life, at most 30 days]
    #[arg(long, value_name = "DAYS")]
    pub(crate) expires_within: Option<u32>,
    /// Show how each loader and each server reads the files: which certificates, which one
    /// first, and the key
    #[arg(long)]
    pub(crate) loaders: bool,
    #[command(flatten)]
    pub(crate) blocklists: Blocklists,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

/// Show which keys, certificates and requests belong together
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck match server.crt server.key
  certcheck match /etc/ssl/private/*.key new.crt

certcheck derives the public key from each private key and proves that the key
is consistent. A forged key with the right modulus does not match.")]
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

It prints one line for each certificate, request, public key and private key.
It derives the public key of a private key, and never copies it from the file.
If there are several lines, each ends with the name of its file.")]
pub(crate) struct KeyId {
    /// Files to read; `-` is standard input
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

/// Check whether a chain is in order and complete, and what is missing
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck chain fullchain.pem
  certcheck chain server.crt intermediates.crt --anchors mozilla
  certcheck chain server.crt --fetch
  certcheck chain messy.pem --fix                    (shows what it would write)
  certcheck chain messy.pem --fix -o fullchain.pem
  certcheck chain server.crt bag.pem --fix --server haproxy -o haproxy.pem

--fix makes the smallest edit that repairs the file with the server's own
certificate. It takes missing certificates from the other files, shows the edit
as a diff of sections, and checks the result: the findings and the exit code
describe the new file. A private key stays in the file for servers that read it
from there (apache, haproxy, generic); for the others --fix leaves it out.")]
pub(crate) struct Chain {
    /// Files to read, including the server's own certificate; `-` is standard input
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// The server that will use the files
    #[arg(long, value_name = "NAME", default_value = "generic", value_parser = Named::Server)]
    pub(crate) server: String,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
    /// Repair the chain: in order, no duplicate, no root, no unrelated certificate, clean PEM
    #[arg(long)]
    pub(crate) fix: bool,
    /// Where to write the repaired chain. Without it, certcheck only shows the edit
    #[arg(short, long, value_name = "FILE", requires = "fix", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Overwrite the output file
    #[arg(long, requires = "fix")]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) fetch: Fetch,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

/// Write the objects of a file as PEM, DER, PKCS#12 or a Java keystore, without loss
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck convert server.der --to pem -o server.crt
  certcheck convert fullchain.pem --to der --split -o chain.der
  certcheck convert broken.pem --to pem        (a clean copy on standard output)
  certcheck convert server.p12 --to pem --passphrase-file pass.txt -o server.pem
  certcheck convert server.pem --to pkcs12 --key-passphrase-file new.txt -o server.p12
  certcheck convert server.p12 --to jks --passphrase-file old.txt \\
    --key-passphrase-file new.txt -o server.jks
  certcheck convert old.key --to pkcs8 --decrypt-key --passphrase-file pass.txt -o server.key
  certcheck convert server.key --to traditional --backup -o server.key

certcheck reads the new file back and compares it before it moves the file into
place. A file with a private key gets mode 0600. With --to pem, certcheck extracts
the contents of PKCS#7 and PKCS#12 containers and Java keystores; a key from
PKCS#12 stays encrypted under its passphrase, unless you give --decrypt-key or
--key-passphrase-file. certcheck creates the directory that -o names
if it does not exist.")]
pub(crate) struct Convert {
    /// The file to read; `-` is standard input
    #[arg(value_name = "IN", value_hint = ValueHint::FilePath)]
    pub(crate) input: PathBuf,
    /// The file or directory to write. Without it, certcheck writes PEM to standard output
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::AnyPath)]
    pub(crate) output: Option<PathBuf>,
    /// The encoding to write
    #[arg(long, value_enum)]
    pub(crate) to: To,
    /// Write each object to its own file
    #[arg(long)]
    pub(crate) split: bool,
    /// Leave out sections that are damaged beyond repair, and name them
    #[arg(long)]
    pub(crate) leave_out_damaged: bool,
    /// Write private keys unencrypted
    #[arg(long, conflicts_with = "key_passphrase_file")]
    pub(crate) decrypt_key: bool,
    /// Encrypt private keys, or the keystore, with the first line of this file as the passphrase
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Passphrase")]
    pub(crate) key_passphrase_file: Option<PathBuf>,
    /// Overwrite existing files
    #[arg(long)]
    pub(crate) force: bool,
    /// Overwrite existing files, and keep each old file as FILE.bak
    #[arg(long)]
    pub(crate) backup: bool,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum To {
    Pem,
    Der,
    /// One PKCS#12 file: the key, its certificate, all other certificates
    Pkcs12,
    /// One Java keystore with the same, for old Java too; it protects the key with SHA-1 only
    Jks,
    /// PEM, private keys as PKCS#8
    Pkcs8,
    /// PEM, private keys as PKCS#1, SEC 1 or OpenSSL's form for DSA
    Traditional,
}
