//! One object of a file, written directly: building a tree first took half of the time for twenty
//! thousand certificates.

use crate::command::inspect::{
    CertificateDetails, ContainerDetails, CrlDetails, CsrDetails, Details, KeyDetails, Object,
};
use crate::model::DescribedExtension;
use serde_core::ser::SerializeMap;
use serde_core::{Serialize, Serializer};
use std::fmt::Display;

/// An object as a member of `objects`.
pub(in crate::report::json) struct One<'a>(pub(in crate::report::json) &'a Object);

impl Serialize for One<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        self.members(&mut members)?;
        members.end()
    }
}

impl One<'_> {
    fn members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        let object = self.0;
        members.serialize_entry("source", &object.source)?;
        members.serialize_entry("index", &object.index)?;
        let lines = object.lines.map(|lines| [lines.first, lines.last]);
        members.serialize_entry("lines", &lines)?;
        members.serialize_entry("label", &object.label)?;
        members.serialize_entry("kind", object.kind)?;
        members.serialize_entry("encoding", object.encoding)?;
        members.serialize_entry("size", &object.size)?;
        members.serialize_entry("container", &object.container)?;
        members.serialize_entry("name", &object.name)?;
        match &object.details {
            Details::None => {}
            Details::Certificate(details) => certificate(details, members)?,
            Details::Key(details) => {
                key(details, members)?;
                members.serialize_entry("encryption", &details.encryption)?;
            }
            Details::Csr(details) => csr(details, members)?,
            Details::Crl(details) => crl(details, members)?,
            Details::Container(details) => container(details, members)?,
        }
        Ok(())
    }
}

/// An object as a separate record, with the codes of what was found in it.
pub(in crate::report::json) struct Record<'a>(
    pub(in crate::report::json) &'a Object,
    pub(in crate::report::json) &'a [&'static str],
);

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("record", "object")?;
        One(self.0).members(&mut members)?;
        members.serialize_entry("findings", self.1)?;
        members.end()
    }
}

fn certificate<M: SerializeMap>(
    certificate: &CertificateDetails,
    members: &mut M,
) -> Result<(), M::Error> {
    members.serialize_entry("subject", &certificate.subject)?;
    members.serialize_entry("issuer", &certificate.issuer)?;
    members.serialize_entry("serial", &certificate.serial)?;
    members.serialize_entry("not_before", &Shown(certificate.not_before))?;
    members.serialize_entry("not_after", &Shown(certificate.not_after))?;
    members.serialize_entry("public_key", &Key(&certificate.public_key))?;
    members.serialize_entry("signature_algorithm", &certificate.signature_algorithm)?;
    members.serialize_entry("subject_alt_names", &certificate.subject_alt_names)?;
    members.serialize_entry("is_ca", &certificate.is_ca)?;
    members.serialize_entry("self_signed", &certificate.self_signed)?;
    members.serialize_entry("key_usage", &certificate.key_usage)?;
    members.serialize_entry("extended_key_usage", &certificate.extended_key_usage)?;
    members.serialize_entry("subject_key_id", &certificate.subject_key_id)?;
    members.serialize_entry("authority_key_id", &certificate.authority_key_id)?;
    members.serialize_entry("ca_issuers", &certificate.ca_issuers)?;
    members.serialize_entry("extensions", &Extensions(&certificate.extensions))?;
    members.serialize_entry("sha256", &Shown(certificate.sha256))
}

fn key<M: SerializeMap>(key: &KeyDetails, members: &mut M) -> Result<(), M::Error> {
    members.serialize_entry("algorithm", &key.algorithm)?;
    members.serialize_entry("bits", &key.bits)?;
    members.serialize_entry("spki_sha256", &key.spki_sha256.map(Shown))
}

fn csr<M: SerializeMap>(csr: &CsrDetails, members: &mut M) -> Result<(), M::Error> {
    members.serialize_entry("subject", &csr.subject)?;
    members.serialize_entry("public_key", &Key(&csr.public_key))?;
    members.serialize_entry("signature_algorithm", &csr.signature_algorithm)?;
    members.serialize_entry("subject_alt_names", &csr.subject_alt_names)?;
    members.serialize_entry("algorithm", &csr.public_key.algorithm)?;
    members.serialize_entry("spki_sha256", &csr.public_key.spki_sha256.map(Shown))
}

fn crl<M: SerializeMap>(crl: &CrlDetails, members: &mut M) -> Result<(), M::Error> {
    members.serialize_entry("issuer", &crl.issuer)?;
    members.serialize_entry("this_update", &Shown(crl.this_update))?;
    members.serialize_entry("next_update", &crl.next_update.map(Shown))?;
    members.serialize_entry("number", &crl.number)?;
    members.serialize_entry("entries", &crl.entries)
}

fn container<M: SerializeMap>(
    container: &ContainerDetails,
    members: &mut M,
) -> Result<(), M::Error> {
    members.serialize_entry("content_type", &container.content_type)?;
    members.serialize_entry("contents", &container.contents)?;
    members.serialize_entry("integrity", container.integrity)?;
    members.serialize_entry("closed", &container.closed)?;
    members.serialize_entry("ciphers", &container.ciphers)?;
    members.serialize_entry("mac", &container.mac)
}

/// What is shown as text: times, fingerprints.
struct Shown<T>(T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A public key as a member of its certificate or request.
struct Key<'a>(&'a KeyDetails);

impl Serialize for Key<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(3))?;
        key(self.0, &mut members)?;
        members.end()
    }
}

struct Extensions<'a>(&'a [DescribedExtension]);

impl Serialize for Extensions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Extension))
    }
}

struct Extension<'a>(&'a DescribedExtension);

impl Serialize for Extension<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(4))?;
        members.serialize_entry("oid", &self.0.oid)?;
        members.serialize_entry("name", &self.0.name)?;
        members.serialize_entry("critical", &self.0.critical)?;
        members.serialize_entry("text", &self.0.text)?;
        members.end()
    }
}
