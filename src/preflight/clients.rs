//! What the clients say about what the server would send, and what that means.

use super::boundaries::Others;
use super::endpoint::Nameless;
use super::explained_refusals::is_of_trust;
use super::handshake::{End, FOR_KEY_TRANSPORT, FOR_SIGNATURES, Met};
use super::loaded::Load;
use super::{ClientVerdict, Preflight};
use crate::answer::Check;
use crate::client::{self, Client, Judgement, Presented, Stage, Store, Verdict};
use crate::dated::Change;
use crate::finding::Fingerprint;
use crate::handshake::{Agreement, ClientHello};
use crate::model::{Certificate, KeyAlgorithm, PublicKey, TrustSetting};
use crate::rule::Finding;

/// What browsers demand only of public chains (Chrome's and Mozilla's root policies).
const NOT_LOOKED_AT: &str = "the path ends at a public root, where this browser also requires \
    SCTs (Certificate Transparency) and applies dates of distrust: certcheck checked neither";

/// Java's names without a dot, or with one at the end.
const NO_NAME: &str = "it sends no server name of this form, so the server gives it the \
    certificate of its default, which certcheck did not judge";

/// What is sent for one certificate, and what it is compared with.
pub(super) struct ClientInputs<'s, 'a> {
    /// The certificates on the wire, in their order.
    pub(super) sent: &'s [Certificate<'a>],
    /// Everything that the server's files hold.
    pub(super) files: &'s [Certificate<'a>],
    /// What the clients trust.
    pub(super) anchors: &'s [Certificate<'a>],
    /// Whether that is assumed, for lack of anchors.
    pub(super) assumed: bool,
    /// The number of this chain among the server's chains.
    pub(super) place: usize,
    /// How the clients' handshakes go, if known.
    pub(super) meetings: &'s [(Client, Met)],
    /// Whether the server ends the handshake of a client without a certificate.
    pub(super) demands_certificate: bool,
    /// Whether the server wants the PROXY protocol before TLS.
    pub(super) demands_proxy: bool,
    /// What OpenSSL's settings say about some of them.
    pub(super) settings: &'s [(Fingerprint, TrustSetting)],
    /// The clients whose loaders do not get all of the anchors.
    pub(super) loads: &'s [Load],
    /// What they get, in the same order.
    pub(super) own_stores: &'s [Vec<Certificate<'a>>],
}

/// What a browser says about a path to a public root, if its rules for all certificates are met. A
/// certificate that was issued after a distrust cannot have an earlier SCT.
fn below_public(client: Client, root: &Certificate<'_>, sent: &[Certificate<'_>]) -> Judgement {
    let name = root.subject().common_name();
    let own = sent.first().filter(|_| client.name() == "chrome");
    let distrust = own.and_then(|own| Change::distrust(name.as_deref()?, own.not_before()));
    match distrust {
        Some(change) => Judgement::distrusted(format!(
            "net::ERR_CERT_AUTHORITY_INVALID: Chrome trusts what this root issued until {}",
            change.date.to_string().chars().take(10).collect::<String>()
        )),
        None => Judgement::open(NOT_LOOKED_AT),
    }
}

/// What all clients said about everything that the server would send.
#[derive(Clone, Default)]
pub(super) struct Clients {
    pub(super) judgements: Vec<(Client, Judgement)>,
    /// What clients whose handshake reaches the certificates agree on, and the certificate that
    /// they are then shown.
    agreed: Vec<(Client, Agreement, Fingerprint)>,
    /// Which certificate each client is given, those that were not named included.
    given: Vec<(Client, Fingerprint)>,
    /// Clients whose handshake ends before that.
    pub(super) ended: Vec<(Client, End)>,
    /// The anchor that was assumed if none were given.
    pub(super) assumed: Option<Fingerprint>,
    /// Without anchors: a chain that certainly lacks an issuer.
    pub(super) whole: bool,
    /// What they say in other versions.
    others: Others,
}

/// What one client says about one certificate's chain.
enum Said {
    /// Its handshake reaches another certificate of the server.
    Elsewhere,
    /// The handshake ends before the certificates.
    Ended(End, Judgement),
    /// The certificates were looked at, after what was agreed on, if that is known.
    Judged(Option<Agreement>, Judgement),
}

