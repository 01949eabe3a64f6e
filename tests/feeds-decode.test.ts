/** The decoder believes exactly the frames that a slow, independent reading of the same bytes believes. */
import { describe, expect, test } from "vitest";
import { BinanceDecoder, DROPPED, Outcome } from "../feeds/binance/decode.js";
import { DropReason } from "../feeds/feed-counters.js";
import { capturedFrames, Differential } from "./support/decoder-differential.js";
import { BTC } from "./support/feed.js";

const frames = capturedFrames();

test("every captured frame is decoded, and as the reference reads it", () => {
  const differential = new Differential();
  for (const frame of frames) {
    expect(differential.check(frame)).toBeLessThan(DROPPED);
    differential.check(frame.slice(frame.indexOf('"data":') + 7, -1));
  }
  const { Trade, Quote, Depth } = Outcome;
  expect([...differential.outcomes.keys()].sort()).toEqual([Trade, Quote, Depth]);
}, 120_000);

test("damaged frames are judged as the reference judges them", () => {
  const differential = new Differential();
  differential.checkMutations(frames, 30_000, 20_240_808);
  const { Malformed, WrongSymbol, OffTick, OutOfRange, UnknownType } = DropReason;
  for (const reason of [Malformed, WrongSymbol, OffTick, OutOfRange, UnknownType]) {
    expect(differential.outcomes.get(DROPPED + reason), `reason ${reason}`).toBeGreaterThan(20);
  }
  for (const outcome of [Outcome.Trade, Outcome.Quote, Outcome.Depth]) {
    expect(differential.outcomes.get(outcome), `outcome ${outcome}`).toBeGreaterThan(1000);
  }
}, 120_000);

describe("a trade", () => {
  const decoder = new BinanceDecoder([BTC]);
  const decode = (text: string) => decoder.decode(Buffer.from(text), Buffer.byteLength(text));
  const trade = (price: string, quantity = "1") =>
    `{"e":"trade","E":1,"s":"BTCUSDT","t":7,"p":${price},"q":"${quantity}","T":1,"m":true,"M":true}`;
  // biome-ignore format: a table
  const PRICES: [price: string, outcome: number][] = [
    ['"61837.63000000"', Outcome.Trade],
    ['"61837.63"', Outcome.Trade],
    ['"61837"', Outcome.Trade],
    ['"21474836.47"', Outcome.Trade],
    ['"21474836.48"', DROPPED + DropReason.OutOfRange],
    ['"61837.631"', DROPPED + DropReason.OffTick],
    ['"61837.63000001"', DROPPED + DropReason.OffTick],
    ['"0.00"', DROPPED + DropReason.OutOfRange],
    ['"-1.00"', DROPPED + DropReason.Malformed],
    ['"1e3"', DROPPED + DropReason.Malformed],
    ['"NaN"', DROPPED + DropReason.Malformed],
    ['""', DROPPED + DropReason.Malformed],
    ['"1."', DROPPED + DropReason.Malformed],
    ['".5"', DROPPED + DropReason.Malformed],
    ["61837.63", DROPPED + DropReason.Malformed],
    ["null", DROPPED + DropReason.Malformed],
  ];
  test.each(PRICES)("at a price of %s has outcome %i", (price, outcome) => {
    expect(decode(trade(price))).toBe(outcome);
  });

  test("of a quantity finer than a lot is off-tick, and of nothing out of range", () => {
    expect(decode(trade('"1.00"', "0.000011"))).toBe(DROPPED + DropReason.OffTick);
    expect(decode(trade('"1.00"', "0.00000"))).toBe(DROPPED + DropReason.OutOfRange);
  });

  test("cut off anywhere is malformed, whatever bytes lie behind it", () => {
    const text = trade('"1.00"');
    const bytes = Buffer.from(text.repeat(2));
    for (let length = 0; length < text.length; length += 1) {
      expect(decoder.decode(bytes, length)).toBe(DROPPED + DropReason.Malformed);
    }
    expect(decoder.decode(bytes, text.length)).toBe(Outcome.Trade);
  });
});

describe("a depth update", () => {
  const decoder = new BinanceDecoder([BTC]);
  const depth = (bids: string[], asks: string[] = []) =>
    `{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":1,"u":2,"b":[${bids}],"a":[${asks}]}`;
  const decode = (text: string) => decoder.decode(Buffer.from(text), Buffer.byteLength(text));

  test("with 5000 levels a side is decoded, with one more oversized", () => {
    const levels = Array.from({ length: 5000 }, (_, level) => `["${level + 1}.00","1"]`);
    expect(decode(depth(levels, levels))).toBe(Outcome.Depth);
    expect([decoder.bids.count, decoder.asks.count, decoder.asks.ticks[4999]]).toEqual([5000, 5000, 500_000]);
    expect(decode(depth([...levels, levels[0]]))).toBe(DROPPED + DropReason.Oversized);
    new Differential().check(depth([], [...levels, levels[0]]));
  });

  test("counts only whole lots of a quantity that is finer, and says so", () => {
    expect(decode(depth(['["1.00","0.00001999"]', '["2.00","0.00000999"]', '["3.00","0.00002000"]']))).toBe(
      Outcome.Depth,
    );
    expect([...decoder.bids.lots.subarray(0, 3)]).toEqual([1, 0, 2]);
    expect(decoder.rounded).toBe(2);
  });
});

test("replies to requests and refusals are told apart", () => {
  const decoder = new BinanceDecoder([BTC]);
  const decode = (text: string) => decoder.decode(Buffer.from(text), Buffer.byteLength(text));
  expect(decode('{"result":null,"id":1}')).toBe(Outcome.Reply);
  expect(decode('{"error":{"code":2,"msg":"Invalid request: \\"x\\""},"id":1}')).toBe(Outcome.Refusal);
  expect(decode('{"e":"serverShutdown","E":1}')).toBe(DROPPED + DropReason.UnknownType);
});
