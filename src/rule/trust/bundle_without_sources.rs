//! `trust.bundle-without-sources`: the bundle contains certificates that no source provides: rebuilding it loses them.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::counted;

rule! {
    BundleWithoutSources = TrustBundleWithoutSources Warning
    "the bundle contains certificates that no source provides: rebuilding it loses them"
    page "bundle_without_sources.txt"
    {
        /// The bundle.
        bundle: String,
        /// How many certificates are only in the bundle.
        count: u64,
    }
}

impl Rule for BundleWithoutSources {
    fn message(&self) -> String {
        let Self { bundle, count } = self;
        let (are, them) = if *count == 1 {
            ("is", "it")
        } else {
            ("are", "them")
        };
        format!(
            "{bundle} contains {} that {are} in no file that the platform's tool reads: the tool will rewrite the bundle without {them}",
            counted(*count, "certificate")
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { bundle, .. } = self;
        Some(Remedy::words(format!(
            "put these certificates where the tool finds them, before it runs; the plan keeps a copy of {bundle} until you undo the plan"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: ca-certificates 20230311 replaces ca-certificates.crt when anything was added",
        ]
    }
}