impl Clients {
    /// Whether the client's handshake is known: which certificate it is given, or how it ends.
    pub(super) fn is_settled(&self, client: Client) -> bool {
        let mut given = self.given.iter().map(|(given, _)| given);
        let mut ended = self.ended.iter().map(|(ended, _)| ended);
        given.any(|given| *given == client) || ended.any(|ended| *ended == client)
    }

    /// The clients whose handshake chooses this certificate.
    pub(super) fn given(&self, own: Fingerprint) -> impl Iterator<Item = Client> {
        let given = self.given.iter().filter(move |(_, to)| *to == own);
        given.map(|(client, _)| *client)
    }

    /// A certificate that the server may send could not be read: a client that checks the path may
    /// answer differently.
    pub(super) fn lose(&mut self, asked: impl Iterator<Item = Client>, reason: &str) {
        for client in asked {
            if !self.judgements.iter().any(|(judged, _)| *judged == client) {
                self.judgements.push((client, Judgement::open(reason)));
            }
        }
        for (_, judgement) in &mut self.judgements {
            // What a client says about names, encoding and dates of the chain that was read also
            // holds for the missing one.
            let stays = judgement
                .reason
                .as_ref()
                .is_some_and(|reason| reason.cause.stage() != Stage::Path);
            if !stays {
                *judgement = Judgement::open(reason);
            }
        }
    }
}

impl Preflight {
    /// The clients that decide.
    pub(super) fn deciding(&self) -> Vec<Client> {
        if !self.clients.is_empty() {
            return self.clients.clone();
        }
        let names = match self.server.name() {
            "postgres" => ClientHello::DECIDING_POSTGRES,
            _ => ClientHello::DECIDING,
        };
        names
            .iter()
            .filter_map(|name| Client::named(name))
            .collect()
    }

    /// The clients that a server is made for: if only they refuse, that is worth a warning although
    /// others decide.
    pub(super) fn made_for(&self) -> Vec<Client> {
        let names: &[&str] = match self.server.name() {
            "tableau" if self.clients.is_empty() => &[
                "tableau-linux",
                "tableau-windows",
                "tableau-mac",
                "tableau-mobile",
            ],
            _ => &[],
        };
        let named = names.iter().filter_map(|name| Client::named(name));
        named.collect()
    }

    /// All known clients, and the caller's own, in the order of the result.
    pub(super) fn all_clients(&self) -> impl Iterator<Item = Client> {
        let own = self
            .clients
            .iter()
            .filter(|client| !Client::ALL.contains(client));
        Client::ALL.iter().chain(own).copied()
    }

    /// The clients whose loaders do not get all of the anchors: read once.
    pub(super) fn loads(&self) -> &[Load] {
        // Once for all places of the settings: every loader reads the whole bundle, and a system's
        // bundle has about 140 roots.
        self.loads.get_or_init(|| {
            let given = self.anchors.as_deref();
            given.map_or_else(Vec::new, |given| Load::all(given, self.all_clients()))
        })
    }

