/**
 * Bundles a TypeScript command of the crash suite, the product's code with it, into dist/crash and loads it: the suite
 * then runs what is in the tree, whether the tree was built or not.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

export const root = resolve(import.meta.dirname, "..", "..");

/** The module's exports; `entry` is a file of this folder. */
export async function loadBundled(entry) {
  const folder = join(root, "dist", "crash");
  const outfile = join(folder, `${entry.replaceAll(/\W/g, "-")}-${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [join(import.meta.dirname, entry)],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    outfile,
    logLevel: "warning",
    packages: "external",
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
