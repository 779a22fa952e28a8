//! `config.address-in-use`: two servers of a machine listen on the same port.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    AddressInUse = ConfigAddressInUse Warning
    "two servers of a machine listen on the same port, and only one can have it"
    page "address_in_use.txt"
    {
        /// The server whose settings contain this.
        server: String,
        /// The other one.
        other: String,
        /// Where the other one's settings say so: a file and a line.
        other_at: String,
        /// The ports.
        ports: Vec<u64>,
        /// What is known about how the two are started.
        started: String,
    }
}

impl Rule for AddressInUse {
    fn message(&self) -> String {
        let Self {
            server,
            other,
            other_at,
            ports,
            started,
        } = self;
        let several = if ports.len() == 1 { "" } else { "s" };
        let ports: Vec<_> = ports.iter().map(ToString::to_string).collect();
        let ports = ports.join(", ");
        format!(
            "{server} and {other} ({other_at}) both listen on port{several} {ports}, and the one that starts second fails; {started}"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "give one of them other ports or addresses, or disable the one that you do not need (`systemctl disable --now UNIT`)",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: httpd 2.4.71, nginx 1.22.1 and HAProxy 2.6.12 on Linux 6",
            "bind(2), EADDRINUSE; socket(7), SO_REUSEPORT",
        ]
    }
}
