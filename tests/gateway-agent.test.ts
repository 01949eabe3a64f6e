/**
 * The gateway between its rings: nothing leaves before it is safe on disk, and nothing told is lost when the engine is
 * slow.
 */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { EVENTS_MAX, LinkInbox } from "../actors/gateway/link-inbox.js";
import type { LinkRequest } from "../feeds/orders/link.js";
import { START_US } from "./support/engine.js";
import { FRESH, INSTRUMENTS, ok, venueOrder, venueTrade } from "./support/gateway.js";
import { AgentRig, type AgentRigParts } from "./support/gateway-agent.js";

/** An agent whose venue answers every read at once with an empty account. */
function start(parts: Partial<AgentRigParts> = {}): { rig: AgentRig; sent: LinkRequest[] } {
  const sent: LinkRequest[] = [];
  const inbox = new LinkInbox(() => {});
  const send = (request: LinkRequest): void => {
    if (request.kind === "submit" || request.kind === "cancel") sent.push(request);
    else inbox.onAnswer({ requestId: request.requestId, outcome: ok() });
  };
  const settings = { watchUs: 1e12, idleWatchUs: 1e12 };
  const nowUs = () => START_US;
  const rig = new AgentRig({ instruments: INSTRUMENTS, recovery: FRESH, send, inbox, nowUs, settings, ...parts });
  inbox.onEvent({ kind: "up" });
  while (rig.work() > 0);
  return { rig, sent };
}

test("a fresh start is reconciled and told", () => {
  const { rig } = start();
  expect(rig.words()).toEqual(["position 0 0", "position 1 0", "reconciled 0"]);
  expect(rig.counters.get("gateway.reconciled")).toBe(1);
});

test("no command leaves before the journal has passed its record", () => {
  const { rig, sent } = start();
  rig.submit({ orderId: 1 });
  rig.work();
  expect(sent).toEqual([]);
  rig.sync();
  rig.work();
  expect(sent).toMatchObject([{ kind: "submit", clientOrderId: "00010001" }]);
});

test("an answer becomes a report in the engine's ring", () => {
  const { rig, sent } = start();
  rig.words();
  rig.submit({ orderId: 1 });
  rig.sync();
  rig.work();
  rig.inbox.onAnswer({ requestId: sent[0]!.requestId, outcome: ok({ orders: [venueOrder()] }) });
  rig.work();
  expect(rig.words()).toEqual(["order 1 Accepted None"]);
});

test("reports wait for a full ring and arrive all, in their order", () => {
  const { rig, sent } = start({ reportBytes: 4_096 });
  rig.words();
  rig.submit({ orderId: 1, qtyLots: 500 });
  rig.sync();
  rig.work();
  const placed = venueOrder({ qty: "0.500", filledQty: "0.200", status: "PARTIALLY_FILLED" });
  const trades = Array.from({ length: 200 }, (_, at) => venueTrade({ tradeId: at + 1 }));
  rig.inbox.onAnswer({ requestId: sent[0]!.requestId, outcome: ok({ orders: [placed], trades }) });
  rig.agent.work();
  expect(rig.counters.get("gateway.waiting")).toBeGreaterThan(100);
  rig.listen(1);
  while (rig.work() > 0);
  expect(rig.words()).toEqual(["order 1 Accepted None", ...trades.map(({ tradeId }) => `fill 1 #${tradeId} 1`)]);
});

test("when no more reports can wait it says so, for trading to be halted", () => {
  const { rig, sent } = start({ reportBytes: 4_096 });
  rig.words();
  rig.submit({ orderId: 1, qtyLots: 50_000 });
  rig.sync();
  rig.work();
  expect(rig.counters.get("gateway.overfull")).toBe(0);
  const placed = venueOrder({ qty: "50.000", filledQty: "33.000", status: "PARTIALLY_FILLED" });
  const trades = Array.from({ length: 33_000 }, (_, at) => venueTrade({ tradeId: at + 1 }));
  rig.inbox.onAnswer({ requestId: sent[0]!.requestId, outcome: ok({ orders: [placed], trades }) });
  rig.agent.work();
  expect(rig.counters.get("gateway.overfull")).toBe(1);
  rig.listen(1);
  while (rig.work() > 0);
  expect(rig.counters.get("gateway.overfull")).toBe(0);
  expect(rig.words()).toHaveLength(33_001);
});

test("an inbox that is full leaves events out and asks for what they said", () => {
  const asked: string[] = [];
  const inbox = new LinkInbox(() => {});
  const send = ({ kind, requestId }: LinkRequest): void => {
    asked.push(kind);
    inbox.onAnswer({ requestId, outcome: ok() });
  };
  const { rig } = start({ inbox, send });
  inbox.onEvent({ kind: "up" });
  while (rig.work() > 0);
  asked.length = 0;
  const foreign = { kind: "order", order: venueOrder({ clientOrderId: "web_1" }), trade: null } as const;
  for (let count = 0; count < EVENTS_MAX; count += 1) inbox.onEvent(foreign);
  expect(inbox.dropped).toBe(0);
  inbox.onEvent(foreign);
  expect(inbox.dropped).toBe(1);
  while (rig.work() > 0);
  expect(asked.sort()).toEqual(["open-orders", "open-orders", "trades", "trades"]);
});

describe("a crash point", () => {
  const crash = (point: string | undefined): string => {
    const url = new URL("../dist/actors/crash-point.js", import.meta.url).href;
    const text = `import { crashPoint } from ${JSON.stringify(url)};
      for (let pass = 1; pass <= 5; pass += 1) { crashPoint("gateway.answer"); console.log(pass); }`;
    const env = { ...process.env, SLUICE_CRASH_POINT: point };
    const { stdout, signal } = spawnSync(process.execPath, ["--input-type=module", "-e", text], {
      env,
      encoding: "utf8",
    });
    return `${stdout.trim().split("\n").at(-1)} ${signal}`;
  };

  test("ends the process at its n-th passage, and does nothing otherwise", () => {
    expect(crash("gateway.answer:3")).toBe("2 SIGKILL");
    expect(crash("gateway.fill:1")).toBe("5 null");
    expect(crash(undefined)).toBe("5 null");
  });
});
