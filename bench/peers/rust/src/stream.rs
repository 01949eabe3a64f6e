//! How a one-way stream is timed, whatever carries it: from the first message sent to the moment when the receiver has
//! taken the last and both threads have ended.

use crate::answer::Tally;
use crate::threads::run_pair;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicU64, Ordering::Acquire, Ordering::Release};
use std::time::{Duration, Instant};

/// 256 KiB of messages.
pub const RING_MESSAGES: usize = 4096;
const MESSAGES_BETWEEN_CLOCKS: u64 = 1024;
const UNKNOWN: u64 = u64::MAX;

pub struct Stream {
    pub tally: Tally,
    pub pinned: bool,
    /// Times that the receiver found something.
    pub finds: u64,
}

/// Calls `send(first)`, which sends `step` messages from number `first` on, for about `time`; returns how many it sent.
#[inline(always)]
pub fn produce(time: Duration, step: u64, mut send: impl FnMut(u64)) -> u64 {
    let start = Instant::now();
    let mut number = 0;
    loop {
        for _ in 0..MESSAGES_BETWEEN_CLOCKS / step {
            send(number);
            number += step;
        }
        if start.elapsed() >= time {
            return number;
        }
    }
}

/// Sends as `produce` does on one thread; on another calls `receive`, which adds the sum of what it finds to its
/// argument and returns how many messages that were.
#[inline(always)]
pub fn stream(
    time: Duration,
    step: u64,
    send: impl FnMut(u64) + Send,
    mut receive: impl FnMut(&mut u64) -> u64 + Send,
) -> Stream {
    let total = AtomicU64::new(UNKNOWN);
    let sender = || {
        let start = Instant::now();
        total.store(produce(time, step, send), Release);
        start
    };
    let receiver = || {
        let (mut messages, mut checksum, mut finds) = (0, 0, 0);
        loop {
            let found = receive(&mut checksum);
            messages += found;
            finds += u64::from(found > 0);
            if found == 0 {
                if messages == total.load(Acquire) {
                    return (messages, checksum, finds);
                }
                spin_loop();
            }
        }
    };
    let (start, (messages, checksum, finds), pinned) = run_pair(sender, receiver);
    let seconds = start.elapsed().as_secs_f64();
    Stream { tally: Tally { messages, checksum, seconds }, pinned, finds }
}
