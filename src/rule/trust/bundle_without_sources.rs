//! `trust.bundle-without-sources`: the bundle holds certificates that no source provides: rebuilding it loses them.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    BundleWithoutSources = TrustBundleWithoutSources Warning
    "the bundle holds certificates that no source provides: rebuilding it loses them"
    page "bundle_without_sources.txt"
    {
        /// The bundle.
        bundle: String,
        /// How many certificates stand in it alone.
        count: u64,
    }
}

impl Rule for BundleWithoutSources {
    fn message(&self) -> String {
        let Self { bundle, count } = self;
        format!(
            "{count} certificate(s) of {bundle} come from no file that the platform's tool reads: it will write the bundle anew, without them"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { bundle, .. } = self;
        Some(Remedy::words(format!(
            "put these certificates where the tool finds them before it runs; the plan keeps a copy of {bundle} until it is undone"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: ca-certificates 20230311 replaces ca-certificates.crt when anything was added",
        ]
    }
}
