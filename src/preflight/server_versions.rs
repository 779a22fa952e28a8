//! Where other versions of the server would behave differently.
//!
//! The readers of settings note what depends on the version; here each note gets its place. The
//! work is one pass through at most a few hundred notes, whatever the size of the settings.

use super::Preflight;
use super::result::ServerBoundary;
use crate::server::ServerVersion;
use crate::server::settings::{Context, Settings};

impl Preflight {
    /// The version of the server that was judged; `None` if certcheck knows no versions.
    pub(super) fn judged_version(&self) -> Option<ServerVersion> {
        let settings = self.settings.as_ref().map(|both| &both.1);
        let known = settings.or(self.given.as_deref());
        self.version
            .or_else(|| known?.judged_version())
            .or_else(|| ServerVersion::measured_first(self.server.name()))
    }

    /// From which versions on the server would treat these settings differently.
    pub(super) fn server_boundaries(&self) -> Vec<ServerBoundary> {
        if let Some(both) = &self.settings {
            return boundaries(Some(&both.0), &both.1);
        }
        let made;
        let settings = match &self.given {
            Some(given) => given,
            None => {
                made = Settings::given_in(self.server, None, &Context::at(""));
                &made
            }
        };
        let mut all = boundaries(None, settings);
        // The option replaces the default.
        all.retain(|row| self.protocols.is_none() || !row.of_protocols);
        all
    }
}

fn boundaries(file: Option<&str>, settings: &Settings) -> Vec<ServerBoundary> {
    let differs = settings.differs_by_version().into_iter();
    let all = differs.map(|differs| {
        let place = differs.lines.map(|lines| settings.place(lines));
        let inner = place.as_ref().and_then(|place| place.file);
        ServerBoundary {
            from: differs.boundary.from,
            setting: differs.boundary.setting,
            of_protocols: differs.boundary.of_protocols,
            already: differs.boundary.already,
            says: differs.boundary.says,
            file: place
                .as_ref()
                .and_then(|_| inner.or(file))
                .map(str::to_owned),
            line: place.map(|place| place.lines.first),
            places: differs.places,
            source: differs.boundary.source,
        }
    });
    all.collect()
}
