/**
 * The memory that threads share. It is allocated at its maximum at once, because growing leaves the views that other
 * threads already hold at the old length; the fabric module accepts any memory of at most SHARED_PAGES_MAX pages.
 */
import { MathArgumentError } from "./errors.js";
import { requireWebAssembly } from "./module.js";

export const PAGE_BYTES = 65_536;
/**
 * The maximum the fabric module declares (wasm/asconfig.json): 1 GiB. A larger memory would be refused at
 * instantiation.
 */
export const SHARED_PAGES_MAX = 16_384;

/**
 * A zero-filled shared memory of at least `bytes` bytes, rounded up to whole pages. Throws MathArgumentError out of
 * range, WebAssemblyMissingError where there is no WebAssembly.
 */
export function createSharedMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  if (!(pages >= 1 && pages <= SHARED_PAGES_MAX)) {
    throw new MathArgumentError("bytes", bytes, `a size from 1 to ${SHARED_PAGES_MAX * PAGE_BYTES}`);
  }
  requireWebAssembly("memory that threads share");
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}
