//! `certificate.host-name`: clients cannot connect to a name in the certificate, or do not compare it.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    HostName = CertificateHostName Warning
    "clients cannot connect to a name in the certificate, or do not compare it"
    page "host_name.txt"
    {
        /// The names, the first twenty.
        names: Vec<String>,
        /// What is wrong with them: `underscore`, `empty-label`, `long-label`, `long-name`,
        /// `trailing-dot`, `bare-wildcard`, `misplaced-wildcard`, `wildcard-over-public-suffix`,
        /// `address` or `character`.
        problem: String,
        /// The clients that refuse the requested name: the deciding clients, if one of them
        /// refuses it.
        clients: Vec<String>,
        /// What the first of them says.
        reason: Option<String>,
    }
}

impl HostName {
    /// What is wrong with one name.
    fn is(&self) -> &'static str {
        match self.problem.as_str() {
            "underscore" => "has an underscore, which a host name may not have",
            "empty-label" => "has an empty label",
            "long-label" => "has a label of more than 63 bytes",
            "long-name" => "has more than 253 bytes",
            "trailing-dot" => "ends with a dot",
            "bare-wildcard" => "is a wildcard without a domain",
            "misplaced-wildcard" => "has a wildcard that is not the whole leftmost label",
            "wildcard-over-public-suffix" => "is a wildcard directly above a public suffix",
            "address" => "is an IP address in a dNSName",
            _ => "has a character that a host name may not have",
        }
    }
}

impl Rule for HostName {
    fn message(&self) -> String {
        let Self { names, clients, .. } = self;
        let (first, more) = match names.as_slice() {
            [] => return "a client cannot connect to a name in the certificate".to_owned(),
            [first, more @ ..] => (first.escape_debug(), more.len()),
        };
        let others = match more {
            0 => String::new(),
            1 => " (and 1 other name)".to_owned(),
            more => format!(" (and {more} other names)"),
        };
        let text = format!("the name `{first}` {}{others}", self.is());
        let refuse = match clients.as_slice() {
            [] => return text,
            [one] => format!("{one} refuses"),
            several => format!("{} refuse", several.join(", ")),
        };
        // The client's message is the same for every name, so only the evidence has it.
        format!("{text}: {refuse}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { names, problem, .. } = self;
        let first = names.first()?.escape_debug();
        Some(Remedy::words(match problem.as_str() {
            "underscore" => {
                let plain = first.to_string().replace('_', "-");
                format!(
                    "give the server a name without an underscore, such as `{plain}`, in the DNS and in the certificate"
                )
            }
            "trailing-dot" => format!(
                "have it reissued with `{}`, without the final dot",
                first.to_string().trim_end_matches('.')
            ),
            "bare-wildcard" | "wildcard-over-public-suffix" => format!(
                "have it reissued with the server's names, or a wildcard for one of your domains, such as `*.example.com`, in place of `{first}`"
            ),
            "misplaced-wildcard" => format!(
                "have it reissued with the names themselves, or with `*` alone as the leftmost label, in place of `{first}`"
            ),
            "address" => format!("have it reissued with `{first}` as an iPAddress"),
            "character" => format!(
                "have it reissued with a name of letters, digits, hyphens and dots in place of `{first}`; an international name goes in as its xn-- form"
            ),
            _ => format!("have it reissued without `{first}`, or with the name corrected"),
        }))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "RFC 1123 section 2.1",
            "RFC 5280 section 4.2.1.6",
            "RFC 9525 section 6.3",
        ]
    }
}
