//! Tableau's programs as clients: which program's rules each of them has, from
//! Tableau's pages. None of them was run.

use super::by_version::Facts;
use super::messages::Voice;
use super::names::NameRules;
use super::profile::{ClientProfile, Engine};
use super::profiles::{MACOS, OPENSSL, WINDOWS};
use super::search::Rules;
use super::stapled::LooksAt;
use crate::chain;

const PAGES: &[&str] = &["help.tableau.com: SSL for Tableau Desktop, Analytics Extensions"];

/// Everything except Mobile.
pub(super) static TABLEAU: ClientProfile = ClientProfile {
    name: "tableau",
    title: "Tableau Desktop, Prep and Server since 2020.1, with the system's trust on Windows, macOS and Linux",
    versions: "2020.1 and later (documents)",
    sources: PAGES,
    measured: false,
    engine: Engine::Each(&[&WINDOWS, &MACOS, &TABLEAU_LINUX]),
    names: NameRules::MODERN,
    voice: Voice::Plain,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
pub(super) static TABLEAU_LINUX: ClientProfile = ClientProfile {
    name: "tableau-linux",
    title: "Tableau Server on Linux, with the system's bundle",
    versions: "2020.1 and later (documents; OpenSSL's rules are assumed)",
    sources: &[
        "help.tableau.com: Analytics Extensions, certificates in the system's store by update-ca-certificates or update-ca-trust",
        "assumed: OpenSSL 3 with its defaults",
    ],
    measured: false,
    ..OPENSSL
};
pub(super) static TABLEAU_WINDOWS: ClientProfile = ClientProfile {
    name: "tableau-windows",
    title: "Tableau Desktop, Prep and Server on Windows, with the stores Root and CA",
    versions: "2020.1 and later (documents)",
    sources: PAGES,
    ..WINDOWS
};
pub(super) static TABLEAU_MAC: ClientProfile = ClientProfile {
    name: "tableau-mac",
    title: "Tableau Desktop and Prep on macOS, with the keychain",
    versions: "2020.1 and later (documents)",
    sources: PAGES,
    ..MACOS
};
/// Flows that a server runs connect from the server: `tableau-linux` and `tableau-windows`.
pub(super) static TABLEAU_PREP: ClientProfile = ClientProfile {
    name: "tableau-prep",
    title: "Tableau Prep Builder on Windows and macOS, with the system's trust",
    versions: "2020.1 and later (documents; as Tableau Desktop is assumed)",
    sources: &[
        "help.tableau.com: Tableau Prep, scripts in a flow: the connection to TabPy and Rserve with SSL",
        "assumed: the system's trust, as Tableau Desktop",
    ],
    measured: false,
    engine: Engine::Each(&[&WINDOWS, &MACOS]),
    names: NameRules::MODERN,
    voice: Voice::Plain,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
pub(super) static TABLEAU_MOBILE: ClientProfile = ClientProfile {
    name: "tableau-mobile",
    title: "Tableau Mobile on iOS and Android, with the device's trust",
    versions: "current (documents)",
    sources: &[
        "help.tableau.com: Tableau Mobile, SSL",
        "android: TrustManagerImpl.java",
    ],
    measured: false,
    engine: Engine::Each(&[&MACOS, &ANDROID]),
    names: NameRules::MODERN,
    voice: Voice::Plain,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
/// Android fetches no issuer: the server must send its intermediates.
static ANDROID: ClientProfile = ClientProfile {
    name: "android",
    title: "Android with an added CA",
    versions: "Android 10 and later (documents)",
    sources: &["android: TrustManagerImpl.java"],
    measured: false,
    engine: Engine::Search(Rules {
        profile: chain::PathProfile {
            refuses_broken_hashes: true,
            ..Rules::PLAIN.profile
        },
        least_rsa: 1024,
        ca_may_serve: false,
        looks_at_stapled: LooksAt::NotMeasured,
        ..Rules::PLAIN
    }),
    names: NameRules::MODERN,
    // Its web view is Chromium.
    voice: Voice::Chrome,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
pub(super) static TABLEAU_PINNED: ClientProfile = ClientProfile {
    name: "tableau-pinned",
    title: "Tableau Desktop before 2020.1, which compares the server's certificate with one that it was given",
    versions: "10.5 to 2019.4 (documents)",
    sources: &["help.tableau.com: Analytics Extensions with SSL"],
    measured: false,
    engine: Engine::Pinned,
    names: NameRules::MODERN,
    voice: Voice::Plain,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
