/**
 * Bundles a TypeScript command of the crash suite, the product's code with it, into dist/crash and runs it: what is in
 * the tree, whether the tree was built or not. The command finds the tree in its working directory.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

export const root = resolve(import.meta.dirname, "..", "..");

/** Settles when the command is through; `entry` is a file of this folder. */
export async function runBundled(entry) {
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
    process.chdir(root);
    await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
