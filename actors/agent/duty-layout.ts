/**
 * Bytes of a thread's duty figures, and nothing else. They follow the heartbeat in the control words (see
 * thread-control.ts); the thread's runner alone writes them, any thread or process reads. Offsets are from the base of
 * the figures; all words are f64.
 *
 *     0  busy        duty cycles that did something
 *     8  idle        duty cycles that found nothing
 *    16  items       what the agents said they did
 *    24  parks       sleeps begun
 *    32  woken       sleeps that a bell ended
 *    40  rung        sleeping threads that this one has woken
 *    48  asleep      time asleep, microseconds, without the sleep under way
 *    56  since       when the sleep under way began, microseconds of the monotonic clock; 0 while awake
 *    64  timed       idle cycles that were timed
 *    72  timed us    their time, microseconds
 *    80  agents      how many run here
 *    88  rows        eight of [busy][items][role: UTF-8, 32 bytes, zeros behind it]
 */
import assert from "node:assert/strict";

export const DUTY_BUSY = 0;
export const DUTY_IDLE = DUTY_BUSY + 8;
export const DUTY_ITEMS = DUTY_IDLE + 8;
export const DUTY_PARKS = DUTY_ITEMS + 8;
export const DUTY_WOKEN = DUTY_PARKS + 8;
export const DUTY_RUNG = DUTY_WOKEN + 8;
export const DUTY_ASLEEP_US = DUTY_RUNG + 8;
export const DUTY_SINCE_US = DUTY_ASLEEP_US + 8;
export const DUTY_TIMED = DUTY_SINCE_US + 8;
export const DUTY_TIMED_US = DUTY_TIMED + 8;
export const DUTY_AGENTS = DUTY_TIMED_US + 8;
export const DUTY_ROWS = DUTY_AGENTS + 8;

/** Agents of one thread that have a row; further ones work without. */
export const AGENTS_MAX = 8;
export const ROW_BUSY = 0;
export const ROW_ITEMS = ROW_BUSY + 8;
export const ROW_ROLE = ROW_ITEMS + 8;
export const ROLE_BYTES = 32;
export const ROW_BYTES = ROW_ROLE + ROLE_BYTES;
export const DUTY_BYTES = DUTY_ROWS + AGENTS_MAX * ROW_BYTES;

assert(DUTY_BYTES % 8 === 0 && ROW_BYTES % 8 === 0, "doubles are 8-aligned");
