//! The same objects in another encoding.

/// What a conversion would write.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ConvertResult {
    /// The files, in order.
    pub outputs: Vec<Output>,
    /// What was repaired on the way.
    pub repairs: Vec<String>,
}

/// One file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Output {
    /// Its path; nothing for standard output.
    pub path: Option<String>,
    /// How many objects it holds.
    pub objects: usize,
    /// How many bytes.
    pub bytes: usize,
    /// Whether it holds a private key, and so has mode 0600.
    pub secret: bool,
}