    /// Asks the clients about one certificate's chain. If the server has two, a client is asked
    /// about the one that its handshake reaches; if that is not known, a client that refuses either
    /// one refuses.
    ///
    /// Clients that were not named are not shown; what they say counts only if trust is in doubt
    /// (see `client_refusals`), and they are asked only then.
    pub(super) fn ask(
        &self,
        clients: &mut Clients,
        inputs: &ClientInputs<'_, '_>,
        findings: &[Finding],
    ) {
        // A doubt about trust is settled by all clients that decide, not just by the named one.
        let everyone = self.clients.is_empty() || findings.iter().any(is_of_trust);
        let own = inputs.sent.first();
        let shown = Presented::of(inputs.sent)
            .named(&self.hosts)
            .stapling(own.is_some_and(|own| self.may_staple(own)));
        let mut store = Store::of(inputs.anchors)
            .knowing(inputs.files)
            .with_settings(inputs.settings);
        if inputs.assumed {
            store = store.assumed();
            clients.assumed = inputs.anchors.first().map(Certificate::sha256);
            clients.whole = !inputs.anchors.is_empty();
        }
        let ended = |(_, met): &(Client, Met)| matches!(met, Met::Ended(_));
        let none_connects = !inputs.meetings.is_empty() && inputs.meetings.iter().all(ended);
        let met = |client: Client| {
            let mut meetings = inputs.meetings.iter();
            meetings
                .find(|(met_by, _)| *met_by == client)
                .map(|(_, met)| met)
        };
        let is_dsa = own.is_some_and(|own| {
            let key = PublicKey::parse(own.spki_der());
            key.is_ok_and(|key| *key.algorithm() == KeyAlgorithm::Dsa)
        });
        let ask = |client: Client| {
            self.ask_one(client, met(client), none_connects, (&shown, &store), inputs)
        };
        let reach = inputs.meetings.iter();
        let reach = reach.filter(|(_, met)| met.reaches(inputs.place));
        let reach = reach.filter(|(client, _)| self.all_clients().any(|known| known == *client));
        clients
            .given
            .extend(reach.filter_map(|(client, _)| Some((*client, own?.sha256()))));
        for client in self.all_clients() {
            if !everyone && !self.clients.contains(&client) {
                continue;
            }
            let own = inputs.sent.first().map(Certificate::sha256);
            let (agreement, judgement) = match ask(client) {
                Said::Elsewhere => continue,
                Said::Ended(end, judgement) => {
                    clients.ended.push((client, end));
                    (None, judgement)
                }
                Said::Judged(agreement, judgement) => (agreement, judgement),
            };
            for variant in self.variants(client) {
                // Each path costs signatures, and most versions of the 25 clients judge alike: the
                // verdict is reused if nothing differs.
                let same = !is_dsa
                    && met(variant).is_some_and(|met| met.reaches(inputs.place))
                    && agreement.is_some()
                    && variant.judges_as(client);
                let verdict = if same {
                    Some(judgement.verdict)
                } else {
                    match ask(variant) {
                        Said::Elsewhere => None,
                        Said::Ended(_, judgement) | Said::Judged(_, judgement) => {
                            Some(judgement.verdict)
                        }
                    }
                };
                if let Some(verdict) = verdict {
                    clients.others.add(client, variant, verdict);
                }
            }
            let judgement = if client.has_release() {
                clients.others.settle(client, judgement)
            } else {
                judgement
            };
            let agreed = own.zip(agreement);
            clients
                .agreed
                .extend(agreed.map(|(own, agreement)| (client, agreement, own)));
            let known = clients
                .judgements
                .iter_mut()
                .find(|(judged, _)| *judged == client);
            match known {
                // Of two certificates that a client may be shown, the worse one counts.
                Some((_, earlier)) if earlier.verdict != Verdict::Accepts => {}
                Some((_, earlier)) => *earlier = judgement,
                None => clients.judgements.push((client, judgement)),
            }
        }
    }

    /// The client's other versions that are asked, without the client's own.
    fn variants(&self, client: Client) -> impl Iterator<Item = Client> {
        let asked = self.compares_versions || client.has_release();
        let variants = if asked { client.variants() } else { Vec::new() };
        let variants = variants.into_iter().map(|variant| variant.client);
        variants.filter(move |variant| *variant != client)
    }

    /// The clients whose handshakes are predicted: all, in the versions that are asked.
    pub(super) fn clients_met(&self) -> impl Iterator<Item = Client> {
        self.all_clients()
            .flat_map(|client| std::iter::once(client).chain(self.variants(client)))
    }

