/**
 * What led to an order and what became of it: the input, its way from the venue, the handler that ran, what the
 * strategy said, the gate's answer, the command, and every report. Records come from the journal; handlers and the
 * gate's numbers from re-executing it up to the last command, and are null where that is not possible.
 */

import type { JournalRecord } from "../../research/replay/journal-records.js";
import type { GateDecision, HandlerCall } from "../../research/replay/observer.js";
import { MessageType, ORDER_EVENT_STATUS, OrderStatus } from "../../schemas/index.js";
import { type Notes, openWalkBefore } from "./open-journal.js";
import { type OrderMoment, orderOf } from "./order-moments.js";

/** What was going on at a moment of the order, beside the records. */
export interface Circumstances {
  /** The handler that ordered, cancelled or was told; null when the engine acted itself, or when it is not known. */
  readonly call: HandlerCall | null;
  readonly decision: GateDecision | null;
}

export interface ChainLink extends OrderMoment, Circumstances {
  /** The order is born, denied or asked to be cancelled here. */
  readonly isDecision: boolean;
}

export function chainOf(
  directory: string,
  orderId: number,
  moments: readonly OrderMoment[],
  notes: Notes,
): readonly ChainLink[] {
  const circumstances = reexecute(directory, orderId, moments, notes);
  return moments.map((moment) => ({
    ...moment,
    ...(circumstances.get(moment.input.sequence) ?? { call: null, decision: null }),
    isDecision: decisionsIn(moment, orderId).length > 0,
  }));
}

/** Outputs by which the engine acted on the order: its command, its denial, a cancel. */
function decisionsIn({ outputs }: OrderMoment, orderId: number): JournalRecord[] {
  return outputs.filter((record) => orderOf(record) === orderId && isDecision(record));
}

function isDecision({ type, views, at }: JournalRecord): boolean {
  if (type === MessageType.SubmitOrder || type === MessageType.CancelOrder) return true;
  return type === MessageType.OrderEvent && views.u8[at + ORDER_EVENT_STATUS] === OrderStatus.Denied;
}

/** Who acted at each moment, by sequence. */
function reexecute(
  directory: string,
  orderId: number,
  moments: readonly OrderMoment[],
  notes: Notes,
): Map<number, Circumstances> {
  const found = new Map<number, Circumstances>();
  const wanted = new Map(moments.map((moment) => [moment.input.sequence, decisionsIn(moment, orderId)]));
  const last = moments.findLast((moment) => decisionsIn(moment, orderId).length > 0)?.input.sequence ?? 0;
  try {
    const [first] = moments.filter((moment) => decisionsIn(moment, orderId).length > 0);
    const walk = openWalkBefore(directory, ({ sequence }) => sequence < (first?.input.sequence ?? 0));
    for (let next = walk.peek(); next !== null && next.sequence <= last; next = walk.peek()) {
      const { input, calls, decisions } = walk.next()!;
      const acts = wanted.get(input.sequence)?.[0];
      if (acts === undefined) continue;
      found.set(input.sequence, {
        call: calls.find(({ from, to }) => from < acts.index && acts.index <= to) ?? null,
        decision: decisions.find((each) => each.orderId === orderId) ?? null,
      });
    }
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    notes.add(
      `the journal could not be re-executed up to this order, so handlers and the gate's numbers are missing: ${why}`,
    );
  }
  return found;
}
