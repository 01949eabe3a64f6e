/**
 * One file of the simulated disk: what the system shows of it, and for every sector written since the last sync what
 * the platter still holds. A loss of power decides sector by sector which of the two remains.
 */
import type { Random } from "../random.js";

export const SECTOR_BYTES = 512;

interface Sector {
  /** Its durable content. */
  readonly before: Uint8Array;
  /** First byte of the file that was written in it, or before it, since it was durable. */
  readonly from: number;
}

export class SimFile {
  size = 0;
  /** Where the newest write ended: in a file that is filled from its start, all behind it is room made ahead. */
  frontier = 0;
  /** First byte that a loss of power may take; every byte before it is safe. */
  private firstUnsafe = Number.POSITIVE_INFINITY;
  private durableSize = 0;
  private bytes: Uint8Array<ArrayBuffer> = new Uint8Array(4096);
  /** By sector: what is durable of it, where the present content differs or may. */
  private readonly dirty = new Map<number, Sector>();
  /** Sectors of a sync that failed: the system takes them for clean and will not write them again by itself. */
  private readonly dropped = new Map<number, Sector>();

  /** Bytes from the start that are safe from a loss of power. */
  get safeBytes(): number {
    return Math.min(this.firstUnsafe, this.size);
  }

  get content(): Uint8Array {
    return this.bytes.subarray(0, this.size);
  }

  read(into: Uint8Array, position: number): number {
    const count = Math.max(0, Math.min(into.length, this.size - position));
    into.set(this.bytes.subarray(position, position + count));
    return count;
  }

  write(view: Uint8Array, position: number): void {
    const end = position + view.length;
    this.keepRoom(end);
    this.touch(position, end);
    this.bytes.set(view, position);
    this.size = Math.max(this.size, end);
    this.frontier = end;
  }

  resize(size: number): void {
    this.keepRoom(size);
    if (size === this.size) return;
    this.touch(Math.min(size, this.size), Math.max(size, this.size));
    if (size < this.size) this.bytes.fill(0, size, this.size);
    this.size = size;
  }

  /** Everything is safe now, save what an earlier sync dropped. */
  sync(): void {
    this.dirty.clear();
    this.durableSize = this.size;
    this.firstUnsafe = Number.POSITIVE_INFINITY;
    for (const { from } of this.dropped.values()) this.noteUnsafe(from);
  }

  /** A sync that failed: some of the sectors were written, the others never will be unless they are written anew. */
  dropSync(random: Random): void {
    for (const [sector, known] of this.dirty) if (random.chance(0.5)) this.dropped.set(sector, known);
    this.dirty.clear();
  }

  /** Each sector that was not safe is kept, lost or torn, each by itself. Returns how many were not kept whole. */
  losePower(random: Random): number {
    let harmed = 0;
    const sizes = [this.durableSize, this.size].sort((a, b) => a - b);
    for (const sectors of [this.dirty, this.dropped]) {
      for (const [sector, { before }] of sectors) if (this.decide(sector, before, random)) harmed += 1;
      sectors.clear();
    }
    const size = random.chance(0.5) ? this.size : random.integer(sizes[0], sizes[1]);
    if (size < this.size) this.bytes.fill(0, size, this.size);
    this.size = size;
    this.durableSize = size;
    this.firstUnsafe = Number.POSITIVE_INFINITY;
    return harmed;
  }

  /** Turns one bit, on the platter and in what is shown. */
  flip(byte: number, bit: number): void {
    this.bytes[byte] ^= 1 << bit;
  }

  private decide(sector: number, before: Uint8Array, random: Random): boolean {
    const fate = random.integer(0, 2);
    const from = sector * SECTOR_BYTES;
    this.keepRoom(from + SECTOR_BYTES);
    if (fate === 0) return false;
    const torn = fate === 1 ? 0 : random.integer(1, SECTOR_BYTES - 1);
    this.bytes.set(before.subarray(torn), from + torn);
    return true;
  }

  private touch(from: number, to: number): void {
    this.noteUnsafe(from);
    const last = Math.floor((to - 1) / SECTOR_BYTES);
    for (let sector = Math.floor(from / SECTOR_BYTES); sector <= last; sector += 1) {
      const known = this.dirty.get(sector) ?? this.dropped.get(sector) ?? { before: this.sectorAt(sector), from };
      this.dropped.delete(sector);
      this.dirty.set(sector, { before: known.before, from: Math.min(known.from, from) });
    }
  }

  private sectorAt(sector: number): Uint8Array {
    const from = sector * SECTOR_BYTES;
    this.keepRoom(from + SECTOR_BYTES);
    return this.bytes.slice(from, from + SECTOR_BYTES);
  }

  private noteUnsafe(byte: number): void {
    if (byte < this.firstUnsafe) this.firstUnsafe = byte;
  }

  private keepRoom(bytes: number): void {
    if (bytes <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(bytes, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.size));
    this.bytes = grown;
  }
}
