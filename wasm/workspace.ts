/**
 * A module that computes over whole data sets, with its memory as scratch space: nothing in it outlives a call. The
 * memory never grows, because a buffer that is detached slows every typed array of its thread; when a call needs more
 * than there is, a larger instance takes the place of this one. Views are therefore good for one call.
 */
import { MathArgumentError } from "./errors.js";
import { requireWebAssembly } from "./module.js";
import { PAGE_BYTES } from "./shared-memory.js";

/** What every such module exports. */
export interface WorkspaceExports {
  /** The first address that is free for data; a multiple of 64. */
  dataStart(): number;
}

const PAGES_MIN = 64;
const BYTES_MAX = 2 ** 32;

export class Workspace<E extends WorkspaceExports> {
  readonly #compiled: () => WebAssembly.Module;
  #room: Room<E> | undefined;

  /** `compiled` gives the module; it is asked at the first use. */
  constructor(compiled: () => WebAssembly.Module) {
    this.#compiled = compiled;
  }

  /**
   * The module with room for `bytes` of data, whatever they held before. Throws MathArgumentError for more than the
   * 4 GiB that a module can address, WebAssemblyMissingError where Node has none.
   */
  room(bytes: number): Room<E> {
    if (this.#room && bytes <= this.#room.bytes) return this.#room;
    requireWebAssembly("a workspace");
    if (!(bytes <= BYTES_MAX - PAGES_MIN * PAGE_BYTES)) {
      throw new MathArgumentError("bytes of data", bytes, "less than 4 GiB; compute over fewer or shorter series");
    }
    const pages = PAGES_MIN + Math.ceil(bytes / PAGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { exports } = new WebAssembly.Instance(this.#compiled(), { env: { memory } });
    this.#room = new Room(memory, exports as unknown as E);
    return this.#room;
  }
}

/** An instance and its memory. */
export class Room<E extends WorkspaceExports> {
  readonly kernels: E;
  /** The address at which data begin. */
  readonly start: number;
  readonly bytes: number;
  readonly buffer: ArrayBuffer;

  constructor(memory: WebAssembly.Memory, kernels: E) {
    this.kernels = kernels;
    this.start = kernels.dataStart();
    this.buffer = memory.buffer as ArrayBuffer;
    this.bytes = this.buffer.byteLength - this.start;
  }

  /** `length` doubles from `address`, which is a multiple of 8. */
  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.buffer, address, length);
  }
}
