//! Debian, Ubuntu and their kin. Measured: ca-certificates 20230311 and 20250419,
//! ca-certificates-java 20230710.

use super::drop_in::DropIn;
use super::item::Item;
use super::location::Location;
use super::plan::Plan;
use super::step::{Action, Guard, Probe, Step, TreeLinks};

const SOURCES: &str = "/usr/local/share/ca-certificates";
const LINKS: &str = "/etc/ssl/certs";
const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";
const JAVA: &str = "/etc/ssl/certs/java/cacerts";
const JAVA_HOOK: &str = "/etc/ca-certificates/update.d/jks-keystore";

pub(super) fn build(location: &Location<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    let mut undo_steps = vec![update(
        location,
        &["--fresh"],
        "rebuilds the links and the bundle; without --fresh, dead links would remain",
    )];
    let restore = Action::RestoreFile {
        path: location.at(BUNDLE),
        without: install.iter().chain(undo).map(|item| item.sha256).collect(),
    };
    undo_steps.push(
        Step::new(
            restore,
            "the tool does not change the bundle when the store becomes empty",
        )
        .privileged(location.privileged())
        .guard(Guard::Changed),
    );
    if location.root.is_none() {
        undo_steps.extend(java(install.iter().chain(undo)));
        plan.notes.push(
            "a hook adds the certificate to Java's keystore; only dpkg's trigger removes it".into(),
        );
    } else {
        plan.notes.push(
            "in a scratch tree no hook runs, since hooks may change the machine: the tree's Java keystore stays unchanged".into(),
        );
    }
    DropIn {
        directory: SOURCES,
        demanded: &[LINKS],
        install: vec![update(
            location,
            &[],
            "writes the links and the bundle; its exit status is no proof, so the checks look at the result",
        )],
        undo: undo_steps,
        bundle: Some(BUNDLE),
        links: Some((LINKS, |stem| format!("{stem}.pem"))),
        keystore: Some(JAVA),
    }
    .build(location, install, undo, plan);
    plan.notes.push(
        "running programs have already read the store: restart services, Java virtual machines and browsers".into(),
    );
    plan.notes.push(super::TABLEAU_LINUX.into());
}

/// `update-ca-certificates`. In a scratch tree the directory options are given:
/// `--sysroot` exists since 20250419 only, and would run the tree's hooks, which do not know about
/// the tree; an invalid hooks directory switches them off.
fn update(location: &Location<'_>, options: &[&str], why: &str) -> Step {
    let mut argv = vec!["update-ca-certificates".to_owned()];
    argv.extend(options.iter().map(|option| (*option).to_owned()));
    let mut links = None;
    if let Some(root) = &location.root {
        for (option, path) in [
            ("--certsconf", "/etc/ca-certificates.conf"),
            ("--certsdir", "/usr/share/ca-certificates"),
            ("--localcertsdir", SOURCES),
            ("--etccertsdir", LINKS),
        ] {
            argv.extend([option.to_owned(), location.at(path)]);
        }
        argv.extend(["--hooksdir".to_owned(), "/dev/null".to_owned()]);
        links = Some(TreeLinks {
            directory: location.at(LINKS),
            root: root.clone(),
        });
    }
    Step::new(
        Action::Run {
            argv,
            stdin: None,
            links,
        },
        why,
    )
    .privileged(location.privileged())
    .changes([&location.at(BUNDLE), &location.at(LINKS)])
    .guard(Guard::Changed)
}

/// The hook of ca-certificates-java learns of removals only if it is called with `--fresh`, which
/// never happens: the trigger that Debian's own maintainer scripts use makes it start again.
/// Remaining entries are removed by alias.
fn java<'i>(items: impl Iterator<Item = &'i Item>) -> Vec<Step> {
    let hook = || {
        Guard::If(Probe::Exists {
            path: JAVA_HOOK.to_owned(),
        })
    };
    let step = |step: Step| {
        step.privileged(true)
            .changes([JAVA])
            .guard(Guard::Changed)
            .guard(hook())
    };
    let mut steps = vec![
        step(Step::run(
            [
                "dpkg-trigger",
                "--no-await",
                "update-ca-certificates-java-fresh",
            ],
            "recreates Java's keystore; removing the file and --fresh leave the certificate in it",
        )),
        step(Step::run(
            ["dpkg", "--triggers-only", "--pending"],
            "runs the trigger now",
        )),
    ];
    for item in items {
        // The alias that the hook assigns: `debian:` and the name of the link.
        let alias = format!("debian:{}.pem", item.stem);
        let keystore = Probe::KeystoreHolds {
            path: Some(JAVA.to_owned()),
            certificate: item.sha256,
            length: item.der.len(),
        };
        steps.push(
            step(Step::run(
                [
                    "keytool",
                    "-delete",
                    "-keystore",
                    JAVA,
                    "-storepass",
                    "changeit",
                    "-alias",
                    &alias,
                ],
                "in case the trigger left it there",
            ))
            .guard(Guard::If(keystore)),
        );
    }
    steps
}
