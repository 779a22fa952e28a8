//! Any bytes: spans lie inside the input and do not overlap, lines grow, work
//! and counts are bounded, loaders name sections that are there, and what is
//! written reads back.
#![no_main]

use certcheck::Source;
use certcheck::encoding::loader::Loader;
use certcheck::encoding::{Document, MAX_ANOMALIES, MAX_SECTIONS, strict, to_pem};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let document = Document::read(Source::new("input", bytes.to_vec()));
    let sections = document.sections();
    assert!(sections.len() <= MAX_SECTIONS);
    assert!(document.anomalies().len() <= MAX_ANOMALIES + 4);
    assert!(
        document.work() <= 32 * bytes.len() as u64 + 4096,
        "{}",
        document.work()
    );
    let (mut place, mut line) = (0, 1);
    for section in sections {
        let span = section.span();
        assert!(place <= span.start && span.start < span.end && span.end <= bytes.len());
        place = span.end;
        if let Some(lines) = section.lines() {
            assert!(line <= lines.first && lines.first <= lines.last);
            line = lines.last;
        }
        assert!(
            section
                .label()
                .is_none_or(|label| label.len() <= 64 && label.is_ascii())
        );
        let Some(der) = section.der() else { continue };
        let pem = to_pem("CERTIFICATE", der);
        let back = Document::read(Source::new("back", pem.as_bytes().to_vec()));
        // An object inside reads back as itself; other bytes stay as they are.
        if let [one] = back.sections()
            && let Some(read) = one.der()
        {
            assert!(der.starts_with(read));
        }
        assert!(der.is_empty() || strict::accepts(pem.as_bytes()));
    }
    for anomaly in document.anomalies() {
        assert!(anomaly.span.start <= anomaly.span.end && anomaly.span.end <= bytes.len());
        assert!(anomaly.section.is_none_or(|index| index < sections.len()));
        assert!(!anomaly.fact.code().as_str().is_empty());
    }
    for loader in Loader::ALL {
        let loading = loader.load(&document);
        assert_eq!(loading.taken, !loading.certificates.is_empty());
        assert!(
            loading
                .certificates
                .iter()
                .flatten()
                .all(|index| *index < sections.len())
        );
        assert!(loading.lost.iter().all(|index| *index < sections.len()));
        assert_eq!(loading.harms(&document).len(), document.anomalies().len());
    }
});
