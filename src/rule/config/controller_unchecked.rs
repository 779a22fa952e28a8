//! `config.controller-unchecked`: `tsm` would accept any certificate from the controller.

use crate::finding::{Need, Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ControllerUnchecked = ConfigControllerUnchecked Warning
    "tsm would accept any certificate that the controller presents"
    page "controller_unchecked.txt"
    {}
}

impl Rule for ControllerUnchecked {
    fn message(&self) -> String {
        "with `--trust-admin-controller-cert` tsm accepts whatever certificate the controller presents, and sends the administrator's password to it".to_owned()
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(
            Remedy::words(
                "save the controller's certificate, compare its fingerprint on the \
                server, and make this machine trust it; then omit the option",
            )
            .run("certcheck probe HOST:8850 --save tsm.crt")
            .run("certcheck trust plan tsm.crt")
            .needing(Need::Network),
        )
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["Tableau Server: tsm global options"]
    }
}
