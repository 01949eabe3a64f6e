/** Runs the decoder and the slow reference over the same bytes and insists that they find the same. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { BinanceDecoder, Outcome } from "../../feeds/binance/decode.js";
import { Field } from "../../feeds/binance/fields.js";
import type { LevelList } from "../../feeds/level-list.js";
import { bundledCaptureDirectory } from "../../feeds/local-venue/capture.js";
import { meaningOf } from "./binance-reference.js";
import { BTC, ETH } from "./feed.js";
import { mutate } from "./frame-mutations.js";
import { wordsFrom } from "./numbers.js";

const INSTRUMENTS = [BTC, ETH];

/** The frames of the bundled captures as received, wrapped with their stream's name. */
export function capturedFrames(directory = bundledCaptureDirectory(), names = ["btcusdt.gz", "ethusdt.gz"]): string[] {
  return names.flatMap((name) =>
    gunzipSync(readFileSync(join(directory, name)))
      .toString("latin1")
      .split("\n")
      .filter((line) => line.includes('"stream"'))
      .map((line) => line.slice(line.indexOf("{"))),
  );
}

export class Differential {
  /** How often each outcome was found. */
  readonly outcomes = new Map<number, number>();
  private readonly decoder = new BinanceDecoder(INSTRUMENTS);

  /** Throws with the frame when the two differ. */
  check(text: string): number {
    const bytes = Buffer.from(text, "latin1");
    const expected = meaningOf(text, INSTRUMENTS);
    const outcome = this.decoder.decode(bytes, bytes.length);
    const numbers = this.numbersOf(outcome);
    const same =
      numbers.length === expected.numbers.length && numbers.every((value, at) => value === expected.numbers[at]);
    if (outcome !== expected.outcome || !same) {
      throw new Error(
        `decoder ${outcome} [${numbers}], reference ${expected.outcome} [${expected.numbers}]: ${JSON.stringify(text)}`,
      );
    }
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    return outcome;
  }

  checkMutations(frames: readonly string[], count: number, seed: number): void {
    const next = wordsFrom(seed);
    const draw = (below: number) => next() % below;
    for (let done = 0; done < count; done += 1) this.check(mutate(frames[draw(frames.length)], draw));
  }

  private numbersOf(outcome: number): number[] {
    const { values, bids, asks } = this.decoder;
    const read = (...fields: number[]) => fields.map((field) => values[field]);
    const {
      EventTime,
      TradeTime,
      TradeId,
      BuyerIsMaker,
      Price,
      Quantity,
      LastId,
      FirstId,
      Bid,
      BidQuantity,
      Ask,
      AskQuantity,
    } = Field;
    switch (outcome) {
      case Outcome.Trade:
        return read(EventTime, TradeTime, TradeId, BuyerIsMaker, Price, Quantity);
      case Outcome.Quote:
        return read(LastId, Bid, BidQuantity, Ask, AskQuantity);
      case Outcome.Depth:
        return [...read(EventTime, FirstId, LastId), ...sideOf(bids), ...sideOf(asks)];
      default:
        return [];
    }
  }
}

function sideOf({ count, ticks, lots }: LevelList): number[] {
  return [count, ...Array.from({ length: count }, (_, level) => [ticks[level], lots[level]]).flat()];
}
