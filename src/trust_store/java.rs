//! A Java runtime's own keystore. Measured: keytool of JDK 17.

use super::item::Item;
use super::location::Location;
use super::plan::Plan;
use super::platform::Platform;
use super::step::{Action, Check, Guard, Probe, Step};

/// Where distributions generate the keystore that their Java uses.
const GENERATED: &[(&str, Platform)] = &[
    ("/etc/ssl/certs/java/cacerts", Platform::Debian),
    ("/etc/pki/ca-trust/extracted/java/cacerts", Platform::Rpm),
];

pub(super) fn build(location: &Location<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    if let Some((path, platform)) = GENERATED
        .iter()
        .find(|(path, _)| location.host.exists(path))
    {
        plan.notes.push(format!("{path} is generated from the system's store, which would overwrite the change: for the distribution's own Java use --platform {platform}; this plan is for a Java that was installed separately"));
    }
    plan.notes.push("keytool must belong to the Java in question, and the keystore's password must be `changeit`; restart running Java virtual machines".into());
    if location.root.is_some() {
        let instruction = "keytool -cacerts does not reach a keystore in a scratch tree: run the plan inside the tree, without --root.\n".to_owned();
        plan.steps.push(Step::new(
            Action::AskPerson { instruction },
            "no step may change the machine",
        ));
        return;
    }
    let journal = location.at(super::drop_in::JOURNAL);
    plan.journal = Some(journal.clone());
    for item in install.iter().chain(undo) {
        let record = format!("{journal}/java-{}", item.stem);
        // No path: `-cacerts` means the keystore of the Java that runs keytool.
        let holds = Probe::KeystoreHolds {
            path: None,
            certificate: item.sha256,
            length: item.der.len(),
        };
        let import = Step::run(
            [
                "keytool",
                "-importcert",
                "-noprompt",
                "-cacerts",
                "-storepass",
                "changeit",
                "-alias",
                &item.stem,
            ],
            format!(
                "one certificate at a time, since keytool imports only the first: {}",
                item.subject
            ),
        );
        plan.steps.push(
            import
                .stdin(&item.pem)
                .privileged(true)
                .changes(["$JAVA_HOME/lib/security/cacerts"])
                // keytool refuses an alias that exists already, which would end a script that is
                // run again.
                .guard(Guard::Unless(holds.clone()))
                .entry(&record, item.stem.clone()),
        );
        plan.verify.push(Check::present(holds.clone()));
        let delete = Step::run(
            [
                "keytool",
                "-delete",
                "-cacerts",
                "-storepass",
                "changeit",
                "-alias",
                &item.stem,
            ],
            "by the alias that the plan gave it",
        );
        plan.undo.push(
            delete
                .privileged(true)
                .changes(["$JAVA_HOME/lib/security/cacerts"])
                .guard(Guard::Recorded)
                .entry(&record, item.stem.clone()),
        );
        plan.undo_verify.push(Check::absent(holds));
    }
}
