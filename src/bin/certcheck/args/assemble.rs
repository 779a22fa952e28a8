//! `assemble`.

use super::named::Named;
use super::preflight::{Anchors, PassphraseSource};
use certcheck::command::assemble::{KeystoreKind, Wanted};
use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

/// Make the files that a server needs from whatever the CA sent, and your key
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck assemble --for nginx from-the-ca/ server.key -o new
  certcheck assemble --for tableau bundle.p7b server.crt old.key -o /etc/opt/tls
  certcheck assemble --for haproxy server.pfx --passphrase-file old.txt -o new
  certcheck assemble --for java server.crt issuing.crt server.key -o new \\
    --key-passphrase-file new.txt
  certcheck assemble --for java --keystore-type jks from-the-ca.zip server.key -o new \\
    --key-passphrase-file new.txt
  certcheck assemble --for nginx server.crt server.key --fetch -o new

It finds the certificate that belongs to the key, and the path above it, among files
of any encoding and container (PEM, DER, PKCS#7, PKCS#12, Java keystores, text with
PEM in it; also in zip and tar archives). It leaves out the root and unrelated
certificates, opens or re-encrypts the key, and writes the files that this server needs
under their usual names, keys with
mode 0600. Then it shows the settings to add or the command to type. If the files are
not fit (no key, no matching certificate, a missing issuer, an expired certificate), it writes nothing and says
what is missing.")]
pub(crate) struct Assemble {
    /// The server, or `java` for a keystore
    #[arg(long = "for", value_name = "NAME", value_parser = Wanted::NAMES)]
    pub(crate) server: String,
    /// Files or directories, in any order; `-` is standard input
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) files: Vec<PathBuf>,
    /// The directory to write to; certcheck creates it if it does not exist
    #[arg(short, long, value_name = "DIR", required = true, value_hint = ValueHint::DirPath)]
    pub(crate) output: PathBuf,
    /// A name by which clients reach the server; it decides between certificates; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// A client whose verdict decides, instead of the default ones; may be repeated
    #[arg(long, num_args = 1.., value_name = "NAME", value_parser = Named::Client)]
    pub(crate) client: Vec<String>,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
    /// Encrypt the new key with the first line of this file as its passphrase.
    /// Without it, the key is written
    /// unencrypted; `java` needs it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Passphrase")]
    pub(crate) key_passphrase_file: Option<PathBuf>,
    /// The keystore that `--for java` writes
    #[arg(long, value_enum, value_name = "TYPE", default_value = "pkcs12")]
    pub(crate) keystore_type: KeystoreType,
    /// Overwrite existing files
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) fetch: Fetch,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

/// What may be fetched over the network.
#[derive(Args)]
#[command(next_help_heading = "Network")]
pub(crate) struct Fetch {
    /// Fetch missing issuers from the addresses in the certificates (caIssuers)
    ///
    /// Without it, certcheck opens no connection. Plain HTTP only, no proxy; at most 64 KiB, 10 s
    /// and 3 redirects per certificate. An issuer counts only if its key verifies the signature.
    /// `preflight`, `chain` and `verify` judge the files without it, because the server does not
    /// send it: they name it, and try the remedy with it
    #[arg(long)]
    pub(crate) fetch: bool,
    /// Also fetch from private and local addresses, such as those of an internal CA
    #[arg(long, requires = "fetch")]
    pub(crate) fetch_private: bool,
    /// Keep fetched certificates in this directory, and look there first
    #[arg(long, requires = "fetch", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) fetch_cache: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeystoreType {
    /// PKCS#12 with AES-256, for Java 8u301 and later
    Pkcs12,
    /// JKS, for all Java versions; it protects the key with SHA-1 only
    Jks,
}

impl From<KeystoreType> for KeystoreKind {
    fn from(kind: KeystoreType) -> Self {
        match kind {
            KeystoreType::Pkcs12 => Self::Pkcs12,
            KeystoreType::Jks => Self::Jks,
        }
    }
}
