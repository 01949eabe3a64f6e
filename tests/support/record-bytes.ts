/** The bytes of a record that the engine wrote: all but its CRC and its flags, which are the journal's. */
import { RECORD_HEADER_FLAGS } from "../../schemas/index.js";

export function engineBytes(u8: Uint8Array, recordAt: number, recordBytes: number): Uint8Array {
  const bytes = u8.slice(recordAt + 4, recordAt + recordBytes);
  bytes.fill(0, RECORD_HEADER_FLAGS - 4, RECORD_HEADER_FLAGS);
  return bytes;
}
