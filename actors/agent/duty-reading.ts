/**
 * A thread's duty figures as they stand at one moment, and what happened between two such moments. Plain values, read
 * from shared memory or from a copy of it; nothing here is written.
 */
import { Buffer } from "node:buffer";
import type { SharedViews } from "../ring/views.js";
import {
  AGENTS_MAX,
  DUTY_AGENTS,
  DUTY_ASLEEP_US,
  DUTY_BUSY,
  DUTY_IDLE,
  DUTY_ITEMS,
  DUTY_PARKS,
  DUTY_ROWS,
  DUTY_RUNG,
  DUTY_SINCE_US,
  DUTY_TIMED,
  DUTY_TIMED_US,
  DUTY_WOKEN,
  ROLE_BYTES,
  ROW_BUSY,
  ROW_BYTES,
  ROW_ITEMS,
  ROW_ROLE,
} from "./duty-layout.js";

export interface AgentDuty {
  readonly role: string;
  /** Duty cycles in which it did something. */
  readonly busy: number;
  readonly items: number;
}

export interface DutyReading {
  readonly atUs: number;
  readonly busy: number;
  readonly idle: number;
  readonly items: number;
  readonly parks: number;
  /** Sleeps that a bell ended; the others ended by themselves. */
  readonly woken: number;
  readonly rung: number;
  /** The sleep under way included. */
  readonly asleepUs: number;
  readonly isAsleep: boolean;
  /** Of one duty cycle that finds nothing; 0 before one was timed. */
  readonly idleCycleUs: number;
  readonly agents: readonly AgentDuty[];
}

/** Parts of the time, each from 0 to 1, together 1. */
export interface DutyShares {
  readonly working: number;
  /** Looking for work and finding none. */
  readonly spinning: number;
  readonly asleep: number;
}

/** Reads the figures at byte `base`; `atUs` is now, or when the copy was made, on the monotonic clock. */
export function readDuty(views: SharedViews, base: number, atUs: number): DutyReading {
  const word = (offset: number): number => views.f64[(base + offset) >> 3];
  const sinceUs = word(DUTY_SINCE_US);
  const timed = word(DUTY_TIMED);
  return {
    atUs,
    busy: word(DUTY_BUSY),
    idle: word(DUTY_IDLE),
    items: word(DUTY_ITEMS),
    parks: word(DUTY_PARKS),
    woken: word(DUTY_WOKEN),
    rung: word(DUTY_RUNG),
    asleepUs: word(DUTY_ASLEEP_US) + (sinceUs === 0 ? 0 : Math.max(0, atUs - sinceUs)),
    isAsleep: sinceUs !== 0,
    idleCycleUs: timed === 0 ? 0 : word(DUTY_TIMED_US) / timed,
    agents: readAgents(views, base),
  };
}

/**
 * How the time between two readings was spent; null when none passed. The time of idle cycles is their number times
 * what one takes on average; what is neither that nor sleep was work.
 */
export function dutyShares(from: DutyReading, to: DutyReading): DutyShares | null {
  const elapsedUs = to.atUs - from.atUs;
  if (!(elapsedUs > 0)) return null;
  const part = (us: number, most: number): number => Math.min(Math.max(us / elapsedUs, 0), most);
  const asleep = part(to.asleepUs - from.asleepUs, 1);
  const spinning = part((to.idle - from.idle) * to.idleCycleUs, 1 - asleep);
  return { working: 1 - asleep - spinning, spinning, asleep };
}

function readAgents(views: SharedViews, base: number): AgentDuty[] {
  const count = views.f64[(base + DUTY_AGENTS) >> 3];
  const agents: AgentDuty[] = [];
  for (let agent = 0; agent < Math.min(count, AGENTS_MAX); agent += 1) {
    const row = base + DUTY_ROWS + agent * ROW_BYTES;
    agents.push({
      role: roleAt(views, row + ROW_ROLE),
      busy: views.f64[(row + ROW_BUSY) >> 3],
      items: views.f64[(row + ROW_ITEMS) >> 3],
    });
  }
  return agents;
}

function roleAt(views: SharedViews, at: number): string {
  const bytes = Buffer.from(views.u8.slice(at, at + ROLE_BYTES));
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end === -1 ? ROLE_BYTES : end);
}
