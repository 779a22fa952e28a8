//! Alpine. Measured: update-ca.c, upstream of 2020, with its paths redirected.

use super::drop_in::DropIn;
use super::item::Item;
use super::layout;
use super::location::Location;
use super::p11_kit::run;
use super::plan::Plan;
use super::step::{Guard, Probe};

const TOOL: &str = "/usr/sbin/update-ca-certificates";
const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";
const LINKS: &str = "/etc/ssl/certs";

pub(super) fn build(location: &Location<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    let mut steps = Vec::new();
    if location.lacks(TOOL) {
        let mut package = run(
            location,
            &["apk", "add", "--no-cache", "ca-certificates"],
            "base images have the bundle without the tool that writes it",
        )
        .changes([&location.at(BUNDLE)]);
        package.guards = vec![Guard::Unless(Probe::Exists {
            path: location.at(TOOL),
        })];
        steps.push(package);
        plan.notes.push("behind a proxy that intercepts TLS, `apk add` fails until its certificate is trusted: append it to /etc/ssl/certs/ca-certificates.crt by hand first; the tool then rewrites the file".into());
    }
    let why = "writes the links and the bundle, and removes links to missing files";
    let update = |location| {
        run(location, &["update-ca-certificates"], why)
            .changes([&location.at(BUNDLE), &location.at(LINKS)])
    };
    steps.push(update(location));
    if location.root.is_some() {
        plan.notes.push("in a scratch tree the tool runs inside it (chroot), which needs root: the tool accepts no other directory".into());
    }
    DropIn {
        directory: layout::directory(location.platform).unwrap_or_default(),
        demanded: &[],
        install: steps,
        undo: vec![update(location)],
        bundle: Some(BUNDLE),
        links: Some((LINKS, |stem| format!("ca-cert-{stem}.pem"))),
        keystore: None,
    }
    .build(location, install, undo, plan);
}
