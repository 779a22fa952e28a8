//! A plan as the script that carries it out.

use super::TrustPlan;
use crate::trust_store::Platform;

impl TrustPlan {
    /// The script: POSIX shell, or PowerShell for Windows. If an input could not be read
    /// completely, the script says so and fails, so that nothing is half done.
    pub fn script(&self) -> String {
        let windows = self.platform == Platform::Windows;
        match &self.plan {
            _ if self.incomplete => failing(
                "an input could not be read completely; nothing was changed",
                windows,
            ),
            Some(plan) if self.undo => plan.undo_script(),
            Some(plan) => plan.install_script(),
            None if self
                .server
                .as_ref()
                .is_some_and(|server| server.missing_issuer.is_some()) =>
            {
                failing("an issuer is missing; nothing was changed", windows)
            }
            None if windows => "Write-Output 'nothing to do'\n".to_owned(),
            None => "#!/bin/sh\nprintf '%s\\n' 'nothing to do'\n".to_owned(),
        }
    }
}

/// A script that says why nothing is done, and fails.
fn failing(why: &str, windows: bool) -> String {
    if windows {
        format!("throw 'certcheck: {why}'\n")
    } else {
        format!("#!/bin/sh\nprintf '%s\\n' 'certcheck: {why}' >&2\nexit 1\n")
    }
}
