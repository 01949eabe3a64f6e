/**
 * Reads what a ByteWriter wrote, and believes nothing: every read stays within its section, and a count is compared
 * with the bytes that are left before anything is made of it.
 */

/** The bytes are no snapshot of the engine that they were given to. The engine is then good for nothing. */
export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
}

export class ByteReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;
  /** Where the section ends, or all of the bytes. */
  private end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.end = bytes.length;
  }

  u8(): number {
    return this.view.getUint8(this.pass(1));
  }

  u16(): number {
    return this.view.getUint16(this.pass(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.pass(4), true);
  }

  i32(): number {
    return this.view.getInt32(this.pass(4), true);
  }

  f64(): number {
    return this.view.getFloat64(this.pass(8), true);
  }

  doubles(into: Float64Array): void {
    for (let at = 0; at < into.length; at += 1) into[at] = this.f64();
  }

  /** A whole number from 0 to `max`. */
  index(max: number, what: string): number {
    const value = this.u32();
    return value <= max ? value : this.refuse(`${what} was ${value}; it is at most ${max}`);
  }

  /** 0 or 1. */
  flag(what: string): boolean {
    const value = this.u8();
    return value <= 1 ? value === 1 : this.refuse(`${what} was ${value}; it is 0 or 1`);
  }

  /** A whole number from `min` to 2^53 − 1, written as a double. */
  whole(min: number, what: string): number {
    const value = this.f64();
    return Number.isSafeInteger(value) && value >= min ? value : this.refuse(`${what} was ${value}, from ${min} on`);
  }

  /** A count of things of at least `bytesEach` bytes. */
  count(bytesEach: number, what: string): number {
    return this.index(Math.floor((this.end - this.at) / bytesEach), what);
  }

  /** A copy. */
  raw(length: number): Uint8Array<ArrayBuffer> {
    const at = this.pass(length);
    return new Uint8Array(this.bytes.subarray(at, at + length));
  }

  text(): string {
    const header = this.u32();
    const length = header >>> 1;
    const isWide = (header & 1) === 1;
    const at = this.pass(isWide ? length * 2 : length);
    let text = "";
    for (let unit = 0; unit < length; unit += 1) {
      text += String.fromCharCode(isWide ? this.view.getUint16(at + unit * 2, true) : this.bytes[at + unit]);
    }
    return text;
  }

  /** Lets `read` read a section, which it must read to its end. */
  section(read: () => void): void {
    const length = this.u32();
    const outer = this.end;
    const start = this.pass(length);
    this.at = start;
    this.end = start + length;
    read();
    if (this.at !== this.end) this.refuse(`${this.end - this.at} bytes more than a section tells of`);
    this.end = outer;
  }

  requireEnd(): void {
    if (this.at !== this.end) this.refuse(`${this.end - this.at} bytes behind the end`);
  }

  refuse(what: string): never {
    throw new SnapshotError(`the snapshot's byte ${this.at}: ${what}`);
  }

  /** The offset of the next `bytes` bytes, which are there. */
  private pass(bytes: number): number {
    const at = this.at;
    if (bytes > this.end - at) this.refuse(`${bytes} bytes expected, ${this.end - at} are left`);
    this.at = at + bytes;
    return at;
  }
}
