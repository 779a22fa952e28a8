//! Container images: files for the build's context, and lines for the Dockerfile.

use super::item::Item;
use super::layout;
use super::location::Location;
use super::personal;
use super::plan::Plan;
use super::step::{Action, Check, Guard, Probe, Step};
use crate::model::sha256;
use std::fmt::Write;

pub(super) fn build(location: &Location<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    let journal = personal::journal(location);
    plan.journal = Some(journal.clone());
    let mut names = String::new();
    for item in install.iter().chain(undo) {
        let name = layout::file_name(location.platform, &item.stem);
        let _ = write!(names, "{name} ");
        let record = format!("{journal}/containers-{}", item.stem);
        let path = format!("./{name}");
        let sum = sha256(item.pem.as_bytes());
        let write = Action::WriteFile {
            path: path.clone(),
            mode: 0o644,
            content: item.pem.clone(),
        };
        plan.steps.push(
            Step::new(
                write,
                format!(
                    "into the directory from which the image is built: {}",
                    item.subject
                ),
            )
            .journal(&record),
        );
        plan.verify.push(Check::present(Probe::FileHolds {
            path: path.clone(),
            sha256: sum,
        }));
        // Only a file with exactly the plan's content is removed: the build context belongs to
        // someone else's project.
        let remove = Action::RemoveFile {
            path,
            sha256: Some(sum),
        };
        plan.undo.push(
            Step::new(remove, "only if the plan wrote it and it is unchanged")
                .guard(Guard::Recorded)
                .journal(&record),
        );
    }
    // The Dockerfile is not edited: where a line belongs depends on users, stages and caches that
    // only its author knows.
    let instruction = format!(
        "Lines for the Dockerfile, by the image's base:\n\n\
         # debian, ubuntu (slim images have no ca-certificates)\n\
         RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*\n\
         COPY {names}/usr/local/share/ca-certificates/\n\
         RUN update-ca-certificates\n\n\
         # alpine\n\
         RUN apk add --no-cache ca-certificates\n\
         COPY {names}/usr/local/share/ca-certificates/\n\
         RUN update-ca-certificates\n\n\
         # fedora, rhel, ubi (before any USER line)\n\
         COPY {names}/etc/pki/ca-trust/source/anchors/\n\
         RUN update-ca-trust extract\n"
    );
    plan.steps.push(Step::new(
        Action::AskPerson { instruction },
        "the Dockerfile names the image's base",
    ));
    plan.notes.push("none of these tools fails when it does nothing: run `certcheck trust status` in the finished image".into());
    plan.notes
        .push("on fedora, rhel and ubi, only CA certificates have an effect".into());
}
