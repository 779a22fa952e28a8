//! FreeBSD: `certctl`. Read: its script, as of FreeBSD 14.

use super::drop_in::DropIn;
use super::item::Item;
use super::layout;
use super::location::Location;
use super::plan::Plan;
use super::step::{Guard, Step};

const LINKS: &str = "/etc/ssl/certs";

pub(super) fn build(location: &Location<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    let rehash = |why: &str| {
        let step = match &location.root {
            Some(root) => Step::run(["certctl", "-D", root, "rehash"], why),
            None => Step::run(["certctl", "rehash"], why),
        };
        let step = step.privileged(location.privileged()).guard(Guard::Changed);
        step.changes([&location.at(LINKS)])
    };
    DropIn {
        directory: layout::directory(location.platform).unwrap_or_default(),
        demanded: &[],
        install: vec![rehash("creates the hash links")],
        undo: vec![rehash("removes its hash link")],
        bundle: None,
        links: Some((LINKS, |stem| format!("{stem}.crt"))),
        keystore: None,
    }
    .build(location, install, undo, plan);
    plan.notes.push("programs from ports that use /usr/local/share/certs/ca-root-nss.crt do not read this store".into());
}
