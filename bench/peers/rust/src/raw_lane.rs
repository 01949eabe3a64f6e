//! The floor: one word there, one word back, through two atomics. Its sum is that of the messages whose numbers it
//! carried, so that all lanes compare.

use crate::answer::round_trip_line;
use crate::round_trip::time_round_trips;
use crate::threads::run_pair;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicU64, Ordering::Acquire, Ordering::Release};
use std::time::Duration;

const STOP: u64 = u64::MAX;

#[repr(align(128))]
struct Word(AtomicU64);

pub fn raw_round_trip(lane: &str, time: Duration) -> String {
    let (there, back) = (Box::new(Word(AtomicU64::new(0))), Box::new(Word(AtomicU64::new(0))));

    let ping = || {
        let mut turn = 0;
        let found = time_round_trips(time, |number| {
            turn += 1;
            there.0.store(turn, Release);
            while back.0.load(Acquire) != turn {
                spin_loop();
            }
            8 * number + 28
        });
        there.0.store(STOP, Release);
        found
    };
    let pong = || {
        let mut seen = 0;
        while seen != STOP {
            let turn = there.0.load(Acquire);
            if turn == seen {
                spin_loop();
                continue;
            }
            back.0.store(turn, Release);
            seen = turn;
        }
    };

    let (found, (), pinned) = run_pair(ping, pong);
    round_trip_line(lane, &found, pinned)
}
