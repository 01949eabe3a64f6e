/**
 * The promises of the local venue's replay: the first loop is the recording to the byte, and no client can tell from
 * ids, times or books where one loop ends and the next begins.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bundledCaptureDirectory, loadCapture } from "../feeds/local-venue/capture.js";
import { Replay } from "../feeds/local-venue/replay.js";
import type { VenueFrame } from "../feeds/local-venue/symbol-replay.js";
import { canonicalDecimal, compareDecimals, type Level, VenueBook } from "../feeds/local-venue/venue-book.js";

const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const capture = loadCapture();
/** A loop, and the two frames per symbol that lead into the next. */
const LOOP_FRAMES = capture.frames.length + 2 * SYMBOLS.length;

describe("the recording", () => {
  test("the first loop repeats the recorded bytes of every frame, in recorded order", () => {
    const replay = new Replay(capture);
    const played = take(replay, capture.frames.length);
    for (const symbol of SYMBOLS) {
      const texts = played.filter((frame) => frame.symbol === symbol).map((frame) => frame.text);
      expect(texts.join("\n")).toBe(recordedPayloads(symbol).join("\n"));
    }
  });

  test("a recording that is no capture is refused by name", () => {
    withDirectory((directory) => {
      expect(() => loadCapture(directory)).toThrow(/no capture \(<symbol>\.gz\) in/);
      const lines = ['1723161254000000000 {"lastUpdateId":1,"bids":[],"asks":[]}', "1723161254000000001 {}"];
      writeFileSync(join(directory, "btcusdt.gz"), gzipSync(lines.join("\n")));
      expect(() => loadCapture(directory)).toThrow(/the capture of BTCUSDT holds a line that is no frame of it/);
    });
  });

  test("trimming keeps the snapshot, what it does not contain and the window, each line as it was", () => {
    const line = (ms: number, json: string) => `1723161254${String(ms).padStart(3, "0")}000000 ${json}`;
    const update = (u: number) => `{"stream":"btcusdt@depth@100ms","data":{"E":1,"U":${u},"u":${u},"b":[],"a":[]}}`;
    const trade = '{"stream":"btcusdt@trade","data":{"E":1,"t":1,"T":1}}';
    const snapshot = line(500, '{"lastUpdateId":10,"bids":[],"asks":[]}');
    const raw = [line(100, update(10)), line(200, update(11)), line(300, trade), snapshot, line(900, trade)];
    const late = line(0, update(12)).replace("1723161254", "1723161255");
    withDirectory((directory) => {
      const [from, to] = [join(directory, "raw.gz"), join(directory, "out.gz")];
      writeFileSync(from, gzipSync([...raw, late].join("\n")));
      const script = fileURLToPath(new URL("../feeds/local-venue/trim-capture.mjs", import.meta.url));
      execFileSync(process.execPath, [script, from, to, "--seconds", "1"]);
      expect(gunzipSync(readFileSync(to)).toString()).toBe(`${[snapshot, raw[1], raw[4]].join("\n")}\n`);
    });
  });
});

describe("over three loops", () => {
  const replay = new Replay(capture);
  const dues: number[] = [];
  const frames = Array.from({ length: 3 * LOOP_FRAMES }, () => {
    dues.push(replay.dueUs);
    return replay.next();
  });
  const payloads = (symbol: string, kind: VenueFrame["kind"]) =>
    frames.filter((frame) => frame.symbol === symbol && frame.kind === kind).map((frame) => JSON.parse(frame.text));

  test.each(SYMBOLS)("every depth update of %s continues where the one before it ended", (symbol) => {
    const updates = payloads(symbol, "depth");
    expect(updates.filter(({ U, u }) => U > u)).toEqual([]);
    expect(updates.filter(({ U }, index) => index > 0 && U !== updates[index - 1].u + 1)).toEqual([]);
  });

  test.each(SYMBOLS)("trade ids of %s leave no gap and bookTicker ids never repeat", (symbol) => {
    const trades = payloads(symbol, "trade").map(({ t }) => t);
    expect(trades.filter((id, index) => index > 0 && id !== trades[index - 1] + 1)).toEqual([]);
    const tickers = payloads(symbol, "bookTicker").map(({ u }) => u);
    expect(tickers.filter((id, index) => index > 0 && id <= tickers[index - 1])).toEqual([]);
  });

  test.each(SYMBOLS)("event times of %s never go back", (symbol) => {
    for (const kind of ["depth", "trade"] as const) {
      const times = payloads(symbol, kind).map(({ E }) => E);
      expect(times.filter((time, index) => index > 0 && time < times[index - 1])).toEqual([]);
    }
  });

  test("due times never go back, and each loop is due one period after the one before", () => {
    expect(dues.filter((due, index) => index > 0 && due < dues[index - 1]!)).toEqual([]);
    expect(dues[capture.frames.length]).toBe(capture.periodUs);
    expect(dues[LOOP_FRAMES]! - dues[0]!).toBe(capture.periodUs);
    expect(dues[2 * LOOP_FRAMES]! - dues[0]!).toBe(2 * capture.periodUs);
  });
});

