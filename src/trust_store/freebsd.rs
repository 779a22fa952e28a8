//! FreeBSD: `certctl`. Read: its script, as of FreeBSD 14.

use super::drop_in::DropIn;
use super::item::Item;
use super::layout;
use super::plan::Plan;
use super::site::Site;
use super::step::{Guard, Step};

const LINKS: &str = "/etc/ssl/certs";

pub(super) fn build(site: &Site<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    let rehash = |why: &str| {
        let step = match &site.root {
            Some(root) => Step::run(["certctl", "-D", root, "rehash"], why),
            None => Step::run(["certctl", "rehash"], why),
        };
        let step = step.privileged(site.privileged()).guard(Guard::Changed);
        step.changes([&site.at(LINKS)])
    };
    DropIn {
        directory: layout::directory(site.platform).unwrap_or_default(),
        demanded: &[],
        install: vec![rehash("makes the hash links")],
        undo: vec![rehash("takes its hash link away")],
        bundle: None,
        links: Some((LINKS, |stem| format!("{stem}.crt"))),
        keystore: None,
    }
    .build(site, install, undo, plan);
    plan.notes.push("programs from ports that use /usr/local/share/certs/ca-root-nss.crt do not read this store".into());
}
