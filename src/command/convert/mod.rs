//! The same objects in another encoding.

mod contents;
mod keys;

pub use contents::{Contents, contents};
pub use keys::{NewForm, NewKeys, with_new_keys};

use crate::answer::{Answer, Check};
use crate::encoding::Document;
use crate::encoding::convert::ConversionPlan;

/// What a conversion would write.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ConvertResult {
    /// The files, in order.
    pub outputs: Vec<Output>,
    /// What was repaired on the way.
    pub repairs: Vec<String>,
    /// The places of sections that are in no output, because they are damaged
    /// and were to be left out; counted from 0.
    pub left_out: Vec<usize>,
}

/// One file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Output {
    /// Its path; `None` for standard output.
    pub path: Option<String>,
    /// How many objects it holds.
    pub objects: usize,
    /// How many bytes.
    pub bytes: usize,
    /// Whether it holds a private key, and so has mode 0600.
    pub secret: bool,
}

impl Output {
    /// A file that holds a private key.
    pub fn of(path: &str, objects: usize, bytes: usize) -> Self {
        Self {
            path: Some(path.to_owned()),
            objects,
            bytes,
            secret: true,
        }
    }
}

impl ConvertResult {
    /// The result of one file.
    pub fn of(output: Output, repairs: Vec<String>) -> Self {
        Self {
            outputs: vec![output],
            repairs,
            left_out: Vec::new(),
        }
    }
}

/// What was written to `paths` by a plan, and the repairs that were made before it.
pub fn convert(
    document: &Document,
    plan: &ConversionPlan,
    paths: Vec<String>,
    before: Vec<String>,
) -> Answer<ConvertResult> {
    let outputs = plan
        .outputs
        .iter()
        .zip(paths)
        .map(|(output, path)| Output {
            path: Some(path),
            objects: output.sections.len(),
            bytes: output.bytes.len(),
            secret: output.is_secret,
        })
        .collect();
    let healed = plan.repairs.iter().map(|repair| repair.what.clone());
    let repairs = before.into_iter().chain(healed).collect();
    let result = ConvertResult {
        outputs,
        repairs,
        left_out: plan.left_out.clone(),
    };
    Answer::new(
        result,
        vec![],
        vec![Check::ran("read-back")],
        [document.source().name()],
    )
}
