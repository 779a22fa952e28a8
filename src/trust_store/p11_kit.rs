//! Fedora and its relatives, Arch and openSUSE, where p11-kit makes the bundles. Measured with
//! p11-kit 0.25.5 and 0.23.22 built with Fedora's paths; the distributions' own scripts were read.

use super::drop_in::DropIn;
use super::item::Item;
use super::layout;
use super::location::Location;
use super::plan::Plan;
use super::platform::Platform;
use super::step::{Guard, Step};

pub(super) fn build(location: &Location<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    let Some(directory) = layout::directory(location.platform) else {
        return;
    };
    let bundle = layout::bundles(location.platform).first().copied();
    let keystore = match location.platform {
        Platform::Rpm => "/etc/pki/ca-trust/extracted/java/cacerts",
        Platform::Arch => "/etc/ca-certificates/extracted/java-cacerts.jks",
        _ => "/var/lib/ca-certificates/java-cacerts",
    };
    let mut steps = Vec::new();
    if is_el6(location) {
        steps.push(
            run(
                location,
                &["update-ca-trust", "enable"],
                "Enterprise Linux 6: until it is enabled, anchors have no effect",
            )
            .changes([&location.at("/etc/pki/tls/certs/ca-bundle.crt")]),
        );
    }
    let why = "writes the bundles for OpenSSL, GnuTLS and Java; its exit status is no proof, so the checks look at the result";
    let change = bundle.map(|bundle| location.at(bundle)).unwrap_or_default();
    steps.push(update(location, why).changes([&change]));
    notes(location, plan);
    DropIn {
        directory,
        demanded: &[],
        install: steps,
        undo: vec![
            update(location, "writes the bundles without it, including Java's").changes([&change]),
        ],
        bundle,
        links: None,
        keystore: Some(keystore),
    }
    .build(location, install, undo, plan);
}

fn update(location: &Location<'_>, why: &str) -> Step {
    match location.platform {
        // Releases before Fedora 39 ignore every argument, later ones accept `extract` for their
        // default action.
        Platform::Rpm => run(location, &["update-ca-trust", "extract"], why),
        Platform::Arch => run(location, &["update-ca-trust"], why),
        _ => run(location, &["update-ca-certificates"], why),
    }
}

/// p11-kit's paths are compiled in: for a scratch tree, its tool must run inside the tree.
pub(super) fn run(location: &Location<'_>, argv: &[&str], why: &str) -> Step {
    // Always privileged, in a tree too, since chroot needs it.
    let mut step = Step::run([], why).privileged(true).guard(Guard::Changed);
    if let super::step::Action::Run { argv: words, .. } = &mut step.action {
        if let Some(root) = &location.root {
            words.extend(["chroot".to_owned(), root.clone()]);
        }
        words.extend(argv.iter().map(|word| (*word).to_owned()));
    }
    step
}

fn is_el6(location: &Location<'_>) -> bool {
    location.platform == Platform::Rpm
        && location.host.is_like("rhel")
        && location.host.major_version() == Some(6)
}

fn notes(location: &Location<'_>, plan: &mut Plan) {
    if location.root.is_some() {
        plan.notes.push("in a scratch tree the tool runs inside it (chroot), which needs root: its paths are compiled in".into());
    }
    let host = location.host;
    let major = host.major_version();
    match location.platform {
        Platform::Rpm => {
            if host.id() == Some("fedora") && major.is_none_or(|major| major >= 44) {
                plan.notes.push("Fedora 44 no longer has /etc/pki/tls/certs/ca-bundle.crt and /etc/ssl/cert.pem: programs that use them need /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem".into());
            }
            let old = host.exists("/etc/pki/ca-trust/source/blacklist")
                || (host.is_like("rhel") && major.is_some_and(|major| major <= 8));
            let list = if old && !host.exists("/etc/pki/ca-trust/source/blocklist") {
                "/etc/pki/ca-trust/source/blacklist"
            } else {
                "/etc/pki/ca-trust/source/blocklist"
            };
            plan.notes.push(format!("to distrust a certificate on this release, put it into {list}; the other spelling is silently ignored"));
        }
        Platform::OpenSuse if host.id().is_some_and(|id| id.contains("micro")) => {
            plan.notes.push("on a transactional system update-ca-certificates succeeds but does nothing: run this in `transactional-update shell`, or after it `systemctl start ca-certificates`".into());
        }
        _ => {}
    }
    plan.notes.push(
        "running programs have already read the store: restart services and Java virtual machines"
            .into(),
    );
    if location.platform == Platform::Rpm {
        plan.notes.push(super::TABLEAU_LINUX.into());
    }
}
