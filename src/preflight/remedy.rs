//! What a finding means for this server, and where its remedy belongs.

use super::Preflight;
use super::inputs::Inputs;
use super::keys::Pair;
use crate::encoding::{Document, Encoding, SectionKind};
use crate::finding::{Code, Severity};
use crate::objects::Object;
use crate::protocol::Dialect;
use crate::rule::{self, ChainFact, Evidence, Finding};
use crate::server::ChainSource;

impl Preflight {
    pub(super) fn explained(&self, finding: Finding) -> Finding {
        match self.server.consequence(finding.code()) {
            Some(consequence)
                if finding.severity == Severity::Error && finding.consequence.is_none() =>
            {
                finding.because(consequence)
            }
            _ => finding,
        }
    }

    /// A missing issuer belongs in the file that the server sends it from: the chain file, which
    /// overrides all other files, or the CA file.
    pub(super) fn where_to(
        &self,
        mut finding: Finding,
        pair: &Pair<'_, '_>,
        inputs: &Inputs<'_, '_>,
    ) -> Finding {
        let source = finding.subject.source.clone();
        let Evidence::ChainFact(ChainFact::MissingIntermediate(rule::chain::MissingIntermediate {
            append_to,
            before,
            give_as,
            in_place_of,
            held_in,
            issuer_name,
            ..
        })) = &mut finding.evidence
        else {
            return finding;
        };
        if matches!(
            self.server.chain,
            ChainSource::RestElseIssuers | ChainSource::WholeFile
        ) {
            // These servers send nothing else, whatever other files hold.
            let mut others = inputs.chain.iter().chain(inputs.ca);
            let named = |object: &&Object<'_>| {
                let certificate = object.certificate();
                certificate
                    .is_some_and(|certificate| certificate.subject().to_string() == *issuer_name)
            };
            let holds = others.find(named);
            *held_in = holds.map(|object| object.subject().source);
        }
        let (file, option) = match self.server.chain {
            ChainSource::ChainFileElseRest => (self.chain_file.as_ref(), "--chain-file"),
            ChainSource::FirstOnly => (self.ca_files.first(), "--ca-file"),
            _ => (None, ""),
        };
        let unsent = pair.certificates.len().saturating_sub(1);
        let Some(file) = file else {
            let own = self.certificate_files.iter();
            let own = own
                .map(|file| file.source().name())
                .any(|name| name == source);
            if !own {
                *append_to = Some(source);
            } else if self.server.chain == ChainSource::FirstOnly
                // tsm accepts the chain as a separate file.
                || (self.server.dialect == Dialect::Tsm && unsent == 0)
            {
                *give_as = Some(option.to_owned());
            }
            return finding;
        };
        let name = file.source().name().to_owned();
        if has_pem_certificate(file) {
            *append_to = Some(name.clone());
            let mut own = self.certificate_files.iter();
            let of_own = own.any(|file| file.source().name() == source);
            *before = of_own && self.server.chain == ChainSource::ChainFileElseRest;
        } else {
            *in_place_of = Some(name.clone());
        }
        if self.server.chain == ChainSource::ChainFileElseRest && unsent > 0 {
            let others = if unsent == 1 {
                "the certificate".to_owned()
            } else {
                format!("the {unsent} certificates")
            };
            let why = format!(
                "the server sends {name} in place of {others} after the first in the certificate file"
            );
            return finding.because(why);
        }
        finding
    }

    /// The contents show that certificate file and key file were exchanged.
    pub(super) fn exchanged(&self, findings: &mut [Finding]) {
        let ([certificate], [key]) = (self.certificate_files.as_slice(), self.key_files.as_slice())
        else {
            return;
        };
        let (certificate, key) = (certificate.source().name(), key.source().name());
        let has = |findings: &[Finding], code: Code, name: &str| {
            findings.iter().any(|finding| {
                finding.code() == code
                    && finding.severity == Severity::Error
                    && finding.subject.source == name
            })
        };
        let (first, second) = (
            Code::EncodingPrivateKeyInCertificateFile,
            Code::EncodingCertificateInKeyFile,
        );
        if !has(findings, first, certificate) || !has(findings, second, key) {
            return;
        }
        let why = format!(
            "the two files are swapped: {key} contains the certificate, and {certificate} the key"
        );
        for finding in findings {
            let code = finding.code();
            if [first, second].contains(&code) {
                finding.consequence = Some(why.clone());
            }
        }
    }
}

/// Whether a server that reads PEM finds a certificate in the file.
fn has_pem_certificate(file: &Document) -> bool {
    file.sections().iter().any(|section| {
        section.encoding() == Encoding::Pem && section.kind() == SectionKind::Certificate
    })
}
