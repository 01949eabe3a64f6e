/**
 * A made-up market as engine inputs: the mid prices of the instruments walk at random by whole ticks, and trades,
 * quotes and books follow them. A seed fixes every byte, on every machine.
 */
import { Side } from "../../schemas/index.js";
import {
  clockAt,
  deltaAt,
  feedAt,
  type Level,
  type Message,
  quoteAt,
  SECOND,
  START_US,
  snapshotAt,
  tradeAt,
} from "./engine.js";
import { wordsFrom } from "./numbers.js";

const DEPTH = 12;
const MID_TICKS = [6_500_000, 350_000] as const;

/**
 * `count` market messages over both instruments, each 1 to 20 ms after the one before, behind snapshots and live feeds.
 */
export function* syntheticMarket(count: number, seed: number): Generator<Message> {
  const next = wordsFrom(seed);
  const draw = (below: number): number => next() % below;
  const mids: number[] = [...MID_TICKS];
  let timeUs = START_US + SECOND;
  for (const instrument of [0, 1]) {
    yield snapshotAt(timeUs, ladder(mids[instrument], -1, draw), ladder(mids[instrument], 1, draw), instrument);
    yield feedAt(timeUs, 2, instrument);
  }
  for (let made = 0; made < count; made += 1) {
    timeUs += 1_000 + draw(19_000);
    const instrument = draw(2);
    const kind = draw(10);
    const before = mids[instrument];
    if (kind >= 5) mids[instrument] += (draw(7) - 3) * (instrument === 0 ? 40 : 2);
    const mid = mids[instrument];
    if (kind < 3)
      yield tradeAt(
        timeUs,
        mid + (kind === 0 ? -1 : 1),
        1 + draw(400),
        kind === 0 ? Side.Sell : Side.Buy,
        instrument,
        made + 1,
      );
    else if (kind < 5) yield quoteAt(timeUs, mid - 1, mid + 1, instrument, 1 + draw(50));
    else if (kind < 9) yield deltaAt(timeUs, moved(before, mid, -1, draw), moved(before, mid, 1, draw), instrument);
    else yield clockAt(timeUs);
    if (kind === 9) yield snapshotAt(timeUs, ladder(mid, -1, draw), ladder(mid, 1, draw), instrument);
  }
}

/** One side of a book around a mid price. */
function ladder(mid: number, sign: 1 | -1, draw: (below: number) => number): Level[] {
  return Array.from({ length: DEPTH }, (_, depth): Level => [mid + sign * (1 + depth), 1 + draw(60)]);
}

/** The changes that move a ladder from one mid price to the next. */
function moved(before: number, mid: number, sign: 1 | -1, draw: (below: number) => number): Level[] {
  const kept = ladder(mid, sign, draw);
  const prices = new Set(kept.map(([price]) => price));
  const gone = ladder(before, sign, () => 0).filter(([price]) => !prices.has(price));
  return [...gone.map(([price]): Level => [price, 0]), ...kept];
}
