//! A script of `tsm` commands: each judged as if it were alone, all in one answer.

use super::own::Own;
use super::{Judged, judge};
use crate::args::Common;
use crate::failure::Failure;
use crate::output::{self, End};
use crate::run::unwritten;
use crate::{clock, input};
use certcheck::Source;
use certcheck::answer::{Answer, Check};
use certcheck::preflight::PreflightResult;
use certcheck::preflight::tsm::{
    self, CommandResult, Directory, Script, ScriptCommand, ScriptResult, Shell, TsmLine, TsmResult,
};
use certcheck::report::text;
use certcheck::shown::value as shown;
use std::path::Path;

/// The most commands that are judged: a script has about ten.
const MOST: usize = 500;

/// The largest script that is read.
const LARGEST: usize = 4 << 20;

/// What the words name, if it is a script.
pub(super) fn named(words: &[String]) -> Option<Result<Source, Failure>> {
    let [word] = words else { return None };
    let word = word.as_str();
    if word.contains(' ') && Path::new(word).symlink_metadata().is_err() {
        // The whole command as one shell word: a script of one line.
        let mut parts = word.split_whitespace();
        let first = parts.next().unwrap_or_default();
        let begins = tsm::is_command(first) || tsm::is_program(first);
        return begins.then(|| {
            let line = if tsm::is_program(first) {
                word.to_owned()
            } else {
                format!("tsm {word}")
            };
            Ok(Source::new("tsm", line.into_bytes()))
        });
    }
    if tsm::is_command(word) || tsm::is_program(word) {
        return None;
    }
    let path = Path::new(word);
    let exists = path.symlink_metadata().is_ok();
    let looks = word == "-" || word.contains(['/', '\\', '.']);
    if !exists && !looks || word.starts_with('-') && word != "-" {
        return None;
    }
    Some(input::read_secret(path))
}

pub(super) fn run(
    common: &Common,
    source: &Source,
    own: &Own,
    ours: &[String],
) -> Result<End, Failure> {
    let common = super::parse(common, &super::bare(ours))?.common;
    let at = clock::judged_at(&common);
    if source.bytes().len() > LARGEST {
        let why = "the file is too large for a script (more than 4 MiB)";
        return Err(Failure::file(Path::new(source.name()), why));
    }
    let text = tsm::text_of(source.bytes());
    let shell = own.shell.unwrap_or_else(|| Shell::of(source.name(), &text));
    let defines = own
        .defines
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let script = Script::read(&text, shell, defines);
    if script.commands.is_empty() {
        let why = match hidden(&script) {
            Some(reason) => reason,
            None => format!(
                "it contains no tsm command, only {} other lines (read as {})",
                script.skipped,
                shell.as_str()
            ),
        };
        return Err(Failure::file(Path::new(source.name()), why).help(
            "--shell posix|powershell|cmd names the shell; certcheck tsm --help has examples",
        ));
    }
    let (answers, commands) = judged(&common, source, &script, own, ours)?;
    let result = ScriptResult::new(
        source.name().to_owned(),
        shell.as_str(),
        script.skipped,
        commands,
    );
    let answer = TsmResult::of_script(result, &answers);
    output::report(&common, at, answer, |answer, detail| {
        text::tsm_script(answer, &answers, detail)
    })
    .map_err(unwritten)
}

/// Lines that run tsm in a form that is not read.
fn hidden(script: &Script) -> Option<String> {
    /// The most lines that are named.
    const LISTED: usize = 10;
    let lines: Vec<String> = script
        .hidden
        .iter()
        .take(LISTED)
        .map(usize::to_string)
        .collect();
    let more = if script.hidden.len() > LISTED {
        ", …"
    } else {
        ""
    };
    let plural = if script.hidden.len() == 1 {
        "line"
    } else {
        "lines"
    };
    (!lines.is_empty()).then(|| {
        format!(
            "{plural} {}{more}: certcheck does not read a tsm command in this form; write it as tsm and its options",
            lines.join(", ")
        )
    })
}

/// The answer to each command, in their order.
fn judged(
    common: &Common,
    source: &Source,
    script: &Script,
    own: &Own,
    ours: &[String],
) -> Result<(Vec<Answer<TsmResult>>, Vec<CommandResult>), Failure> {
    let levels = output::levels(common);
    let context = own.context();
    let lines = script.commands.iter().take(MOST);
    let mut lines: Vec<TsmLine> = lines
        .map(|command| command.line(source.name(), &context))
        .collect();
    tsm::join_gateway(&mut lines);
    let last_apply = lines
        .iter()
        .rposition(|line| matches!(line.command, tsm::TsmCommand::PendingChangesApply));
    let (mut answers, mut commands, mut failures) = (Vec::new(), Vec::new(), Vec::new());
    for (index, (mut line, command)) in lines.into_iter().zip(&script.commands).enumerate() {
        if last_apply.is_some_and(|last| index < last) {
            line.applied();
        }
        let name = line.name.clone();
        let mut answer = one(
            common,
            line,
            command,
            own,
            ours,
            Path::new(source.name()),
            &mut failures,
        )?;
        if index + 1 == MOST && script.commands.len() > MOST {
            let reason = format!("only the first {MOST} commands of the script were judged");
            answer.checks.push(Check::impossible("script", reason));
        }
        if index == 0 {
            let open = hidden(script).map(|reason| Check::impossible("script", reason));
            answer.checks.extend(open);
        }
        let answer = answer.judged_by(&levels);
        commands.push(CommandResult::new(name, command.lines, &answer));
        answers.push(answer);
    }
    // As for one command: if nothing at all could be judged, there is no answer.
    if failures.len() == answers.len()
        && let Some(failure) = Failure::together(failures)
    {
        return Err(failure);
    }
    Ok((answers, commands))
}

/// One command; what keeps it from being judged leaves it undecided.
fn one(
    common: &Common,
    mut line: TsmLine,
    command: &ScriptCommand,
    own: &Own,
    ours: &[String],
    script: &Path,
    failures: &mut Vec<Failure>,
) -> Result<Answer<TsmResult>, Failure> {
    if line.help {
        line.findings.clear();
    }
    let undecided = |line: TsmLine, name, reason: String| {
        let result = TsmResult::new(PreflightResult::of("tableau"), line.effects);
        let check = Check::impossible(name, reason);
        Answer::new(result, line.findings, vec![check], [])
    };
    let unknown = command.undecided_by(&line);
    if !unknown.is_empty() {
        let reason = format!(
            "the value of {} is not known here: --define NAME=VALUE gives it",
            unknown.join(", ")
        );
        return Ok(undecided(line, "script", reason));
    }
    if let Directory::ChangedOn(at) = command.directory
        && let Some(path) = line.relative_path(&own.paths)
    {
        let reason = format!(
            "line {at} of the script changes the directory, and certcheck does not know where {} is: --path-map .=DIR names the directory",
            shown(path)
        );
        return Ok(undecided(line, "script", reason));
    }
    let of_script = own.of_script(command.directory, script);
    let own = of_script.as_ref().unwrap_or(own);
    let rest = (line.clone(), line.findings.is_empty());
    match judge(common, line, &command.words(), own, ours)? {
        Judged::Answer(answer) => Ok(answer.1),
        Judged::Failure(failure) => {
            let (line, clean) = rest;
            let reason = format!("not opened: {}", failure.what());
            if clean {
                failures.push(failure);
            }
            Ok(undecided(line, "files", reason))
        }
    }
}
