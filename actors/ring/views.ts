/**
 * The typed views through which one thread sees the one shared memory. A thread makes them once and hands them to
 * every ring, so a byte offset means the same place everywhere. The memory must not grow afterwards, or the views
 * would miss it.
 */
export interface SharedViews {
  readonly buffer: SharedArrayBuffer;
  readonly u8: Uint8Array<SharedArrayBuffer>;
  readonly u16: Uint16Array<SharedArrayBuffer>;
  readonly i32: Int32Array<SharedArrayBuffer>;
  readonly u32: Uint32Array<SharedArrayBuffer>;
  readonly f64: Float64Array<SharedArrayBuffer>;
}

/** Views over a SharedArrayBuffer, such as a shared WebAssembly.Memory's. Throws a TypeError for any other buffer. */
export function sharedViewsOf(buffer: ArrayBufferLike): SharedViews {
  if (!(buffer instanceof SharedArrayBuffer)) {
    throw new TypeError("rings need shared memory (was an ArrayBuffer): make the memory with `shared: true`");
  }
  return {
    buffer,
    u8: new Uint8Array(buffer),
    u16: new Uint16Array(buffer),
    i32: new Int32Array(buffer),
    u32: new Uint32Array(buffer),
    f64: new Float64Array(buffer),
  };
}
