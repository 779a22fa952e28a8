//! Each platform's own planner.

use super::item::Item;
use super::plan::Plan;
use super::platform::Platform;
use super::site::Site;
use super::{
    alpine, containers, debian, environment, freebsd, java, macos, nixos, nss, p11_kit, postgres,
    windows,
};

/// Fills in the steps that install `install`, and those that undo it and what
/// earlier plans did (`undo`).
pub(super) fn build(site: &Site<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    if install.is_empty() && undo.is_empty() {
        return;
    }
    match site.platform {
        Platform::Debian => debian::build(site, install, undo, plan),
        Platform::Rpm | Platform::Arch | Platform::OpenSuse => {
            p11_kit::build(site, install, undo, plan);
        }
        Platform::Alpine => alpine::build(site, install, undo, plan),
        Platform::FreeBsd => freebsd::build(site, install, undo, plan),
        Platform::Macos => macos::build(site, install, undo, plan),
        Platform::Windows => windows::build(site, install, undo, plan),
        Platform::NixOs => nixos::build(site, install, undo, plan),
        Platform::Nss => nss::build(site, install, undo, plan),
        Platform::Java => java::build(site, install, undo, plan),
        Platform::PostgresClient => postgres::build(site, install, undo, plan),
        Platform::Env => environment::build(site, install, undo, plan),
        Platform::Containers => containers::build(site, install, undo, plan),
    }
}
