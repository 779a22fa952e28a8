//! `config.password-in-clear`: Tableau Server would send a password without TLS.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    PasswordInClear = ConfigPasswordInClear Warning
    "Tableau Server would send a password over a connection without TLS"
    page "password_in_clear.txt"
    {
        /// The option that contains the password.
        option: String,
        /// The service that gets it.
        service: String,
    }
}

impl Rule for PasswordInClear {
    fn message(&self) -> String {
        let Self { option, service } = self;
        if option == "--no-ssl" {
            return format!(
                "`--no-ssl` switches TLS off: the administrator's password crosses the network to \
                 {service} in plaintext"
            );
        }
        format!(
            "this connection type does not use TLS: the password of `{option}` crosses the \
             network to {service} in plaintext"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(if self.option == "--no-ssl" {
            "give the certificate of the database's CA with `-c` instead of `--no-ssl`"
        } else {
            "use the connection type that ends in -secure, with `-cf` for the certificate"
        }))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["Tableau Server: tsm security"]
    }
}
