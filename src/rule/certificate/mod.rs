//! Rules about a single certificate.

mod ca_as_server;
mod client_auth_sunset;
mod expired;
mod expires_soon;
mod explicit_parameters;
mod file_mode;
mod host_name;
mod issuer_name;
mod key_usage;
mod lifetime;
mod local_time;
mod malformed_extension;
mod name_mismatch;
mod no_subject_alt_name;
mod no_user_name;
mod not_a_ca;
mod not_conforming;
mod not_yet_valid;
mod purpose;
mod repeated_serial;
mod unknown_critical_extension;
mod weak_key;
mod weak_signature;

pub use ca_as_server::CaAsServer;
pub use client_auth_sunset::ClientAuthSunset;
pub use expired::Expired;
pub use expires_soon::ExpiresSoon;
pub use explicit_parameters::ExplicitParameters;
pub use file_mode::FileMode;
pub use host_name::HostName;
pub use issuer_name::IssuerName;
pub use key_usage::KeyUsage;
pub use lifetime::Lifetime;
pub use local_time::LocalTime;
pub use malformed_extension::MalformedExtension;
pub use name_mismatch::NameMismatch;
pub use no_subject_alt_name::NoSubjectAltName;
pub use no_user_name::NoUserName;
pub use not_a_ca::NotACa;
pub use not_conforming::NotConforming;
pub use not_yet_valid::NotYetValid;
pub use purpose::Purpose;
pub use repeated_serial::RepeatedSerial;
pub use unknown_critical_extension::UnknownCriticalExtension;
pub use weak_key::WeakKey;
pub use weak_signature::WeakSignature;

use crate::rule::facts;

facts! {
/// What is wrong with a single certificate, regardless of its issuer.
    CertificateFact { Expired, NotYetValid, ExpiresSoon, NameMismatch, NoSubjectAltName, WeakSignature, WeakKey, NotACa, CaAsServer, Purpose, KeyUsage, HostName, ClientAuthSunset, Lifetime, LocalTime, ExplicitParameters, RepeatedSerial, IssuerName, MalformedExtension, UnknownCriticalExtension, FileMode, NotConforming, NoUserName }
}
