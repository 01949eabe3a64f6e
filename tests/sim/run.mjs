/**
 * Bundles the simulator, the product's code with it, and runs it: `npm run sim -- --seeds N --seed S`. The venue's
 * client is the one file that is replaced. With `--mutants` the product's code is changed on its way into the bundle.
 */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const folder = join(root, "dist", "sim");

/** Bundles the simulator with some of the product's lines rewritten; returns the file. */
async function bundle(name, rewrites = []) {
  const outfile = join(folder, `${name}.mjs`);
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [join(here, "command.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    outfile,
    logLevel: "warning",
    external: ["esbuild", "cli-progress", "ccxt", "ws", "uWebSockets.js"],
    plugins: [simulatedVenue, ...rewrites],
  });
  return outfile;
}

/** The market feed's client of the venue speaks over the simulated network. */
const simulatedVenue = {
  name: "simulated-venue",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/exchange\.js$/ }, ({ importer }) =>
      importer.includes(join("feeds", "binance")) ? { path: join(here, "network", "feed-port.ts") } : undefined,
    );
  },
};

const argv = process.argv.slice(2);
try {
  const { runCommand } = await import(pathToFileURL(await bundle(`sim-${process.pid}`)).href);
  process.exitCode = await runCommand(argv, join(root, "strategies"));
} catch (error) {
  process.stderr.write(`sim: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 2;
}