test("wherever a capture ends, even with tickers ahead of the last update, ids stay continuous over the seam", () => {
  for (let length = 400; length < 460; length++) {
    const replay = new Replay({ ...capture, frames: capture.frames.slice(0, length) });
    const last = new Map<string, number>();
    for (const { symbol, kind, text } of take(replay, 2 * length + 8)) {
      if (kind === "trade") continue;
      const { U, u } = JSON.parse(text);
      const before = last.get(symbol + kind) ?? 0;
      if (kind === "depth" && before > 0) expect(U).toBe(before + 1);
      expect(u).toBeGreaterThan(before);
      last.set(symbol + kind, u);
    }
  }
});

describe("the true book", () => {
  test.each(SYMBOLS)("a client that follows the protocol rebuilds the book of %s over two loops", (symbol) => {
    const replay = new Replay(capture);
    const client = new ClientBook(replay.book(symbol)!.snapshot(5000));
    let updates = 0;
    for (let i = 0; i < 2 * LOOP_FRAMES; i++) {
      const frame = replay.next();
      if (frame.symbol !== symbol || frame.kind !== "depth") continue;
      client.apply(JSON.parse(frame.text));
      expect(client.id).toBe(replay.book(symbol)!.lastUpdateId);
      if (++updates % 50 === 0) expect(client.levels()).toEqual(scaled(replay.book(symbol)!));
    }
    expect(updates).toBeGreaterThan(2000);
    expect(client.levels()).toEqual(scaled(replay.book(symbol)!));
  });

  test.each(SYMBOLS)("a client that joins just before, in or after a seam ends with the same book of %s", (symbol) => {
    const replay = new Replay(capture);
    take(replay, capture.frames.length - 400);
    const clients: ClientBook[] = [];
    for (let i = 0; i < 1000; i++) {
      if (i % 7 === 0) clients.push(new ClientBook(replay.book(symbol)!.snapshot()));
      const frame = replay.next();
      if (frame.symbol !== symbol || frame.kind !== "depth") continue;
      for (const client of clients) client.apply(JSON.parse(frame.text));
    }
    const truth = scaled(replay.book(symbol)!);
    for (const client of clients) expect(client.levels()).toEqual(truth);
  });

  test.each(SYMBOLS)("at the seam the book of %s is the first book again, and the bookTicker says so", (symbol) => {
    const replay = new Replay(capture);
    const first = replay.book(symbol)!.snapshot();
    take(replay, capture.frames.length);
    const seam = take(replay, 2 * SYMBOLS.length).filter((frame) => frame.symbol === symbol);
    expect(seam.map((frame) => frame.kind)).toEqual(["depth", "bookTicker"]);
    const { lastUpdateId, bids, asks } = replay.book(symbol)!.snapshot();
    expect({ bids, asks }).toEqual({ bids: first.bids, asks: first.asks });
    const [[b, B], [a, A]] = [bids[0]!, asks[0]!];
    expect(JSON.parse(seam[1]!.text)).toEqual({ u: lastUpdateId, s: symbol, b, B, a, A });
    const { b: changedBids, a: changedAsks } = JSON.parse(seam[0]!.text);
    expect([...changedBids, ...changedAsks].some(([, quantity]: Level) => quantity === "0.00000000")).toBe(true);
  });

  test("the best prices after an update of ETHUSDT are those of the venue's own bookTicker", () => {
    const replay = new Replay(capture);
    const book = replay.book("ETHUSDT")!;
    const tickers: { u: number; b: string; B: string; a: string; A: string }[] = [];
    let compared = 0;
    for (let i = 0; i < 2 * LOOP_FRAMES; i++) {
      const frame = replay.next();
      if (frame.symbol !== "ETHUSDT") continue;
      if (frame.kind === "bookTicker") tickers.push(JSON.parse(frame.text));
      const ticker = tickers.findLast(({ u }) => u <= book.lastUpdateId);
      if (frame.kind !== "depth" || !ticker || i % 4 !== 0) continue;
      compared++;
      expect([book.bestBid(), book.bestAsk()]).toEqual([
        [ticker.b, ticker.B],
        [ticker.a, ticker.A],
      ]);
    }
    expect(compared).toBeGreaterThan(400);
  });
});

