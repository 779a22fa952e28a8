//! What may be typed after `certcheck`.

use certcheck::Time;
use certcheck::finding::Code;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Is this certificate, key, chain and protocol string fit to be enabled on
/// this server, and will its clients trust it?
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
  certcheck preflight --server apache --cert-file server.crt --key-file server.key --host www.example.com
  certcheck inspect anything.pem other.der
  certcheck match *.crt *.key
  certcheck protocols 'all -SSLv2 -SSLv3'

Exit codes:
  0  did what was asked; nothing found at or above the failing level
  1  did what was asked; something found (not fit, no match, not valid, refused)
  2  could not: bad usage, unreadable input, nothing to check";

/// The options that every command knows.
#[derive(Args)]
pub(crate) struct Common {
    /// How the answer is written
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "text",
        help_heading = "Common options"
    )]
    pub(crate) format: Format,
    /// When to use colours; `auto` obeys NO_COLOR and a pipe
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value = "auto",
        help_heading = "Common options"
    )]
    pub(crate) color: Color,
    /// Judge validity at this moment (RFC 3339) instead of now
    #[arg(
        long,
        global = true,
        value_name = "TIME",
        help_heading = "Common options"
    )]
    pub(crate) at: Option<Time>,
    /// Say the verdict alone
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Common options"
    )]
    pub(crate) quiet: bool,
    /// Say also which checks ran, and the sources
    #[arg(short, long, global = true, help_heading = "Common options")]
    pub(crate) verbose: bool,
    /// Make findings of this code errors; `warning` makes all warnings fail
    #[arg(long, global = true, value_name = "CODE", value_parser = denied,
        help_heading = "Common options")]
    pub(crate) deny: Vec<Denied>,
    /// Make findings of this code warnings
    #[arg(long, global = true, value_name = "CODE", value_parser = code,
        help_heading = "Common options")]
    pub(crate) warn: Vec<Code>,
    /// Count findings of this code, but do not show them
    #[arg(long, global = true, value_name = "CODE", value_parser = code,
        help_heading = "Common options")]
    pub(crate) allow: Vec<Code>,
}

impl Common {
    /// Takes over what stood in front of `tsm`, where nothing stands behind it.
    pub(crate) fn inherit(&mut self, outer: &Self) {
        if self.format == Format::Text {
            self.format = outer.format;
        }
        if self.color == Color::Auto {
            self.color = outer.color;
        }
        self.at = self.at.or(outer.at);
        self.quiet |= outer.quiet;
        self.verbose |= outer.verbose && !self.quiet;
        self.deny.extend(&outer.deny);
        self.warn.extend(&outer.warn);
        self.allow.extend(&outer.allow);
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy)]
pub(crate) enum Denied {
    Warnings,
    Code(Code),
}

fn code(name: &str) -> Result<Code, String> {
    Code::parse(name)
        .ok_or_else(|| "no such code; `certcheck codes` lists them all, by area".to_owned())
}

fn denied(name: &str) -> Result<Denied, String> {
    match name {
        "warning" | "warnings" => Ok(Denied::Warnings),
        name => code(name).map(Denied::Code),
    }
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Preflight(Preflight),
    Inspect(Inspect),
    Match(Match),
    Chain(Chain),
    Convert(Convert),
    Verify(Verify),
    Protocols(Protocols),
    Tsm(Tsm),
    Codes(Codes),
    Explain(Explain),
    Schema(Schema),
    Completions(Completions),
    Man(Man),
}

/// Judge certificate, key, chain and protocol string before they are enabled
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck preflight --server tableau --cert-file server.crt --key-file server.key \\
      --chain-file chain.crt --host tableau.example.com --protocols 'all -SSLv2 -SSLv3'
  certcheck preflight --cert-file fullchain.pem --key-file key.pem --anchors native")]
