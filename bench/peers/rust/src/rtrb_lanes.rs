//! The crate rtrb: there and back, and one way, message by message and in chunks.

use crate::answer::{round_trip_line, stream_line};
use crate::message::Message;
use crate::round_trip::time_round_trips;
use crate::stream::{stream, RING_MESSAGES};
use crate::threads::run_pair;
use rtrb::{Producer, PushError, RingBuffer};
use std::hint::spin_loop;
use std::time::Duration;

const STOP: u64 = u64::MAX;
/// Messages a chunk: enough that the shared indexes cost nothing beside them.
const CHUNK_MESSAGES: usize = 64;

pub fn rtrb_round_trip(lane: &str, time: Duration) -> String {
    let (mut there, mut arrivals) = RingBuffer::<Message>::new(RING_MESSAGES);
    let (mut back, mut echoes) = RingBuffer::<Message>::new(RING_MESSAGES);

    let ping = || {
        let found = time_round_trips(time, |number| {
            push(&mut there, Message::new(number));
            loop {
                if let Ok(echo) = echoes.peek() {
                    let sum = echo.sum();
                    let _ = echoes.pop();
                    return sum;
                }
                spin_loop();
            }
        });
        push(&mut there, Message::new(STOP));
        found
    };
    let pong = || loop {
        let Ok(message) = arrivals.peek() else {
            spin_loop();
            continue;
        };
        if message.words[0] == STOP {
            break;
        }
        push(&mut back, *message);
        let _ = arrivals.pop(); // after the answer, which is what the other side waits for
    };

    let (found, (), pinned) = run_pair(ping, pong);
    round_trip_line(lane, &found, pinned)
}

/// `push` and `pop` hide when they look at the other side's index, so the number of batches is unknown.
pub fn rtrb_stream(lane: &str, time: Duration) -> String {
    let (mut producer, mut consumer) = RingBuffer::<Message>::new(RING_MESSAGES);
    let receive = |checksum: &mut u64| match consumer.pop() {
        Ok(message) => {
            *checksum = checksum.wrapping_add(message.sum());
            1
        }
        Err(_) => 0,
    };
    let found = stream(time, 1, |number| push(&mut producer, Message::new(number)), receive);
    stream_line(lane, &found.tally, found.pinned, 0)
}

pub fn rtrb_chunks_stream(lane: &str, time: Duration) -> String {
    let (mut producer, mut consumer) = RingBuffer::<Message>::new(RING_MESSAGES);
    let send = |first: u64| {
        let chunk = loop {
            if let Ok(chunk) = producer.write_chunk_uninit(CHUNK_MESSAGES) {
                break chunk;
            }
            spin_loop();
        };
        chunk.fill_from_iter((first..first + CHUNK_MESSAGES as u64).map(Message::new));
    };
    let receive = |checksum: &mut u64| {
        let available = consumer.slots();
        let Ok(chunk) = consumer.read_chunk(available) else { return 0 };
        let (older, newer) = chunk.as_slices();
        for message in older.iter().chain(newer) {
            *checksum = checksum.wrapping_add(message.sum());
        }
        chunk.commit_all();
        available as u64
    };
    let found = stream(time, CHUNK_MESSAGES as u64, send, receive);
    stream_line(lane, &found.tally, found.pinned, found.finds)
}

#[inline]
fn push(ring: &mut Producer<Message>, mut message: Message) {
    while let Err(PushError::Full(same)) = ring.push(message) {
        message = same;
        spin_loop();
    }
}
