//! How far the scan is, on a terminal; it leaves no trace.

use certcheck::command::scan::Counts;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::{Duration, Instant};

/// How often it is drawn.
const EVERY: Duration = Duration::from_millis(100);

pub(crate) struct Progress {
    bar: ProgressBar,
    last: Instant,
}

impl Progress {
    /// Nothing is shown if standard error is not a terminal.
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed}  {msg}") {
            bar.set_style(style);
        }
        Self {
            bar,
            last: Instant::now(),
        }
    }

    pub(crate) fn at(&mut self, counts: &Counts) {
        if self.bar.is_hidden() || self.last.elapsed() < EVERY {
            return;
        }
        self.last = Instant::now();
        let megabytes = counts.bytes >> 20;
        self.bar.set_message(format!(
            "{} files, {megabytes} MiB: {} certificates, {} keys",
            counts.files, counts.certificates, counts.private_keys
        ));
        self.bar.tick();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