describe("decimals", () => {
  const decimal = fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.nat({ max: 3 }), fc.boolean())
    .map(([units, zeros, trim]) => ({ units, text: "0".repeat(zeros) + print(units, trim) }));

  test("the canonical form keeps the value and is one for equal values", () => {
    fc.assert(fc.property(decimal, ({ units, text }) => canonicalDecimal(text) === print(units, false)));
  });

  test("canonical decimals compare as the numbers they are", () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const order = compareDecimals(canonicalDecimal(a.text), canonicalDecimal(b.text));
        expect(Math.sign(order)).toBe(a.units < b.units ? -1 : a.units > b.units ? 1 : 0);
      }),
    );
  });

  test.each(["", ".5", "-1", "1e5", "1.123456789", "NaN", " 1"])("%j is refused", (text) => {
    expect(() => canonicalDecimal(text)).toThrow(/must be a decimal/);
  });

  test("a level is one level however its price is written", () => {
    const book = new VenueBook({ lastUpdateId: 1, bids: [["5.10", "1"]], asks: [["06", "2.50"]] });
    book.apply({ u: 2, b: [["5.1", "0"]], a: [["6.0", "3"]] });
    expect(book.snapshot()).toEqual({ lastUpdateId: 2, bids: [], asks: [["6.00000000", "3.00000000"]] });
  });
});

/** A book kept by the venue's protocol with integers for keys: nothing in common with the one under test. */
class ClientBook {
  id: number;
  readonly #sides: readonly [Map<bigint, bigint>, Map<bigint, bigint>] = [new Map(), new Map()];
  #joined = false;

  constructor(snapshot: { lastUpdateId: number; bids: readonly Level[]; asks: readonly Level[] }) {
    this.id = snapshot.lastUpdateId;
    this.#set(0, snapshot.bids);
    this.#set(1, snapshot.asks);
  }

  apply({ U, u, b, a }: { U: number; u: number; b: Level[]; a: Level[] }): void {
    if (u <= this.id) return;
    if (this.#joined ? U !== this.id + 1 : U > this.id + 1) throw new Error(`gap: at ${this.id}, then ${U}`);
    this.#joined = true;
    this.#set(0, b);
    this.#set(1, a);
    this.id = u;
  }

  levels(): [bigint, bigint][][] {
    const [bids, asks] = this.#sides.map((side) => [...side].sort(([x], [y]) => (x < y ? -1 : 1)));
    return [bids!.reverse(), asks!];
  }

  #set(side: 0 | 1, levels: readonly Level[]): void {
    for (const [price, quantity] of levels) {
      if (units(quantity) === 0n) this.#sides[side].delete(units(price));
      else this.#sides[side].set(units(price), units(quantity));
    }
  }
}

function scaled(book: VenueBook): [bigint, bigint][][] {
  const { bids, asks } = book.snapshot();
  return [bids, asks].map((side) => side.map(([price, quantity]) => [units(price), units(quantity)]));
}

/** Eight decimals as an integer; recorded prices always have eight. */
function units(text: string): bigint {
  return BigInt(text.replace(".", ""));
}

function print(value: bigint, trim: boolean): string {
  const digits = value.toString().padStart(9, "0");
  const text = `${digits.slice(0, -8)}.${digits.slice(-8)}`;
  return trim ? text.replace(/\.?0+$/, "") : text;
}

function take(replay: Replay, count: number): VenueFrame[] {
  return Array.from({ length: count }, () => replay.next());
}

function recordedPayloads(symbol: string): string[] {
  const file = gunzipSync(readFileSync(join(bundledCaptureDirectory(), `${symbol.toLowerCase()}.gz`))).toString();
  const lines = file.trimEnd().split("\n").slice(1);
  return lines.map((line) => line.slice(line.indexOf('"data":') + '"data":'.length, -1));
}

function withDirectory(work: (directory: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "local-venue-"));
  try {
    work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