pub(crate) struct Preflight {
    /// The server's certificate, alone or with its chain; may repeat (RSA and ECDSA)
    #[arg(long, required = true, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) cert_file: Vec<PathBuf>,
    /// The private key; may repeat
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key_file: Vec<PathBuf>,
    /// The intermediates, where the server reads them from a file of their own
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) chain_file: Option<PathBuf>,
    /// The server's own CA setting, from which OpenSSL completes the chain
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) ca_file: Option<PathBuf>,
    /// The server that will be given the files
    #[arg(long, value_name = "NAME", default_value = "generic", value_parser = server_names())]
    pub(crate) server: String,
    /// A name by which clients reach the server; may repeat
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// The protocol string, as it stands behind the server's directive
    #[arg(long, value_name = "STRING", allow_hyphen_values = true)]
    pub(crate) protocols: Option<String>,
    /// The same key will serve SAML as well
    #[arg(long)]
    pub(crate) saml: bool,
    /// The user that runs the server: can it read the key file?
    #[arg(long, value_name = "USER")]
    pub(crate) run_as: Option<String>,
    /// Warn of certificates that end within so many days
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub(crate) expires_within: u32,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

fn server_names() -> clap::builder::PossibleValuesParser {
    certcheck::server::Profile::all()
        .map(|profile| profile.name())
        .collect::<Vec<_>>()
        .into()
}

/// What clients trust.
#[derive(Args)]
pub(crate) struct Anchors {
    /// A file of trusted certificates, `native` (this machine's), or `mozilla`; may repeat
    #[arg(long, value_name = "FILE|native|mozilla")]
    pub(crate) anchors: Vec<String>,
}

/// Where the passphrase of a private key comes from. Never the command line itself.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct PassphraseSource {
    /// Read the key's passphrase from the first line of a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Passphrase")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Read the key's passphrase from an environment variable
    #[arg(long, value_name = "VAR", help_heading = "Passphrase")]
    pub(crate) passphrase_env: Option<String>,
    /// Read the key's passphrase from the first line of standard input
    #[arg(long, help_heading = "Passphrase")]
    pub(crate) passphrase_stdin: bool,
}

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
  certcheck chain messy.pem --fix -o fullchain.pem")]
pub(crate) struct Chain {
    /// Files to read, the server's certificate among them; `-` is standard input
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// The server that will be given the files
    #[arg(long, value_name = "NAME", default_value = "generic", value_parser = server_names())]
    pub(crate) server: String,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
    /// Write the corrected chain: in order, each certificate once, no root, nothing foreign
    #[arg(long, requires = "output")]
    pub(crate) fix: bool,
    /// Where to write it
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

/// Validate a certificate against anchors, by RFC 5280 and by stricter rules
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck verify server.crt --intermediates issuing.crt --anchors root.crt --name www.example.com
  certcheck verify fullchain.pem --anchors mozilla --profile webpki --purpose server

Profiles:
  rfc5280         section 6: what a relying party must do
  rfc5280-strict  and what section 4 demands of issuers
  webpki          and what the CA/Browser Forum demands")]
pub(crate) struct Verify {
    /// The certificate, first in its file; `-` is standard input
    #[arg(value_name = "LEAF", value_hint = ValueHint::FilePath)]
    pub(crate) leaf: PathBuf,
    /// Certificates that a path may go through; may repeat
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) intermediates: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
    /// A name that it must have: DNS, IP address or e-mail; may repeat
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub(crate) name: Vec<String>,
    /// What it is used for: server, client, any, or an object identifier
    #[arg(long, value_name = "PURPOSE", default_value = "any")]
    pub(crate) purpose: String,
    /// Whose rules
    #[arg(long, value_name = "PROFILE", default_value = "rfc5280",
        value_parser = ["rfc5280", "rfc5280-strict", "webpki"])]
    pub(crate) profile: String,
    /// The most intermediates, self-issued ones not counted
    #[arg(long, value_name = "N")]
    pub(crate) max_depth: Option<u32>,
    /// Certificate revocation lists; may repeat
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) crl: Vec<PathBuf>,
    /// Whether revocation lists count; `available` when --crl is given
    #[arg(long, value_name = "WHEN", value_enum)]
    pub(crate) revocation: Option<RevocationMode>,
    /// An acceptable certificate policy; may repeat; any if none is named
    #[arg(long, value_name = "OID", help_heading = "Certificate policies")]
    pub(crate) policy: Vec<String>,
    /// A policy must hold for the whole path (initial-explicit-policy)
    #[arg(long, help_heading = "Certificate policies")]
    pub(crate) explicit_policy: bool,
    /// Policies are not mapped (initial-policy-mapping-inhibit)
    #[arg(long, help_heading = "Certificate policies")]
    pub(crate) inhibit_mapping: bool,
    /// anyPolicy does not count (initial-any-policy-inhibit)
    #[arg(long, help_heading = "Certificate policies")]
    pub(crate) inhibit_any_policy: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RevocationMode {
    Off,
    Available,
    Required,
}

