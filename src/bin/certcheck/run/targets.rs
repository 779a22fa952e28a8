//! `certcheck run`.

use super::{doctor, preflight, probe, scan, unwritten};
use crate::args::{Cli, Command, Common, Format, Run as Args};
use crate::clock;
use crate::configured::Gathers;
use crate::failure::Failure;
use crate::output::{self, End};
use crate::project::{NAME, Project, Target};
use crate::terminal::Progress;
use certcheck::report::targets::Targets;
use certcheck::report::text;
use certcheck::spelling::nearest;
use std::cell::RefCell;
use std::rc::Rc;

pub(crate) fn run(common: &Common, args: &Args, project: Option<&Project>) -> Result<End, Failure> {
    let project = project.ok_or_else(|| {
        Failure::new(format!("there is no {NAME} in this directory or above it"))
            .help("`certcheck run --help` has an example; --config-file names a file elsewhere")
    })?;
    let chosen = chosen(args, project)?;
    let mut own = common.clone();
    own.format = Format::Text;
    let (mut ready, mut wrong) = (Vec::new(), Vec::new());
    for target in chosen {
        match project.command_line(target, &own) {
            Ok(cli) => ready.push((target, cli)),
            Err(failure) => wrong.push(failure),
        }
    }
    if let Some(failure) = Failure::together(wrong) {
        return Err(failure);
    }
    let at = clock::judged_at(common);
    let targets = Rc::new(RefCell::new(Targets::default()));
    let progress = Progress::new();
    let mut failures = Vec::new();
    for (target, mut cli) in ready {
        progress.say(&target.name);
        // All targets are judged for the same moment.
        cli.common.at = Some(at);
        cli.common.configured.gathers = Some(Gathers {
            name: target.name.clone(),
            targets: Rc::clone(&targets),
        });
        if let Err(failure) = judge(&cli) {
            let what = failure.what().to_owned();
            targets
                .borrow_mut()
                .failed(&target.name, target.command, what);
            failures.push(failure.about(&target.name));
        }
    }
    drop(progress);
    let targets = targets.take();
    let mut more = Vec::new();
    for waiver in project.waivers() {
        if output::denies(common, waiver.code) {
            continue;
        }
        if !waiver.holds(at) {
            more.push(waiver.expired());
        } else if args.names.is_empty() && failures.is_empty() && !targets.uses(&waiver.place()) {
            // What is not judged may have the finding.
            more.push(waiver.unused());
        }
    }
    let answer = targets.finish(more);
    let end = output::report(common, at, answer, text::targets).map_err(unwritten)?;
    match Failure::together(failures) {
        Some(failure) => {
            output::complain(common.color, failure);
            Ok(match end {
                End::State(_) => end,
                _ => End::CouldNot,
            })
        }
        None => Ok(end),
    }
}

fn judge(cli: &Cli) -> Result<End, Failure> {
    let common = &cli.common;
    match &cli.command {
        Command::Preflight(args) => preflight::run(common, args),
        Command::Probe(args) => probe::run(common, args),
        Command::Scan(args) => scan::run(common, args),
        Command::Doctor(args) => doctor::run(common, args),
        _ => Err(Failure::new("a target cannot have this command")),
    }
}

/// The targets that the command line names, in its order; all, if it names none.
fn chosen<'p>(args: &Args, project: &'p Project) -> Result<Vec<&'p Target>, Failure> {
    if project.targets.is_empty() {
        return Err(Failure::new(format!("{}: it has no target", project.name))
            .help("write one: [[target]], name = \"web\", cert-file = \"fullchain.pem\""));
    }
    if args.names.is_empty() {
        return Ok(project.targets.iter().collect());
    }
    let names = || project.targets.iter().map(|target| target.name.as_str());
    let mut chosen: Vec<&Target> = Vec::new();
    for name in &args.names {
        let target = project.targets.iter().find(|target| target.name == *name);
        let target = target.ok_or_else(|| {
            let what = format!("{}: it has no target `{name}`", project.name);
            Failure::new(what).help(match nearest(name, names()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("its targets: {}", names().collect::<Vec<_>>().join(", ")),
            })
        })?;
        if !chosen.iter().any(|other| other.name == target.name) {
            chosen.push(target);
        }
    }
    Ok(chosen)
}
