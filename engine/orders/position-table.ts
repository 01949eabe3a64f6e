/**
 * Positions and their profit by strategy and instrument, in exact integers: lots, and money units. A position is
 * carried at its cost; closing a part releases that part of the cost, rounded half away from zero, and the last lot
 * releases all that is left, so that no unit is ever created or lost.
 */
import { Side } from "../../schemas/index.js";
import { AssertionError } from "../assert.js";
import type { Instrument } from "../instrument.js";
import { MarkSet } from "../mark-set.js";
import { checked } from "../money.js";
import { FEE_MONEY, type Fill, QTY_LOTS, REALISED_MONEY } from "./fill.js";
import { Valuation } from "./valuation.js";

/** round(a × b / c) of the first three numbers, whole ones, into the fourth, computed exactly. */
export type MulDivRound = (numbers: Float64Array) => void;
const RELEASED = 3;

export class PositionTable {
  readonly lots: Float64Array;
  /** What the open position cost: positive when long, negative when short. */
  readonly costMoney: Float64Array;
  readonly realisedMoney: Float64Array;
  readonly feesMoney: Float64Array;
  /** By instrument: what the account held at the venue before the first order; NaN until the venue has said it. */
  readonly openingLots: Float64Array;
  /** Their sums. Whoever writes to the arrays above by himself calls its `resum` afterwards. */
  readonly valuation: Valuation;
  private readonly instruments: readonly Instrument[];
  private readonly mulDivRound: MulDivRound;
  private readonly touched: MarkSet;
  /** Cost, lots closed, lots held, and the cost released. */
  private readonly closed = new Float64Array(4);

  /** `touched`: told of every position that has changed, by its cell. */
  constructor(
    strategies: number,
    instruments: readonly Instrument[],
    mulDivRound: MulDivRound,
    touched = new MarkSet(strategies * instruments.length),
  ) {
    const cells = strategies * instruments.length;
    this.touched = touched;
    this.lots = new Float64Array(cells);
    this.costMoney = new Float64Array(cells);
    this.realisedMoney = new Float64Array(cells);
    this.feesMoney = new Float64Array(cells);
    this.openingLots = new Float64Array(instruments.length).fill(Number.NaN);
    this.instruments = instruments;
    this.mulDivRound = mulDivRound;
    this.valuation = new Valuation(this, instruments);
  }

  cell(strategy: number, instrument: number): number {
    return strategy * this.instruments.length + instrument;
  }

  /** Value of `qtyLots` at `priceTicks`, in money units. */
  value(instrument: number, priceTicks: number, qtyLots: number): number {
    return checked(checked(priceTicks * qtyLots) * this.instruments[instrument].moneyPerTickLot);
  }

  /** Applies one fill and notes in it what it realised, in money units, before its fee. */
  applyFill(strategy: number, instrument: number, side: number, fill: Fill): void {
    if (side !== Side.Buy && side !== Side.Sell) throw new AssertionError(`fill with side ${side}`);
    const cell = this.cell(strategy, instrument);
    this.valuation.count(cell, instrument, -1);
    this.move(cell, instrument, side === Side.Buy ? 1 : -1, fill);
    this.valuation.count(cell, instrument, 1);
    this.touched.mark(cell);
  }

  /** Profit of the open position at a mark price, in money units. */
  unrealisedMoney(cell: number, instrument: number, markTicks: number): number {
    return checked(this.value(instrument, markTicks, this.lots[cell]) - this.costMoney[cell]);
  }

  /**
   * Average price of the open position, in ticks (a fraction); 0 when flat. For people and strategies, not for sums.
   */
  averageTicks(cell: number, instrument: number): number {
    const lots = this.lots[cell];
    return lots === 0 ? 0 : this.costMoney[cell] / this.instruments[instrument].moneyPerTickLot / lots;
  }

  /** Closes what lies against the fill and opens the rest. Its numbers are locals, which are never boxed. */
  private move(cell: number, instrument: number, sign: number, { figures, priceTicks }: Fill): void {
    const { lots, costMoney, realisedMoney, feesMoney, closed } = this;
    const lotMoney = checked(priceTicks * this.instruments[instrument].moneyPerTickLot);
    const qtyLots = figures[QTY_LOTS];
    const held = lots[cell];
    const closing = held * sign < 0 ? Math.min(Math.abs(held), qtyLots) : 0;
    if (closing > 0) {
      closed[0] = Math.abs(costMoney[cell]);
      closed[1] = closing;
      closed[2] = Math.abs(held);
      if (closing === closed[2]) closed[RELEASED] = closed[0];
      else this.mulDivRound(closed);
      const released = closed[RELEASED];
      figures[REALISED_MONEY] = checked(-sign * (checked(lotMoney * closing) - released));
      costMoney[cell] += sign * released;
    }
    const opening = qtyLots - closing;
    lots[cell] = checked(held + sign * qtyLots);
    costMoney[cell] = checked(costMoney[cell] + sign * checked(lotMoney * opening));
    realisedMoney[cell] = checked(realisedMoney[cell] + figures[REALISED_MONEY]);
    feesMoney[cell] = checked(feesMoney[cell] + figures[FEE_MONEY]);
  }
}
