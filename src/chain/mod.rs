//! Certificates in relation to one another: in what order they stand, what is
//! missing, and whether a path leads from an end-entity to a trust anchor.

pub mod arrange;
mod index;
mod signatures;
