//! Plans as scripts: for reading first, for an administrator's shell after.

mod powershell;
mod quote;
mod sh;
mod sh_line;
mod sh_step;

pub use powershell::{install as powershell_install, undo as powershell_undo};
pub use sh::{install as sh_install, undo as sh_undo};

use super::plan::Plan;
use super::platform::Platform;

impl Plan {
    /// The script that installs, verifies and says so: POSIX shell, for Windows
    /// PowerShell. A second run changes nothing.
    pub fn install_script(&self) -> String {
        match self.platform {
            Platform::Windows => powershell_install(self),
            _ => sh_install(self),
        }
    }

    /// The script that undoes what [`Plan::install_script`]'s did, and nothing else.
    pub fn undo_script(&self) -> String {
        match self.platform {
            Platform::Windows => powershell_undo(self),
            _ => sh_undo(self),
        }
    }
}
