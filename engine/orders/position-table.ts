/**
 * Positions and their profit by strategy and instrument, in exact integers: lots, and money units. A position is
 * carried at its cost; closing a part releases that part of the cost, rounded half away from zero, and the last lot
 * releases all that is left, so that no unit is ever created or lost.
 */
import { Side } from "../../schemas/index.js";
import { assert } from "../assert.js";
import type { Instrument } from "../instrument.js";
import { checked } from "../money.js";

/** round(a × b / c) over whole numbers, computed exactly. */
export type MulDivRound = (a: number, b: number, c: number) => number;

export class PositionTable {
  readonly lots: Float64Array;
  /** What the open position cost: positive when long, negative when short. */
  readonly costMoney: Float64Array;
  readonly realisedMoney: Float64Array;
  readonly feesMoney: Float64Array;
  /** By instrument: what the account held at the venue before the first order; NaN until the venue has said it. */
  readonly openingLots: Float64Array;
  private readonly instruments: readonly Instrument[];
  private readonly mulDivRound: MulDivRound;

  constructor(strategies: number, instruments: readonly Instrument[], mulDivRound: MulDivRound) {
    const cells = strategies * instruments.length;
    this.lots = new Float64Array(cells);
    this.costMoney = new Float64Array(cells);
    this.realisedMoney = new Float64Array(cells);
    this.feesMoney = new Float64Array(cells);
    this.openingLots = new Float64Array(instruments.length).fill(Number.NaN);
    this.instruments = instruments;
    this.mulDivRound = mulDivRound;
  }

  cell(strategy: number, instrument: number): number {
    return strategy * this.instruments.length + instrument;
  }

  /** Value of `qtyLots` at `priceTicks`, in money units. */
  value(instrument: number, priceTicks: number, qtyLots: number): number {
    return checked(checked(priceTicks * qtyLots) * this.instruments[instrument].moneyPerTickLot);
  }

  /** Applies one fill and returns what it realised, in money units, before its fee. */
  applyFill(
    strategy: number,
    instrument: number,
    side: number,
    priceTicks: number,
    qtyLots: number,
    feeMoney: number,
  ): number {
    assert(side === Side.Buy || side === Side.Sell, `fill with side ${side}`);
    const cell = this.cell(strategy, instrument);
    const sign = side === Side.Buy ? 1 : -1;
    const held = this.lots[cell];
    const closing = held * sign < 0 ? Math.min(Math.abs(held), qtyLots) : 0;
    const realised = closing ? this.close(cell, instrument, priceTicks, closing) : 0;
    const opening = qtyLots - closing;
    this.lots[cell] = checked(this.lots[cell] + sign * opening);
    this.costMoney[cell] = checked(this.costMoney[cell] + sign * this.value(instrument, priceTicks, opening));
    this.realisedMoney[cell] = checked(this.realisedMoney[cell] + realised);
    this.feesMoney[cell] = checked(this.feesMoney[cell] + feeMoney);
    return realised;
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

  private close(cell: number, instrument: number, priceTicks: number, closing: number): number {
    const held = Math.abs(this.lots[cell]);
    const sign = this.lots[cell] > 0 ? 1 : -1;
    const cost = Math.abs(this.costMoney[cell]);
    const released = closing === held ? cost : this.mulDivRound(cost, closing, held);
    this.lots[cell] -= sign * closing;
    this.costMoney[cell] -= sign * released;
    return checked(sign * (this.value(instrument, priceTicks, closing) - released));
  }
}
