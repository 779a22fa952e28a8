//! Work on several threads, its results in the order of the work.
//!
//! Each piece of work has its own short channel for its results. The caller takes the channels in
//! the order of the pieces. All channels are short: a thread that is ahead waits, and memory does
//! not grow with the work. Pieces are begun in their order too, so the one that the caller
//! waits for is always under way.

use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// The most pieces under way at once, for each thread.
const PIECES: usize = 4;
/// How many results a thread may be ahead of the caller within one piece.
const AHEAD: usize = 64;

/// Takes work.
pub(crate) struct Feed<T, U> {
    work: SyncSender<(T, Results<U>)>,
    order: SyncSender<Receiver<U>>,
}

/// Takes the results of one piece.
pub(crate) struct Results<U>(SyncSender<U>);

impl<T, U> Feed<T, U> {
    /// Adds a piece of work. Returns whether its results are still wanted.
    pub(crate) fn give(&self, piece: T) -> bool {
        let (results, receiver) = sync_channel(AHEAD);
        self.order.send(receiver).is_ok() && self.work.send((piece, Results(results))).is_ok()
    }
}

impl<U> Results<U> {
    /// Adds a result. Returns whether it is still wanted.
    pub(crate) fn give(&self, result: U) -> bool {
        self.0.send(result).is_ok()
    }
}

/// What the caller does.
pub(crate) enum Next<U> {
    /// Takes a result.
    Result(U),
    /// Waits: no result is ready yet.
    Wait,
}

/// As many threads as there are processors.
pub(crate) fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// `feed` makes the work, `work` does a piece on one of `threads`, and `take` gets the
/// results; it says whether to go on.
pub(crate) fn in_order<T: Send, U: Send>(
    threads: usize,
    feed: impl FnOnce(Feed<T, U>) + Send,
    work: impl Fn(T, &Results<U>) + Sync,
    mut take: impl FnMut(Next<U>) -> bool,
) {
    let (work_sender, pieces) = sync_channel::<(T, Results<U>)>(threads);
    let (order, receivers) = sync_channel::<Receiver<U>>(threads * PIECES);
    let pieces = Mutex::new(pieces);
    thread::scope(|scope| {
        let feeds = Feed {
            work: work_sender,
            order,
        };
        scope.spawn(|| feed(feeds));
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = pieces.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((piece, results)) = next else { break };
                    work(piece, &results);
                }
            });
        }
        'all: while let Some(results) = next(&receivers, &mut take) {
            while let Some(result) = next(&results, &mut take) {
                if !take(Next::Result(result)) {
                    break 'all;
                }
            }
        }
        drop(receivers);
    });
}

/// The next item. If none is ready, `take` gets [`Next::Wait`] before this waits.
fn next<T, U>(receiver: &Receiver<T>, take: &mut impl FnMut(Next<U>) -> bool) -> Option<T> {
    match receiver.try_recv() {
        Ok(next) => Some(next),
        Err(TryRecvError::Disconnected) => None,
        Err(TryRecvError::Empty) => {
            if take(Next::Wait) {
                receiver.recv().ok()
            } else {
                None
            }
        }
    }
}
