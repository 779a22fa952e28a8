//! `run`.

use clap::Args;

/// Judge the targets of certcheck.toml
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck run
  certcheck run web database
  certcheck run --format json
  certcheck run --config-file deploy/certcheck.toml --format junit

A certcheck.toml:

  [defaults]
  anchors = [\"native\"]
  expires-within = 21

  [severity]
  \"protocol.weak-version\" = \"deny\"

  [[waiver]]
  code = \"certificate.expires-soon\"
  source = \"old.crt\"
  reason = \"the service ends in March\"
  until = 2027-03-31

  [[target]]
  name = \"web\"
  server = \"nginx\"
  config = \"nginx.conf\"
  host = \"www.example.com\"

A target has the options of `certcheck preflight`, or those of the command that it names
(`command = \"probe\"`). Its paths start in the file's directory. The command line takes
precedence over the file, and the file over built-in defaults. The other commands that judge
files or servers also use defaults, severities and waivers. docs/configuration.md describes all keys;
`certcheck schema configuration` is the JSON Schema for editors.

The exit code is that of the worst target: 2 if a target could not be judged, 1 if one is not fit or
undecided, otherwise 0.")]
pub(crate) struct Run {
    /// The targets. Default: all
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
}
