//! Checks a `tsm` command before an administrator runs it.
//!
//! [`read`] takes the words after `tsm` and says which command they form, which files it would hand
//! to Tableau Server, and what is wrong with its options. Options of certcheck itself may be among
//! them; they are returned unchanged.
//!
//! A secret on the line (`--passphrase X`, `--password X`) is reported, and its
//! value is neither kept, shown nor used.
//!
//! Options and sub-commands follow Tableau's pages "tsm security", "tsm
//! authentication" and "tsm login" (help.tableau.com, Tableau Server on Linux
//! and Windows); where a page could not be consulted, the table accepts more
//! than it knows.

mod arguments;
mod aws;
mod command;
mod configuration_key;
mod connection;
mod effects;
mod help;
mod line;
mod options;
mod own;
mod path_map;
mod result;
mod roles;
mod script;
mod suggest;
mod table;
#[cfg(test)]
mod tests;
mod typographic;
mod unopened;
mod url;
mod validation;
mod values;
mod version;
mod versions;

pub use command::{
    FileArgument, FileRole, Hop, PassphraseOption, ServerFiles, Service, ServiceConnection,
    Setting, TsmCommand,
};

pub use configuration_key::join_gateway;
pub use effects::{NOT_FOR_SAML, WANTS_PASSPHRASE};
pub use help::help;
pub use own::{is_command, one_client_each, own_options};
pub use path_map::PathMap;
pub use result::{CommandResult, ScriptResult, TsmResult};
pub use roles::{Beside, Purpose, judge_files, judge_purpose};
pub use script::{Script, ScriptCommand, Shell, is_program, text_of};
pub use unopened::unopened;
pub use version::{TableauVersion, UnknownVersion};
pub use versions::TRUST_STORE;

use crate::answer::{Answer, Check};
use crate::encoding::Document;
use crate::finding::{Code, Severity};
use crate::model::KeyProblem;
use crate::objects::{Content, Opened};
use crate::preflight::PreflightResult;
use crate::rule::{Evidence, Finding, ProtocolFact};

/// The result of a `tsm` command line.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TsmLine {
    /// The words of the command that are known, `tsm security external-ssl enable`.
    pub name: String,
    /// What it would do.
    pub command: TsmCommand,
    /// What is wrong with its options, in the order of the words. The subject
    /// is `tsm`; its index is the word's position, counted from 0.
    pub findings: Vec<Finding>,
    /// The words that are options of certcheck, with their values, in their order.
    pub ours: Vec<String>,
    /// Whether `-h` or `--help` is given: then `tsm` does nothing but explain.
    pub help: bool,
    /// The address of Tableau Services Manager (`-s`, `--server`), if one is given and could be
    /// valid; without credentials.
    pub server: Option<Setting>,
    /// Whether `--trust-admin-controller-cert` is given: `tsm` then accepts any certificate that
    /// the controller sends.
    pub trusts_any_controller: bool,
    /// What the command changes that its name does not say, and what has to follow it;
    /// a sentence each.
    pub effects: Vec<&'static str>,
    /// The files that the command writes.
    pub outputs: Vec<String>,
}

impl TsmLine {
    /// The files that the command would hand to Tableau Server.
    pub fn files(&self) -> Vec<&FileArgument> {
        self.command.files()
    }

    /// Those of them that can be judged without a server.
    pub fn opened(&self) -> Vec<&FileArgument> {
        let server = matches!(
            self.command,
            TsmCommand::ExternalSslEnable(_)
                | TsmCommand::CustomTsmSslEnable(_)
                | TsmCommand::GatewayCertificate { .. }
        );
        let alone =
            |file: &&FileArgument| !server || !matches!(file.role, FileRole::Key | FileRole::Chain);
        self.files().into_iter().filter(alone).collect()
    }
}

/// Reads the words that follow `tsm` on a command line.
///
/// Never fails. Work and output are bounded: only the first 4,096 words are judged, and findings
/// beyond 100 are only counted; either is itself a finding.
///
/// ```
/// use certcheck::preflight::tsm::{TsmCommand, read};
/// let line = read(&["security", "external-ssl", "enable", "--cert-file", "a.crt"]);
/// let TsmCommand::ExternalSslEnable(files) = &line.command else { panic!() };
/// assert_eq!(files.certificate.as_ref().unwrap().path, "a.crt");
/// assert_eq!(line.findings[0].code().as_str(), "config.missing-option");
/// assert_eq!(
///     line.findings[0].message(),
///     "`tsm security external-ssl enable` requires `--key-file`"
/// );
/// ```
pub fn read<W: AsRef<str>>(words: &[W]) -> TsmLine {
    read_in(words, &Context::default())
}

/// The findings about the protocol string of a command: removing a version that is already off, as
/// the string in Tableau's manual does, is only a notice.
pub fn lenient(findings: &mut [Finding]) {
    for finding in findings {
        let Evidence::ProtocolFact(ProtocolFact::IgnoredValue(fact)) = &finding.evidence else {
            continue;
        };
        if fact.token.starts_with('-') {
            finding.severity = Severity::Notice;
        }
    }
}

/// What the security level of OpenSSL decides, for a version before the one whose level is known:
/// undecided.
pub fn before_level_2(answer: &mut Answer<PreflightResult>, version: Option<TableauVersion>) {
    let Some(version) = version.filter(|version| *version < version::LEVEL_2) else {
        return;
    };
    let mut levelled = false;
    for finding in &mut answer.findings {
        let of_level = matches!(
            finding.code(),
            Code::CertificateWeakSignature | Code::CertificateWeakKey | Code::KeyWeak
        );
        if of_level && finding.severity == Severity::Error {
            finding.severity = Severity::Warning;
            levelled = true;
        }
    }
    let result = &mut answer.result;
    if levelled {
        result.startup = None;
        result.clients.clear();
        // They were tried at level 2.
        for finding in &mut answer.findings {
            finding.proof = None;
        }
        answer.checks.insert(0, Check::impossible(
            "startup",
            format!(
                "certcheck does not know the security level of OpenSSL in Tableau Server {version} \
                 (from {} on: 2)",
                version::LEVEL_2
            ),
        ));
    }
    let protocols = result.protocols.as_ref();
    if protocols.is_some_and(|protocols| protocols.effective == ["TLSv1.3"]) {
        answer.checks.insert(
            0,
            Check::impossible(
                "protocols",
                format!("certcheck does not know whether Tableau Server {version} speaks TLSv1.3"),
            ),
        );
    }
}

/// Whether the private key has a passphrase.
pub fn is_protected(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.code() == Code::KeyEncrypted)
}

/// Whether a key in this file has a passphrase, even if it is known.
pub fn has_passphrase(document: &Document) -> bool {
    let opened = Opened::new(document, None);
    let objects = opened.objects();
    let mut objects = objects.iter();
    objects.any(|object| matches!(object.content, Content::ClosedKey(KeyProblem::Encrypted(_))))
}

/// What is known in addition to the words of a command.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Context {
    /// The version of Tableau Server, if it is known.
    pub version: Option<TableauVersion>,
    /// Whether the words are those of a script: then none of them is an option of
    /// certcheck.
    pub script: bool,
}

/// Like [`read`], for a command for a known version of Tableau Server.
pub fn read_in<W: AsRef<str>>(words: &[W], context: &Context) -> TsmLine {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    line::read(&words, context)
}
