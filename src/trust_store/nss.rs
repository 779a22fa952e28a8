//! Not planned yet.
use super::plan::Plan;
use super::planner::Item;
use super::site::Site;

pub(super) fn build(_site: &Site<'_>, _install: &[Item], _undo: &[Item], _plan: &mut Plan) {}

/// NSS databases of one user, below the home directory.
pub(super) const DATABASES: &[&str] = &[
    ".pki/nssdb",
    ".local/share/pki/nssdb",
    "snap/chromium/current/.pki/nssdb",
];
/// Directories of profiles, each with a database of its own.
pub(super) const PROFILES: &[&str] = &[
    ".mozilla/firefox",
    "snap/firefox/common/.mozilla/firefox",
    ".var/app/org.mozilla.firefox/.mozilla/firefox",
    "Library/Application Support/Firefox/Profiles",
];
