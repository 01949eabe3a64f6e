/**
 * The Python peers of the math core: one process with TA-Lib, hmmlearn and numpy, which times its own calls. Where it
 * cannot be built, for want of Python or of an index of packages, their rows are left out and a line says so.
 */
import { buildPeers } from "../peers/build.js";
import { PeerProcess } from "../peers/process.js";

/** What a lane came to: the time of `calls` calls over `elements` elements each. */
export interface MathAnswer {
  readonly elements: number;
  readonly calls: number;
  readonly seconds: number;
  /** Of the second half of each array that the last call returned, without its NaN. */
  readonly sums: readonly number[];
}

export class MathPeers {
  /** Why there are none. */
  readonly missing: readonly string[];
  private readonly process: PeerProcess | undefined;

  private constructor(process: PeerProcess | undefined, missing: readonly string[]) {
    this.process = process;
    this.missing = missing;
  }

  static none(): MathPeers {
    return new MathPeers(undefined, ["peers of other languages were not asked for; add --peers"]);
  }

  static async start(note: (text: string) => void): Promise<MathPeers> {
    const { built, missing } = await buildPeers(note, { names: ["python"] });
    for (const line of missing) note(`not measured: ${line}`);
    const [program] = built;
    return program ? new MathPeers(new PeerProcess(program), []) : new MathPeers(undefined, missing);
  }

  get present(): boolean {
    return this.process !== undefined;
  }

  get versions(): Readonly<Record<string, string>> {
    return this.process?.program.versions ?? {};
  }

  run(lane: string, ms: number): Promise<MathAnswer> {
    if (!this.process) throw new Error(`there is no peer to run ${lane}: ${this.missing.join("; ")}`);
    return this.process.run<MathAnswer>(lane, ms);
  }

  async close(): Promise<void> {
    await this.process?.close();
  }
}
