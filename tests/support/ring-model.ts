/**
 * A ring of records as the plain queue that it must behave as: entries in order, each with its bytes, counted from the
 * ring's first position. It says when a claim must be refused and how much room is left, to the byte. It knows the two
 * manners: records shown by the producer's publish, in a ring of one producer, and by each commit, in a ring of many.
 */
export type Manner = "publish" | "commit";

export interface Entry {
  readonly producer: number;
  /** Of the message, from 1; 0 for the padding at the ring's end. */
  readonly number: number;
  readonly payloadBytes: number;
  /** Bytes of the ring, header, padding and whatever was skipped before it included. */
  readonly bytes: number;
  /** Where it does not follow from the number. */
  type?: number;
  state: "open" | "committed" | "shown" | "orphaned" | "void";
}

const HEADER_BYTES = 8;

export class RingModel {
  /** Claims that were lost with their producers, as far as the consumer has come. */
  lost = 0;
  private readonly manner: Manner;
  private readonly capacity: number;
  private readonly entries: Entry[] = [];
  /** Entries consumed and not released. */
  private consumed = 0;
  /** The open claims: a producer that claims records side by side has several in one. */
  private readonly open = new Map<number, readonly Entry[]>();
  private number = 0;
  private head: number;
  private tail: number;

  constructor(manner: Manner, capacity: number, startPosition: number) {
    this.manner = manner;
    this.capacity = capacity;
    this.head = startPosition;
    this.tail = startPosition;
  }

  hasOpenClaim(producer: number): boolean {
    return this.open.has(producer);
  }

  /** The records as the ring must grant them, side by side, or none when it must refuse them. */
  claim(producer: number, payloadBytes: number, count = 1): readonly Entry[] {
    const bytes = HEADER_BYTES + Math.ceil(payloadBytes / 8) * 8;
    const untilEnd = this.capacity - (this.tail % this.capacity);
    const skipped = count * bytes > untilEnd ? untilEnd : 0;
    if (this.tail - this.head + skipped + count * bytes > this.capacity) return [];
    // A producer on its own shows what it skips together with the record; one of many shows it at once.
    const apart = this.manner === "commit" && skipped > 0;
    if (apart) this.append({ producer, number: 0, payloadBytes: 0, bytes: skipped, state: "void" });
    const entries = Array.from({ length: count }, (_, place): Entry => {
      const before = place === 0 && !apart ? skipped : 0;
      return { producer, number: ++this.number, payloadBytes, bytes: before + bytes, state: "open" };
    });
    if (this.manner === "commit") for (const entry of entries) this.append(entry);
    this.open.set(producer, entries);
    return entries;
  }

  commit(producer: number): void {
    for (const entry of this.take(producer)) {
      entry.state = this.manner === "commit" ? "shown" : "committed";
      if (this.manner === "publish") this.append(entry);
    }
  }

  abort(producer: number): void {
    for (const entry of this.take(producer)) entry.state = "void";
  }

  publish(): void {
    for (const entry of this.entries) if (entry.state === "committed") entry.state = "shown";
  }

  /** Another takes the producer's place: what it left open, or committed and never published, is gone. */
  restartProducer(producer: number): void {
    if (this.manner === "commit") {
      // Records claimed side by side are one claim, and lost as one.
      const entries = this.open.has(producer) ? this.take(producer) : [];
      for (const [place, entry] of entries.entries()) entry.state = place === 0 ? "orphaned" : "void";
      return;
    }
    this.open.delete(producer);
    while (this.entries.at(-1)?.state === "committed") this.tail -= this.entries.pop()!.bytes;
  }

  /** The record that peek must find, or null. */
  peek(): Entry | null {
    while (this.entries[this.consumed]?.state === "void" || this.entries[this.consumed]?.state === "orphaned") {
      if (this.entries[this.consumed].state === "orphaned") this.lost += 1;
      this.entries[this.consumed].state = "void";
      this.consumed += 1;
    }
    const entry = this.entries[this.consumed];
    return entry?.state === "shown" ? entry : null;
  }

  next(): Entry | null {
    const entry = this.peek();
    if (entry !== null) this.consumed += 1;
    return entry;
  }

  release(): void {
    for (const { bytes } of this.entries.splice(0, this.consumed)) this.head += bytes;
    this.consumed = 0;
  }

  /** Another takes the consumer's place: what was not released is there again. */
  restartConsumer(): void {
    this.consumed = 0;
  }

  get freeBytes(): number {
    return this.capacity - (this.tail - this.head);
  }

  /** Whether claims of others than the one asked about keep the consumer from what is behind them. */
  get blockedBy(): number | null {
    if (this.peek() !== null) return null;
    return this.entries[this.consumed]?.producer ?? null;
  }

  private append(entry: Entry): void {
    this.entries.push(entry);
    this.tail += entry.bytes;
  }

  private take(producer: number): readonly Entry[] {
    const entries = this.open.get(producer)!;
    this.open.delete(producer);
    return entries;
  }
}
