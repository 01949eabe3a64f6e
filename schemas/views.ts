/**
 * The typed views through which message fields are read and written. All of them look at one buffer, shared or not, and
 * every offset is a byte offset from its start; a field's index is its offset shifted by its width.
 */
export interface MessageViews {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
}

/** Views over a whole buffer, whose length must be a multiple of eight. */
export function viewsOf(buffer: ArrayBufferLike): MessageViews {
  return {
    u8: new Uint8Array(buffer),
    u16: new Uint16Array(buffer),
    i32: new Int32Array(buffer),
    u32: new Uint32Array(buffer),
    f64: new Float64Array(buffer),
  };
}

/** Message lengths are multiples of eight, so that every record and every f64 field stays aligned. */
export const padTo8 = (bytes: number): number => (bytes + 7) & ~7;
