//! Places of the settings that differ in nothing but their names are judged once.
//!
//! A hoster has some thousand virtual hosts with a few certificates. The answer for one holds for
//! the next if all inputs but the names are the same, and if the names make no difference: every
//! client accepts each of them, and no text of the answer mentions one. Otherwise the place is
//! judged by itself, but the clients are asked only once for each outcome of comparing names with
//! the certificate. Only the last few answers are kept, as hosts of one certificate are next to
//! each other.

use super::asked::Asked;
use super::{ClientVerdict, Preflight, PreflightResult};
use crate::answer::Answer;
use crate::client::NameComparisons;
use crate::finding::Part;
use crate::model::Certificate;
use crate::server_name::{ServerName, Wildcards};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// How many answers are kept to compare with.
const MOST: usize = 32;

/// The certificates to which the names of a place are compared, in DER.
pub(super) type Compared = Vec<Vec<u8>>;

/// The answer for a place without the clients' rows, and these rows, which all endpoints of such
/// places share.
pub(super) struct Judged {
    pub(super) answer: Answer<PreflightResult>,
    pub(super) clients: Arc<[ClientVerdict]>,
}

impl Judged {
    fn of(place: &Preflight, asked: &Asked) -> (Self, Compared) {
        let (mut answer, compared) = place.judge_place(asked);
        let clients = std::mem::take(&mut answer.result.clients).into();
        (Self { answer, clients }, compared)
    }

    /// Whether a text of the answer mentions the name.
    fn mentions(&self, name: &ServerName) -> bool {
        let answer = &self.answer;
        let reasons = self
            .clients
            .iter()
            .map(|row| (&row.reason, &row.boundaries));
        let reasons: Vec<_> = reasons.collect();
        let startup = &answer.result.startup;
        let texts = format!("{:?}", (&answer.findings, &answer.checks, startup, reasons));
        let texts = texts.to_ascii_lowercase();
        texts.contains(&name.to_string().to_ascii_lowercase())
    }
}

/// An answer, and for which places it holds.
struct Kept {
    place: Preflight,
    judged: Arc<Judged>,
    /// The certificates to which the names were compared, in DER, if the names make no difference.
    silent: Option<Compared>,
    /// What the clients said about it, and about others that differ only in their names.
    asked: Rc<Asked>,
}

/// The answers for the places judged so far.
#[derive(Default)]
pub(super) struct Alike {
    kept: VecDeque<Kept>,
    comparisons: Option<Rc<NameComparisons>>,
}

impl Alike {
    /// The answer for the place, or for an earlier one that differs in nothing that matters.
    pub(super) fn judge(&mut self, place: &Preflight) -> Arc<Judged> {
        let comparisons = self
            .comparisons
            .get_or_insert_with(|| Rc::new(NameComparisons::of(place.clients_met())));
        let holds = |kept: &&Kept| {
            kept.place.differs_only_in_names(place)
                && (kept.place.hosts == place.hosts
                    || kept.silent.as_ref().is_some_and(|compared| {
                        !place.hosts.is_empty() && are_unremarkable(place, compared, comparisons)
                    }))
        };
        if let Some(known) = self.kept.iter().rev().find(holds) {
            let lines = |place: &Preflight| {
                let endpoint = place.endpoint.as_ref()?;
                Some((endpoint.protocols_in.clone(), endpoint.protocols.clone()))
            };
            // A finding about a setting names the setting's line.
            if lines(&known.place) == lines(place) || !known.judged.is_of_protocols() {
                return Arc::clone(&known.judged);
            }
        }
        let mut kept = self.kept.iter().rev();
        let asked = match kept.find(|kept| kept.place.differs_only_in_names(place)) {
            Some(kept) => Rc::clone(&kept.asked),
            None => Rc::new(Asked::of(comparisons)),
        };
        let (judged, compared) = Judged::of(place, &asked);
        let judged = Arc::new(judged);
        let silent = !place.hosts.is_empty()
            && are_unremarkable(place, &compared, comparisons)
            && !place.hosts.iter().any(|name| judged.mentions(name));
        if self.kept.len() >= MOST {
            let _ = self.kept.pop_front();
        }
        self.kept.push_back(Kept {
            place: place.clone(),
            judged: Arc::clone(&judged),
            silent: silent.then_some(compared),
            asked,
        });
        judged
    }
}

impl Judged {
    /// Whether something was found in the setting of protocol versions.
    fn is_of_protocols(&self) -> bool {
        let mut findings = self.answer.findings.iter();
        findings.any(|finding| finding.subject.part == Part::ProtocolString)
    }
}

