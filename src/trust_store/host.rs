//! Facts about a machine: its release and its files.
//!
//! The caller answers [`HostFacts::questions`] on the machine; this module does not access it.

use std::collections::BTreeMap;

/// The largest file worth reading, in bytes. Bundles are about
/// 220 kB, a Java keystore 170 kB; a hundred times that is a mistake.
pub const READ_LIMIT: u64 = 16 << 20;

/// What is known about a machine.
#[derive(Clone, Debug, Default)]
pub struct HostFacts {
    ids: Vec<String>,
    version: Option<String>,
    entries: BTreeMap<String, Option<Vec<u8>>>,
    home: Option<String>,
    environment: Vec<(String, String)>,
    seen: bool,
}

impl HostFacts {
    /// Nothing is known: the plan is for another machine, and its steps check their conditions
    /// there.
    pub fn unknown() -> Self {
        Self::default()
    }

    /// A machine with that `/etc/os-release` and these paths.
    ///
    /// ```
    /// use certcheck::trust_store::{HostFacts, Platform};
    /// let host = HostFacts::from_listing(Some("ID=rocky\nID_LIKE=\"rhel fedora\"\n"), ["/etc/pki"]);
    /// assert_eq!(Platform::detect(&host), Some(Platform::Rpm));
    /// ```
    pub fn from_listing<I, P>(os_release: Option<&str>, paths: I) -> Self
    where
        I: IntoIterator<Item = P>,
        P: Into<String>,
    {
        let mut facts = Self {
            seen: true,
            ..Self::default()
        };
        if let Some(text) = os_release {
            facts.read_os_release(text);
        }
        for path in paths {
            facts.add(path);
        }
        facts
    }

    /// Reads `/etc/os-release` (os-release(5)): `ID`, `ID_LIKE`, `VERSION_ID`.
    fn read_os_release(&mut self, text: &str) {
        // os-release files have about twenty lines.
        for line in text.lines().take(200) {
            let Some((name, value)) = line.split_once('=') else {
                continue;
            };
            let value = value.trim().trim_matches(['"', '\'']);
            match name.trim() {
                // `ID` means the distribution itself and comes first, regardless of its place in
                // the file.
                "ID" => self.ids.insert(0, value.to_lowercase()),
                "ID_LIKE" => self
                    .ids
                    .extend(value.split_whitespace().take(16).map(str::to_lowercase)),
                "VERSION_ID" => self.version = Some(value.to_owned()),
                _ => {}
            }
        }
    }

    /// Something of that name exists.
    pub fn add(&mut self, path: impl Into<String>) {
        self.seen = true;
        let path: String = path.into();
        let path = if path.len() > 1 {
            // Paths are compared as text: `/etc/pki/` and `/etc/pki` must be one entry.
            path.trim_end_matches('/')
        } else {
            &path
        };
        self.entries.entry(path.to_owned()).or_insert(None);
    }

    /// A file of that name exists and holds `bytes`.
    pub fn add_file(&mut self, path: impl Into<String>, bytes: Vec<u8>) {
        self.seen = true;
        self.entries.insert(path.into(), Some(bytes));
    }

    /// Sets the home directory of the stores' user, `/home/ada`.
    #[must_use]
    pub fn with_home(mut self, home: impl Into<String>) -> Self {
        self.home = Some(home.into());
        self
    }

    /// Variables of the environment that name files of certificates, those of
    /// [`HostFacts::variables`] that are set; give the files' contents with
    /// [`HostFacts::add_file`].
    #[must_use]
    pub fn with_environment(
        mut self,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        self.environment = variables.into_iter().collect();
        self
    }

    /// Those variables: name and path.
    pub fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.environment
            .iter()
            .map(|(name, path)| (name.as_str(), path.as_str()))
    }

    /// That home directory.
    pub fn home(&self) -> Option<&str> {
        self.home.as_deref()
    }

    /// Whether anything is known.
    pub const fn is_known(&self) -> bool {
        self.seen
    }

    /// Whether something of that name is known to exist, itself or something in it.
    pub fn exists(&self, path: &str) -> bool {
        let inside = format!("{path}/");
        self.entries.contains_key(path)
            || self
                // Sorted by path, so that everything in a directory follows it and one look is
                // enough.
                .entries
                .range(inside.clone()..)
                .next()
                .is_some_and(|(found, _)| found.starts_with(&inside))
    }

    /// The contents of a file, if they are known.
    pub fn contents(&self, path: &str) -> Option<&[u8]> {
        self.entries.get(path)?.as_deref()
    }

    /// Files below `directory` whose contents are known, by path.
    pub fn files_in(&self, directory: &str) -> impl Iterator<Item = (&str, &[u8])> {
        let inside = format!("{directory}/");
        self.entries
            .range(inside.clone()..)
            .take_while(move |(path, _)| path.starts_with(&inside))
            .filter_map(|(path, bytes)| Some((path.as_str(), bytes.as_deref()?)))
    }

    /// Directories in `directory` that hold something called `name`.
    pub(super) fn names_in(&self, directory: &str, name: &str) -> Vec<String> {
        let inside = format!("{directory}/");
        let end = format!("/{name}");
        self.entries
            .range(inside.clone()..)
            .take_while(|(path, _)| path.starts_with(&inside))
            .filter_map(|(path, _)| path.strip_suffix(&end))
            .filter(|found| {
                !found
                    .get(inside.len()..)
                    .is_none_or(|rest| rest.contains('/'))
            })
            .map(str::to_owned)
            .collect()
    }

    /// Whether `ID` or `ID_LIKE` is `id`, or begins with `id-` (`opensuse-leap`).
    pub fn is_like(&self, id: &str) -> bool {
        self.ids.iter().any(|known| {
            known == id
                // A hyphen is needed: `rhelish` is not like `rhel`, and `opensuse-leap` is like
                // `opensuse`.
                || known
                    .strip_prefix(id)
                    .is_some_and(|rest| rest.starts_with('-'))
        })
    }

    /// `ID` of os-release.
    pub fn id(&self) -> Option<&str> {
        self.ids.first().map(String::as_str)
    }

    /// The number before the first dot of `VERSION_ID`.
    pub fn major_version(&self) -> Option<u32> {
        self.version.as_deref()?.split('.').next()?.parse().ok()
    }
}
