//! Standard output and standard error.

use crate::args::{Color, Common, Denied, Format};
use anstream::adapter::strip_str;
use certcheck::Time;
use certcheck::answer::{Answer, Level, Levels, Verdict};
use certcheck::finding::{Code, Severity};
use certcheck::report::{self, Outline, State, json, text};
use std::io::{self, BufWriter, Write};

/// How the program ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Good,
    Found,
    /// The state that a plugin's output states.
    State(State),
    /// Standard error says what could not be done, and why.
    CouldNot,
}

/// Writes the answer in the form that was asked for, judged by the user's severities.
///
/// `body` writes the question's own result for people; it comes before the findings.
pub(crate) fn answer<T: json::Reportable>(
    common: &Common,
    at: Time,
    title: &str,
    answer: Answer<T>,
    body: impl FnOnce(&T) -> String,
) -> io::Result<End> {
    report(common, at, answer, |answer, detail| {
        let mut out = if detail.quiet {
            String::new()
        } else {
            body(&answer.result)
        };
        if !out.is_empty() {
            out.push('\n');
        }
        out + &text::answer(title, answer, detail)
    })
}

/// The same, where `text` writes the whole report for people.
pub(crate) fn report<T: json::Reportable>(
    common: &Common,
    at: Time,
    answer: Answer<T>,
    text: impl FnOnce(&Answer<T>, text::Detail) -> String,
) -> io::Result<End> {
    let answer = judged(common, answer, at);
    let words = |answer: &Answer<T>| {
        let detail = detail(common);
        let mut words = text(answer, detail);
        // `run` has them in the reports of its targets.
        if !detail.quiet {
            words.push_str(&text::kept(answer, detail));
            if !common.configured.waivers.is_empty() {
                words.push_str(&text::waived(answer, detail));
            }
        }
        words
    };
    if let Some(gathers) = &common.configured.gathers {
        let mut targets = gathers.targets.borrow_mut();
        targets.judged(&gathers.name, &answer, at, words(&answer));
        return Ok(end(&answer));
    }
    match common.format {
        // JSON escapes control characters: there is no style in it to strip.
        Format::Json => {
            let mut out = buffered(io::stdout().lock());
            ignore_closed(json::write(&answer, at, &mut out).and_then(|()| out.flush()))?;
        }
        Format::Text | Format::Sh => {
            print(common, &words(&answer))?;
        }
        format => return outlined(format, &Outline::of(&answer, at)),
    }
    Ok(end(&answer))
}

/// Writes an answer in a format that all commands have.
fn outlined(format: Format, outline: &Outline<'_>) -> io::Result<End> {
    let text = match format {
        Format::Ndjson => report::ndjson(outline),
        Format::Csv => report::csv(outline),
        Format::Html => report::html(outline),
        Format::Sarif => report::sarif(outline),
        Format::Junit => report::junit(outline),
        Format::Github => {
            // The annotations say the same: a page that cannot be written is no reason to fail.
            if let Err(error) = summarise(&report::github_summary(outline)) {
                let _ = writeln!(
                    io::stderr(),
                    "warning: the job summary was not written: {error}"
                );
            }
            report::github(outline)
        }
        Format::Prometheus => report::prometheus(outline),
        _ => report::nagios(outline),
    };
    write_plain(&text)?;
    Ok(match (format, outline.verdict) {
        (Format::Nagios, _) => End::State(State::of(outline)),
        (_, Verdict::Pass) => End::Good,
        _ => End::Found,
    })
}

/// Writes text without styles to standard output.
pub(crate) fn write_plain(text: &str) -> io::Result<()> {
    let mut out = buffered(io::stdout().lock());
    ignore_closed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Adds to the job's summary page, if GitHub has one.
fn summarise(page: &str) -> io::Result<()> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let mut file = std::fs::OpenOptions::new();
    let file = file.append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(page.as_bytes()))
        .map_err(|error| io::Error::new(error.kind(), format!("GITHUB_STEP_SUMMARY: {error}")))
}

/// How the program ends if it could not do what was asked; what a monitor reads on standard output
/// says so too.
pub(crate) fn could_not(format: Option<Format>, message: &str) -> std::process::ExitCode {
    let (text, code) = match format {
        Some(Format::Nagios) => (report::nagios_failure(message), 3),
        Some(Format::Github) => (report::github_failure(message), 2),
        _ => (String::new(), 2),
    };
    let _ = write_plain(&text);
    std::process::ExitCode::from(code)
}

/// Writes the result alone to standard output, and what was found on the way to
/// standard error.
pub(crate) fn apart<T>(
    common: &Common,
    title: &str,
    answer: Answer<T>,
    body: impl FnOnce(&T) -> String,
) -> io::Result<End> {
    let answer = judged(common, answer, crate::clock::judged_at(common));
    print(common, &body(&answer.result))?;
    let end = end(&answer);
    let said = end == End::Found || !answer.findings.is_empty() || !answer.waived().is_empty();
    if said && !common.quiet {
        let detail = text::Detail {
            quiet: false,
            ..detail(common)
        };
        let mut out = anstream::AutoStream::new(io::stderr().lock(), choice(common.color));
        let words = text::answer(title, &answer, detail) + &text::waived(&answer, detail);
        let _ = out.write_all(words.as_bytes());
    }
    Ok(end)
}

