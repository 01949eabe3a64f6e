/**
 * Bundles the simulator, the product's code with it, and runs it: `npm run sim -- --seeds N --seed S`. The venue's
 * client is the one file that is replaced. `--mutants` runs the product with one deliberate bug after another, each of
 * which must be caught within so many seeds; `--mutant NAME` runs one of them as if it were the product.
 */
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { MUTANTS, mutation } from "./mutants.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const folder = join(root, "dist", "sim", String(process.pid));
const strategies = join(root, "strategies");

/** Bundles the simulator, with a mutant's bug when there is one, and loads it. */
async function load(mutant) {
  const outfile = join(folder, `${mutant?.name ?? "product"}.mjs`);
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
    plugins: [simulatedVenue, ...(mutant ? [mutation(mutant, root)] : [])],
  });
  return import(pathToFileURL(outfile).href);
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

async function runMutants(argv) {
  const survivors = [];
  const canary = await (await load()).hunt(argv, strategies);
  if (canary) {
    process.stdout.write(`the product itself fails "${canary.checker}" in seed ${canary.seed}: mend that first\n`);
    return 1;
  }
  for (const mutant of MUTANTS) {
    const { hunt } = await load(mutant);
    const caught = await hunt(argv, strategies);
    if (!caught) survivors.push(mutant.name);
    const how = caught ? `caught by "${caught.checker}" in seed ${caught.seed}` : "SURVIVED";
    process.stdout.write(`${mutant.name.padEnd(34)} ${how}\n`);
  }
  process.stdout.write(`${"the product itself".padEnd(34)} held every promise in all seeds\n`);
  process.stdout.write(`${MUTANTS.length - survivors.length} of ${MUTANTS.length} mutants caught\n`);
  return survivors.length > 0 ? 1 : 0;
}

const argv = process.argv.slice(2);
const at = argv.indexOf("--mutant");
const [, name] = at < 0 ? [] : argv.splice(at, 2);
try {
  if (argv.includes("--mutants")) process.exitCode = await runMutants(argv.filter((each) => each !== "--mutants"));
  else {
    const mutant = MUTANTS.find((each) => each.name === name);
    if (name !== undefined && !mutant)
      throw new Error(`there is no mutant ${name}: ${MUTANTS.map((each) => each.name).join(", ")}`);
    process.exitCode = await (await load(mutant)).runCommand(argv, strategies);
  }
} catch (error) {
  process.stderr.write(`sim: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
