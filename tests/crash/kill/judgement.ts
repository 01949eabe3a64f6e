/**
 * The venue's truth against the engine's: what was filled, ordered, held and left open at the venue, and what the
 * journal says of it. Both start from the same moment, in which the account held nothing of ours.
 */
import { type EngineConfig, type Instrument, isWorking, makeInstrument, moneyFromText } from "../../../engine/index.js";
import { unitsFromText } from "../../../engine/units.js";
import type { Truth, TruthTrade } from "../../../feeds/local-venue/orders/truth.js";
import { Side } from "../../../schemas/index.js";
import type { AppliedFill, JournalView } from "./journal-view.js";

export interface Judgement {
  readonly orders: number;
  readonly fills: number;
  readonly fillsLost: number;
  readonly fillsDoubled: number;
  /** Applied, but not as the venue has them. */
  readonly fillsWrong: number;
  readonly ordersDoubled: number;
  /** Sent, though no command for them is in the journal. */
  readonly ordersUnrecorded: number;
  /** Open at the venue, and the engine believes otherwise or does not know them; or the other way round. */
  readonly ordersAstray: number;
  readonly positionsWrong: number;
  /** A line for each of the above, as far as there is room. */
  readonly faults: readonly string[];
}

const OPEN = ["NEW", "PARTIALLY_FILLED"];

export function judge(truth: Truth, view: JournalView): Judgement {
  const instruments = instrumentsOf(view.config!);
  const faults: string[] = [];
  const count = (lines: readonly string[]): number => {
    faults.push(...lines);
    return lines.length;
  };
  const applied = byTrade(view.fills, instruments);
  return {
    orders: Object.keys(truth.submissions).length,
    fills: truth.trades.length,
    fillsLost: count(truth.trades.filter((each) => !applied.has(keyOf(each))).map((each) => `lost: ${told(each)}`)),
    fillsDoubled: count([...applied].filter(([, fills]) => fills.length > 1).map(([key]) => `applied twice: ${key}`)),
    fillsWrong: count(wrongFills(truth.trades, applied, instruments)),
    ordersDoubled: count(
      Object.entries(truth.submissions).flatMap(([id, times]) => (times > 1 ? [`sent ${times} times: ${id}`] : [])),
    ),
    ordersUnrecorded: count(
      Object.keys(truth.submissions).flatMap((id) => (view.submitted.has(id) ? [] : [`not in the journal: ${id}`])),
    ),
    ordersAstray: count(astray(truth, view)),
    positionsWrong: count(wrongPositions(truth.trades, view, instruments)),
    faults,
  };
}

const instrumentsOf = ({ instruments }: EngineConfig): Instrument[] =>
  instruments.map((spec, index) => makeInstrument(spec, index));

const keyOf = ({ symbol, id }: TruthTrade): string => `${symbol} ${id}`;
const told = (trade: TruthTrade): string =>
  `${keyOf(trade)} of ${trade.clientOrderId}, ${trade.side} ${trade.quantity}`;

function byTrade(fills: readonly AppliedFill[], instruments: readonly Instrument[]): Map<string, AppliedFill[]> {
  const found = new Map<string, AppliedFill[]>();
  for (const fill of fills) {
    const key = `${instruments[fill.instrument].venueSymbol} ${fill.tradeId}`;
    found.set(key, [...(found.get(key) ?? []), fill]);
  }
  return found;
}

/** Fills that differ from the venue's trade, and fills of trades that the venue does not have. */
function wrongFills(
  trades: readonly TruthTrade[],
  applied: ReadonlyMap<string, AppliedFill[]>,
  instruments: readonly Instrument[],
): string[] {
  const known = new Map(trades.map((trade) => [keyOf(trade), trade]));
  return [...applied].flatMap(([key, [fill]]) => {
    const trade = known.get(key);
    if (!trade) return [`not a trade of the venue: ${key}`];
    const is = [fill.side, fill.priceTicks, fill.qtyLots, fill.feeMoney].join(" ");
    const was = inUnits(trade, instruments[fill.instrument]);
    return is === was ? [] : [`${key} was applied as ${is}, and is ${was}`];
  });
}

/** Side, ticks, lots and money. */
function inUnits({ side, price, quantity, commission }: TruthTrade, { tick, lot }: Instrument): string {
  const numbers = [unitsFromText(price, tick), unitsFromText(quantity, lot), moneyFromText(commission)];
  return [side === "BUY" ? Side.Buy : Side.Sell, ...numbers].join(" ");
}

function astray({ orders }: Truth, view: JournalView): string[] {
  const openThere = new Set(orders.filter(({ status }) => OPEN.includes(status)).map((each) => each.clientOrderId));
  const workingHere = new Set([...view.orders].filter(([, each]) => isWorking(each.status)).map(([text]) => text));
  const unknownHere = [...openThere].filter((text) => !workingHere.has(text));
  const unknownThere = [...workingHere].filter((text) => !openThere.has(text));
  return [
    ...unknownHere.map((text) => `open at the venue, and not here: ${text}`),
    ...unknownThere.map((text) => `working here, and not open at the venue: ${text}`),
  ];
}

/** Nothing was held at the start, so the sums of all trades are what is held. */
function wrongPositions(
  trades: readonly TruthTrade[],
  view: JournalView,
  instruments: readonly Instrument[],
): string[] {
  return instruments.flatMap(({ venueSymbol, index, lot }) => {
    const signed = ({ symbol, side, quantity }: TruthTrade): number =>
      symbol === venueSymbol ? (side === "BUY" ? 1 : -1) * unitsFromText(quantity, lot) : 0;
    const there = sum(trades, signed);
    const here = sum([...view.positions.values()], ({ instrument, lots }) => (instrument === index ? lots : 0));
    return there === here ? [] : [`${venueSymbol}: ${here} lots are held, and ${there} by the venue's trades`];
  });
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);
