//! Who says that it is time to check: the system, when a file changes, and the schedule.
//!
//! The schedule counts on the monotonic clock, which a changed system time does not move. If the
//! system time jumps against it, everything is checked at once: certificates may have expired.

use crate::scan::Stop;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant, SystemTime};

/// How often the program looks whether it should end.
const TICK: Duration = Duration::from_millis(200);
/// A change is checked when it has been quiet for so long: a file is often written in steps.
const QUIET: Duration = Duration::from_millis(400);
/// It is checked after this time even if it is never quiet.
const LONGEST: Duration = Duration::from_secs(5);
/// The system time jumped if it differs by more than this from the monotonic clock.
const JUMP: Duration = Duration::from_secs(60);

/// Why it is time to check.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    Changed,
    Scheduled,
    /// The system time jumped by so many seconds.
    Jumped(i64),
    Stopped,
}

/// The paths that are watched.
pub(crate) struct Notices {
    paths: Vec<PathBuf>,
    watcher: Option<RecommendedWatcher>,
    events: Receiver<()>,
    said: BTreeSet<String>,
}

impl Notices {
    /// For these paths, which [`watch`](Self::watch) begins to watch.
    pub(crate) fn new(paths: &[PathBuf], complain: &mut impl FnMut(&str)) -> Self {
        let paths: Vec<_> = paths.iter().map(|path| absolute(path)).collect();
        let roots = paths.clone();
        // One place: that something changed is all that matters.
        let (send, events) = sync_channel(1);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // Reading is no change. An error may hide one.
            let is_change = event.map_or(true, |event| {
                let mut paths = event.paths.iter();
                let concerns = event.need_rescan() || paths.any(|path| is_watched(path, &roots));
                concerns && !matches!(event.kind, EventKind::Access(_))
            });
            if is_change {
                let _ = send.try_send(());
            }
        });
        let watcher = match watcher {
            Ok(watcher) => Some(watcher),
            Err(error) => {
                complain(&format!(
                    "changes are not noticed ({error}): only the schedule is checked"
                ));
                None
            }
        };
        Self {
            paths,
            watcher,
            events,
            said: BTreeSet::new(),
        }
    }

    /// Watches the paths, again those that have appeared meanwhile.
    pub(crate) fn watch(&mut self, complain: &mut impl FnMut(&str)) {
        let Some(watcher) = &mut self.watcher else {
            return;
        };
        for path in &self.paths {
            let is_directory = path.is_dir();
            let mut problem = None;
            if is_directory {
                problem = watcher.watch(path, RecursiveMode::Recursive).err();
            }
            // A file that is replaced by another, and a path that is removed and comes back, show
            // in the directory above.
            let above = path.parent().filter(|above| !above.as_os_str().is_empty());
            let above = above.unwrap_or(Path::new("."));
            let failed = watcher.watch(above, RecursiveMode::NonRecursive).err();
            if !is_directory {
                problem = failed;
            }
            let name = path.display().to_string();
            match problem {
                Some(why) if self.said.insert(name.clone()) => complain(&format!(
                    "{name}: changes are not noticed ({:?}): only the schedule is checked",
                    why.kind
                )),
                Some(_) => {}
                None => {
                    self.said.remove(&name);
                }
            }
        }
    }

    /// Waits for a change, the schedule, a jump of the clock, or the end.
    pub(crate) fn wait(&self, every: Duration, stop: &Stop) -> Woken {
        let start = Clocks::now();
        let mut changed: Option<(Instant, Instant)> = None;
        loop {
            if stop.is_set() {
                return Woken::Stopped;
            }
            let now = Instant::now();
            if changed.is_some_and(|(first, last)| now - last >= QUIET || now - first >= LONGEST) {
                return Woken::Changed;
            }
            if now - start.steady >= every {
                return Woken::Scheduled;
            }
            let jump = start.jump();
            if jump.unsigned_abs() >= JUMP.as_secs() {
                return Woken::Jumped(jump);
            }
            let left = every.saturating_sub(now - start.steady);
            match self.events.recv_timeout(TICK.min(left)) {
                Ok(()) => {
                    let now = Instant::now();
                    changed = Some((changed.map_or(now, |(first, _)| first), now));
                }
                Err(RecvTimeoutError::Timeout) => {}
                // There is no watcher.
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(TICK.min(left)),
            }
        }
    }
}

/// Whether a change there concerns one of the paths. For a file, every change in its directory
/// does: it may be a link to a link that was replaced, as in Kubernetes.
fn is_watched(changed: &Path, roots: &[PathBuf]) -> bool {
    roots.iter().any(|root| {
        changed.starts_with(root) || (!root.is_dir() && changed.parent() == root.parent())
    })
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Both clocks at the same moment.
struct Clocks {
    steady: Instant,
    system: SystemTime,
}

impl Clocks {
    fn now() -> Self {
        Self {
            steady: Instant::now(),
            system: SystemTime::now(),
        }
    }

    /// By how many seconds the system time has moved against the other clock since then. Sleep
    /// counts: on Linux, the monotonic clock stops in it.
    fn jump(&self) -> i64 {
        let steady = self.steady.elapsed();
        let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        match self.system.elapsed() {
            Ok(system) => seconds(system).saturating_sub(seconds(steady)),
            Err(back) => -seconds(back.duration().saturating_add(steady)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Clocks;
    use std::time::{Duration, Instant, SystemTime};

    #[test]
    fn a_jump_is_seen_in_both_directions() {
        let hour = Duration::from_secs(3_600);
        let at = |system| Clocks {
            steady: Instant::now(),
            system,
        };
        assert_eq!(Clocks::now().jump(), 0);
        assert_eq!(at(SystemTime::now() - hour).jump(), 3_600);
        let back = at(SystemTime::now() + hour).jump();
        assert!((-3_600..=-3_599).contains(&back), "{back}");
    }
}
