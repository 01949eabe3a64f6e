/** Finds an instrument by the venue's symbol as bytes: a small hash table, read without making a string. */
import type { Instrument } from "../../engine/instrument.js";
import { sameBytes } from "./fields.js";

export const UNKNOWN_SYMBOL = -1;

export class SymbolIndex {
  private readonly symbols: readonly Uint8Array[];
  /** Positions of instruments; UNKNOWN_SYMBOL where there is none. At most a quarter full. */
  private readonly slots: Int32Array;

  constructor(instruments: readonly Instrument[]) {
    this.symbols = instruments.map(({ venueSymbol }) => new TextEncoder().encode(venueSymbol));
    let size = 4;
    while (size < instruments.length * 4) size *= 2;
    this.slots = new Int32Array(size).fill(UNKNOWN_SYMBOL);
    this.symbols.forEach((symbol, position) => {
      this.insert(symbol, position);
    });
  }

  /** Position of the instrument in the list given at the start, or UNKNOWN_SYMBOL. */
  find(bytes: Uint8Array, at: number, end: number): number {
    let slot = this.hash(bytes, at, end);
    while (this.slots[slot] !== UNKNOWN_SYMBOL) {
      if (sameBytes(this.symbols[this.slots[slot]], bytes, at, end)) return this.slots[slot];
      slot = (slot + 1) & (this.slots.length - 1);
    }
    return UNKNOWN_SYMBOL;
  }

  private insert(symbol: Uint8Array, position: number): void {
    let slot = this.hash(symbol, 0, symbol.length);
    while (this.slots[slot] !== UNKNOWN_SYMBOL) slot = (slot + 1) & (this.slots.length - 1);
    this.slots[slot] = position;
  }

  private hash(bytes: Uint8Array, at: number, end: number): number {
    let hash = 0;
    for (let index = at; index < end; index += 1) hash = (Math.imul(hash, 31) + bytes[index]) | 0;
    return (hash ^ (hash >>> 15)) & (this.slots.length - 1);
  }
}
