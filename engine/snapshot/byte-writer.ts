/**
 * Bytes that grow as they are written: numbers little-endian, texts by their code units, sections behind their length.
 */
const BYTES_AT_FIRST = 1 << 18;
/** The one way to write NaN, whatever bits a NaN has where it comes from. */
const NAN_HIGH_WORD = 0x7ff80000;

export class ByteWriter {
  private bytes = new Uint8Array(BYTES_AT_FIRST);
  private view = new DataView(this.bytes.buffer);
  private length = 0;

  u8(value: number): void {
    const at = this.room(1);
    this.view.setUint8(at, value);
  }

  u16(value: number): void {
    const at = this.room(2);
    this.view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.room(4);
    this.view.setUint32(at, value, true);
  }

  i32(value: number): void {
    const at = this.room(4);
    this.view.setInt32(at, value, true);
  }

  f64(value: number): void {
    const at = this.room(8);
    this.view.setFloat64(at, value, true);
    if (Number.isNaN(value)) {
      this.view.setUint32(at, 0, true);
      this.view.setUint32(at + 4, NAN_HIGH_WORD, true);
    }
  }

  doubles(values: Float64Array): void {
    for (let at = 0; at < values.length; at += 1) this.f64(values[at]);
  }

  raw(bytes: Uint8Array): void {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
  }

  /** Its length and width, then one byte for each code unit, or two when a code unit needs them. */
  text(value: string): void {
    let widest = 0;
    for (let at = 0; at < value.length; at += 1) widest |= value.charCodeAt(at);
    const isWide = widest > 0xff;
    this.u32(value.length * 2 + (isWide ? 1 : 0));
    for (let at = 0; at < value.length; at += 1) {
      if (isWide) this.u16(value.charCodeAt(at));
      else this.u8(value.charCodeAt(at));
    }
  }

  /** Writes what `write` writes, behind a word that says how many bytes it was. */
  section(write: () => void): void {
    const at = this.room(4);
    write();
    this.view.setUint32(at, this.length - at - 4, true);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }

  /** Where the next `bytes` bytes go. Ask before taking the view: it may become another. */
  private room(bytes: number): number {
    const at = this.length;
    this.length += bytes;
    if (this.length > this.bytes.length) this.grow();
    return at;
  }

  private grow(): void {
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}
