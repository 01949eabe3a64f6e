/**
 * Follows the log of every life and remembers all of it: that no sequence is left out, that each record keeps the
 * promises, and, after a crash, that what was recovered is an exact prefix of what was written and not shorter than
 * what was safe. What a crash took is forgotten here too, and the shadow is made anew from what is left.
 */

import { NONE } from "../../../actors/ring/layout.js";
import type { LogReader } from "../../../actors/ring/log-reader.js";
import { type RecordReader, readTape, type TapeSummary } from "../../../engine/index.js";
import { clientOrderId } from "../../../engine/orders/client-order-id.js";
import {
  CANCEL_ORDER_ORDER_ID,
  DenyReason,
  MessageType,
  type MessageViews,
  ORDER_EVENT_DENY_REASON,
  RECORD_HEADER_BYTES,
  RECORD_HEADER_LENGTH,
  SUBMIT_ORDER_EPOCH,
  SUBMIT_ORDER_ORDER_ID,
  SUBMIT_ORDER_STRATEGY,
  TRADING_STATE_EVENT_STATE,
  TradingState,
} from "../../../schemas/index.js";
import { createCrc32c } from "../../../wasm/index.js";
import type { SimDisk } from "../disk/sim-disk.js";
import type { Tally } from "../tally.js";
import type { Trace } from "../trace.js";
import type { OrderVenue } from "../venue/order-venue.js";
import { promise } from "../violation.js";
import { placeOf, placeText, sequenceOf } from "./journal-scan.js";
import { checkAfter, checkBefore } from "./order-checks.js";
import { Shadow } from "./shadow.js";

const crc32c = createCrc32c();
export interface WitnessParts {
  readonly venue: OrderVenue;
  readonly tally: Tally;
  readonly trace: Trace;
}

export class Witness {
  shadow = new Shadow();
  /** By client order id: the place of the command's record, the first one where it was repeated. */
  readonly submits = new Map<string, number>();
  readonly cancels = new Map<string, number>();
  /** By record: its place and a fingerprint of its bytes. */
  private readonly places: number[] = [];
  private readonly prints: number[] = [];
  private causedBy = 0;
  private readonly parts: WitnessParts;

  constructor(parts: WitnessParts) {
    this.parts = parts;
  }

  get records(): number {
    return this.places.length;
  }

  /** Reads what the engine has shown since the last call. */
  follow(log: LogReader): void {
    while (log.next() !== NONE) this.take(log.type, log.sequence, log.index, log.views, log.recordOffset);
    log.release();
  }

  /** A life was recovered from these files: compares, then goes on from there. `safePlace` must still be there. */
  recovered(disk: SimDisk, directory: string, safePlace: number): TapeSummary {
    const { parts } = this;
    this.shadow = new Shadow();
    let count = 0;
    const tape = readTape(segmentsOf(disk, directory), crc32c, (record: RecordReader) => {
      this.compare(count, record);
      this.shadow.apply(record.type, record.views, record.at);
      if (record.index === 0) this.causedBy = record.type;
      count += 1;
    });
    const end = count === 0 ? 0 : this.places[count - 1];
    promise(end >= safePlace, "journal", () => {
      return `the journal was safe up to ${placeText(safePlace)} and is recovered up to ${placeText(end)}`;
    });
    if (count < this.places.length) parts.tally.event("records.lost-in-crashes", this.places.length - count);
    this.places.length = this.prints.length = count;
    for (const commands of [this.submits, this.cancels]) {
      for (const [id, place] of commands) if (place > end) commands.delete(id);
    }
    return tape;
  }

  /** Where the log ends. */
  get end(): number {
    return this.places.at(-1) ?? 0;
  }

  private compare(at: number, record: RecordReader): void {
    const place = placeOf(record.sequence, record.index);
    const same = this.places[at] === place && this.prints[at] === print(record.views, record.recordAt);
    promise(same, "journal", () => {
      return `record ${record.sequence}.${record.index} was recovered, but the engine never wrote it so`;
    });
  }

  private take(type: number, sequence: number, index: number, views: MessageViews, recordAt: number): void {
    const { venue, trace } = this.parts;
    const place = placeOf(sequence, index);
    const at = recordAt + RECORD_HEADER_BYTES;
    this.checkOrder(place, index);
    this.places.push(place);
    this.prints.push(print(views, recordAt));
    if (index === 0) this.causedBy = type;
    trace.record(type, sequence, index, views, at);
    this.tallyRecord(type, views, at);
    if (type === MessageType.SubmitOrder) remember(this.submits, submitId(views, at), place);
    if (type === MessageType.CancelOrder) remember(this.cancels, this.cancelId(views, at), place);
    checkBefore(this.shadow, type, views, at, this.causedBy);
    this.shadow.apply(type, views, at);
    checkAfter(this.shadow, venue, type, views, at);
  }

  private tallyRecord(type: number, views: MessageViews, at: number): void {
    const { tally } = this.parts;
    if (type === MessageType.OrderEvent && views.u8[at + ORDER_EVENT_DENY_REASON] !== DenyReason.None) {
      tally.event(`denied.${DenyReason[views.u8[at + ORDER_EVENT_DENY_REASON]]}`);
    }
    if (type === MessageType.TradingStateEvent) {
      tally.event(`trading.${TradingState[views.u8[at + TRADING_STATE_EVENT_STATE]]}`);
    }
    if (type === MessageType.OrderFound) tally.event("orders-found");
  }

  /** The name under which the order to be cancelled was sent. */
  private cancelId(views: MessageViews, at: number): string {
    return this.shadow.orders.get(views.f64[(at + CANCEL_ORDER_ORDER_ID) >> 3])?.name ?? "";
  }

  private checkOrder(place: number, index: number): void {
    const { end } = this;
    const follows = index === 0 ? place === placeOf(sequenceOf(end) + 1, 0) : place === end + 1;
    promise(follows, "sequence", () => `record ${placeText(place)} follows ${placeText(end)}`);
  }
}

function remember(commands: Map<string, number>, id: string, place: number): void {
  if (!commands.has(id)) commands.set(id, place);
}

function submitId({ u16, u32, f64 }: MessageViews, at: number): string {
  const epoch = u32[(at + SUBMIT_ORDER_EPOCH) >> 2];
  return clientOrderId(epoch, u16[(at + SUBMIT_ORDER_STRATEGY) >> 1], f64[(at + SUBMIT_ORDER_ORDER_ID) >> 3]);
}

/** The segments as the disk shows them, with nothing of the product's between. */
export function* segmentsOf(disk: SimDisk, directory: string) {
  const names = [...disk.files.keys()].filter((path) => path.startsWith(`${directory}/`) && path.endsWith(".seg"));
  for (const name of names.filter((path) => !path.endsWith("spare.seg")).sort()) {
    yield { name, bytes: disk.files.get(name)!.content.slice() };
  }
}

/** Over the header behind CRC and flags, and the message. */
function print(views: MessageViews, recordAt: number): number {
  const { i32 } = views;
  const from = recordAt >> 2;
  const end = from + (i32[(recordAt + RECORD_HEADER_LENGTH) >> 2] >> 2);
  let hash = i32[from + 1] ^ Math.imul(i32[from + 2], 0x9e3779b1);
  for (let word = from + 4; word < end; word += 1) {
    hash = Math.imul(hash ^ i32[word], 0xcc9e2d51);
    hash ^= hash >>> 15;
  }
  return hash | 0;
}
