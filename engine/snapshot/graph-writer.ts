/** Writes a strategy's state: each value behind a byte that says what it is. `readGraph` reads it. */
import { Kind, type StateVisitor } from "../strategy/state-walk.js";
import type { ByteWriter } from "./byte-writer.js";

export class GraphWriter implements StateVisitor {
  private readonly writer: ByteWriter;

  constructor(writer: ByteWriter) {
    this.writer = writer;
  }

  constant(kind: number): void {
    this.writer.u8(kind);
  }

  number(value: number): void {
    this.writer.u8(Kind.Number);
    this.writer.f64(value);
  }

  text(value: string): void {
    this.writer.u8(Kind.Text);
    this.writer.text(value);
  }

  /** Hexadecimal, which is written and read in linear time. */
  big(value: bigint): void {
    this.writer.u8(Kind.Big);
    this.writer.text(value.toString(16));
  }

  indicator(index: number): void {
    this.writer.u8(Kind.Indicator);
    this.writer.u32(index);
  }

  regime(index: number): void {
    this.writer.u8(Kind.Regime);
    this.writer.u32(index);
  }

  again(visit: number): void {
    this.writer.u8(Kind.Again);
    this.writer.u32(visit);
  }

  begin(kind: number, frozen: boolean, size: number): void {
    this.writer.u8(kind);
    this.writer.u8(frozen ? 1 : 0);
    if (kind !== Kind.Object && kind !== Kind.Bare) this.writer.u32(size);
  }

  /** One byte before each property; a zero in its place ends them. */
  key(name: string): void {
    this.writer.u8(1);
    this.writer.text(name);
  }

  end(kind: number): void {
    if (kind === Kind.Object || kind === Kind.Bare) this.writer.u8(Kind.End);
  }

  view(view: number, frozen: boolean, byteOffset: number, length: number): void {
    this.writer.u8(Kind.View);
    this.writer.u8(frozen ? 1 : 0);
    this.writer.u8(view);
    this.writer.u32(byteOffset);
    this.writer.u32(length);
  }

  buffer(buffer: ArrayBuffer, frozen: boolean): void {
    this.writer.u8(Kind.Buffer);
    this.writer.u8(frozen ? 1 : 0);
    this.writer.u32(buffer.byteLength);
    this.writer.raw(new Uint8Array(buffer));
  }
}
