/** What a run was, once it is over: for people the view, still, and how to look further; for programs one object. */
import type { Session } from "../actors/session.js";
import { formatMoney } from "../engine/index.js";
import { COLOURED, PLAIN, renderView, type ViewHead } from "./view/terminal-view.js";

export function summaryJson(head: ViewHead, session: Session): Record<string, unknown> {
  const snapshot = session.snapshot();
  const { counters } = session.context;
  return {
    mode: "paper",
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
    orders: { sent: snapshot.orders },
    fills: { count: snapshot.fills },
    pnl: Number(formatMoney(snapshot.profitMoney, 8)),
    currency: session.config.currency,
    tradingState: snapshot.tradingState,
    latency: snapshot.latency,
    notices: snapshot.notices,
    memoryMb: Math.round(process.memoryUsage.rss() / 1e6),
    stateHash: session.board.stateHash,
    journal: head.journal,
    stream: head.stream,
    ...(session.storedRows ? { stored: session.storedRows } : {}),
    ...(session.isStoreBehind ? { storeBehind: true } : {}),
  };
}

/** What the stream says of a run once a second. */
export function statusJson(session: Session) {
  const { frames, messages, orders, fills, tradingState, profitMoney, latency, journal } = session.snapshot();
  return { frames, messages, orders, fills, tradingState, pnl: formatMoney(profitMoney), latency, journal };
}

export function summaryLines(head: ViewHead, session: Session): string[] {
  const palette = process.stdout.isTTY && !process.env.NO_COLOR ? COLOURED : PLAIN;
  const snapshot = session.snapshot();
  return [
    ...renderView(head, snapshot, palette).map((line) => line.trimEnd()),
    ...storeLines(head, session),
    ` state hash ${session.board.stateHash || "–"}`,
    ` replay it: npx sluice replay ${head.journal}`,
  ];
}

function storeLines({ journal }: ViewHead, session: Session): string[] {
  if (session.isStoreBehind) return [` not all of it is stored; finish with: npx sluice store ${journal}`];
  if (session.storedRows === null) return [];
  const tables = Object.entries(session.storedRows).map(([table, rows]) => `${table} ${rows}`);
  return [` stored  ${tables.join("  ")}`];
}
