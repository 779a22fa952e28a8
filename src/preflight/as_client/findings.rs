//! The findings about a client's certificate that a server judges.

use super::place::Outcome;
use super::words;
use crate::client::{Cause, Client};
use crate::finding::{Code, Severity, Subject};
use crate::model::{Certificate, Name, purpose_name};
use crate::objects::Object;
use crate::preflight::Preflight;
use crate::preflight::certificates::Demands;
use crate::preflight::key_usage;
use crate::rule::{self, Finding};
use crate::server::Profile;
use crate::server::settings::ClientAuth;

/// Why PostgreSQL does not accept a certificate that verifies.
pub(super) enum UserRefusal {
    /// Its commonName contains a byte 0.
    Zero,
    /// Its commonName is not the database user's, as these words say.
    Other(String),
}

const CLIENT_AUTH: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x02";

impl Preflight {
    /// Dates and purposes of the client's own certificate.
    pub(super) fn of_the_certificate(
        &self,
        object: &Object<'_>,
        certificate: &Certificate<'_>,
    ) -> Vec<Finding> {
        let demands = Demands {
            server: self.server,
            at: self.at,
            expires_within: self.expires_within,
            hosts: &[],
            only_key_transport: false,
        };
        let mut findings: Vec<_> = demands.validity(object).into_iter().collect();
        findings.extend(purpose(object, certificate));
        findings.extend(key_usage::of_a_client(object));
        findings
    }
}

/// Faults of the certificate that the server ignores.
pub(super) fn forgive(findings: &mut [Finding], server: &Profile) {
    let ignored = [
        Code::CertificateExpired,
        Code::CertificateNotYetValid,
        Code::CertificatePurpose,
        Code::CertificateKeyUsage,
    ];
    for finding in findings {
        if ignored.contains(&finding.code()) && finding.severity == Severity::Error {
            let because = format!("the settings of {} ignore this", server.program);
            *finding = finding
                .clone()
                .with_severity(Severity::Warning)
                .because(because);
        }
    }
}

/// extendedKeyUsage without clientAuth: OpenSSL refuses it from a client, and does not accept
/// anyExtendedKeyUsage for this (`check_purpose_ssl_client`).
pub(in crate::preflight) fn purpose(
    object: &Object<'_>,
    certificate: &Certificate<'_>,
) -> Option<Finding> {
    let usage = certificate.extended_key_usage()?;
    let mut purposes = usage.purposes();
    if purposes.any(|purpose| purpose.as_bytes() == CLIENT_AUTH) {
        return None;
    }
    let fact = rule::certificate::Purpose {
        wanted: "a TLS client (clientAuth)".to_owned(),
        present: usage.purposes().take(100).map(purpose_name).collect(),
    };
    Some(Finding::new(fact, object.subject()))
}

