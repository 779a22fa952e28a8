//! A Java runtime's own keystore, or one that a program ships. Measured: keytool of JDK 17.

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
    let own = location.keystore.is_none();
    if let Some((path, platform)) = GENERATED
        .iter()
        .find(|(path, _)| own && location.host.exists(path))
    {
        plan.notes.push(format!("{path} is generated from the system's store, which would overwrite the change: for the distribution's own Java use --platform {platform}; this plan is for a Java that was installed separately"));
    }
    plan.notes.push(if own {
        "keytool must belong to the Java in question, and the keystore's password must be `changeit`; restart running Java virtual machines".into()
    } else {
        "the keystore must exist (keytool creates a missing one), and its password must be `changeit`; restart the programs that use it, and check after each update of the program whether it replaced the file".into()
    });
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
    // No path: `-cacerts` means the keystore of the Java that runs keytool.
    let store = location
        .keystore
        .map_or(vec!["-cacerts"], |path| vec!["-keystore", path]);
    let changed = location
        .keystore
        .unwrap_or("$JAVA_HOME/lib/security/cacerts");
    for item in install.iter().chain(undo) {
        let record = format!("{journal}/java-{}", item.stem);
        let holds = Probe::KeystoreHolds {
            path: location.keystore.map(str::to_owned),
            certificate: item.sha256,
            length: item.der.len(),
        };
        let import = Step::run(
            keytool(&["-importcert", "-noprompt"], &store, &item.stem),
            format!(
                "one certificate at a time, since keytool imports only the first: {}",
                item.subject
            ),
        );
        plan.steps.push(
            import
                .stdin(&item.pem)
                .privileged(true)
                .changes([changed])
                // keytool refuses an existing alias, which would end a script that runs again.
                .guard(Guard::Unless(holds.clone()))
                .entry(&record, item.stem.clone()),
        );
        plan.verify.push(Check::present(holds.clone()));
        let delete = Step::run(
            keytool(&["-delete"], &store, &item.stem),
            "by the alias that the plan gave it",
        );
        plan.undo.push(
            delete
                .privileged(true)
                .changes([changed])
                .guard(Guard::Recorded)
                .entry(&record, item.stem.clone()),
        );
        plan.undo_verify.push(Check::absent(holds));
    }
}

fn keytool<'a>(command: &[&'a str], store: &[&'a str], alias: &'a str) -> Vec<&'a str> {
    let words = [&["keytool"], command, store];
    let options = ["-storepass", "changeit", "-alias", alias];
    words.concat().into_iter().chain(options).collect()
}
