//! `key.form`: the private key does not have the structure that the server reads.

use crate::finding::{Remedy, Subject, beside, quote};
use crate::rule::{Rule, rule};

rule! {
    Form = KeyForm Error
    "the private key does not have the structure that the server reads"
    page "form.txt"
    {
        /// Its structure.
        form: String,
        /// The structure that the server reads.
        wanted: String,
        /// What the server or its manual says.
        reason: String,
        /// The name of that structure for `certcheck convert --to`.
        to: String,
    }
}

impl Rule for Form {
    fn message(&self) -> String {
        let Self {
            form,
            wanted,
            reason,
            ..
        } = self;
        format!("the key is {form}, but the server reads only {wanted} here: {reason}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let Self { wanted, to, .. } = self;
        let source = &subject.source;
        let words = Remedy::words(format!("write the key as {wanted}"));
        if to == "pkcs8" {
            let new = beside(source, "pkcs8", Some("der"));
            let (file, out) = (quote(source), quote(&new));
            let command = format!(
                "test ! -e {out} && (umask 077; openssl pkcs8 -topk8 -nocrypt -inform DER -in {file} -outform DER -out {out})"
            );
            return Some(words.run(command).then_instead(new, source));
        }
        let new = beside(source, "rsa", Some("key"));
        let (file, out) = (quote(source), quote(&new));
        let command = format!(
            "test ! -e {out} && (umask 077; openssl rsa -traditional -in {file} -out {out})"
        );
        Some(words.run(command).then_instead(new, source))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "Tableau Server: SAML Requirements (saml_requ.htm), Configure SAP HANA SSO (config_sap_hana_sso.htm)",
            "not run: Tableau Server is not available to certcheck's tests",
        ]
    }
}
