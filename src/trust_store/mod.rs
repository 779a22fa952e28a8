//! Where trust anchors come from, and how they get there.
//!
//! [`plan()`] says how to install certificates in a platform's store, how to verify it, and how to
//! undo it. It only plans; [`HostFacts`] tells it what it must know about a machine.
//! [`Plan::install_script`] and [`Plan::undo_script`] write a plan as a script that an
//! administrator can read.
//!
//! [`status()`] says in which stores of a machine a certificate is.
//!
//! The rest of the library is given its anchors as DER and never looks for
//! any. The modules here are the named exceptions, each behind a feature:
//!
//! * `native` (feature `native-anchors`) reads the trust store of this machine;
//! * `mozilla` (feature `mozilla-anchors`) has the roots of the Mozilla
//!   programme compiled in, and reads nothing.

mod alpine;
mod anchors;
mod candidate;
mod clients;
mod climb;
mod containers;
mod debian;
mod description;
mod drop_in;
mod environment;
mod freebsd;
mod host;
mod item;
mod java;
mod layout;
mod location;
mod macos;
mod mobileconfig;
#[cfg(feature = "mozilla-anchors")]
pub mod mozilla;
mod name;
#[cfg(feature = "native-anchors")]
pub mod native;
mod nixos;
mod nss;
mod p11_kit;
mod personal;
mod plan;
mod planner;
mod platform;
mod platforms;
mod postgres;
mod questions;
mod role;
mod script;
mod select;
mod status;
mod step;
mod store;
mod strict;
mod thumbprint;
mod verdict;
mod windows;

pub use anchors::Anchors;
pub use candidate::{Candidate, Unfit};
pub use clients::{ClientAnswer, Situation, clients};
pub use host::{HostFacts, READ_LIMIT};
pub use plan::{Decision, InstallOutcome, Plan, PlanError};
pub use planner::{Request, plan};
pub use platform::Platform;
pub use questions::HostQuestion;
pub use role::Role;
pub use script::{powershell_install, powershell_undo, sh_install, sh_undo};
pub use select::{Selection, missing_for};
pub use status::{Holding, Status, StoreStatus, Stray, empty_stores, status, strays};
pub use step::{Action, Check, Guard, Probe, Step, TreeLinks};
pub use verdict::Verdict;

/// What is known about Tableau Server on Linux, which runs on Debian's and Red Hat's systems.
const TABLEAU_LINUX: &str = "Tableau Server reads this store too (Tableau's pages; not run, and that it follows OpenSSL's rules is assumed): install the certificate on every node, then `tsm restart`";
