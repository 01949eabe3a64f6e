/**
 * The venue's books of money: what the account holds of each asset, and what the rest of the world holds against it.
 * Every payment has two sides, so all balances together stay what they were. Lots of a base asset, money units of the
 * quote asset.
 */
import { promise } from "../violation.js";

export class Ledger {
  readonly baseLots: number[];
  quoteMoney: number;
  private readonly worldLots: number[];
  private worldMoney = 0;
  private readonly firstLots: readonly number[];
  private readonly firstMoney: number;

  constructor(baseLots: readonly number[], quoteMoney: number) {
    this.baseLots = [...baseLots];
    this.worldLots = baseLots.map(() => 0);
    this.firstLots = [...baseLots];
    this.firstMoney = quoteMoney;
    this.quoteMoney = quoteMoney;
  }

  /** A trade of the account: positive lots are bought. The fee is the venue's. */
  trade(instrument: number, lots: number, valueMoney: number, feeMoney: number): void {
    this.baseLots[instrument] += lots;
    this.worldLots[instrument] -= lots;
    const paid = (lots > 0 ? valueMoney : -valueMoney) + feeMoney;
    this.quoteMoney -= paid;
    this.worldMoney += paid;
  }

  check(): void {
    for (const [instrument, lots] of this.baseLots.entries()) {
      promise(lots + this.worldLots[instrument] === this.firstLots[instrument], "conservation", () => {
        return `the venue's lots of instrument ${instrument} do not add up; the simulator itself is wrong`;
      });
    }
    promise(this.quoteMoney + this.worldMoney === this.firstMoney, "conservation", () => {
      return "the venue's money does not add up; the simulator itself is wrong";
    });
  }

  /** Since the start. */
  lotsGained(instrument: number): number {
    return this.baseLots[instrument] - this.firstLots[instrument];
  }

  moneyGained(): number {
    return this.quoteMoney - this.firstMoney;
  }
}