/// Whether nothing needs to be reported about a place's names with these certificates: all clients
/// accept them, and none has a form that is reported anywhere.
fn are_unremarkable(place: &Preflight, compared: &Compared, comparisons: &NameComparisons) -> bool {
    let is_plain = |name: &ServerName| match name {
        ServerName::Dns(name) => name
            .split('.')
            .all(|label| !label.starts_with('-') && !label.ends_with('-') && !label.contains('_')),
        _ => false,
    };
    let by_name = place
        .endpoint
        .as_ref()
        .is_none_or(|endpoint| endpoint.by_name);
    !by_name
        && place.hosts.iter().all(is_plain)
        && compared.iter().all(|der| {
            Certificate::parse(der).is_ok_and(|certificate| {
                let of = |name: &ServerName| name.check(&certificate, Wildcards::Anywhere).is_ok();
                place.hosts.iter().all(of)
                    && comparisons.outcome(&certificate, &place.hosts).accepts()
            })
        })
}

/// Whether two of the files, or of what is shared between places, are one and the same.
trait Same {
    fn is_same(&self, other: &Self) -> bool;
}

impl<T: ?Sized> Same for Arc<T> {
    fn is_same(&self, other: &Self) -> bool {
        Self::ptr_eq(self, other)
    }
}

impl<T: Same> Same for Option<T> {
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(own), Some(other)) => own.is_same(other),
            (None, None) => true,
            _ => false,
        }
    }
}

impl<T: Same> Same for Vec<T> {
    fn is_same(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .zip(other)
                .all(|(own, other)| own.is_same(other))
    }
}

impl Preflight {
    /// Whether the other place has the same inputs but for its names, and the line of its setting
    /// of protocol versions. Every field is named, so that code with a new field does not compile
    /// until someone decides whether to compare it.
    fn differs_only_in_names(&self, other: &Self) -> bool {
        let Self {
            server,
            at,
            certificate_files,
            key_files,
            chain_file,
            ca_files,
            crl_files,
            protocols,
            hosts: _,
            clients,
            anchors,
            passphrase,
            saml,
            run_as,
            above_settings,
            settings_owner,
            settings_in_place,
            expires_within,
            system,
            version,
            given,
            settings,
            found,
            endpoint,
            password_file,
            user,
            as_client,
            blocklist,
            computed,
            forecast,
            compares_versions,
            loads,
        } = self;
        let same_endpoint = match (endpoint, &other.endpoint) {
            (Some(own), Some(other)) => own.differs_only_in_lines(other),
            (own, other) => own.is_none() && other.is_none(),
        };
        same_endpoint
            && std::ptr::eq(*server, other.server)
            && certificate_files.is_same(&other.certificate_files)
            && key_files.is_same(&other.key_files)
            && chain_file.is_same(&other.chain_file)
            && ca_files.is_same(&other.ca_files)
            && crl_files.is_same(&other.crl_files)
            && anchors.is_same(&other.anchors)
            && passphrase.is_same(&other.passphrase)
            && given.is_same(&other.given)
            && settings.is_same(&other.settings)
            && found.is_same(&other.found)
            && password_file.is_same(&other.password_file)
            && blocklist.is_same(&other.blocklist)
            && computed.is_same(&other.computed)
            && loads.is_same(&other.loads)
            && *at == other.at
            && *protocols == other.protocols
            && *clients == other.clients
            && *saml == other.saml
            && *run_as == other.run_as
            && *above_settings == other.above_settings
            && *settings_owner == other.settings_owner
            && *settings_in_place == other.settings_in_place
            && *expires_within == other.expires_within
            && *system == other.system
            && *version == other.version
            && *user == other.user
            && *as_client == other.as_client
            && *forecast == other.forecast
            && *compares_versions == other.compares_versions
    }
}

#[cfg(test)]
mod tests {
    use super::Alike;
    use crate::answer::Answer;
    use crate::preflight::{Found, Preflight, PreflightResult};
    use crate::server::Profile;
    use crate::server::settings::{Context, Settings};
    use crate::server_name::ServerName;
    use crate::source::Source;
    use std::collections::BTreeMap;
    use std::path::Path;
    use std::sync::Arc;

    fn pki(name: &str) -> Vec<u8> {
        let pki = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pki");
        std::fs::read(pki.join(name)).unwrap()
    }

    /// A virtual host: its names, and what else it says.
    fn host((names, more): &(&str, &str)) -> String {
        let (first, others) = names.split_once(' ').unwrap_or((names, ""));
        let alias = if others.is_empty() {
            String::new()
        } else {
            format!("ServerAlias {others}\n")
        };
        format!(
            "<VirtualHost *:443>\nServerName {first}\n{alias}SSLEngine on\n{more}\n\
             SSLCertificateFile /server.crt\nSSLCertificateKeyFile /server.key\n</VirtualHost>\n"
        )
    }

