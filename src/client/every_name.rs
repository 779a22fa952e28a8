//! How a set of clients judges the names of a host. Names with the same outcome of comparison lead
//! to one judgement: only the words differ, because some contain the name.

use super::names::NameRules;
use super::profile::{ClientProfile, Engine};
use super::refusal::{Cause, Refusal};
use super::webpki;
use super::{Client, Judgement};
use crate::model::Certificate;
use crate::server_name::ServerName;

/// How clients compare names: each way once, as most clients and versions share one.
#[derive(Debug, Default)]
pub(crate) struct NameComparisons {
    rules: Vec<NameRules>,
    webpki: bool,
}

/// The outcome of comparing some names with a certificate, without the names themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NameOutcome {
    /// Whether there is a name at all.
    named: bool,
    /// For each way to compare: why a name is refused, and whether that is an address.
    rules: Vec<Option<(Cause, bool)>>,
    webpki: Option<(Cause, String)>,
}

impl NameOutcome {
    /// Whether each client accepts each name.
    pub(crate) fn accepts(&self) -> bool {
        self.webpki.is_none() && self.rules.iter().all(Option::is_none)
    }
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

    /// The outcome of all comparisons.
    pub(crate) fn outcome(
        &self,
        certificate: &Certificate<'_>,
        names: &[ServerName],
    ) -> NameOutcome {
        let of = |rules: &NameRules| {
            let (name, cause) = rules.refuses(certificate, names)?;
            Some((cause, matches!(name, ServerName::Ip(_))))
        };
        let webpki = self
            .webpki
            .then(|| webpki::refuses_name(certificate, names));
        NameOutcome {
            named: !names.is_empty(),
            rules: self.rules.iter().map(of).collect(),
            webpki: webpki.flatten(),
        }
    }
}

impl Judgement {
    /// The judgement of the same client about the same certificates for other names with the same
    /// outcome; `None` if the words for these names are not known.
    pub(crate) fn renamed(
        &self,
        client: Client,
        leaves: &[&Certificate<'_>],
        (old, new): (&[ServerName], &[ServerName]),
    ) -> Option<Self> {
        let Some(reason) = &self.reason else {
            return Some(self.clone());
        };
        // A client writes a name as it is shown: without it, the words do not depend on the names.
        let mentions = |name: &ServerName| reason.says.contains(&name.to_string());
        if !old.iter().any(mentions) {
            return Some(self.clone());
        }
        let profile = client.profile();
        let words = |names| words(&profile, reason, leaves, names);
        let (before, after) = (words(old), words(new));
        if before.len() != after.len() {
            return None;
        }
        let pairs = before.into_iter().zip(after);
        let mut says: Vec<_> = pairs
            .filter(|(before, _)| *before == reason.says)
            .map(|(_, after)| after)
            .collect();
        says.dedup();
        let [says] = says.as_slice() else { return None };
        let reason = Refusal {
            says: says.clone(),
            ..reason.clone()
        };
        Some(Self {
            reason: Some(reason),
            ..self.clone()
        })
    }
}

/// All the wordings that the client may use for this refusal and these names: about the first name,
/// and about the first wrong one before each certificate.
fn words(
    profile: &ClientProfile,
    reason: &Refusal,
    leaves: &[&Certificate<'_>],
    names: &[ServerName],
) -> Vec<String> {
    if let Engine::Each(profiles) = &profile.engine {
        let of = |profile: &&ClientProfile| {
            let all = words(profile, reason, leaves, names).into_iter();
            let title = profile.title;
            all.map(move |says| format!("on {title}: {says}"))
        };
        return profiles.iter().flat_map(of).collect();
    }
    let wrong = leaves
        .iter()
        .map(|leaf| profile.names.refuses(leaf, names).map(|(name, _)| name));
    std::iter::once(names.first())
        .chain(wrong)
        .map(|name| {
            let subject = reason.subject.as_deref();
            profile.voice.says(reason.cause, subject, name)
        })
        .collect()
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
        let named = |name: &str| [name.parse::<ServerName>().unwrap()];
        let of = |name: &str| all.outcome(&certificate, &named(name)).accepts();
        let own = certificate.dns_names().next().unwrap().to_owned();
        assert!(of(&own), "{own}");
        for other in ["other.invalid", "192.0.2.77"] {
            assert!(!of(other), "{other}");
        }
        // Java refuses a host that has an underscore, whatever the certificate has.
        assert!(!of(&format!("a_b.{own}")));
    }
}
