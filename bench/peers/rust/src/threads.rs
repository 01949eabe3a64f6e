//! Two threads, each on a core of its own, that start together and are gone when `run_pair` returns: between two lanes
//! nothing of this program runs.

use core_affinity::{set_for_current, CoreId};
use std::sync::Barrier;
use std::thread::scope;

/// Keeps the calling thread on one core; false when the host does not allow it.
pub fn pin_to(core: usize) -> bool {
    set_for_current(CoreId { id: core })
}

/// Runs `first` on core 0 and `second` on core 1, and returns what both found and whether both were pinned.
pub fn run_pair<A: Send, B: Send>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B + Send) -> (A, B, bool) {
    let ready = Barrier::new(2);
    let start = |core| {
        let pinned = pin_to(core);
        ready.wait();
        pinned
    };
    let ((pinned_one, one), (pinned_other, other)) = scope(|scope| {
        let one = scope.spawn(|| (start(0), first()));
        let other = scope.spawn(|| (start(1), second()));
        (one.join().expect("the first thread ends"), other.join().expect("the second thread ends"))
    });
    (one, other, pinned_one && pinned_other)
}
