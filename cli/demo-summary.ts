/** What a run was, once it is over: for people the view, still, and how to look further; for programs one object. */
import type { Session } from "../actors/session.js";
import { formatMoney } from "../engine/index.js";
import { LifeStart } from "../schemas/index.js";
import { plural } from "./output.js";
import { COLOURED, PLAIN, renderView, type ViewHead } from "./view/terminal-view.js";

export function summaryJson(head: ViewHead, session: Session): Record<string, unknown> {
  const snapshot = session.snapshot();
  const { counters } = session.context;
  return {
    mode: head.mode === "SIMULATED" ? "paper" : "live",
    epoch: session.recovered.life.epoch,
    recovery: recoveryJson(session),
    source: head.source,
    elapsedMs: Math.round(snapshot.elapsedMs),
    frames: {
      received: snapshot.frames.received,
      decoded: snapshot.frames.decoded,
      dropped: snapshot.frames.dropped,
      reasons: snapshot.frames.reasons,
    },
    messages: {
      decoded: snapshot.messages.decoded,
      market: snapshot.messages.market,
      journaled: snapshot.messages.journaled,
      processed: snapshot.messages.processed,
    },
    records: {
      trades: counters.get("engine.trades"),
      quotes: counters.get("engine.quotes"),
      orders: counters.get("engine.orderEvents"),
      fills: snapshot.fills,
      positions: counters.get("engine.positions"),
    },
    orders: { sent: snapshot.orders, untimed: snapshot.untimedOrders },
    fills: { count: snapshot.fills },
    indicators: {
      usedBytes: counters.get("engine.arenaUsedBytes"),
      capacityBytes: counters.get("engine.arenaCapacityBytes"),
    },
    pnl: Number(formatMoney(snapshot.profitMoney, 8)),
    currency: session.config.currency,
    tradingState: snapshot.tradingState,
    latency: snapshot.latency,
    latencyReport: session.latencyDirectory,
    notices: snapshot.notices,
    memoryMb: Math.round(process.memoryUsage.rss() / 1e6),
    stateHash: session.board.stateHash,
    journal: head.journal,
    stream: head.stream,
    ...(session.storedRows ? { stored: session.storedRows } : {}),
    ...(session.isStoreBehind ? { storeBehind: true } : {}),
  };
}

/** Null in a first life. */
function recoveryJson({ recovered }: Session) {
  const { life, sequence, snapshot, inputs, torn, completed, elapsedMs, recovery } = recovered;
  if (life.start === LifeStart.Fresh) return null;
  const start = life.start === LifeStart.Resumed ? "resumed" : "refreshed";
  const orders = recovery.orders.length;
  return {
    start,
    sequence,
    snapshot,
    inputs,
    completed,
    torn,
    orders,
    changes: life.changes,
    elapsedMs: Math.round(elapsedMs),
  };
}

/** What the stream says of a run once a second. */
export function statusJson(session: Session) {
  const { frames, messages, orders, fills, tradingState, profitMoney, latency, journal } = session.snapshot();
  return { frames, messages, orders, fills, tradingState, pnl: formatMoney(profitMoney), latency, journal };
}

/** What an earlier life left, when there was one. */
export function recoveryLines({ recovered }: Session): string[] {
  const { life, sequence, snapshot, inputs, torn, completed, elapsedMs, recovery } = recovered;
  if (life.start === LifeStart.Fresh) return [];
  const from =
    snapshot > 0 ? `a snapshot at ${snapshot} and ${plural(inputs, "input")} behind it` : plural(inputs, "input");
  const lines = [
    `recovered life ${life.epoch - 1} up to input ${sequence} from ${from} in ${Math.round(elapsedMs)} ms`,
  ];
  if (torn) lines.push(`cut off what a crash left of a write: ${torn.name} at byte ${torn.byte} (${torn.why})`);
  if (completed > 0) lines.push(`${plural(completed, "output")} of the last input were not recorded, and are now`);
  if (recovery.orders.length > 0) lines.push(`${plural(recovery.orders.length, "order")} to ask the venue about`);
  return [...lines, ...life.changes];
}

export function summaryLines(head: ViewHead, session: Session): string[] {
  const palette = process.stdout.isTTY && !process.env.NO_COLOR ? COLOURED : PLAIN;
  const snapshot = session.snapshot();
  return [
    ...renderView(head, snapshot, palette).map((line) => line.trimEnd()),
    ...storeLines(head, session),
    ` state hash ${session.board.stateHash || "–"}`,
    ` latencies ${session.latencyDirectory}`,
    ` replay it: npx sluice replay ${head.journal}`,
  ];
}

function storeLines({ journal }: ViewHead, session: Session): string[] {
  if (session.isStoreBehind) return [` not all of it is stored; finish with: npx sluice store ${journal}`];
  if (session.storedRows === null) return [];
  const tables = Object.entries(session.storedRows).map(([table, rows]) => `${table} ${rows}`);
  return [` stored  ${tables.join("  ")}`];
}
