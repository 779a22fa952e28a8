//! `chain.revocation-list-unrelated`: a revocation list does not cover any certificate of the chain.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    RevocationListUnrelated = ChainRevocationListUnrelated Notice
    "a revocation list does not cover any certificate of the chain"
    page "revocation_list_unrelated.txt"
    {
        /// Who issued the list.
        crl_issuer: String,
    }
}

impl Rule for RevocationListUnrelated {
    fn message(&self) -> String {
        let Self { crl_issuer } = self;
        format!("the revocation list of `{crl_issuer}` does not cover any certificate of the chain")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "give the revocation lists of the CAs that issued the chain's certificates",
        ))
    }
}
