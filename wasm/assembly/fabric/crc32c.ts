/**
 * CRC32C (Castagnoli), eight bytes a step. The eight tables of 256 words live where the caller says; filling them
 * stores only final values, so two threads may fill the same region at once.
 *
 * Source: M. Kounavis and F. Berry, "A Systematic Approach to Building High Performance Software-based CRC
 * Generators", 2005.
 */
import { CRC32C_WORDS } from "../../layout";

// @ts-ignore: decorator
@inline const WORDS: u32 = CRC32C_WORDS;

// The Castagnoli polynomial 0x1EDC6F41 with its bits reversed.
// @ts-ignore: decorator
@inline const POLYNOMIAL: u32 = 0x82f63b78;

/** Fills CRC32C_BYTES bytes at `table`, which is 4-aligned. */
export function crc32cInit(table: usize): void {
  for (let byte: u32 = 0; byte < WORDS; ++byte) {
    let crc = byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (POLYNOMIAL & (0 - (crc & 1)));
    store<u32>(table + (<usize>byte << 2), crc);
  }
  for (let index: u32 = WORDS; index < 8 * WORDS; ++index) {
    const previous = load<u32>(table + (<usize>(index - WORDS) << 2));
    store<u32>(table + (<usize>index << 2), entry(table, 0, previous & 0xff) ^ (previous >> 8));
  }
}

/** The CRC32C of `length` bytes at `pointer`, continuing `seed`, the CRC of what came before (0 at the start). */
export function crc32c(table: usize, pointer: usize, length: i32, seed: u32): u32 {
  let crc = ~seed;
  const end = pointer + <usize>length;
  while (pointer < end && (pointer & 7) != 0) crc = step(table, crc, load<u8>(pointer++));
  for (; pointer + 8 <= end; pointer += 8) {
    const low = load<u32>(pointer) ^ crc;
    const high = load<u32>(pointer, 4);
    crc =
      entry(table, 7, low & 0xff) ^
      entry(table, 6, (low >> 8) & 0xff) ^
      entry(table, 5, (low >> 16) & 0xff) ^
      entry(table, 4, low >> 24) ^
      entry(table, 3, high & 0xff) ^
      entry(table, 2, (high >> 8) & 0xff) ^
      entry(table, 1, (high >> 16) & 0xff) ^
      entry(table, 0, high >> 24);
  }
  while (pointer < end) crc = step(table, crc, load<u8>(pointer++));
  return ~crc;
}

// @ts-ignore: decorator
@inline
function step(table: usize, crc: u32, byte: u32): u32 {
  return entry(table, 0, (crc ^ byte) & 0xff) ^ (crc >> 8);
}

// @ts-ignore: decorator
@inline
function entry(table: usize, row: usize, byte: u32): u32 {
  return load<u32>(table + row * (WORDS << 2) + (<usize>byte << 2));
}
