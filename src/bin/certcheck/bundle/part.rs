//! What of a file that was read a bundle may show.

use super::private::Private;
use super::public;
use super::scrub::scrubbed;
use super::settings::Syntax;
use zeroize::Zeroizing;

/// Longer settings are not taken over.
const LONGEST: usize = 4 << 20;

/// A file that was read; what it is used for may become known later.
pub(crate) struct Part {
    pub(crate) path: String,
    pub(crate) root: Option<String>,
    /// The public objects in it.
    objects: Option<public::Objects>,
    /// All of it, if it may be settings.
    text: Option<Zeroizing<String>>,
    private: Private,
}

/// What is shown of it.
pub(crate) struct Shown {
    pub(super) path: String,
    pub(super) root: Option<String>,
    /// What is taken over; `None` if nothing is.
    pub(super) text: Option<String>,
    /// What that is, in words.
    pub(super) what: String,
    /// The names in the certificates that are taken over.
    pub(super) names: String,
    pub(super) private: Private,
}

impl Part {
    pub(crate) fn of(path: &str, root: Option<&str>, bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).ok();
        let text = text.filter(|text| text.len() <= LONGEST && !text.contains('\0'));
        Self {
            path: path.to_owned(),
            root: root.map(str::to_owned),
            objects: public::objects(path, bytes),
            text: text.map(|text| Zeroizing::new(text.to_owned())),
            private: Private::of(&String::from_utf8_lossy(bytes)),
        }
    }

    /// As settings of this syntax, if it is used for settings; of other files the objects.
    pub(crate) fn shown(&self, syntax: Option<Syntax>, secret: bool) -> Shown {
        let nothing = || (None, "nothing".to_owned(), String::new());
        let (text, what, names) = match (syntax, &self.text, &self.objects) {
            _ if secret || self.path == "-" => nothing(),
            (Some(syntax), Some(text), _) => {
                let (text, what) = syntax.statements(text);
                let text = text.map(|text| scrubbed(&text).into_owned());
                (text, what, String::new())
            }
            (None, _, Some(objects)) => {
                let objects = objects.clone();
                (Some(objects.text), objects.what, objects.names)
            }
            _ => nothing(),
        };
        Shown {
            path: self.path.clone(),
            root: self.root.clone(),
            text,
            what,
            names,
            private: self.private.clone(),
        }
    }
}