    /// Asks one client, after its handshake.
    fn ask_one(
        &self,
        client: Client,
        met: Option<&Met>,
        none_connects: bool,
        (shown, store): (&Presented<'_, '_>, &Store<'_, '_>),
        inputs: &ClientInputs<'_, '_>,
    ) -> Said {
        let mut loads = inputs.loads.iter().zip(inputs.own_stores);
        let load = loads.find(|(load, _)| load.client == client);
        let judge = || match load {
            None => client::judge(client, shown, store, self.at),
            Some((load, own)) => {
                let own = Store::of(own)
                    .knowing(inputs.files)
                    .with_settings(inputs.settings);
                load.judge(shown, &own, store, self.at)
            }
        };
        if let Some(endpoint) = &self.endpoint
            && self.hosts.iter().any(|host| client.omits_name(host))
            && match endpoint.nameless {
                Nameless::Same => false,
                // Its handshake is with that key alone if it names none of the hosts. What the
                // server chooses among all, it also chooses where it has no other.
                Nameless::Only(key) => {
                    !self.asks_for_no_name(client)
                        && !matches!(met, Some(Met::Agreed(chosen)) if chosen.key == key)
                }
                Nameless::Other => true,
            }
        {
            return Said::Judged(None, Judgement::open(NO_NAME));
        }
        let (agreement, judgement) = match met {
            Some(Met::Ended(end)) => {
                // Java checks keyUsage after it has validated a path, but not if the certificate
                // itself is in the store (`Validator.validate`; measured: 17).
                if client.name() == "java"
                    && matches!(end.about, FOR_SIGNATURES | FOR_KEY_TRANSPORT)
                    && let own = judge()
                    && own.verdict == Verdict::Accepts
                    && own.path.len() == 1
                {
                    return Said::Judged(None, own);
                }
                return Said::Ended(end.clone(), Judgement::ended(&end.says));
            }
            Some(Met::Agreed(agreement)) if agreement.key != inputs.place => {
                return Said::Elsewhere;
            }
            Some(Met::Agreed(agreement)) => (Some(*agreement), judge()),
            Some(Met::Open) => {
                let open =
                    || Judgement::open("certcheck does not predict handshakes with these settings");
                (None, judge().unless_accepted(open))
            }
            None if none_connects => (
                None,
                Judgement::open(
                    "its handshake was not measured, and none of the measured clients can connect",
                ),
            ),
            None => (None, judge()),
        };
        let judgement = match self.public_root(client, &judgement, inputs.anchors) {
            Some(root) => judgement.unless_accepted(|| below_public(client, root, inputs.sent)),
            None => judgement,
        };
        let own = inputs.sent.first();
        let judgement = match own.and_then(|own| self.doubts_staple(client, own)) {
            Some(reason) => judgement.unless_accepted(|| Judgement::open(reason)),
            None => judgement,
        };
        let judgement = if inputs.demands_certificate {
            judgement.unless_accepted(Judgement::without_certificate)
        } else {
            judgement
        };
        let judgement = if inputs.demands_proxy {
            judgement.unless_accepted(Judgement::without_proxy)
        } else {
            judgement
        };
        Said::Judged(agreement, judgement)
    }

