//! What a change of the string means for clients.

use super::clients::{CLIENTS, KnownClient};
use super::{Environment, ProtocolString, VersionSet};

/// What changes for clients when one string replaces another.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// Versions that work only with the first string.
    pub lost: VersionSet,
    /// Versions that work only with the second string.
    pub gained: VersionSet,
    /// Clients that reach the server now but no longer will.
    pub cut_off: Vec<&'static KnownClient>,
    /// Clients that do not reach it now but will.
    pub admitted: Vec<&'static KnownClient>,
}

impl ProtocolString {
    /// What changes when `other` replaces this string. The strings may have different dialects. A
    /// server that does not start reaches no client.
    ///
    /// ```
    /// use certcheck::protocol::{Dialect, Environment, ProtocolString};
    /// let parse = |text| ProtocolString::parse(Dialect::Apache, text);
    /// let environment = Environment::default_for(Dialect::Apache);
    /// let change = parse("all").difference(&parse("TLSv1.3"), &environment);
    /// assert_eq!(change.lost.to_string(), "TLSv1 TLSv1.1 TLSv1.2");
    /// assert!(change.cut_off.iter().any(|client| client.name.starts_with("OpenSSL 1.0.1")));
    /// assert!(change.gained.is_empty() && change.admitted.is_empty());
    /// ```
    pub fn difference(&self, other: &Self, environment: &Environment) -> Difference {
        let before = self.evaluate(environment).effective;
        let after = other.evaluate(environment).effective;
        let reaching = |to: VersionSet, from: VersionSet| {
            // A client with one version left still connects. Only those that lose all of them are
            // cut off.
            let clients = CLIENTS.iter().filter(move |client| {
                !client.speaks.intersection(to).is_empty()
                    && client.speaks.intersection(from).is_empty()
            });
            clients.collect()
        };
        Difference {
            lost: before.difference(after),
            gained: after.difference(before),
            cut_off: reaching(before, after),
            admitted: reaching(after, before),
        }
    }
}
