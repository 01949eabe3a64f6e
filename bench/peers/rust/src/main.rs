//! The Rust peer: reads one command a line, `<lane> <milliseconds>` or `lanes`, and answers each with one line of JSON.
//! Between two commands it sleeps in the read; the end of its input ends it.

mod answer;
mod disruptor_lanes;
mod histogram;
mod message;
mod raw_lane;
mod round_trip;
mod rtrb_lanes;
mod stream;
mod threads;

use crate::answer::error_line;
use crate::disruptor_lanes::{disruptor_round_trip, disruptor_stream};
use crate::raw_lane::raw_round_trip;
use crate::rtrb_lanes::{rtrb_chunks_stream, rtrb_round_trip, rtrb_stream};
use std::io::{stdin, stdout, Write};
use std::time::Duration;

type Lane = fn(lane: &str, time: Duration) -> String;

const MILLISECONDS_MAX: f64 = 60_000.0;

const LANES: [(&str, Lane); 6] = [
    ("disruptor-rs-rtt", disruptor_round_trip),
    ("disruptor-rs-stream", disruptor_stream),
    ("raw-rtt", raw_round_trip),
    ("rtrb-chunks-stream", rtrb_chunks_stream),
    ("rtrb-rtt", rtrb_round_trip),
    ("rtrb-stream", rtrb_stream),
];

fn main() -> std::io::Result<()> {
    for line in stdin().lines() {
        println!("{}", answer(&line?));
        stdout().flush()?;
    }
    Ok(())
}

fn answer(command: &str) -> String {
    let mut words = command.split_whitespace();
    let name = words.next().unwrap_or("");
    if name == "lanes" {
        return lanes_line();
    }
    let Some((lane, run)) = LANES.iter().find(|(lane, _)| *lane == name) else {
        return error_line(&format!("no such lane, was {}: ask for lanes", quotable(name)));
    };
    match words.next().and_then(|word| word.parse::<f64>().ok()) {
        Some(time) if time > 0.0 && time <= MILLISECONDS_MAX => run(lane, Duration::from_secs_f64(time / 1e3)),
        _ => error_line(&format!("milliseconds are a number above 0 and at most 60000, was {}", quotable(command))),
    }
}

fn lanes_line() -> String {
    let lanes = LANES.map(|(lane, _)| format!(r#""{lane}""#)).join(",");
    let versions = ["rtrb", "disruptor"].map(|name| format!(r#""{name}":"{}""#, version_of(name))).join(",");
    format!(r#"{{"lanes":[{lanes}],"version":{{{versions}}}}}"#)
}

/// The version that the manifest pins a dependency to.
fn version_of(name: &str) -> &'static str {
    let line = include_str!("../Cargo.toml").lines().find(|line| line.starts_with(&format!("{name} = \"=")));
    line.and_then(|line| line.split('"').nth(1)).map_or("unknown", |pinned| &pinned[1..])
}

/// Input as it may stand inside a JSON string: whatever is no part of a lane's name becomes a question mark.
fn quotable(text: &str) -> String {
    let plain = |each: char| if each.is_ascii_alphanumeric() || each == '-' || each == '.' { each } else { '?' };
    text.chars().take(40).map(plain).collect()
}
