//! Names of clients and servers, which may carry a version: `java@8`.

use certcheck::client::Client;
use certcheck::server::{Profile, ServerVersion};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use std::ffi::OsStr;

/// What an option names.
#[derive(Clone, Copy)]
pub(super) enum Named {
    Client,
    /// For a command whose answer does not depend on the server's version.
    Server,
    /// The name alone, or with a version.
    ServerVersion,
}

impl Named {
    fn names(self) -> Vec<&'static str> {
        match self {
            Self::Client => Client::ALL.iter().map(|client| client.name()).collect(),
            Self::Server | Self::ServerVersion => Profile::all().map(Profile::name).collect(),
        }
    }

    /// Why its version cannot be asked for.
    fn unknown(self, whole: &str) -> Option<String> {
        match self {
            Self::Client => Client::released(whole)?
                .err()
                .map(|error| error.to_string()),
            Self::Server => Some(format!(
                "no version is needed here: write {:?}",
                whole.split('@').next().unwrap_or_default()
            )),
            Self::ServerVersion => {
                let error = ServerVersion::named(whole).err()?;
                Some(error.to_string())
            }
        }
    }
}

impl TypedValueParser for Named {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        let whole = value.to_string_lossy();
        let name = whole.split('@').next().unwrap_or_default();
        // Lists the known names, and suggests a similar one.
        PossibleValuesParser::new(self.names()).parse_ref(command, argument, OsStr::new(name))?;
        if name == whole {
            return Ok(name.to_owned());
        }
        match self.unknown(&whole) {
            None => Ok(whole.into_owned()),
            Some(why) => Err(
                clap::Error::raw(ErrorKind::ValueValidation, format!("{why}\n")).with_cmd(command),
            ),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.names().into_iter().map(PossibleValue::new)))
    }
}
