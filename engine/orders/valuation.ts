/**
 * What all positions together are worth against what they cost, kept up to date by what changes: a fill moves the sums
 * of its instrument, a market that moved is valued again when
 * somebody asks. So the account's profit costs the same
 * with one strategy and one instrument as with thousands of each.
 *
 * Sums are exact. Of an instrument they hold the lots, long and short, and what those were worth at a reference price
 * less what they cost, which is as small as a profit is; their worth at another price is that and the lots times the
 * difference of the prices.
 */
import type { Instrument } from "../instrument.js";
import { MarkSet } from "../mark-set.js";
import type { Market } from "../market/market.js";
import { checked } from "../money.js";
import type { PositionTable } from "./position-table.js";

const SETTLED = 0;
const UNREALISED = 1;

export class Valuation {
  /** By instrument, over all strategies: positive. */
  readonly longLots: Float64Array;
  /** By instrument, over all strategies: negative. */
  readonly shortLots: Float64Array;
  private readonly instruments: readonly Instrument[];
  private readonly positions: PositionTable;
  /** By instrument: worth at the reference price less cost, money units. */
  private readonly surplusMoney: Float64Array;
  private readonly referenceTicks: Int32Array;
  /** By instrument: as it stands in the total. */
  private readonly unrealisedMoney: Float64Array;
  /** Realised profit less fees, and the sum of what is unrealised. */
  private readonly totals = new Float64Array(2);
  /** Instruments whose part of the total is old. */
  private readonly stale: MarkSet;

  constructor(positions: PositionTable, instruments: readonly Instrument[]) {
    this.positions = positions;
    this.instruments = instruments;
    this.longLots = new Float64Array(instruments.length);
    this.shortLots = new Float64Array(instruments.length);
    this.surplusMoney = new Float64Array(instruments.length);
    this.referenceTicks = new Int32Array(instruments.length);
    this.unrealisedMoney = new Float64Array(instruments.length);
    this.stale = new MarkSet(instruments.length);
  }

  /** Takes a position out of the sums, or puts it in: `sign` is −1 before it changes and 1 after. */
  count(cell: number, instrument: number, sign: number): void {
    const { longLots, shortLots, surplusMoney, referenceTicks, totals } = this;
    const { lots, costMoney, realisedMoney, feesMoney } = this.positions;
    const { moneyPerTickLot } = this.instruments[instrument];
    totals[SETTLED] += sign * (realisedMoney[cell] - feesMoney[cell]);
    this.stale.mark(instrument);
    if (lots[cell] === 0) return;
    // With the first position the reference is near its cost; any would do.
    if (longLots[instrument] === 0 && shortLots[instrument] === 0) {
      referenceTicks[instrument] = Math.round(costMoney[cell] / moneyPerTickLot / lots[cell]);
    }
    const worth = referenceTicks[instrument] * lots[cell] * moneyPerTickLot;
    surplusMoney[instrument] = checked(surplusMoney[instrument] + sign * (checked(worth) - costMoney[cell]));
    if (lots[cell] > 0) longLots[instrument] += sign * lots[cell];
    else shortLots[instrument] += sign * lots[cell];
  }

  /** All sums anew, for whoever has written positions himself. */
  resum(): void {
    const { length } = this.instruments;
    for (const sums of [this.longLots, this.shortLots, this.surplusMoney, this.unrealisedMoney, this.totals])
      sums.fill(0);
    for (let cell = 0; cell < this.positions.lots.length; cell += 1) this.count(cell, cell % length, 1);
    this.stale.markAll();
  }

  /** Position of the whole account in one instrument, in lots. */
  netLots(instrument: number): number {
    return this.longLots[instrument] + this.shortLots[instrument];
  }

  /** Writes the equity of the account against its start into `into[at]`, in money units: never boxed on the way. */
  profitInto(into: Float64Array, at: number, market: Market): void {
    const { stale, totals } = this;
    const { moved } = market;
    for (let at = 0; at < moved.count; at += 1) stale.mark(moved.rows[at]);
    for (let at = 0; at < stale.count; at += 1) this.value(stale.rows[at], market);
    moved.clear();
    stale.clear();
    into[at] = checked(totals[SETTLED] + totals[UNREALISED]);
  }

  private value(instrument: number, market: Market): void {
    const { longLots, shortLots, referenceTicks, unrealisedMoney, totals } = this;
    const reference = referenceTicks[instrument];
    const tickLots =
      (market.markTicks(instrument, 1) - reference) * longLots[instrument] +
      (market.markTicks(instrument, -1) - reference) * shortLots[instrument];
    const { moneyPerTickLot } = this.instruments[instrument];
    const money = checked(this.surplusMoney[instrument] + checked(tickLots * moneyPerTickLot));
    totals[UNREALISED] += money - unrealisedMoney[instrument];
    unrealisedMoney[instrument] = money;
  }
}
