//! The crate disruptor: there and back through two of them, and one way into the event handler that it runs on a thread
//! of its own. Both sides spin.

use crate::answer::{round_trip_line, stream_line, Tally};
use crate::message::Message;
use crate::round_trip::time_round_trips;
use crate::stream::{produce, RING_MESSAGES};
use crate::threads::{pin_to, run_pair};
use disruptor::{build_single_producer, BusySpin, Polling, Producer, Sequence};
use std::hint::spin_loop;
use std::sync::mpsc::{channel, Sender};
use std::time::{Duration, Instant};

/// Both sides poll, so that both threads are the measurement's own. Dropping the producer ends the echo.
pub fn disruptor_round_trip(lane: &str, time: Duration) -> String {
    let (mut arrivals, builder) = build_single_producer(RING_MESSAGES, Message::default, BusySpin).new_event_poller();
    let mut there = builder.build();
    let (mut echoes, builder) = build_single_producer(RING_MESSAGES, Message::default, BusySpin).new_event_poller();
    let mut back = builder.build();

    let ping = move || {
        time_round_trips(time, |number| {
            there.publish(|slot| *slot = Message::new(number));
            loop {
                if let Ok(mut events) = echoes.poll() {
                    return (&mut events).fold(0u64, |sum, message| sum.wrapping_add(message.sum()));
                }
                spin_loop();
            }
        })
    };
    let pong = move || loop {
        match arrivals.poll() {
            Ok(mut events) => {
                for message in &mut events {
                    back.publish(|slot| *slot = *message);
                }
            }
            Err(Polling::NoEvents) => spin_loop(),
            Err(Polling::Shutdown) => break,
        }
    };

    let (found, (), pinned) = run_pair(ping, pong);
    round_trip_line(lane, &found, pinned)
}

pub fn disruptor_stream(lane: &str, time: Duration) -> String {
    let (sender, results) = channel();
    let handle = |state: &mut Handler, message: &Message, _: Sequence, end_of_batch: bool| {
        state.checksum = state.checksum.wrapping_add(message.sum());
        state.batches += u64::from(end_of_batch);
    };
    let mut producer = build_single_producer(RING_MESSAGES, Message::default, BusySpin)
        .handle_events_and_state_with(handle, move || Handler::start(sender))
        .build();

    let (pinned_handler, _, _) = results.recv().expect("the handler's thread starts");
    let publish = move || {
        let pinned = pin_to(0);
        let start = Instant::now();
        let messages = produce(time, 1, |number| producer.publish(|slot| *slot = Message::new(number)));
        drop(producer); // returns when the handler has seen everything and its thread has ended
        (messages, start.elapsed().as_secs_f64(), pinned)
    };
    let (messages, seconds, pinned_sender) = std::thread::spawn(publish).join().expect("the sender ends");
    let (_, checksum, batches) = results.recv().expect("the handler leaves its sum");
    stream_line(lane, &Tally { messages, checksum, seconds }, pinned_sender && pinned_handler, batches)
}

/// What the handler's thread knows. It tells once when it has started and once, by being dropped, when it ends: whether
/// it is pinned, its sum and its batches.
struct Handler {
    checksum: u64,
    batches: u64,
    pinned: bool,
    results: Sender<(bool, u64, u64)>,
}

impl Handler {
    fn start(results: Sender<(bool, u64, u64)>) -> Self {
        let handler = Handler { checksum: 0, batches: 0, pinned: pin_to(1), results };
        handler.tell();
        handler
    }

    fn tell(&self) {
        // Nobody listens any more only when the lane has failed already.
        let _ = self.results.send((self.pinned, self.checksum, self.batches));
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        self.tell();
    }
}