    fn preflight(hosts: &[(&str, &str)]) -> (Preflight, Settings) {
        let apache = Profile::named("apache").unwrap();
        let hosts: String = hosts.iter().map(host).collect();
        let text = format!("Listen 443\n{hosts}");
        let source = Source::new("apache2.conf", text.into_bytes());
        let settings = Settings::read(apache, &source, &Context::at("/")).unwrap();
        let preflight = Preflight::new(apache, "2026-11-22T12:00:00Z".parse().unwrap())
            .settings("apache2.conf", settings.clone())
            .found(
                "/server.crt",
                Found::Read(Source::new("/server.crt", pki("fullchain.crt"))),
            )
            .found(
                "/server.key",
                Found::Read(Source::new("/server.key", pki("server.key"))),
            )
            .found(
                "/other.crt",
                Found::Read(Source::new("/other.crt", pki("root.crt"))),
            );
        (preflight, settings)
    }

    /// The report for a single place, with the lines of the place.
    fn said(answer: &Answer<PreflightResult>, name: &str) -> String {
        let endpoint = answer.result.endpoints.iter();
        let mut endpoint =
            endpoint.filter(|endpoint| endpoint.names.iter().any(|known| known == name));
        let endpoint = endpoint.next().unwrap();
        format!(
            "{:?} {:?} {:?}",
            endpoint.clients, endpoint.protocols, endpoint.presented
        )
    }

    const HOSTS: &[(&str, &str)] = &[
        ("server.example.test", ""),
        ("server.example.test", "SSLProtocol all"),
        ("other.invalid", ""),
        ("other.invalid", "SSLProtocol -all +TLSv1.2"),
        ("server.example.test other.invalid", ""),
        ("a_b.example.test", ""),
        ("-a.example.test", ""),
        ("192.0.2.7", ""),
        ("another.invalid", ""),
        (
            "server.example.test",
            "SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256",
        ),
        (
            "server.example.test",
            "SSLVerifyClient require\nSSLCACertificateFile /other.crt",
        ),
    ];

    /// In whatever order places are judged, each gets the answer that it would get alone.
    #[test]
    fn a_place_is_told_what_it_is_told_alone() {
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        for first in HOSTS {
            for second in HOSTS {
                // Different names, so that each place has its own endpoint.
                let names = second.0.replace("server.", "www.");
                let second = (names.as_str(), second.1);
                let both = preflight(&[*first, second]).0.run();
                for place in [*first, second] {
                    let name = place.0.split(' ').next().unwrap();
                    let alone = known.entry(format!("{place:?}"));
                    let alone = alone.or_insert_with(|| said(&preflight(&[place]).0.run(), name));
                    // The first place answers to a name that both have, and what is agreed before the
                    // name is known is agreed with it.
                    let mut own = first.0.split(' ');
                    let named_twice = own.any(|name| names.split(' ').any(|other| other == name));
                    let agreed_elsewhere = place == second && first.1 != second.1;
                    assert!(
                        named_twice || agreed_elsewhere || said(&both, name) == *alone,
                        "{first:?} {second:?}"
                    );
                }
            }
        }
    }

    /// The answer for one place holds for the next only if its names make no difference.
    #[test]
    fn places_share_an_answer_where_names_say_nothing() {
        let (preflight, settings) = preflight(HOSTS);
        let tls = settings.scopes.iter().filter(|scope| scope.tls);
        let places: Vec<_> = tls
            .zip(HOSTS)
            .map(|(scope, (names, _))| {
                let names: Vec<ServerName> =
                    names.split(' ').map(|text| text.parse().unwrap()).collect();
                preflight.at(scope, "apache2.conf", &settings, &names).0
            })
            .collect();
        let shared = |one: usize, other: usize| {
            let mut alike = Alike::default();
            let first = alike.judge(&places[one]);
            Arc::ptr_eq(&first, &alike.judge(&places[other]))
        };
        assert_eq!(places.len(), HOSTS.len());
        assert!(shared(0, 0) && shared(2, 2));
        for (other, host) in HOSTS.iter().enumerate().skip(1) {
            assert!(!shared(0, other) && !shared(other, 0), "{host:?}");
        }
        // Two different names that every client accepts.
        let mut www = places[0].clone();
        www.hosts = vec!["www.example.test".parse().unwrap()];
        let mut alike = Alike::default();
        let first = alike.judge(&places[0]);
        assert!(Arc::ptr_eq(&first, &alike.judge(&www)));
        // Each wrong name has its own text.
        let mut alike = Alike::default();
        let first = alike.judge(&places[2]);
        assert!(!Arc::ptr_eq(&first, &alike.judge(&places[8])));
    }
}
