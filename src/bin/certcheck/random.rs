//! Random numbers of the system, for salts: the only place that asks for them here.

use crate::failure::Failure;
use certcheck::model::Seed;

/// As many as one encrypted file needs.
pub(crate) fn seed() -> Result<Seed, Failure> {
    let mut seed = [0; 80];
    getrandom::fill(&mut seed)
        .map_err(|error| Failure::new(format!("the system gives no random numbers: {error}")))?;
    Ok(seed)
}
