//! Do chain, key and names fit together?

use crate::answer::{Answer, Check};
use crate::encoding::to_pem;
use crate::finding::Severity;
use crate::preflight::{Preflight, PreflightResult};
use crate::server::Profile;
use crate::server_name::ServerName;
use crate::{Source, Time};
use pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use std::fmt;

/// What findings call the chain and the key.
const CHAIN: &str = "chain";
const KEY: &str = "key";

/// The answer about a chain that is in memory.
///
/// Its `Display` is one line for each error and warning, with what to do. As it is an
/// [`Error`](std::error::Error) too, a program can return it if the pair must not be used.
#[derive(Clone, Debug)]
pub struct Report(Answer<PreflightResult>);

impl Report {
    pub(super) const fn new(answer: Answer<PreflightResult>) -> Self {
        Self(answer)
    }

    /// Whether every check ran and found nothing that would stop a server or a client.
    pub fn is_fit(&self) -> bool {
        self.0.verdict() == crate::answer::Verdict::Pass
    }

    /// The full answer: what each client says, and the findings about each certificate.
    pub const fn answer(&self) -> &Answer<PreflightResult> {
        &self.0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let serious = self.0.findings.iter();
        let mut serious = serious
            .filter(|finding| finding.severity >= Severity::Warning)
            .peekable();
        if serious.peek().is_none() {
            f.write_str(self.0.verdict().as_str())?;
        }
        let mut first = true;
        for finding in serious {
            if !std::mem::take(&mut first) {
                f.write_str("\n")?;
            }
            write!(f, "{finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Report {}

/// Whether a server may use this chain with this key, and whether clients that ask for these
/// names accept it at this time, as if they trusted the topmost issuer.
///
/// The chain is what the server sends: its own certificate first. Findings name the sources
/// `chain` and `key`, with the lines of the chain's PEM form.
///
/// For a name that is not a host name or address, the check cannot run: the verdict is then
/// undecided.
///
/// ```
/// use certcheck::identity::{check_identity, load_identity};
/// use pki_types::{ServerName, UnixTime};
/// use std::time::Duration;
///
/// # let pem = [&include_bytes!("../../testdata/pki/server.crt")[..],
/// #     include_bytes!("../../testdata/pki/issuing.crt"),
/// #     include_bytes!("../../testdata/pki/server.key")].concat();
/// let identity = load_identity("server.pem", &pem)?;
/// let names = [ServerName::try_from("server.example.test")?];
/// let at = UnixTime::since_unix_epoch(Duration::from_secs(1_795_000_000));
/// let report = check_identity(&identity.chain, &identity.key, &names, at);
/// assert!(report.is_fit(), "{report}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check_identity(
    chain: &[CertificateDer<'_>],
    key: &PrivateKeyDer<'_>,
    names: &[pki_types::ServerName<'_>],
    at: UnixTime,
) -> Report {
    let (preflight, unknown) = pair_of(chain, key, names, at);
    Report::new(with_unknown(preflight.run(), unknown))
}

/// The preflight of a pair, as [`preflight_of`].
pub(super) fn pair_of(
    chain: &[CertificateDer<'_>],
    key: &PrivateKeyDer<'_>,
    names: &[pki_types::ServerName<'_>],
    at: UnixTime,
) -> (Preflight, Vec<String>) {
    let (label, der) = match key {
        PrivateKeyDer::Pkcs1(key) => ("RSA PRIVATE KEY", key.secret_pkcs1_der()),
        PrivateKeyDer::Sec1(key) => ("EC PRIVATE KEY", key.secret_sec1_der()),
        PrivateKeyDer::Pkcs8(key) => ("PRIVATE KEY", key.secret_pkcs8_der()),
        // A form that a later version of the crate may add cannot be judged.
        _ => ("PRIVATE KEY", &[][..]),
    };
    let key = Source::new(KEY, to_pem(label, der).as_bytes().to_vec());
    let (preflight, unknown) = preflight_of(chain, names, at);
    (preflight.key_file(key), unknown)
}

/// The preflight of this chain for these names, and the names that cannot be requested.
pub(super) fn preflight_of(
    chain: &[CertificateDer<'_>],
    names: &[pki_types::ServerName<'_>],
    at: UnixTime,
) -> (Preflight, Vec<String>) {
    let pem: String = chain
        .iter()
        .map(|der| to_pem("CERTIFICATE", der).to_string())
        .collect();
    let mut preflight = Preflight::new(Profile::generic(), at.into());
    preflight = preflight.certificate_file(Source::new(CHAIN, pem.into_bytes()));
    let mut unknown = Vec::new();
    for name in names {
        let text = name.to_str();
        match text.parse::<ServerName>() {
            Ok(name) => preflight = preflight.host(name),
            Err(why) => unknown.push(why.to_string()),
        }
    }
    (preflight, unknown)
}

pub(super) fn with_unknown(
    mut answer: Answer<PreflightResult>,
    unknown: Vec<String>,
) -> Answer<PreflightResult> {
    let checks = unknown
        .into_iter()
        .map(|why| Check::impossible("name", why));
    answer.checks.extend(checks);
    answer
}

impl From<UnixTime> for Time {
    fn from(at: UnixTime) -> Self {
        Self::from_unix_seconds(i64::try_from(at.as_secs()).unwrap_or(i64::MAX))
    }
}
