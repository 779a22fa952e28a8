//! Each platform's own planner.

use super::item::Item;
use super::location::Location;
use super::plan::Plan;
use super::platform::Platform;
use super::{
    alpine, containers, debian, environment, freebsd, java, macos, nixos, nss, p11_kit, postgres,
    windows,
};

/// Fills in the steps that install `install`, and those that undo it and what
/// earlier plans did (`undo`).
pub(super) fn build(location: &Location<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    if install.is_empty() && undo.is_empty() {
        return;
    }
    match location.platform {
        Platform::Debian => debian::build(location, install, undo, plan),
        Platform::Rpm | Platform::Arch | Platform::OpenSuse => {
            p11_kit::build(location, install, undo, plan);
        }
        Platform::Alpine => alpine::build(location, install, undo, plan),
        Platform::FreeBsd => freebsd::build(location, install, undo, plan),
        Platform::Macos => macos::build(location, install, undo, plan),
        Platform::Windows => windows::build(location, install, undo, plan),
        Platform::NixOs => nixos::build(location, install, undo, plan),
        Platform::Nss => nss::build(location, install, undo, plan),
        Platform::Java => java::build(location, install, undo, plan),
        Platform::PostgresClient => postgres::build(location, install, undo, plan),
        Platform::Env => environment::build(location, install, undo, plan),
        Platform::Containers => containers::build(location, install, undo, plan),
    }
}
