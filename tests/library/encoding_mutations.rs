//! The properties of the fuzz targets, on damaged copies of every case: the
//! same copies each time, so that a failure can be repeated.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails shall stop"
)]

use certcheck::Source;
use certcheck::encoding::convert::{Conversion, ConversionProblem};
use certcheck::encoding::loader::Loader;
use certcheck::encoding::{Document, strict};

/// Damaged copies of each case.
const COPIES: u64 = 12;

fn read(bytes: &[u8]) -> Document {
    Document::read(Source::new("input", bytes.to_vec()))
}

/// A fixed sequence of numbers (Knuth's MMIX).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

const PIECES: [&[u8]; 12] = [
    b"-----BEGIN ",
    b"-----END CERTIFICATE-----",
    b"\n",
    b"\r",
    b"\\n",
    b"=",
    b"-",
    b"\xef\xbb\xbf",
    b"\xe2\x80\x94",
    b"\0",
    b": x\n\n",
    b"MIIC",
];

fn damage(bytes: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + numbers.below(80)).min(bytes.len());
        match numbers.below(5) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => drop(bytes.splice(at..at, PIECES[numbers.below(PIECES.len())].iter().copied())),
            3 => drop(bytes.splice(at..at, bytes[at..end].to_vec())),
            _ if at < bytes.len() => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
            _ => {}
        }
    }
    bytes
}

fn check(bytes: &[u8], what: &str) {
    let document = read(bytes);
    let mut place = 0;
    for section in document.sections() {
        let span = section.span();
        assert!(
            place <= span.start && span.start < span.end && span.end <= bytes.len(),
            "{what}"
        );
        place = span.end;
    }
    for anomaly in document.anomalies() {
        assert!(
            anomaly.span.start <= anomaly.span.end && anomaly.span.end <= bytes.len(),
            "{what}"
        );
        assert!(
            anomaly
                .section
                .is_none_or(|index| index < document.sections().len()),
            "{what}"
        );
    }
    for loader in Loader::ALL {
        let loading = loader.load(&document);
        assert_eq!(
            loading.taken,
            !loading.certificates.is_empty(),
            "{what} {loader:?}"
        );
        assert_eq!(
            loading.harms(&document).len(),
            document.anomalies().len(),
            "{what}"
        );
    }
    match Conversion::to_pem().leave_out_damaged(true).plan(&document) {
        Ok(plan) => {
            let again = read(&plan.outputs[0].bytes);
            let second = Conversion::to_pem().plan(&again).unwrap();
            assert!(strict::accepts(&plan.outputs[0].bytes), "{what}");
            assert_eq!(second.outputs[0].bytes, plan.outputs[0].bytes, "{what}");
        }
        Err(problem) => assert_ne!(problem, ConversionProblem::NotProven, "{what}"),
    }
}

#[test]
fn damaged_files_keep_the_properties() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/encoding");
    let mut numbers = Numbers(1);
    let mut checked = 0;
    let mut cases: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("input"))
        .filter(|path| path.is_file())
        .collect();
    cases.sort();
    for case in cases {
        let bytes = std::fs::read(&case).unwrap();
        for copy in 0..COPIES {
            check(
                &damage(&bytes, &mut numbers),
                &format!("{} copy {copy}", case.display()),
            );
            checked += 1;
        }
    }
    assert_eq!(checked, 142 * COPIES);
}

/// What the fuzz targets found.
#[test]
fn found_files_keep_the_properties() {
    // The `pem` crate takes no empty label, so none is written.
    check(b"-----BEGIN -----\nAAAA\n-----END -----\n", "empty label");
    check(
        b"-----BEGIN -----\nAAAA-----BEGIN A-----\n-----END B\nAAAA\n",
        "glued, empty label",
    );
    check(
        b"-----BEGIN A-\nMKA=\n-----END A-\n",
        "a label that ends with a hyphen",
    );
}
