//! The library behind three functions that a page calls: JSON in, JSON out.
//!
//! The page asks for [`room`], writes its question there, calls [`judge`], and reads
//! [`length`] bytes from the address that it returns. Nothing else is exported, and nothing is
//! imported: the module cannot reach a clock, a file or the network.

mod question;

use std::sync::{Mutex, PoisonError};
use zeroize::Zeroize;

/// Questions hold private keys: they are wiped after each answer.
static QUESTION: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static ANSWER: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Makes room for a question of `length` bytes, and says where it is.
#[unsafe(no_mangle)]
pub extern "C" fn room(length: usize) -> *mut u8 {
    let mut question = QUESTION.lock().unwrap_or_else(PoisonError::into_inner);
    question.zeroize();
    question.resize(length, 0);
    question.as_mut_ptr()
}

/// Answers the question that was written, and says where the answer is.
#[unsafe(no_mangle)]
pub extern "C" fn judge() -> *const u8 {
    let mut question = QUESTION.lock().unwrap_or_else(PoisonError::into_inner);
    let mut answer = ANSWER.lock().unwrap_or_else(PoisonError::into_inner);
    answer.zeroize();
    *answer = answer_to(&question).into_bytes();
    question.zeroize();
    answer.as_ptr()
}

/// The length of the answer in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn length() -> usize {
    ANSWER.lock().unwrap_or_else(PoisonError::into_inner).len()
}

/// The answer to a question in JSON: `{"verdict", "html", "fixed"}`, or `{"error"}`.
pub fn answer_to(question: &[u8]) -> String {
    let answer = question::answer(question);
    answer
        .unwrap_or_else(|error| serde_json::json!({ "error": error }))
        .to_string()
}
