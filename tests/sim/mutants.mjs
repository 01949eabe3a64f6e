/**
 * Deliberate bugs, each a few lines of the product rewritten on their way into the bundle; the product itself carries
 * no switches. A line that is not there any more is an error, so that no mutant is ever the product unchanged. A
 * simulator that does not catch them all is broken.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const MUTANTS = [
  {
    name: "fills-not-deduplicated",
    what: "a fill is booked as often as it is reported, by gateway and engine alike",
    edits: [
      [
        "engine/orders/on-report.ts",
        "if (seenTrades.hasFrom(traded, views.f64, (at + FILL_REPORT_TRADE_ID) >> 3)) return;",
        "",
      ],
      [
        "feeds/orders/order-keeper.ts",
        /if \(this\.seen\.has\(order\.instrument, trade\.tradeId\)\) \{/,
        "if (false) {",
      ],
    ],
  },
  {
    name: "sent-before-safe",
    what: "the gateway reads commands past the journal's cursor",
    edits: [
      ["tests/sim/process/gateway.ts", 'memory.logReader("gateway", ["journal"])', 'memory.logReader("gateway")'],
    ],
  },
  {
    name: "released-before-sync",
    what: "the journal lets a command go when it is written, in durable mode too",
    edits: [["actors/journal/journal-agent.ts", /if \(!this\.isFast\) [\w.]+\(\);/, ""]],
  },
  {
    name: "server-error-taken-for-rejection",
    what: "an HTTP 5xx is believed to mean that the order is not there",
    edits: [
      [
        "feeds/orders/outcomes.ts",
        "{ status: [500, 999], verdict: Verdict.Unknown,",
        "{ status: [500, 999], verdict: Verdict.Rejected,",
      ],
    ],
  },
  {
    name: "one-off-in-the-join",
    what: "a snapshot may end one update before the first that waits",
    edits: [
      ["feeds/sync/binance.ts", "if (lastId + 1 < this.firstWaitingId) {", "if (lastId + 2 < this.firstWaitingId) {"],
    ],
  },
  {
    name: "one-off-in-the-sequence",
    what: "an update may leave out one id",
    edits: [["feeds/sync/binance.ts", "firstId === newestId + 1 ||", "firstId <= newestId + 2 ||"]],
  },
  {
    name: "fill-applied-twice",
    what: "a fill moves the position twice",
    edits: [
      [
        "engine/orders/on-report.ts",
        "positions.applyFill(strategy, instrument, orders.side[row], fill);",
        "positions.applyFill(strategy, instrument, orders.side[row], fill);\n" +
          "  positions.applyFill(strategy, instrument, orders.side[row], fill);",
      ],
    ],
  },
  {
    name: "unknown-not-counted",
    what: "an order of unknown fate does not count toward the limits",
    edits: [
      [
        "engine/orders/order-table.ts",
        "(1 << OrderStatus.PendingCancel) |\n  (1 << OrderStatus.Unknown);",
        "(1 << OrderStatus.PendingCancel);",
      ],
    ],
  },
  {
    name: "stale-book-shown",
    what: "strategies are shown a book whatever its feed says",
    edits: [["engine/strategy/dispatch.ts", "if (!market.isLive(instrument) || market.books", "if (market.books"]],
  },
  {
    name: "timer-fired-twice",
    what: "a timer is fired twice for one moment",
    edits: [
      [
        "engine/strategy/dispatch.ts",
        'call(host, "onTimer", host.definition.onTimer, host.timer);',
        'call(host, "onTimer", host.definition.onTimer, host.timer);\n' +
          '    call(host, "onTimer", host.definition.onTimer, host.timer);',
      ],
    ],
  },
  {
    name: "sent-again-after-silence",
    what: "a submit without an answer is sent again",
    edits: [
      [
        "feeds/orders/gateway.ts",
        /\(heard, atUs\) =>\s*this\.onSubmitted\(order, heard, atUs\),/,
        "(heard, atUs) => heard.verdict === Verdict.Unknown\n" +
          "      ? this.requests.ask(request, atUs, (again, laterUs) => this.onSubmitted(order, again, laterUs))\n" +
          "      : this.onSubmitted(order, heard, atUs),",
      ],
      [
        "feeds/orders/gateway.ts",
        "this.requests.ask(submission(views, at, instrument, text), nowUs,",
        "const request = submission(views, at, instrument, text);\n    this.requests.ask(request, nowUs,",
      ],
    ],
  },
  {
    name: "cut-behind-the-last-record",
    what: "recovery cuts off a part of the last whole record",
    edits: [["actors/journal/settle-tail.ts", "disk.truncate(file, byte);", "disk.truncate(file, byte - 64);"]],
  },
  {
    name: "order-ids-used-again",
    what: "a new life goes on where the recovered order ids end",
    edits: [["engine/life.ts", "export const ORDER_IDS_SKIPPED = 65_536;", "export const ORDER_IDS_SKIPPED = 0;"]],
  },
  {
    name: "late-fill-dropped",
    what: "a fill that comes after the cancel is not booked",
    edits: [
      [
        "engine/orders/on-report.ts",
        "if (row < 0 || !isFillOf(fill, orders, row))",
        "if (row < 0 || !isWorking(orders.status[row]) || !isFillOf(fill, orders, row))",
      ],
    ],
  },
  {
    name: "orders-sent-while-halted",
    what: "the gate lets orders pass while trading is halted",
    edits: [
      [
        "engine/risk/pretrade.ts",
        "if (state === TradingState.Halted || (state !== TradingState.Active && !exit))",
        "if (false)",
      ],
    ],
  },
  {
    name: "outputs-not-completed",
    what: "recovery forgets the outputs that the journal has not got",
    edits: [["actors/engine/complete-input.ts", "log.commit();", "log.abort();"]],
  },
  {
    name: "failed-sync-believed",
    what: "after a sync that failed the journal only syncs again",
    edits: [["actors/journal/committer.ts", 'this.doubt = "discard";', ""]],
  },
  {
    name: "tail-not-synced",
    what: "recovery goes on from records that a loss of power may still take",
    edits: [
      [
        "actors/journal/settle-tail.ts",
        "disk.truncate(file, byte);\n    disk.sync(file);",
        "disk.truncate(file, byte);",
      ],
    ],
  },
];

/** An esbuild plugin that makes a mutant's edits; throws when one does not fit. */
export function mutation({ name, edits }, root) {
  const texts = new Map();
  for (const [file, find, replacement] of edits) {
    const text = texts.get(file) ?? readFileSync(join(root, file), "utf8");
    const found =
      typeof find === "string" ? text.split(find).length - 1 : (text.match(new RegExp(find, "g")) ?? []).length;
    if (found !== 1)
      throw new Error(`mutant ${name}: its line is in ${file} ${found} times; look at tests/sim/mutants.mjs`);
    texts.set(
      file,
      text.replace(find, () => replacement),
    );
  }
  return {
    name,
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const edited = [...texts].find(([file]) => path === join(root, file));
        return edited && { contents: edited[1], loader: "ts" };
      });
    },
  };
}