/// Whether the chain shows that a public CA issued it.
pub(super) fn sunset(chain: &[Certificate<'_>], object: &Object<'_>) -> Option<Finding> {
    let own = chain.first()?;
    let for_clients = own.extended_key_usage().is_some_and(|usage| {
        usage
            .purposes()
            .any(|purpose| purpose.as_bytes() == CLIENT_AUTH)
    });
    let issuer = public_issuer(chain).filter(|_| for_clients)?;
    let fact = rule::certificate::ClientAuthSunset { issuer };
    Some(Finding::new(fact, object.subject()))
}

/// The root of Mozilla's programme that some certificate of the chain names as its issuer.
#[cfg(feature = "mozilla-anchors")]
fn public_issuer(chain: &[Certificate<'_>]) -> Option<String> {
    let roots: Vec<_> = crate::trust_store::mozilla::roots().collect();
    let roots = roots
        .iter()
        .filter_map(|root| Certificate::parse(root).ok());
    let issued = |root: &Certificate<'_>| {
        let mut issuers = chain.iter().map(Certificate::issuer);
        issuers.any(|issuer| issuer.matches(&root.subject()))
    };
    let mut roots = roots.filter(issued);
    roots.next().map(|root| root.subject().to_string())
}

#[cfg(not(feature = "mozilla-anchors"))]
fn public_issuer(_chain: &[Certificate<'_>]) -> Option<String> {
    None
}

/// Where a place's findings are.
pub(super) struct Told<'t, 'o, 'd> {
    pub(super) server: &'static Profile,
    pub(super) place: &'t Subject,
    pub(super) leaf: &'o Object<'d>,
    pub(super) asks: ClientAuth,
}

impl Told<'_, '_, '_> {
    /// What the server says, as a finding or as a consequence of an earlier one; the reason if it
    /// refuses.
    pub(super) fn outcome(&self, outcome: &Outcome, findings: &mut Vec<Finding>) -> Option<String> {
        let program = self.server.program;
        match outcome {
            Outcome::Accepts(_) | Outcome::Open(_) => None,
            Outcome::NotAsked => {
                let fact = rule::handshake::NoCertificateRequest {
                    server: program.to_owned(),
                    setting: words::asks_by(self.server).to_owned(),
                };
                findings.push(Finding::new(fact, self.place.clone()));
                None
            }
            Outcome::Hopeless(hopeless) => {
                let fact = rule::config::ClientCa {
                    issued_by: None,
                    setting: words::ca_setting(self.server).to_owned(),
                    reason: hopeless.reason.clone(),
                    says: hopeless.says.clone(),
                    fix: hopeless.fix.to_owned(),
                };
                findings.push(Finding::new(fact, self.place.clone()));
                Some(hopeless.says.clone())
            }
            Outcome::Refuses(objection) => {
                let reason = objection.words();
                let says = words::refusal(self.server, objection.number);
                let own = self.leaf.certificate().map(Certificate::sha256);
                let is_own = objection.at.is_none() || objection.at == own;
                let codes: &[Code] = match objection.cause {
                    Some(Cause::Expired) => &[Code::CertificateExpired],
                    Some(Cause::NotYetValid) => &[Code::CertificateNotYetValid],
                    Some(Cause::Purpose) => &[Code::CertificatePurpose, Code::CertificateKeyUsage],
                    _ => &[],
                };
                let subject = self.leaf.subject();
                let known = findings.iter_mut().find(|finding| {
                    is_own && codes.contains(&finding.code()) && finding.subject == subject
                });
                match known {
                    Some(finding) => {
                        finding.consequence = None;
                        let because =
                            format!("{program} refuses it: {reason}; the client sees {says}");
                        *finding = finding.clone().because(because);
                    }
                    None => {
                        let fact = rule::handshake::ClientCertificate {
                            server: program.to_owned(),
                            reason: reason.clone(),
                            says,
                            fix: fix(self.server, objection.number).to_owned(),
                        };
                        findings.push(Finding::new(fact, subject));
                    }
                }
                Some(reason)
            }
        }
    }

    /// PostgreSQL's comparison with the user.
    pub(super) fn user(&self, refusal: UserRefusal, findings: &mut Vec<Finding>) -> String {
        let (reason, says, fix) = match refusal {
            // be-secure-openssl.c; measured: 15.18.
            UserRefusal::Zero => (
                "its commonName contains a byte 0, as every BMPString does: `SSL certificate's common \
                 name contains embedded null`"
                    .to_owned(),
                "`SSL connection has been closed unexpectedly`",
                "have it reissued with the commonName as a UTF8String",
            ),
            UserRefusal::Other(reason) => (
                reason,
                "`FATAL: certificate authentication failed for user`",
                "connect as the user in the commonName, or map the name in pg_ident.conf with `map=`",
            ),
        };
        let fact = rule::handshake::ClientCertificate {
            server: self.server.program.to_owned(),
            reason: reason.clone(),
            says: says.to_owned(),
            fix: fix.to_owned(),
        };
        findings.push(Finding::new(fact, self.leaf.subject()));
        reason
    }

    /// Clients that use the names and find no issuer of their certificate among them.
    pub(super) fn not_sent(
        &self,
        silent: &[Client],
        chain: &[Certificate<'_>],
        names: &[Name<'_>],
        named: bool,
    ) -> Option<Finding> {
        if silent.is_empty() {
            return None;
        }
        let mut issuers: Vec<String> = Vec::new();
        for certificate in chain {
            let name = certificate.issuer().to_string();
            if !issuers.contains(&name) {
                issuers.push(name);
            }
        }
        let fact = rule::handshake::CertificateNotSent {
            clients: silent
                .iter()
                .map(|client| client.name().to_owned())
                .collect(),
            issuers,
            names: names.iter().map(ToString::to_string).collect(),
        };
        let finding = Finding::new(fact, self.leaf.subject());
        // A client that was named decides.
        let decides = named && self.asks == ClientAuth::Required;
        Some(if decides {
            finding.with_severity(Severity::Error)
        } else {
            finding
        })
    }
}

/// What to do about a verification error.
pub(in crate::preflight) fn fix(server: &Profile, number: u8) -> &'static str {
    match number {
        20 | 21 => {
            "send the intermediates with the certificate (--chain-file), or put the issuing CA and its root into the server's client CA setting"
        }
        2 => "put the self-signed root above the intermediates into the server's client CA setting",
        18 | 19 => "put the root of the client's CA into the server's client CA setting",
        22 if server.name() == "nginx" => "raise `ssl_verify_depth` to the number of intermediates",
        22 => "raise `SSLVerifyDepth` to the number of CA certificates above the client's own",
        23 => "have the CA issue a new certificate",
        3 => "put a revocation list of every CA of the path, the root included, into the CRL file",
        12 => "replace the expired revocation list",
        66..=68 => {
            "have it reissued with a key and digest for the server's security level: RSA of 2048 bits, or P-256, and SHA-256"
        }
        10 => "replace the expired CA certificate in the server's client CA setting",
        26 => "use intermediates whose extendedKeyUsage has clientAuth",
        _ => "",
    }
}
