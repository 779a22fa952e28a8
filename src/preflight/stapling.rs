//! What clients make of a stapled OCSP response, which the files do not contain.
//!
//! Without lists (`--crl`) revocation is not judged, so certcheck assumes that a responder answers
//! for the right certificate and does not call it revoked. Whether it answers at all is open.

use super::Preflight;
use crate::client::{Client, LooksAt, must_staple};
use crate::model::Certificate;
use crate::server::settings::{Responder, Staples};

const MUST: &str = "the certificate requires a stapled OCSP response, and certcheck does not know \
    whether the server gets one from the responder";
const ERRORS: &str = "httpd also staples errors of the OCSP responder, and `tryLater` where it does \
    not answer, and certcheck does not know what it answers";
const FILE: &str = "certcheck does not judge the OCSP response in `ssl_stapling_file`";

impl Preflight {
    /// Whether the place may staple a response about this certificate.
    pub(super) fn may_staple(&self, own: &Certificate<'_>) -> bool {
        self.staples(own) != Staples::Nothing
    }

    fn staples(&self, own: &Certificate<'_>) -> Staples {
        let endpoint = self.endpoint.as_ref();
        let staples = endpoint.map_or(Staples::Nothing, |endpoint| endpoint.staples);
        match staples {
            Staples::Statuses(Responder::OfCertificate)
            | Staples::Errors(Responder::OfCertificate)
                if own.ocsp_urls().is_empty() =>
            {
                Staples::Nothing
            }
            _ => staples,
        }
    }

    /// Why it is open whether a client that accepts the chain also accepts the staple.
    pub(super) fn doubts_staple(
        &self,
        client: Client,
        own: &Certificate<'_>,
    ) -> Option<&'static str> {
        match (self.staples(own), client.looks_at_stapled()) {
            (Staples::Nothing, _) | (_, LooksAt::Nothing) => None,
            (Staples::File, _) => Some(FILE),
            (Staples::Errors(_), LooksAt::All | LooksAt::NotMeasured) => Some(ERRORS),
            (_, LooksAt::All | LooksAt::Statuses) if must_staple(own) => Some(MUST),
            _ => None,
        }
    }
}
