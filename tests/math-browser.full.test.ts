/**
 * The mathematics in a real browser: bundled with nothing of Node's, without the rest of Sluice, every result has the
 * bits that it has here.
 */
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { launchChromium, requireOrSkip } from "./support/chromium.js";
import { compute } from "./support/math-page.js";

const WASM = join(import.meta.dirname, "../wasm");
/** Bytes of each entry, minified: what a page loads. */
const BYTES_MAX = 600_000;

/** With nothing named external: a bundle that needs anything of Node's fails to build. */
async function bundle(entry: string) {
  const { outputFiles, metafile } = await build({
    ...{ entryPoints: [entry], bundle: true, write: false, metafile: true, minify: true },
    ...{ platform: "browser" as const, format: "iife" as const, globalName: "page", logLevel: "silent" as const },
  });
  return { text: outputFiles[0].text, inputs: Object.keys(metafile.inputs) };
}

test.each(["ta", "stats", "exec"])("sluice/%s needs neither Node nor the rest of Sluice", async (name) => {
  const { text, inputs } = await bundle(join(WASM, name, "index.ts"));
  expect(inputs.filter((path) => !path.startsWith("wasm/"))).toEqual([]);
  expect(text).not.toMatch(/\bnode:|\brequire\(|\bprocess\.|\bBuffer\b/);
  expect(text.length).toBeLessThan(BYTES_MAX);
});

describe.skipIf(!requireOrSkip("chromium"))("in Chromium", () => {
  test("every result has the bits that it has in Node", async () => {
    const { text } = await bundle(join(import.meta.dirname, "support/math-page.ts"));
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: text });
      const there = await page.evaluate<Record<string, string>>("page.compute()");
      const here = compute();
      expect(Object.keys(there)).toEqual(Object.keys(here));
      for (const [name, bits] of Object.entries(here)) expect(there[name], name).toBe(bits);
    } finally {
      await browser.close();
    }
  });
});
