/**
 * Who owns what: the account, the market it trades with and the fees it paid, per asset, in 10^-8. Whatever moves,
 * moves from one of them to another, so that every asset sums to zero at every moment; a lock only sets part of ours
 * aside.
 */

type Party = "account" | "market" | "fees";

export class Ledger {
  readonly #holdings: Readonly<Record<Party, Map<string, bigint>>>;
  readonly #locked = new Map<string, bigint>();

  /** The market lends the account its opening balances. */
  constructor(opening: ReadonlyMap<string, bigint>) {
    this.#holdings = { account: new Map(), market: new Map(), fees: new Map() };
    for (const [asset, amount] of opening) this.move(asset, "market", "account", amount);
  }

  /** Every asset that ever moved, in a fixed order. */
  get assets(): readonly string[] {
    return [...this.#holdings.account.keys()].sort();
  }

  holding(party: Party, asset: string): bigint {
    return this.#holdings[party].get(asset) ?? 0n;
  }

  locked(asset: string): bigint {
    return this.#locked.get(asset) ?? 0n;
  }

  free(asset: string): bigint {
    return this.holding("account", asset) - this.locked(asset);
  }

  move(asset: string, from: Party, to: Party, amount: bigint): void {
    this.#holdings[from].set(asset, this.holding(from, asset) - amount);
    this.#holdings[to].set(asset, this.holding(to, asset) + amount);
  }

  /** Sets more aside, or less when `change` is negative. */
  lock(asset: string, change: bigint): void {
    this.#locked.set(asset, this.locked(asset) + change);
  }
}
