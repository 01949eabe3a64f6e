/**
 * The native peers of the fabric: their programs, built once and kept alive for the run, and the names of their lanes.
 * One that is missing, for want of its toolchain, leaves its rows out and a line that says so.
 */
import assert from "node:assert/strict";
import { buildPeers } from "../peers/build.js";
import { type PeerAnswer, PeerProcess } from "../peers/process.js";

/** Lanes of the peers' programs, by the name under which a table shows them. */
export const PEER_LANES = {
  "rigtorp's ring, C++": { program: "cpp", lane: "rigtorp-rtt" },
  "rtrb, Rust": { program: "rust", lane: "rtrb-rtt" },
  "disruptor, Rust": { program: "rust", lane: "disruptor-rs-rtt" },
  "LMAX Disruptor, Java": { program: "java", lane: "disruptor-rtt" },
  "Agrona, Java": { program: "java", lane: "agrona-rtt" },

  "rigtorp's ring, C++, stream": { program: "cpp", lane: "rigtorp-stream" },
  "rtrb, Rust, stream": { program: "rust", lane: "rtrb-stream" },
  "rtrb by chunks, Rust, stream": { program: "rust", lane: "rtrb-chunks-stream" },
  "disruptor, Rust, stream": { program: "rust", lane: "disruptor-rs-stream" },
  "LMAX Disruptor, Java, stream": { program: "java", lane: "disruptor-stream" },
  "Agrona, Java, stream": { program: "java", lane: "agrona-stream" },

  "raw atomics, C++": { program: "cpp", lane: "raw-rtt" },
  "raw atomics, Rust": { program: "rust", lane: "raw-rtt" },

  "one-to-one, Disruptor": { program: "java", lane: "disruptor-one-to-one" },
  "pipeline, Disruptor": { program: "java", lane: "disruptor-pipeline" },
  "sequencer, Disruptor": { program: "java", lane: "disruptor-sequencer" },
  "multicast, Disruptor": { program: "java", lane: "disruptor-multicast" },
  "diamond, Disruptor": { program: "java", lane: "disruptor-diamond" },
} as const satisfies Record<string, { program: string; lane: string }>;
export type PeerLane = keyof typeof PEER_LANES;

/** Their sum depends on how many messages each source sent. */
const SEVERAL_SOURCES: ReadonlySet<string> = new Set(["disruptor-sequencer"]);

const WARM_UP_MS = 20;

const PROGRAMS = ["cpp", "rust", "java"] as const;

/** By program, as the lines about missing ones begin. */
export const LANGUAGES = { cpp: "C++", rust: "Rust", java: "Java" } as const;

export class Peers {
  /** A line for each peer that is left out. */
  readonly missing: readonly string[];
  /** Of libraries and virtual machines, by program. */
  readonly versions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  private readonly processes: ReadonlyMap<string, PeerProcess>;

  constructor(processes: readonly PeerProcess[], missing: readonly string[]) {
    this.processes = new Map(processes.map((process) => [process.program.name, process]));
    this.missing = missing;
    this.versions = Object.fromEntries(processes.map(({ program }) => [program.name, program.versions]));
  }

  static none(): Peers {
    return new Peers([], []);
  }

  /** Builds what can be built here and starts it. */
  static async start(note: (text: string) => void): Promise<Peers> {
    const { built, missing } = await buildPeers(note, { names: PROGRAMS });
    const left = [...missing];
    const processes: PeerProcess[] = [];
    for (const program of built) {
      const process = new PeerProcess(program);
      try {
        await process.lanes();
        processes.push(process);
      } catch (error) {
        left.push((error as Error).message);
        await process.close();
      }
    }
    for (const line of left) note(`not measured: ${line}`);
    const peers = new Peers(processes, left);
    await peers.warmUp(note);
    return peers;
  }

  has(lane: PeerLane): boolean {
    return this.processes.has(PEER_LANES[lane].program);
  }

  /** A virtual machine compiles for all its lanes before any is measured: they share call sites. */
  private async warmUp(note: (text: string) => void): Promise<void> {
    note("peers: warming up");
    for (const lane of Object.keys(PEER_LANES) as PeerLane[]) if (this.has(lane)) await this.run(lane, WARM_UP_MS);
  }

  /** The program has compared its sum with the closed form; here it is compared once more. */
  async run(lane: PeerLane, ms: number): Promise<PeerAnswer> {
    const { program, lane: command } = PEER_LANES[lane];
    const answer = await this.processes.get(program)!.run(command, ms);
    const { messages, checksum } = answer;
    if (!SEVERAL_SOURCES.has(command)) assert.equal(checksum, String(peerSum(messages)), `${lane}: sum of every word`);
    return answer;
  }

  async close(): Promise<void> {
    await Promise.all([...this.processes.values()].map((process) => process.close()));
  }
}

/** The peers number their messages from 0: what the words of so many add up to, modulo 2^64. */
function peerSum(messages: number): bigint {
  const count = BigInt(messages);
  return BigInt.asUintN(64, 4n * count * count + 24n * count);
}
