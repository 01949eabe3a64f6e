/**
 * Mixes a strategy's state into a hash. An indicator counts by its number, and by its bytes when whoever hashes does
 * not take the arena, in which they lie, as a whole. A buffer of doubles counts by its numbers, so that two kinds of
 * NaN are one state.
 */
import { Kind, type StateVisitor } from "../strategy/state-walk.js";
import type { Hasher } from "./hasher.js";

const FROZEN = 0x100;

export class GraphHash implements StateVisitor {
  private readonly hasher: Hasher;

  private readonly bytesOf: ((indicator: number) => Uint8Array) | null;

  constructor(hasher: Hasher, bytesOf: ((indicator: number) => Uint8Array) | null = null) {
    this.hasher = hasher;
    this.bytesOf = bytesOf;
  }

  constant(kind: number): void {
    this.hasher.word(kind);
  }

  number(value: number): void {
    this.hasher.word(Kind.Number);
    this.hasher.number(value);
  }

  text(value: string): void {
    this.hasher.word(Kind.Text);
    this.hasher.text(value);
  }

  big(value: bigint): void {
    this.hasher.word(Kind.Big);
    this.hasher.text(value.toString(16));
  }

  indicator(index: number): void {
    this.hasher.word(Kind.Indicator);
    this.hasher.word(index);
    if (this.bytesOf !== null) this.hasher.ints(this.bytesOf(index));
  }

  regime(index: number, filter: number): void {
    this.hasher.word(Kind.Regime);
    this.hasher.word(index);
    if (this.bytesOf !== null) this.hasher.ints(this.bytesOf(filter));
  }

  again(visit: number): void {
    this.hasher.word(Kind.Again);
    this.hasher.word(visit);
  }

  begin(kind: number, frozen: boolean, size: number): void {
    this.hasher.word(kind | (frozen ? FROZEN : 0));
    this.hasher.word(size);
  }

  key(name: string): void {
    this.hasher.text(name);
  }

  end(kind: number): void {
    this.hasher.word(Kind.End);
    this.hasher.word(kind);
  }

  view(view: number, frozen: boolean, byteOffset: number, length: number): void {
    this.hasher.word(Kind.View | (frozen ? FROZEN : 0));
    this.hasher.word(view);
    this.hasher.word(byteOffset);
    this.hasher.word(length);
  }

  buffer(buffer: ArrayBuffer, frozen: boolean, through: ArrayBufferView | null): void {
    this.hasher.word(Kind.Buffer | (frozen ? FROZEN : 0));
    this.hasher.word(buffer.byteLength);
    const { byteLength } = buffer;
    if (through instanceof Float64Array && byteLength % 8 === 0)
      this.hasher.doubles(wholeOf(buffer, through, Float64Array));
    else if (through instanceof Float32Array && byteLength % 4 === 0)
      this.hasher.doubles(wholeOf(buffer, through, Float32Array));
    else this.hasher.ints(new Uint8Array(buffer));
  }
}

/** Every number of the buffer, by the view itself when it shows them all. */
function wholeOf<T extends Float64Array | Float32Array>(
  buffer: ArrayBuffer,
  view: T,
  Numbers: new (buffer: ArrayBuffer) => T,
): T {
  return view.byteLength === buffer.byteLength ? view : new Numbers(buffer);
}
