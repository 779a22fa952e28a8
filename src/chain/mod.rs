//! Chains: the order of the certificates, the missing ones, and the path from an end-entity
//! certificate to a trust anchor.

mod alone;
pub mod arrange;
mod constraints;
mod index;
mod policy;
mod profile;
mod reason;
mod request;
mod rules;
mod scope;
mod search;
mod signatures;
mod verify;
mod work;

pub(crate) use alone::alone;
pub use policy::PolicyInputs;
pub use profile::{Constraints, PathProfile};
pub use reason::{Reason, Rejection};
pub use request::{Budgets, Purpose, Request, Revocation};
pub(crate) use rules::is_preferred_name;
pub use verify::{Verification, anchor_objections, verify};
pub use work::Work;
