//! Whether all of some clients take a certificate for a name, so that none of them says
//! anything about that name.

use super::Client;
use super::names::NameRules;
use super::profile::{ClientProfile, Engine};
use super::webpki;
use crate::model::Certificate;
use crate::server_name::ServerName;

/// How clients compare names: each way once, as most clients and versions share one.
#[derive(Debug, Default)]
pub(crate) struct NameComparisons {
    rules: Vec<NameRules>,
    webpki: bool,
}

impl NameComparisons {
    pub(crate) fn of(clients: impl Iterator<Item = Client>) -> Self {
        let mut all = Self::default();
        clients.for_each(|client| all.add(&client.profile()));
        all
    }

    fn add(&mut self, profile: &ClientProfile) {
        match &profile.engine {
            Engine::Webpki(_) => self.webpki = true,
            Engine::Each(profiles) => profiles.iter().for_each(|profile| self.add(profile)),
            Engine::OpenSsl(_)
            | Engine::GnuTls
            | Engine::Search(_)
            | Engine::Nss(_)
            | Engine::Pinned => {
                if !self.rules.contains(&profile.names) {
                    self.rules.push(profile.names);
                }
            }
        }
    }

    /// Whether each of the clients takes the certificate for each of the names.
    pub(crate) fn accept(&self, certificate: &Certificate<'_>, names: &[ServerName]) -> bool {
        let mut rules = self.rules.iter();
        rules.all(|rules| rules.refuses(certificate, names).is_none())
            && (!self.webpki || webpki::is_for(certificate, names))
    }
}

#[cfg(test)]
mod tests {
    use super::NameComparisons;
    use crate::client::Client;
    use crate::model::Certificate;
    use crate::server_name::ServerName;
    use pki_types::CertificateDer;
    use pki_types::pem::PemObject;

    #[test]
    fn one_client_that_refuses_a_name_is_enough() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/pki/server.crt");
        let der = CertificateDer::from_pem_slice(&std::fs::read(path).unwrap()).unwrap();
        let certificate = Certificate::parse(&der).unwrap();
        let all = NameComparisons::of(Client::ALL.iter().copied());
        assert!(all.webpki && all.rules.len() < Client::ALL.len());
        let of = |name: &str| all.accept(&certificate, &[name.parse::<ServerName>().unwrap()]);
        let own = certificate.dns_names().next().unwrap().to_owned();
        assert!(of(&own), "{own}");
        for other in ["other.invalid", "192.0.2.77"] {
            assert!(!of(other), "{other}");
        }
        // Java refuses a host that has an underscore, whatever the certificate has.
        assert!(!of(&format!("a_b.{own}")));
    }
}
