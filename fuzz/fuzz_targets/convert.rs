//! Any bytes: what a conversion writes holds the same objects, is taken by a
//! strict reader, and converts to itself; DER and back is the same.
#![no_main]

use certcheck::Source;
use certcheck::encoding::convert::{Conversion, ConversionProblem};
use certcheck::encoding::loader::Loader;
use certcheck::encoding::{Document, SectionKind, strict};
use libfuzzer_sys::fuzz_target;

fn read(bytes: &[u8]) -> Document {
    Document::read(Source::new("input.pem", bytes.to_vec()))
}

fuzz_target!(|bytes: &[u8]| {
    let document = read(bytes);
    let conversion = Conversion::to_pem().leave_out_damaged(true);
    let plan = match conversion.plan(&document) {
        Ok(plan) => plan,
        Err(problem) => {
            assert_ne!(problem, ConversionProblem::NotProven);
            return;
        }
    };
    let [output] = plan.outputs.as_slice() else {
        panic!("{} outputs", plan.outputs.len());
    };
    assert!(strict::accepts(&output.bytes));
    let again = read(&output.bytes);
    let second = Conversion::to_pem()
        .plan(&again)
        .expect("what was written converts");
    assert_eq!(second.outputs[0].bytes, output.bytes);
    // Certificates alone are read by every loader that takes them at all; those that
    // say to be encrypted keep their headers, and nobody reads them.
    let is_plain = |section: &certcheck::encoding::Section| {
        section.kind() == SectionKind::Certificate && section.headers().is_empty()
    };
    if again.sections().iter().all(is_plain) {
        for loader in Loader::ALL {
            let loading = loader.load(&again);
            // A loader gives up over DER that its own parser does not read.
            let whole = loading.taken && loading.lost.is_empty();
            assert!(whole || loading.gave_up.is_some(), "{loading:?}");
        }
    }
    match Conversion::to_der().split(true).plan(&again) {
        Ok(plan) => {
            for (output, section) in plan.outputs.iter().zip(again.sections()) {
                assert_eq!(section.der(), Some(output.bytes.as_slice()));
                assert!(!output.name.contains(['/', '\\']) && !output.name.starts_with(['.', '-']));
            }
        }
        Err(problem) => assert_ne!(problem, ConversionProblem::NotProven),
    }
});
