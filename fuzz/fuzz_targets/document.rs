//! Any bytes are a document: its spans lie inside of them and do not overlap,
//! the work is bounded, and what is written of it reads back equal.
#![no_main]

use certcheck::Source;
use certcheck::encoding::{Document, to_pem};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let document = Document::read(Source::new("input", bytes.to_vec()));
    let mut end = 0;
    for section in document.sections() {
        let span = section.span();
        assert!(
            end <= span.start && span.start <= span.end && span.end <= bytes.len(),
            "{span:?} behind {end}, in {} bytes",
            bytes.len()
        );
        end = span.end;
        if let Some(lines) = section.lines() {
            assert!(1 <= lines.first && lines.first <= lines.last);
        }
        // What DEK-Info encrypts is no DER, and cannot do without its headers.
        if let Some(der) = section.der()
            && section.headers().is_empty()
            && let Some(label) = section.kind().canonical_label()
        {
            let text = to_pem(label, der);
            let again = Document::read(Source::new("written", text.as_bytes().to_vec()));
            assert_eq!(again.sections().len(), 1);
            let back = &again.sections()[0];
            assert_eq!(back.label(), Some(label));
            let whole: Vec<u8> = [back.der().unwrap_or_default(), back.behind()].concat();
            assert!(whole == der, "{:?}: {der:x?}", section.kind());
        }
    }
    for anomaly in document.anomalies() {
        assert!(anomaly.span.start <= anomaly.span.end && anomaly.span.end <= bytes.len());
        assert!(
            anomaly
                .section
                .is_none_or(|section| section < document.sections().len())
        );
    }
    assert!(
        !document.sections().is_empty() || !document.anomalies().is_empty(),
        "silence"
    );
    assert!(
        document.work() <= 1_000 + 64 * bytes.len() as u64,
        "{}",
        document.work()
    );
});