/// How much to say, in lines as wide as the terminal.
pub(crate) fn detail(common: &Common) -> text::Detail {
    text::Detail {
        verbose: common.verbose,
        quiet: common.quiet,
        columns: terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)),
    }
}

/// How the program ends with this answer.
pub(crate) fn end<T>(answer: &Answer<T>) -> End {
    match answer.verdict() {
        Verdict::Pass => End::Good,
        _ => End::Found,
    }
}

/// The answer with the user's waivers and severities.
pub(crate) fn judged<T>(common: &Common, answer: Answer<T>, at: Time) -> Answer<T> {
    let configured = &common.configured;
    let file = configured.file.as_ref().map(|(name, _)| name.clone());
    let waivers = configured.waivers.iter();
    let waivers = waivers.filter(|waiver| !denies(common, waiver.code));
    let waivers: Vec<_> = waivers.cloned().collect();
    let answer = answer.waived_by(&waivers, at);
    let answer = answer.judged_by(&levels(common));
    answer.configured_by(file, configured.lets_pass())
}

/// Whether the command line has `--deny` for this code: it takes precedence over waivers.
pub(crate) fn denies(common: &Common, code: Code) -> bool {
    let is = |denied: &Denied| matches!(denied, Denied::Code(denied) if *denied == code);
    common.deny.iter().any(is)
}

/// The user's severities: those of the command line count before those of the configuration file.
pub(crate) fn levels(common: &Common) -> Levels {
    let mut levels = Levels::new();
    for &(code, level) in &common.configured.severities {
        levels = levels.with(code, level);
    }
    if common.configured.denies_warnings {
        levels = levels.failing_at(Severity::Warning);
    }
    for &code in &common.allow {
        levels = levels.with(code, Level::Allow);
    }
    for &code in &common.warn {
        levels = levels.with(code, Level::Warn);
    }
    for denied in &common.deny {
        levels = match denied {
            Denied::Warnings => levels.failing_at(Severity::Warning),
            Denied::Code(code) => levels.with(*code, Level::Deny),
        };
    }
    levels
}

/// Writes to standard output; a reader that has gone away is not an error.
pub(crate) fn print(common: &Common, text: &str) -> io::Result<()> {
    let mut out = anstream::AutoStream::new(io::stdout().lock(), choice(common.color));
    if out.current_choice() != anstream::ColorChoice::Never {
        return ignore_closed(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
    }
    // A stream that strips styles asks the system to write each line by itself.
    let mut out = buffered(out.into_inner());
    ignore_closed(write!(out, "{}", strip_str(text)).and_then(|()| out.flush()))
}

pub(crate) fn buffered<W: Write>(out: W) -> BufWriter<W> {
    BufWriter::with_capacity(1 << 16, out)
}

/// Writes bytes as they are to standard output.
pub(crate) fn print_bytes(bytes: &[u8]) -> io::Result<()> {
    // Not through the buffer of the standard library, which would keep the last piece of
    // it: the bytes may be a key's.
    #[cfg(unix)]
    use std::os::fd::AsFd;
    #[cfg(windows)]
    use std::os::windows::io::AsHandle;
    #[cfg(unix)]
    let out = io::stdout().as_fd().try_clone_to_owned();
    #[cfg(windows)]
    let out = io::stdout().as_handle().try_clone_to_owned();
    ignore_closed(out.and_then(|out| std::fs::File::from(out).write_all(bytes)))
}

/// One message for standard error.
pub(crate) fn complain(color: Color, message: impl std::fmt::Display) {
    let mut out = anstream::AutoStream::new(io::stderr().lock(), choice(color));
    let style = anstyle::AnsiColor::Red.on_default().bold();
    let _ = writeln!(out, "{style}error{style:#}: {message}");
}

/// What is worth knowing, for standard error.
pub(crate) fn note(color: Color, message: &str) {
    let mut out = anstream::AutoStream::new(io::stderr().lock(), choice(color));
    let _ = writeln!(out, "note: {}", text::printable(message));
}

/// What clap says about wrong arguments: it repeats them as they are.
pub(crate) fn refuse(message: &str) {
    let mut out = anstream::AutoStream::new(io::stderr().lock(), anstream::ColorChoice::Auto);
    // A value may have several lines, and only all of them show what it is.
    let message = certcheck::shown::without_keys(message);
    for line in message.lines() {
        let line = text::printable(line);
        let _ = match line.strip_prefix("error: ") {
            Some(rest) => {
                let style = anstyle::AnsiColor::Red.on_default().bold();
                writeln!(out, "{style}error{style:#}: {rest}")
            }
            None => writeln!(out, "{line}"),
        };
    }
}

/// A report for standard error, if standard output is already in use.
pub(crate) fn remark(color: Color, report: &str) {
    let mut out = anstream::AutoStream::new(io::stderr().lock(), choice(color));
    let _ = out.write_all(report.as_bytes());
}

pub(crate) fn choice(color: Color) -> anstream::ColorChoice {
    match color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    }
}

pub(crate) fn ignore_closed(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
