//! What a lane found, and its one line of JSON. A lane whose sum is not the closed form of its messages has lost or
//! repeated something: it answers with an error and no figures.

use crate::histogram::Histogram;
use crate::message::checksum_of;

pub struct Tally {
    pub messages: u64,
    pub checksum: u64,
    pub seconds: f64,
}

/// What was timed: nanoseconds a block of trips, and nanoseconds a trip.
pub struct RoundTrips {
    pub blocks: Histogram,
    pub trips: Histogram,
    pub trips_a_block: f64,
}

pub fn error_line(text: &str) -> String {
    format!(r#"{{"error":"{text}"}}"#)
}

pub fn stream_line(lane: &str, tally: &Tally, pinned: bool, batches: u64) -> String {
    line_of(lane, tally, pinned, &format!(r#""batches":{batches}"#))
}

pub fn round_trip_line(lane: &str, (tally, found): &(Tally, RoundTrips), pinned: bool) -> String {
    let block = found.blocks.value_at(0.5) / found.trips_a_block;
    let percentiles = [("p50Ns", 0.5), ("p90Ns", 0.9), ("p99Ns", 0.99), ("p999Ns", 0.999), ("p9999Ns", 0.9999)]
        .map(|(name, fraction)| format!(r#""{name}":{:.1}"#, found.trips.value_at(fraction)))
        .join(",");
    let figures = format!(r#""blockP50Ns":{block:.2},{percentiles},"maxNs":{}"#, found.trips.max_ns());
    line_of(lane, tally, pinned, &figures)
}

fn line_of(lane: &str, tally: &Tally, pinned: bool, figures: &str) -> String {
    let Tally { messages, checksum, seconds } = tally;
    if *checksum != checksum_of(*messages) {
        return error_line(&format!("{lane}: the checksum of {messages} messages was {checksum}"));
    }
    format!(
        r#"{{"lane":"{}","messages":{},"seconds":{:.9},"checksum":"{}","pinned":{},{}}}"#,
        lane, messages, seconds, checksum, pinned, figures
    )
}
