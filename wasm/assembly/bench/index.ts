/**
 * Handlers in WebAssembly for the fabric benchmark, on the product's own rings and records. A message is eight words of
 * 64 bits, word k of message i being i + k; every word is written and every word is read. The message 0 ends a run.
 * Sums are modulo 2^64.
 */
import {
  NONE, claim, commit, joinConsumer, joinProducer, next, publish, release,
} from "../fabric/spsc";
import * as log from "../fabric/log";

const TYPE = 1;
const BYTES = 64;
const END: i64 = 0;

/** Where `consume` and `echo` leave what they saw: messages, batches and the sum, eight bytes each. */
// @ts-ignore: decorator
@inline const MESSAGES: usize = 0;
// @ts-ignore: decorator
@inline const BATCHES: usize = 8;
// @ts-ignore: decorator
@inline const SUM: usize = 16;

export { joinConsumer, joinProducer };
export { joinReader, joinWriter } from "../fabric/log";

/** Sends messages `first` to `first + count − 1`, shown in batches of `batch`, a power of two. */
export function produce(ring: usize, first: i32, count: i32, batch: i32): void {
  for (let message = first, end = first + count; message != end; ++message) {
    append(ring, message);
    if ((message & (batch - 1)) == 0) publish(ring);
  }
  publish(ring);
}

export function sendEnd(ring: usize): void {
  append(ring, END);
  publish(ring);
}

/** Takes messages, at most `takeMax` before it releases them, until the end; reads each `reads` times over. */
export function consume(ring: usize, takeMax: i32, reads: i32, result: usize): void {
  let messages: i64 = 0;
  let batches: i64 = 0;
  let sum: i64 = 0;
  for (let ended = false; !ended; ) {
    let taken = 0;
    for (; taken < takeMax; ++taken) {
      const at = next(ring);
      if (at == NONE) break;
      if (load<i64>(at) == END) ended = true;
      else for (let read = 0; read < reads; ++read) sum += wordsOf(at);
    }
    if (taken == 0) continue;
    release(ring);
    messages += taken;
    batches += 1;
  }
  report(result, messages - 1, batches, sum);
}

/**
 * Sends messages `first` to `first + count − 1`, each after the answer to the one before, and adds the answers to the
 * sum at `result`: returned, it would be a BigInt to the host, and garbage.
 */
export function roundTrips(out: usize, back: usize, first: i32, count: i32, result: usize): void {
  let sum: i64 = 0;
  for (let message = first, end = first + count; message != end; ++message) {
    append(out, message);
    publish(out);
    sum += wordsOf(take(back));
    release(back);
  }
  store<i64>(result, load<i64>(result, SUM) + sum, SUM);
}

/** Answers each message with its like until the end. The answer leaves before the room is given back. */
export function echo(there: usize, out: usize, result: usize): void {
  let messages: i64 = 0;
  let sum: i64 = 0;
  for (;;) {
    const at = take(there);
    const message = load<i64>(at);
    if (message == END) break;
    sum += wordsOf(at);
    append(out, message);
    publish(out);
    release(there);
    messages += 1;
  }
  release(there);
  report(result, messages, messages, sum);
}

/**
 * `produce` into the log, as far as there is room: how many it sent. It never waits, so that a host with more threads
 * than cores can put this one to sleep.
 */
export function logProduce(ring: usize, first: i32, count: i32, batch: i32): i32 {
  let sent = 0;
  for (; sent < count; ++sent) {
    const message = first + sent;
    if (!logAppend(ring, message)) break;
    if ((message & (batch - 1)) == 0) log.publish(ring);
  }
  log.publish(ring);
  return sent;
}

/** Whether there was room for it. */
export function logSendEnd(ring: usize): bool {
  const isSent = logAppend(ring, END);
  log.publish(ring);
  return isSent;
}

/**
 * Takes what the log has for a reader, at most `takeMax` records, and adds it to what stands at `result`: how many it
 * took, 0 for none, −1 when the last of them was the end. It never waits either.
 */
export function logConsume(ring: usize, slot: i32, takeMax: i32, result: usize): i32 {
  let taken = 0;
  let sum: i64 = 0;
  for (; taken < takeMax; ++taken) {
    const at = log.next(ring, slot);
    if (at == NONE) break;
    if (load<i64>(at) == END) {
      log.release(ring, slot);
      add(result, taken, sum);
      return -1;
    }
    sum += wordsOf(at);
  }
  if (taken != 0) {
    log.release(ring, slot);
    add(result, taken, sum);
  }
  return taken;
}

// @ts-ignore: decorator
@inline
function logAppend(ring: usize, message: i64): bool {
  const at = log.claim(ring, TYPE, 0, <f64>message, 0, BYTES);
  if (at == NONE) return false;
  write(at, message);
  log.commit(ring);
  return true;
}

// @ts-ignore: decorator
@inline
function add(result: usize, messages: i64, sum: i64): void {
  report(result, load<i64>(result, MESSAGES) + messages, load<i64>(result, BATCHES) + 1, load<i64>(result, SUM) + sum);
}

// @ts-ignore: decorator
@inline
function append(ring: usize, message: i64): void {
  let at = claim(ring, TYPE, BYTES);
  while (at == NONE) {
    publish(ring);
    at = claim(ring, TYPE, BYTES);
  }
  write(at, message);
  commit(ring);
}

// @ts-ignore: decorator
@inline
function write(at: usize, message: i64): void {
  store<i64>(at, message);
  store<i64>(at, message + 1, 8);
  store<i64>(at, message + 2, 16);
  store<i64>(at, message + 3, 24);
  store<i64>(at, message + 4, 32);
  store<i64>(at, message + 5, 40);
  store<i64>(at, message + 6, 48);
  store<i64>(at, message + 7, 56);
}

// @ts-ignore: decorator
@inline
function take(ring: usize): usize {
  let at = next(ring);
  while (at == NONE) at = next(ring);
  return at;
}

// @ts-ignore: decorator
@inline
function wordsOf(at: usize): i64 {
  const low = load<i64>(at) + load<i64>(at, 8) + load<i64>(at, 16) + load<i64>(at, 24);
  return low + load<i64>(at, 32) + load<i64>(at, 40) + load<i64>(at, 48) + load<i64>(at, 56);
}

// @ts-ignore: decorator
@inline
function report(result: usize, messages: i64, batches: i64, sum: i64): void {
  store<i64>(result, messages, MESSAGES);
  store<i64>(result, batches, BATCHES);
  store<i64>(result, sum, SUM);
}
