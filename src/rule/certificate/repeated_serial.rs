//! `certificate.repeated-serial`: two certificates of one issuer have the same serial number.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    RepeatedSerial = CertificateRepeatedSerial Warning
    "two certificates of one issuer have the same serial number"
    page "repeated_serial.txt"
    {
        /// The subject of this certificate.
        subject: String,
        /// The issuer of both certificates.
        issuer: String,
        /// The serial number, in hexadecimal digits.
        serial: String,
        /// The place of the other certificate.
        other: String,
    }
}

impl Rule for RepeatedSerial {
    fn message(&self) -> String {
        let Self {
            subject,
            issuer,
            serial,
            other,
        } = self;
        format!(
            "`{subject}` and the certificate at {other} have the same issuer `{issuer}` and the same serial number {serial}: NSS (Firefox) refuses the second one that it sees, and revoking one revokes both"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have one of them reissued with a different serial number; if it is your own CA, make it use random numbers (openssl x509 -CAcreateserial, openssl ca -create_serial)",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "RFC 5280 section 4.1.2.2",
            "measured: NSS 3.87 refuses, SEC_ERROR_REUSED_ISSUER_AND_SERIAL",
        ]
    }
}
