//! What a `tsm` command changes that its name does not say.
//!
//! Sources: help.tableau.com, "tsm security", "tsm authentication", "tsm
//! pending-changes", "Configure SSL for Internal Postgres Communication".

use super::TsmLine;
use super::command::TsmCommand;

const PENDING: &str = "The change takes effect with `tsm pending-changes apply`, which restarts Tableau Server if it has to.";

/// The commands whose changes wait for `tsm pending-changes apply`.
const WAIT: &[&[&str]] = &[
    &["security", "external-ssl", "enable"],
    &["security", "external-ssl", "disable"],
    &["security", "custom-cert", "add"],
    &["security", "custom-cert", "delete"],
    &["security", "kms", "set-mode"],
    &["security", "maestro-rserve-ssl", "enable"],
    &["security", "maestro-rserve-ssl", "disable"],
    &["security", "maestro-tabpy-ssl", "enable"],
    &["security", "maestro-tabpy-ssl", "disable"],
    &["security", "repository-ssl", "enable"],
    &["security", "repository-ssl", "disable"],
    &["security", "vizql-extsvc-ssl", "enable"],
    &["security", "vizql-extsvc-ssl", "disable"],
    &["authentication", "saml", "configure"],
    &["authentication", "saml", "enable"],
    &["authentication", "saml", "disable"],
    &["authentication", "mutual-ssl", "configure"],
    &["authentication", "mutual-ssl", "enable"],
    &["authentication", "mutual-ssl", "disable"],
    &["authentication", "openid", "configure"],
    &["authentication", "openid", "enable"],
    &["authentication", "openid", "disable"],
    &["configuration", "set"],
];

/// What a command does, and to whom.
const EFFECTS: &[(&[&str], &[&str])] = &[
    (
        &["security", "external-ssl", "disable"],
        &[
            "Browsers, Tableau Desktop and Tableau Mobile then connect without TLS: passwords and data cross the network unencrypted, and links that begin with https:// stop working.",
        ],
    ),
    (
        &["security", "custom-cert", "add"],
        &[
            "Tableau Server holds one such file: the command fails where one has been added before. To add a CA, put all certificates into one file, delete the old one and add the new one; keep the file, since Tableau Server does not give it back.",
        ],
    ),
    (
        &["security", "custom-cert", "delete"],
        &[
            "Tableau Server then trusts none of the certificates in it, and does not give the file back: keep a copy.",
        ],
    ),
    (
        &["security", "regenerate-internal-tokens"],
        &[
            "Tableau Server is stopped, and started again if it was running; this takes several minutes.",
            "The repository and the search server get new certificates, and all internal passwords and keys are replaced: clients that connect to the repository directly need the new certificate (`tsm security repository-ssl get-certificate-file`).",
        ],
    ),
    (
        &["security", "repository-ssl", "disable"],
        &["Direct connections to the repository are then unencrypted, passwords included."],
    ),
    (
        &["security", "repository-ssl", "get-certificate-file"],
        &[
            "`--file` is the full path of the file to write, with the extension .cert; a file of that name is overwritten.",
            "The certificate exists only once `tsm security repository-ssl enable` has been applied.",
        ],
    ),
    (
        &["security", "maestro-rserve-ssl", "disable"],
        &["Flows then no longer connect to Rserve."],
    ),
    (
        &["security", "maestro-tabpy-ssl", "disable"],
        &["Flows then no longer connect to TabPy."],
    ),
    (
        &["authentication", "mutual-ssl", "enable"],
        &[
            "Users without a client certificate of the configured CA then sign in only if `--fallback-to-basic true` is set.",
        ],
    ),
    (
        &["pending-changes", "apply"],
        &["Tableau Server is restarted if one of the pending changes needs it."],
    ),
];

/// What the command at `path` changes, a sentence each.
pub(super) fn effects(path: &[&str], command: &TsmCommand) -> Vec<&'static str> {
    let rows = EFFECTS.iter().filter(|(row, _)| path.starts_with(row));
    let mut effects: Vec<_> = rows.flat_map(|(_, texts)| texts.iter().copied()).collect();
    if let TsmCommand::RepositorySslEnable { internal_only } = command {
        effects.push(if *internal_only {
            "Only Tableau Server's own processes then use TLS to the repository: direct connections of the users `tableau` and `readonly` may stay unencrypted."
        } else {
            "Every direct connection to the repository (users `tableau` and `readonly`) then requires TLS, and clients that verify the server need its certificate: `tsm security repository-ssl get-certificate-file`. `--internal-only` leaves direct connections as they are."
        });
    }
    if WAIT.iter().any(|row| path.starts_with(row)) {
        effects.push(PENDING);
    }
    effects
}

impl TsmLine {
    /// Whether its change waits for `tsm pending-changes apply`.
    pub fn waits(&self) -> bool {
        self.effects.contains(&PENDING)
    }

    /// The same, where that command follows.
    pub fn applied(&mut self) {
        self.effects.retain(|effect| *effect != PENDING);
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::super::table::COMMANDS;
    use super::{EFFECTS, WAIT};

    #[test]
    fn every_row_is_a_command() {
        for path in EFFECTS.iter().map(|(path, _)| path).chain(WAIT) {
            let known = COMMANDS.iter().any(|row| row.path.starts_with(path));
            assert!(known, "{path:?}");
        }
    }

    #[test]
    fn effects_follow_the_command_and_its_options() {
        let of = |line: &str| read(&line.split(' ').collect::<Vec<_>>()).effects;
        let all = of("security repository-ssl enable");
        let own = of("security repository-ssl enable -i");
        assert!(all[0].contains("requires TLS") && own[0].contains("may stay unencrypted"));
        assert_eq!(all[1], own[1]);
        assert!(of("security kms set-mode local")[0].contains("pending-changes apply"));
        assert!(of("security kms status").is_empty());
        assert!(of("security external-ssl disable --help").is_empty());
    }
}
