//! What a file is as a whole.

/// What a file is as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// No bytes, or only blanks.
    Empty,
    /// Text with PEM sections or bare base64 in it.
    Pem,
    /// Binary, one or more DER objects.
    Der,
    /// A Java keystore.
    Jks,
    /// A web page.
    Html,
    /// Text of another kind.
    Text,
    /// Binary data of another kind.
    Binary,
    /// More than [`MAX_BYTES`](super::MAX_BYTES); it was not read.
    TooLarge,
}
