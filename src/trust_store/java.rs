//! Not planned yet.
use super::plan::Plan;
use super::planner::Item;
use super::site::Site;

pub(super) fn build(_site: &Site<'_>, _install: &[Item], _undo: &[Item], _plan: &mut Plan) {}
