//! The answer for a `tsm` command, or for a script of them.

use crate::answer::{Answer, Check, CheckOutcome, Verdict};
use crate::finding::Code;
use crate::preflight::result::PreflightResult;
use crate::rule::Finding;
use crate::source::Lines;

/// The result of a `tsm` command: the preflight of Tableau's gateway, and what else it does.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct TsmResult {
    /// The preflight of the files and settings that the command names.
    pub preflight: PreflightResult,
    /// What the command changes that its name does not say; a sentence each.
    pub effects: Vec<&'static str>,
    /// Tableau's page about the command, from which the answer comes: Tableau Server itself was
    /// not run.
    pub page: Option<&'static str>,
    /// The commands, if a script was given.
    pub script: Option<ScriptResult>,
}

/// The pages of Tableau Server's documentation, by the first word of their commands.
const PAGES: &[(&str, &str)] = &[
    (
        "authentication",
        "https://help.tableau.com/current/server/en-us/cli_authentication_tsm.htm",
    ),
    (
        "configuration",
        "https://help.tableau.com/current/server/en-us/cli_configuration-set_tsm.htm",
    ),
    (
        "data-access",
        "https://help.tableau.com/current/server/en-us/cli_data-access.htm",
    ),
    (
        "security",
        "https://help.tableau.com/current/server/en-us/cli_security_tsm.htm",
    ),
    (
        "user-identity-store",
        "https://help.tableau.com/current/server/en-us/cli_user-identity_tsm.htm",
    ),
];

impl TsmResult {
    /// The preflight, and what else the command does.
    pub const fn new(preflight: PreflightResult, effects: Vec<&'static str>) -> Self {
        Self {
            preflight,
            effects,
            page: None,
            script: None,
        }
    }

    /// With Tableau's page about the command of this name (`tsm security external-ssl enable`).
    #[must_use]
    pub fn of_command(mut self, name: &str) -> Self {
        let group = name.split(' ').nth(1);
        let known = PAGES.iter().find(|(word, _)| Some(*word) == group);
        self.page = known.map(|(_, page)| *page);
        self
    }

    /// One answer for the commands of a script: what any of them found, and each check with its
    /// worst outcome.
    pub fn of_script(script: ScriptResult, commands: &[Answer<Self>]) -> Answer<Self> {
        let findings: Vec<Finding> = commands
            .iter()
            .flat_map(|answer| answer.findings.clone())
            .collect();
        let mut checks: Vec<Check> = Vec::new();
        for check in commands.iter().flat_map(|answer| &answer.checks) {
            match checks.iter_mut().find(|known| known.name == check.name) {
                Some(known) if rank(&known.outcome) < rank(&check.outcome) => {
                    known.outcome = check.outcome.clone();
                }
                Some(_) => {}
                None => checks.push(check.clone()),
            }
        }
        let name = script.source.clone();
        let mut result = Self::new(PreflightResult::of("tableau"), Vec::new());
        result.script = Some(script);
        Answer::new(result, findings, checks, [name.as_str()])
    }
}

/// The more decisive outcome ranks higher.
const fn rank(outcome: &CheckOutcome) -> u8 {
    match outcome {
        CheckOutcome::NotApplicable { .. } => 0,
        CheckOutcome::NotRun {
            asked_for: false, ..
        } => 1,
        CheckOutcome::Ran => 2,
        CheckOutcome::NotRun {
            asked_for: true, ..
        } => 3,
    }
}

/// What is in a script.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScriptResult {
    /// Its name.
    pub source: String,
    /// The shell that it was read for: `posix`, `powershell` or `cmd`.
    pub shell: &'static str,
    /// How many lines have something other than tsm commands.
    pub skipped: usize,
    /// The commands, in their order.
    pub commands: Vec<CommandResult>,
}

impl ScriptResult {
    /// A script with its commands.
    pub const fn new(
        source: String,
        shell: &'static str,
        skipped: usize,
        commands: Vec<CommandResult>,
    ) -> Self {
        Self {
            source,
            shell,
            skipped,
            commands,
        }
    }
}

/// One command of a script.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CommandResult {
    /// Its known words, `tsm security external-ssl enable`.
    pub name: String,
    /// Its lines.
    pub lines: Lines,
    /// The verdict on this command alone.
    pub verdict: Verdict,
    /// What was found, each code once.
    pub codes: Vec<Code>,
    /// What it changes that its name does not say.
    pub effects: Vec<&'static str>,
}

impl CommandResult {
    /// A command and its answer.
    pub fn new(name: String, lines: Lines, answer: &Answer<TsmResult>) -> Self {
        let mut codes: Vec<Code> = Vec::new();
        for finding in &answer.findings {
            if !codes.contains(&finding.code()) {
                codes.push(finding.code());
            }
        }
        Self {
            name,
            lines,
            verdict: answer.verdict(),
            codes,
            effects: answer.result.effects.clone(),
        }
    }
}
