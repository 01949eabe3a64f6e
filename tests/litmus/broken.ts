/**
 * Deliberate faults of the rings and the doorbell, each a line or two of the product rewritten on their way into the
 * bundle, and the litmus test that must see a forbidden outcome of each. x64 reorders no stores, so what is broken is
 * the program's own order. A line that is not there any more is an error, so that no fault is ever the product
 * unchanged.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";

export interface Fault {
  readonly name: string;
  readonly what: string;
  /** The litmus test that must catch it. */
  readonly caughtBy: string;
  readonly edits: readonly Edit[];
}

interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replacement: string;
}

const SPSC = "actors/ring/spsc.ts";
const SPSC_CONSUMER = "actors/ring/spsc-consumer.ts";
const MPSC = "actors/ring/mpsc.ts";
const MPSC_CONSUMER = "actors/ring/mpsc-consumer.ts";
const LOG = "actors/ring/log-ring.ts";
const LOG_READER = "actors/ring/log-reader.ts";
const BROADCAST = "actors/ring/broadcast.ts";
const DOORBELL = "actors/agent/doorbell.ts";

export const FAULTS: readonly Fault[] = [
  {
    name: "shown-before-written",
    what: "the tail is published with the claim, before the payload is written",
    caughtBy: "message-passing-js-js",
    edits: [
      {
        file: SPSC,
        find: "    this.claimedBytes = bytes;\n",
        replacement: "    this.claimedBytes = bytes;\n    Atomics.store(i32, this.tail, (position + bytes) | 0);\n",
      },
    ],
  },
  {
    name: "no-padding",
    what: "what is skipped before the ring's end keeps its old bytes",
    caughtBy: "message-passing-js-js",
    edits: [{ file: SPSC, find: "      i32[end + 1] = PADDING;\n", replacement: "" }],
  },
  {
    name: "positions-compared-as-they-are",
    what: "the cursors' difference is not taken modulo 2^32",
    caughtBy: "position-wraps-2^31",
    edits: [
      {
        file: SPSC_CONSUMER,
        find: "((this.tailCache - end) | 0) >= 0",
        replacement: "this.tailCache >= end",
      },
    ],
  },
  {
    name: "released-when-read",
    what: "the consumer gives the room back as it takes the record",
    caughtBy: "release-and-reuse",
    edits: [
      {
        file: SPSC_CONSUMER,
        find: "    this.position = end;\n    this.peeked = end;\n",
        replacement: "    this.position = end;\n    this.peeked = end;\n    this.release();\n",
      },
    ],
  },
  {
    name: "announced-after-the-look",
    what: "the sleeper says that it sleeps only as it falls asleep",
    caughtBy: "doorbell",
    edits: [
      {
        file: DOORBELL,
        find: "  arm(): void {\n    Atomics.store(this.i32, this.word, PARKED);\n",
        replacement: "  arm(): void {\n",
      },
      {
        file: DOORBELL,
        find: "    const ending = Atomics.wait(",
        replacement: "    Atomics.store(this.i32, this.word, PARKED);\n    const ending = Atomics.wait(",
      },
    ],
  },
  {
    name: "claimed-by-a-plain-store",
    what: "two producers may both believe that they moved the tail",
    caughtBy: "claim-races",
    edits: [
      {
        file: MPSC,
        find: "const seen = Atomics.compareExchange(i32, tail, start, end);",
        replacement: "const seen = Atomics.load(i32, tail);\n      if (seen === start) Atomics.store(i32, tail, end);",
      },
    ],
  },
  {
    name: "committed-when-claimed",
    what: "a claim's length is positive from the start",
    caughtBy: "claim-races",
    edits: [
      {
        file: MPSC,
        find: "i32[word] = -bytes;",
        replacement: "i32[word] = payloadBytes + MPSC_RECORD_HEADER;",
      },
      {
        file: MPSC,
        find: "if (Atomics.compareExchange(i32, word, -length, becomes) !== -length) {",
        replacement: "if (false) {",
      },
    ],
  },
  {
    name: "room-not-cleared",
    what: "what the consumer gives back keeps its old bytes",
    caughtBy: "claim-races",
    edits: [{ file: MPSC_CONSUMER, find: "    this.clear(this.records + index, untilEnd);\n", replacement: "" }],
  },
  {
    name: "owner-after-length",
    what: "the header says that it is claimed before it says by whom",
    caughtBy: "claim-races",
    edits: [
      {
        file: MPSC,
        find: "        i32[word + 1] = this.owner | type;\n        i32[word] = -bytes;\n",
        replacement:
          "        i32[word] = -bytes;\n" +
          "        Atomics.load(i32, tail);\n        i32[word + 1] = this.owner | type;\n",
      },
    ],
  },
  {
    name: "claims-of-the-dead-stay",
    what: "a claim whose producer died is waited for",
    caughtBy: "producer-death-among-many",
    edits: [{ file: MPSC_CONSUMER, find: "!this.buryClaim(word)", replacement: "true" }],
  },
  {
    name: "open-claim-shown",
    what: "a restarted producer goes on behind what its predecessor had claimed",
    caughtBy: "producer-death-alone",
    edits: [
      {
        file: SPSC,
        find: "    this.claimedBytes = bytes;\n",
        replacement: "    this.claimedBytes = bytes;\n    Atomics.store(i32, this.tail, (position + bytes) | 0);\n",
      },
    ],
  },
  {
    name: "depends-on-nobody",
    what: "a dependent reader is bounded by the tail alone",
    caughtBy: "dependent-readers-js",
    edits: [{ file: LOG_READER, find: "dependsOn.length === 0\n", replacement: "dependsOn.length >= 0\n" }],
  },
  {
    name: "overwritten-without-a-word",
    what: "the writer raises the intent when it publishes, after it has written",
    caughtBy: "lossy-reader-js",
    edits: [
      { file: LOG, find: "if (((end - this.intentPosition) | 0) > 0) this.raiseIntent(end);", replacement: "" },
      {
        file: LOG,
        find: "    this.published = this.committed;\n    Atomics.store",
        replacement:
          "    if (((this.committed - this.intentPosition) | 0) > 0) this.raiseIntent(this.committed);\n" +
          "    this.published = this.committed;\n    Atomics.store",
      },
    ],
  },
  {
    name: "validate-believes-all",
    what: "the lossy reader does not look whether it was overwritten",
    caughtBy: "lossy-reader-js",
    edits: [
      {
        file: BROADCAST,
        find: "if (this.hasCurrent && this.isOverwritten(this.currentBlock)) {",
        replacement: "if (false) {",
      },
    ],
  },
];

/** Rewrites the product's lines as the fault has it. */
export function plant({ name, edits }: Fault, root: string): Plugin {
  const texts = new Map<string, string>();
  for (const { file, find, replacement } of edits) {
    const path = join(root, file);
    const text = texts.get(path) ?? readFileSync(path, "utf8");
    const found = text.split(find).length - 1;
    if (found !== 1) throw new Error(`${name}: its line is in ${file} ${found} times; look at tests/litmus/broken.ts`);
    texts.set(
      path,
      text.replace(find, () => replacement),
    );
  }
  return {
    name,
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = texts.get(path);
        return contents === undefined ? undefined : { contents, loader: "ts" };
      });
    },
  };
}
