//! A platform's places on one machine or in one scratch tree.

use super::host::HostFacts;
use super::layout;
use super::plan::PlanError;
use super::platform::Platform;

/// A platform on one machine or in one scratch tree.
pub(super) struct Location<'a> {
    pub(super) platform: Platform,
    pub(super) root: Option<String>,
    pub(super) host: &'a HostFacts,
    /// A Java keystore instead of the runtime's own.
    pub(super) keystore: Option<&'a str>,
}

impl<'a> Location<'a> {
    pub(super) fn new(
        platform: Platform,
        root: Option<&str>,
        host: &'a HostFacts,
    ) -> Result<Self, PlanError> {
        let path = |reason| Err(PlanError::Path { reason });
        let root = root.map(|root| root.trim_end_matches('/'));
        if let Some(root) = root {
            if root.is_empty() {
                return path("the scratch tree must not be the machine's own root");
            }
            if !root.starts_with('/') {
                return path("the scratch tree must be given as an absolute path");
            }
            // A path that climbs out of the tree would write to the machine although the plan does
            // not show it.
            if root.split('/').any(|part| part == "..") {
                return path("the path of the scratch tree must not contain `..`");
            }
            // ca-certificates 20230311 hands paths to `find` and `case` without
            // quotes: with a blank or a pattern in them it would delete links elsewhere.
            let plain = |c: char| c.is_alphanumeric() || "/._-+=@%:,~".contains(c);
            if !root.chars().all(plain) {
                return path(
                    "the path of the scratch tree may have letters, digits and `._-+=@%:,~` only: the platforms' own tools do not quote it",
                );
            }
        }
        if host
            .home()
            .is_some_and(|home| !home.starts_with('/') || home.chars().any(char::is_control))
        {
            return path("the home directory must be an absolute path without control characters");
        }
        Ok(Self {
            platform,
            root: root.map(str::to_owned),
            host,
            keystore: None,
        })
    }

    /// The same with a Java keystore in place of the runtime's own.
    pub(super) fn with_keystore(mut self, path: Option<&'a str>) -> Result<Self, PlanError> {
        if path.is_some_and(|path| path.is_empty() || path.chars().any(char::is_control)) {
            return Err(PlanError::Path {
                reason: "the keystore's path must be without control characters",
            });
        }
        self.keystore = path;
        Ok(self)
    }

    /// `path` on this location. `~/` is the home directory; if that is unknown, it stays, to be
    /// expanded on the machine.
    pub(super) fn at(&self, path: &str) -> String {
        let root = self.root.as_deref().unwrap_or_default();
        match (path.strip_prefix("~/"), self.host.home()) {
            (None, _) => format!("{root}{path}"),
            (Some(rest), Some(home)) => format!("{root}{}/{rest}", home.trim_end_matches('/')),
            // Within a tree there is no user but root.
            (Some(rest), None) if self.root.is_some() => format!("{root}/root/{rest}"),
            (Some(_), None) => path.to_owned(),
        }
    }

    /// Whether writing to the location needs the administrator's rights. A scratch
    /// tree belongs to the user who made it, a home directory to its user.
    pub(super) fn privileged(&self) -> bool {
        self.root.is_none()
    }

    /// Whether it must be assumed that `path` does not exist.
    pub(super) fn lacks(&self, path: &str) -> bool {
        !(self.host.is_known() && self.host.exists(path))
    }

    /// Whether a file that a plan wrote exists.
    pub(super) fn has_ours(&self, stem: &str) -> bool {
        if self.platform == Platform::PostgresClient {
            // One file for all: the journal knows which part of it is a plan's.
            return true;
        }
        layout::directory(self.platform).is_some_and(|directory| {
            let file = layout::file_name(self.platform, stem);
            self.host.exists(&format!("{directory}/{file}"))
        })
    }
}
