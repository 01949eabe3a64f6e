//! How a round trip is timed, whatever carries it: first blocks of 32 trips with one reading of the clock a block,
//! which the clock's own cost hardly touches; then each trip by itself, for the percentiles. The first trips are not
//! counted.

use crate::answer::{RoundTrips, Tally};
use crate::histogram::Histogram;
use std::time::{Duration, Instant};

const TRIPS_A_BLOCK: u32 = 32;
const UNCOUNTED_TRIPS: u64 = 50;

/// Calls `trip(i)` for about `time` with i = 0, 1, …; it sends message i, awaits its echo and returns the echo's sum.
#[inline(always)]
pub fn time_round_trips(time: Duration, mut trip: impl FnMut(u64) -> u64) -> (Tally, RoundTrips) {
    for number in 0..UNCOUNTED_TRIPS {
        trip(number);
    }
    let (blocks, trips) = (Histogram::new(), Histogram::new());
    let mut found = RoundTrips { blocks, trips, trips_a_block: TRIPS_A_BLOCK.into() };
    let (mut messages, mut checksum) = (0, 0u64);
    let start = Instant::now();

    let mut before = start;
    while before - start < time / 2 {
        for _ in 0..TRIPS_A_BLOCK {
            checksum = checksum.wrapping_add(trip(messages));
            messages += 1;
        }
        let after = Instant::now();
        found.blocks.record(nanoseconds(after - before));
        before = after;
    }
    loop {
        let before = Instant::now();
        checksum = checksum.wrapping_add(trip(messages));
        messages += 1;
        let after = Instant::now();
        found.trips.record(nanoseconds(after - before));
        if after - start >= time {
            break;
        }
    }

    (Tally { messages, checksum, seconds: start.elapsed().as_secs_f64() }, found)
}

#[inline]
fn nanoseconds(time: Duration) -> u64 {
    time.as_secs() * 1_000_000_000 + u64::from(time.subsec_nanos())
}