/// Say what a program makes of a protocol string such as `all -SSLv2`
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck protocols 'all -SSLv2 -SSLv3'
  certcheck protocols --dialect tsm 'all, -SSLv2, -SSLv3' --to nginx
  certcheck protocols 'all -SSLv3' --diff 'TLSv1.2 +TLSv1.3'
  certcheck protocols --config /etc/apache2/sites-enabled/tableau.conf
  certcheck protocols --dialect openssl -- '-ALL,TLSv1.2'")]
pub(crate) struct Protocols {
    /// The text behind the program's directive; behind `--` if it begins with `-`
    #[arg(
        value_name = "STRING",
        allow_hyphen_values = true,
        required_unless_present = "config"
    )]
    pub(crate) string: Option<String>,
    /// Whose rules
    #[arg(long, value_name = "DIALECT", default_value = "apache", value_parser = dialect_names())]
    pub(crate) dialect: String,
    /// Write the same set in another dialect
    #[arg(long, value_name = "DIALECT", value_parser = dialect_names(), conflicts_with = "config")]
    pub(crate) to: Option<String>,
    /// Say what changes for clients when this string takes the first one's place
    #[arg(
        long,
        value_name = "STRING",
        allow_hyphen_values = true,
        conflicts_with = "config"
    )]
    pub(crate) diff: Option<String>,
    /// Judge every scope of a configuration file
    #[arg(long, value_name = "FILE", conflicts_with = "string", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// The value of a variable in the string (Apache's Define); may repeat
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Environment")]
    pub(crate) define: Vec<String>,
    /// HAProxy's global bind options
    #[arg(
        long,
        value_name = "OPTIONS",
        allow_hyphen_values = true,
        help_heading = "Environment"
    )]
    pub(crate) global: Option<String>,
    /// The TLS library of the server
    #[arg(long, value_name = "LIBRARY", value_enum, help_heading = "Environment")]
    pub(crate) library: Option<LibraryName>,
    /// The library is built with SSLv3
    #[arg(long, help_heading = "Environment")]
    pub(crate) with_sslv3: bool,
    /// OpenSSL's security level
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=5),
        help_heading = "Environment")]
    pub(crate) security_level: Option<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LibraryName {
    #[value(name = "openssl-1.0.2")]
    Openssl102,
    #[value(name = "openssl-1.1.0")]
    Openssl110,
    #[value(name = "openssl-1.1.1")]
    Openssl111,
    #[value(name = "openssl-3")]
    Openssl3,
}

fn dialect_names() -> clap::builder::PossibleValuesParser {
    certcheck::protocol::Dialect::ALL
        .map(|dialect| dialect.as_str())
        .into()
}

/// Judge the very `tsm` command that you are about to run
#[derive(Args)]
#[command(
    disable_help_flag = true,
    after_help = "\
Examples:
  certcheck tsm security external-ssl enable --cert-file server.crt --key-file server.key

A passphrase on this line is used by nobody: it is reported, since it stands in
the process list and the shell's history. Options of certcheck itself (--format,
--at, --host, --anchors…) may stand anywhere on the line."
)]
pub(crate) struct Tsm {
    /// The words of the tsm command
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "WORD"
    )]
    pub(crate) words: Vec<String>,
}

/// List the codes of all findings
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck codes
  certcheck codes chain")]
pub(crate) struct Codes {
    /// One area alone
    #[arg(value_name = "AREA")]
    pub(crate) area: Option<String>,
}

/// Explain a code: what was found, how bad it is, what to do
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck explain key.mismatch")]
pub(crate) struct Explain {
    /// The code
    #[arg(value_name = "CODE", value_parser = code)]
    pub(crate) code: Code,
}

/// Print the JSON Schema of `--format json`
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck schema > certcheck-1.json")]
pub(crate) struct Schema {}

/// Print the completions for a shell
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck completions bash > /etc/bash_completion.d/certcheck")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// Print the manual page
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck man | man -l -")]
pub(crate) struct Man {}
