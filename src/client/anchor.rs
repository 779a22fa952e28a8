//! Whether a client can use a certificate as an anchor at all.
//!
//! A trust-store plan promises what a client will say about the servers below a root, perhaps
//! before any of them is known. Each client is therefore asked with the plainest certificate that
//! such a CA could issue: it is built here, is valid at that moment, and its signature is assumed
//! to be good. Any refusal is then the anchor's fault. One path of two certificates for each client
//! bounds the work.

mod own;

use super::issued::key_bits;
use super::reads::{Family, Place};
use super::refusal::Cause;
use super::{Client, Presented, Store, Verdict, judge};
use crate::Time;
use crate::model::{Certificate, Computed, KeyAlgorithm, PublicKey};
use crate::trust_store::{Role, Unfit};
use std::sync::Arc;

/// The child's signature: not a number that a key could make.
const BELIEVED: &[u8] = b"believed, for no CA has issued this certificate";

/// SubjectPublicKeyInfo of the generator of P-256 (SEC 2, 2.4.2): a point that every client
/// reads.
const POINT: &[u8] = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\
\x03\x42\x00\x04\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\x77\x03\x7d\x81\x2d\xeb\x33\xa0\
\xf4\xa1\x39\x45\xd8\x98\xc2\x96\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16\x2b\xce\x33\x57\
\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5";

/// The clients that do not accept what `anchor` is trusted for, each with what it says: every
/// server below a CA, or, where a server presents this very certificate, that server. A client
/// that is not in the list accepts it, or certcheck cannot tell.
pub fn unfit(anchor: &Certificate<'_>, at: Time) -> Vec<Unfit> {
    let empties = gnutls_reads_no_other(anchor);
    let mut all = match Role::of(anchor) {
        Role::SelfSignedEndEntity | Role::IssuedEndEntity | Role::CaAsServer => {
            own::unfit(anchor, at)
        }
        Role::Root if own::names_hosts(anchor) => {
            // It may be a server's as well.
            let mut all = below(anchor, at);
            all.extend(own::unfit(anchor, at));
            all
        }
        _ => below(anchor, at),
    };
    if empties {
        all.retain(|unfit| unfit.client != "gnutls");
        all.push(Unfit {
            client: "gnutls",
            verdict: Verdict::Refuses,
            reason: "it cannot read this certificate, and then reads none of the same bundle"
                .to_owned(),
            empties,
        });
    }
    all
}

/// Whether GnuTLS cannot read it: then it reads no certificate of the file that holds it ("Error
/// setting the x509 trust file", measured with 3.7.9).
fn gnutls_reads_no_other(anchor: &Certificate<'_>) -> bool {
    let unread = Family::GnuTls.unread(anchor, Place::Above, false);
    unread.is_some_and(|(cause, _)| !matches!(cause, Cause::WeakKey | Cause::NotMeasured))
}

/// Who refuses every server below `anchor`.
fn below(anchor: &Certificate<'_>, at: Time) -> Vec<Unfit> {
    let Some(child) = child(anchor, at) else {
        return Vec::new();
    };
    let Ok(child) = Certificate::parse(&child) else {
        return Vec::new();
    };
    let chain = [child.sharing(Some(&Arc::new(Computed::believing(BELIEVED))))];
    let anchors = [anchor.clone()];
    let mut all = Vec::new();
    for client in Client::ALL {
        let judgement = judge(*client, &Presented::of(&chain), &Store::of(&anchors), at);
        let refusal = judgement
            .reason
            .filter(|_| judgement.verdict == Verdict::Refuses);
        let reason = match refusal {
            Some(refusal) => match refusal.cause {
                // Which names it may issue for is not asked, nor what a lone intermediate
                // lacks, nor its dates: the store's situation says that.
                Cause::NameConstraints | Cause::Name | Cause::NotPinned => None,
                Cause::Expired | Cause::IssuerExpired | Cause::NotYetValid => None,
                // Debian's Node has level 2; nodejs.org's 20.20.2 brings an OpenSSL of level 1,
                // and accepts a root of 1,024 bits (measured).
                Cause::WeakKey if client.name() == "node" => None,
                Cause::Untrusted | Cause::NoRoot
                    if !anchor.is_self_issued() && !ENDS_ANYWHERE.contains(&client.name()) =>
                {
                    None
                }
                Cause::Untrusted => Some(match go(*client, anchor) {
                    Some(says) => format!("it skips this certificate in its store ({says})"),
                    None => "it skips this certificate in its store".to_owned(),
                }),
                _ => Some(format!(
                    "it says `{}` for every server below this certificate",
                    refusal.says.trim()
                )),
            },
            // The assumed signature is not computed: rustls-webpki accepts RSA from 2,048 bits.
            None if client.name() == "rustls" && is_small_rsa(anchor) => Some(
                "it accepts no signature by an RSA key of less than 2048 or more than 8192 bits"
                    .to_owned(),
            ),
            None => None,
        };
        all.extend(reason.map(|reason| refuses(*client, reason)));
    }
    all
}

