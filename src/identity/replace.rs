//! May the new pair replace the old one?

use super::check::{Report, pair_of};
use super::load::Identity;
use crate::client::Client;
use crate::preflight::{Preflight, Replacement};
use pki_types::UnixTime;

/// Whether a server may swap `old` for `new` now: the new pair is judged as
/// [`check_identity`](super::check_identity) does, and compared with the old one. Names that are
/// lost, another kind of key, other roots, and clients that accept the old pair and refuse the new
/// one are findings. If `clients` is empty, those of a preflight decide.
///
/// The comparison is in [`PreflightResult::replaces`](crate::preflight::PreflightResult). A server
/// that reloads its certificate keeps the old one unless the report
/// [is fit](Report::is_fit).
///
/// ```
/// use certcheck::identity::{load_identity, safe_to_replace};
/// use pki_types::UnixTime;
/// use std::time::Duration;
///
/// # let read = |name: &str| std::fs::read(format!("testdata/pki/{name}"));
/// # let pem = |files: [&str; 2]| Ok::<_, std::io::Error>([read(files[0])?, read(files[1])?].concat());
/// # let (old, new) = (pem(["fullchain.crt", "server.key"])?, pem(["wrong-host.chain.crt", "server.key"])?);
/// let old = load_identity("old.pem", &old)?;
/// let new = load_identity("new.pem", &new)?;
/// let at = UnixTime::since_unix_epoch(Duration::from_secs(1_795_000_000));
/// assert!(safe_to_replace(&old, &old, &[], at).is_fit());
/// let report = safe_to_replace(&old, &new, &[], at);
/// assert!(!report.is_fit());
/// assert!(report.to_string().contains("server.example.test"), "{report}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn safe_to_replace(old: &Identity, new: &Identity, clients: &[Client], at: UnixTime) -> Report {
    let side = |identity: &Identity| -> Preflight {
        let (preflight, _) = pair_of(&identity.chain, &identity.key, &[], at);
        clients.iter().copied().fold(preflight, Preflight::client)
    };
    let (old, new) = (side(old), side(new));
    Report::new(Replacement::of(&old, &new).join(new.run()))
}
