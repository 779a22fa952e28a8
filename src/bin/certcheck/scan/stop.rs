//! Ctrl-C and SIGTERM: what was begun is finished, and the summary says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether someone wants the program to end.
#[derive(Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Waits for signals; the second one ends the program at once.
    pub(crate) fn on_signals() -> Self {
        let stop = Self::default();
        #[cfg(unix)]
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            // The first sees the flag that the second sets: order matters. If a signal cannot be
            // waited for, it still ends the program.
            let _ = signal_hook::flag::register_conditional_shutdown(
                signal,
                128 + signal,
                Arc::clone(&stop.0),
            );
            let _ = signal_hook::flag::register(signal, Arc::clone(&stop.0));
        }
        stop
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