/// Who takes an intermediate as an anchor without its root (measured).
const ENDS_ANYWHERE: [&str; 3] = ["gnutls", "go", "java"];

const fn refuses(client: Client, reason: String) -> Unfit {
    Unfit {
        client: client.name(),
        verdict: Verdict::Refuses,
        reason,
        empties: false,
    }
}

/// Why Go cannot read it, in its words.
fn go(client: Client, anchor: &Certificate<'_>) -> Option<String> {
    let negative = anchor.serial().first().is_some_and(|byte| *byte >= 0x80);
    match client.name() {
        "go" if negative => Some("x509: negative serial number, since Go 1.23".to_owned()),
        "go" => Family::Go
            .unread(anchor, Place::Above, false)
            .map(|(_, says)| says)
            .filter(|says| !says.is_empty()),
        _ => None,
    }
}

fn is_small_rsa(anchor: &Certificate<'_>) -> bool {
    key_bits(anchor).is_some_and(|(rsa, bits)| rsa && !(2048..=8192).contains(&bits))
}

/// A server's certificate below `anchor`, in DER; `None` if the anchor's key is of an
/// algorithm that is not known here.
fn child(anchor: &Certificate<'_>, at: Time) -> Option<Vec<u8>> {
    let algorithm = algorithm(anchor)?;
    let key_id = anchor.subject_key_id().unwrap_or(&[1; 20]);
    let extensions = [
        // keyUsage, critical: digitalSignature.
        b"\x30\x0e\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x07\x80".to_vec(),
        // extKeyUsage: serverAuth.
        b"\x30\x13\x06\x03\x55\x1d\x25\x04\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"
            .to_vec(),
        // subjectAltName: localhost.
        b"\x30\x14\x06\x03\x55\x1d\x11\x04\x0d\x30\x0b\x82\x09localhost".to_vec(),
        // authorityKeyIdentifier, with only the key identifier.
        tlv(
            0x30,
            &[
                b"\x06\x03\x55\x1d\x23".to_vec(),
                tlv(0x04, &[tlv(0x30, &[tlv(0x80, &[key_id.to_vec()])])]),
            ],
        ),
    ];
    let tbs = tlv(
        0x30,
        &[
            b"\xa0\x03\x02\x01\x02".to_vec(),
            b"\x02\x01\x2a".to_vec(),
            algorithm.clone(),
            anchor.subject().der().to_vec(),
            tlv(0x30, &[time(at.plus_days(-1)), time(at.plus_days(1))]),
            // CN=localhost
            b"\x30\x14\x31\x12\x30\x10\x06\x03\x55\x04\x03\x0c\x09localhost".to_vec(),
            POINT.to_vec(),
            tlv(0xa3, &[tlv(0x30, &extensions)]),
        ],
    );
    Some(tlv(
        0x30,
        &[tbs, algorithm, tlv(0x03, &[vec![0], BELIEVED.to_vec()])],
    ))
}

/// The AlgorithmIdentifier of the usual signature by the anchor's key.
fn algorithm(anchor: &Certificate<'_>) -> Option<Vec<u8>> {
    let key = PublicKey::parse(anchor.spki_der()).ok()?;
    let bytes: &[u8] = match key.algorithm() {
        // sha256WithRSAEncryption
        KeyAlgorithm::Rsa => b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00",
        // ecdsa-with-SHA256, or with SHA384 for longer keys
        KeyAlgorithm::Ec(_) if key.bits()? <= 256 => {
            b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"
        }
        KeyAlgorithm::Ec(_) => b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03",
        KeyAlgorithm::Ed25519 => b"\x30\x05\x06\x03\x2b\x65\x70",
        _ => return None,
    };
    Some(bytes.to_vec())
}

/// A GeneralizedTime, or a UTCTime before 2050 (RFC 5280 4.1.2.5).
fn time(at: Time) -> Vec<u8> {
    let mut digits: String = at.to_string();
    digits.retain(|digit| digit.is_ascii_digit());
    digits.push('Z');
    match digits.get(..4) {
        Some(year) if ("1950".."2050").contains(&year) => {
            tlv(0x17, &[digits.into_bytes().split_off(2)])
        }
        _ => tlv(0x18, &[digits.into_bytes()]),
    }
}

/// One element; everything written here is shorter than 65,536 bytes.
fn tlv(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len())
        .unwrap_or(u16::MAX)
        .to_be_bytes();
    let mut whole = vec![tag];
    match (content.len(), length) {
        (..128, [_, low]) => whole.push(low),
        (..256, [_, low]) => whole.extend([0x81, low]),
        (_, [high, low]) => whole.extend([0x82, high, low]),
    }
    whole.extend(content);
    whole
}
