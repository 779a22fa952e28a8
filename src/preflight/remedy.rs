//! What a finding means at this server, and where its remedy belongs.

use super::Preflight;
use super::keys::Pair;
use crate::finding::{ChainFact, Evidence, Finding, Severity};
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

    /// A missing issuer belongs into the file that the server sends it from: the
    /// chain file, which takes the place of whatever else there is, or the CA file.
    pub(super) fn where_to(&self, mut finding: Finding, pair: &Pair<'_, '_>) -> Finding {
        let Evidence::ChainFact(ChainFact::MissingIntermediate { append_to, .. }) =
            &mut finding.evidence
        else {
            return finding;
        };
        let file = match self.server.chain {
            ChainSource::ChainFileElseRest => self.chain_file.as_ref(),
            ChainSource::FirstOnly => self.ca_files.first(),
            _ => None,
        };
        let Some(file) = file.map(|file| file.source().name().to_owned()) else {
            return finding;
        };
        *append_to = Some(file.clone());
        let unsent = pair.certificates.len().saturating_sub(1);
        if self.server.chain == ChainSource::ChainFileElseRest && unsent > 0 {
            let why = format!(
                "{file} is sent in place of whatever stands behind the first certificate of the \
                 certificate file ({unsent} there)"
            );
            return finding.because(why);
        }
        finding
    }

    /// Certificate file and key file were exchanged: what each of them is says so.
    pub(super) fn exchanged(&self, findings: &mut [Finding]) {
        let ([certificate], [key]) = (self.certificate_files.as_slice(), self.key_files.as_slice())
        else {
            return;
        };
        let (certificate, key) = (certificate.source().name(), key.source().name());
        let has = |findings: &[Finding], code: &str, name: &str| {
            findings.iter().any(|it| {
                it.code().as_str() == code
                    && it.severity == Severity::Error
                    && it.subject.source == name
            })
        };
        let (first, second) = (
            "encoding.private-key-in-certificate-file",
            "encoding.certificate-in-key-file",
        );
        if !has(findings, first, certificate) || !has(findings, second, key) {
            return;
        }
        let why = format!(
            "the two files are exchanged: {key} holds the certificate, and {certificate} the key"
        );
        for finding in findings {
            let code = finding.code();
            if [first, second].contains(&code.as_str()) {
                finding.consequence = Some(why.clone());
            }
        }
    }
}