    /// Whether a browser's path ends at a root of Mozilla's store: it requires more there than
    /// below a root that an administrator added.
    fn public_root<'r, 'a>(
        &self,
        client: Client,
        judgement: &Judgement,
        anchors: &'r [Certificate<'a>],
    ) -> Option<&'r Certificate<'a>> {
        let browser = matches!(client.name(), "chrome" | "firefox");
        let last = judgement.path.last().filter(|_| browser);
        let (last, store) = last.zip(self.anchors.as_ref())?;
        let mut ends = anchors.iter().filter(|anchor| anchor.sha256() == *last);
        ends.find(|anchor| store.store_of(anchor.der()) == Some("mozilla"))
    }

    /// The rows of the result: all clients, or those that were named.
    pub(super) fn rows(&self, clients: &Clients) -> Vec<ClientVerdict> {
        let deciding = self.deciding();
        let row = |(client, judgement): &(Client, Judgement)| {
            let agreed = clients
                .agreed
                .iter()
                .find(|(agreed_by, ..)| agreed_by == client);
            ClientVerdict {
                client: client.label(),
                pinned: client.is_pinned(),
                decides: deciding.contains(client),
                version: client.program(),
                measured: client.holds_by_measurement(),
                note: client.beyond(),
                verdict: judgement.verdict,
                stage: judgement.reason.as_ref().map(|reason| reason.cause.stage()),
                reason: judgement.reason.as_ref().map(|reason| reason.says.clone()),
                protocol: agreed.map(|(_, it, _)| it.version.as_str()),
                cipher_suite: agreed.map(|(_, it, _)| it.suite.iana),
                group: agreed.map(|(_, it, _)| it.exchange.to_string()),
                certificate: agreed.map(|(.., certificate)| *certificate),
                anchors_needed: judgement.anchors_needed.clone(),
                path: judgement.path.clone(),
                accepts_until: None,
                accepts_until_reason: None,
                boundaries: clients.others.boundaries(*client, judgement.verdict),
            }
        };
        let chosen = |(client, _): &&(Client, Judgement)| {
            self.clients.is_empty() || self.clients.contains(client)
        };
        let place = |name: &str| self.all_clients().position(|client| client.label() == name);
        let mut rows: Vec<_> = clients.judgements.iter().filter(chosen).map(row).collect();
        // Several certificates are asked about one after the other.
        rows.sort_by_key(|row| place(&row.client));
        rows
    }

    /// Whether the clients could be asked.
    pub(super) fn clients_check(&self, clients: &Clients) -> Check {
        const NAME: &str = "clients";
        if clients.judgements.is_empty() {
            return Check::impossible(NAME, "no certificate could be read");
        }
        let deciding = self.deciding();
        let open = clients.judgements.iter().find(|(client, judgement)| {
            deciding.contains(client)
                && judgement.verdict == Verdict::Undecided
                && !judgement.lacks_own_side()
        });
        match open.and_then(|(client, it)| Some((client, it.reason.as_ref()?))) {
            Some((client, reason)) => {
                Check::impossible(NAME, format!("{}: {reason}", client.label()))
            }
            None => Check::ran(NAME),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::client::{Client, Verdict};
    use crate::preflight::Preflight;
    use crate::server::Profile;
    use crate::source::Source;
    use crate::trust_store::Anchors;
    use std::path::Path;

    fn file(name: &str) -> Source {
        let pki = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pki");
        Source::new(name, std::fs::read(pki.join(name)).unwrap())
    }

    #[test]
    fn browsers_demand_more_below_public_roots() {
        use pki_types::CertificateDer;
        use pki_types::pem::PemObject;
        let text = file("root.crt");
        let root = CertificateDer::from_pem_slice(text.bytes()).unwrap();
        let verdicts = |store: &str| {
            let mut anchors = Anchors::new();
            anchors.add_store(store, [root.clone()]);
            let generic = Profile::named("generic").unwrap();
            let answer = Preflight::new(generic, "2026-11-22T12:00:00Z".parse().unwrap())
                .certificate_file(file("fullchain.crt"))
                .anchors(anchors)
                .run();
            let verdict = |name: &str| {
                let mut rows = answer.result.clients.iter();
                rows.find(|row| row.client == name).map(|row| row.verdict)
            };
            ["chrome", "firefox", "openssl"].map(verdict)
        };
        assert_eq!(verdicts("native"), [Some(Verdict::Accepts); 3]);
        let open = Some(Verdict::Undecided);
        assert_eq!(verdicts("mozilla"), [open, open, Some(Verdict::Accepts)]);
    }

    /// A chain of three: each of its two signatures is computed once, for all callers.
    #[test]
    fn a_signature_is_computed_once_for_all_clients() {
        for client in [None, Client::named("openssl")] {
            let mut anchors = Anchors::new();
            anchors.add_file(file("root.crt"));
            let at = "2026-11-22T12:00:00Z".parse().unwrap();
            let mut preflight = Preflight::new(Profile::named("apache").unwrap(), at)
                .certificate_file(file("fullchain.crt"))
                .key_file(file("server.key"))
                .anchors(anchors);
            if let Some(client) = client {
                preflight = preflight.client(client);
            }
            let answer = preflight.run();
            let rows = if client.is_some() {
                1
            } else {
                Client::ALL.len()
            };
            assert_eq!(answer.result.clients.len(), rows);
            assert_eq!(preflight.computed.times(), 2, "{client:?}");
        }
    }
}
