/**
 * A Node that only interprets has no WebAssembly, and its arithmetic is another program than that of compiled code: the
 * kernels give the same bits there, and say plainly what they cannot do.
 */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { createCrc32c, createMathCore } from "../wasm/index.js";
import { drawPairs, hashBits, wordsFrom } from "./support/numbers.js";

describe("in a process without compilers", () => {
  const COUNT = 20_000;
  /** Runs in the other process: what it prints is compared with what this one computes. */
  const SCRIPT = `
    import { createCrc32c, createMathCore, createSharedMemory, Fabric, mathModule } from "./dist/wasm/index.js";
    import { readFileSync } from "node:fs";
    const [first, second, words] = JSON.parse(readFileSync(0, "utf8")).map((each) => Buffer.from(each, "base64"));
    const doubles = (bytes) => new Float64Array(Uint8Array.from(bytes).buffer);
    const [x, y] = [doubles(first), doubles(second)];
    const core = createMathCore();
    const libm = Object.fromEntries(Object.entries(core.libm).map(([name, f]) => {
      const results = x.map((each, at) => f(each, y[at])).map((result) => (result === result ? result : NaN));
      return [name, Buffer.from(results.buffer).toString("base64")];
    }));
    const ema = core.ema(9), rolling = core.rolling(40);
    const filter = core.hmmFilter({
      states: 2,
      features: 1,
      start: Float64Array.of(0.5, 0.5),
      transition: Float64Array.of(0.9, 0.1, 0.2, 0.8),
      means: Float64Array.of(90, 160),
      variances: Float64Array.of(9e3, 4e3),
    }, 50);
    for (const byte of words) { ema.push(byte * 1.1); rolling.push(byte / 3); filter.push(byte); }
    const fabric = () => new Fabric({ buffer: new ArrayBuffer(65536) }, 0);
    const refusals = [() => createSharedMemory(1), () => mathModule(), fabric]
      .map((act) => { try { act(); return "none"; } catch ({ name, message }) { return name + ": " + message; } });
    const arena = Buffer.from(core.arenaBytes()).toString("base64");
    console.log(JSON.stringify({ wasm: typeof WebAssembly, libm, arena, crc: createCrc32c()(words), refusals }));
  `;
  const [first, second] = drawPairs(COUNT, 77);
  const next = wordsFrom(5);
  const words = Uint8Array.from({ length: 70_000 }, next);
  const base64 = (bytes: Uint8Array | Float64Array): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  const root = new URL("..", import.meta.url);
  const other = JSON.parse(
    execFileSync(process.execPath, ["--jitless", "--input-type=module", "--eval", SCRIPT], {
      cwd: root,
      input: JSON.stringify([base64(first), base64(second), base64(words)]),
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
      maxBuffer: 64 * 1024 * 1024,
    }),
  );
  const core = createMathCore();

  test("it has no WebAssembly", () => {
    expect(other.wasm).toBe("undefined");
  });

  test.each(Object.keys(core.libm) as (keyof typeof core.libm)[])("%s", (name) => {
    const bytes = Uint8Array.from(Buffer.from(other.libm[name], "base64"));
    const results = first.map((x, index) => core.libm[name](x, second[index]));
    expect(hashBits(new Float64Array(bytes.buffer))).toBe(hashBits(results));
  });

  test("indicators leave the same arena, byte for byte", () => {
    const [ema, rolling] = [core.ema(9), core.rolling(40)];
    const filter = core.hmmFilter(
      {
        states: 2,
        features: 1,
        start: Float64Array.of(0.5, 0.5),
        transition: Float64Array.of(0.9, 0.1, 0.2, 0.8),
        means: Float64Array.of(90, 160),
        variances: Float64Array.of(9e3, 4e3),
      },
      50,
    );
    for (const byte of words) {
      ema.push(byte * 1.1);
      rolling.push(byte / 3);
      filter.push(byte);
    }
    expect(other.arena).toBe(base64(core.arenaBytes()));
  });

  test("the checksum", () => {
    expect(other.crc).toBe(createCrc32c()(words));
  });

  test("what needs threads or a compiled module is refused with the remedy", () => {
    expect(other.refusals).toEqual(
      ["memory that threads share", "a compiled module", "a compiled module"].map(
        (what) =>
          `WebAssemblyMissingError: ${what} needs WebAssembly, which this Node was started without; ` +
          "leave out --jitless (replay, backtest and verifying a journal do work with it)",
      ),
    );
  });
});
