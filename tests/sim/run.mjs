/**
 * Bundles the simulator, the product's code with it, and runs it: `npm run sim -- --seeds N --seed S`. The venue's
 * client is the one file that is replaced. `--mutants` runs the product with one deliberate bug after another, each of
 * which must be caught within so many seeds; `--mutant NAME` runs one of them as if it were the product.
 */
import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { MUTANTS, mutation } from "./mutants.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const folder = join(root, "dist", "sim", String(process.pid));

/** Bundles the simulator, with a mutant's bug when there is one, and runs it with these arguments. */
async function run(argv, mutant) {
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
  const named = mutant ? ["--mutant", mutant.name] : [];
  process.argv = [process.argv[0], outfile, "--strategies", join(root, "strategies"), ...named, ...argv];
  await import(pathToFileURL(outfile).href);
}

/** The feed's client of the venue speaks over the simulated network; the journal's tail reads the simulated disk. */
const simulatedVenue = {
  name: "simulated-venue",
  setup({ onResolve }) {
    onResolve({ filter: /^node:fs$/ }, ({ importer }) =>
      importer.endsWith("segment-tail.ts") ? { path: join(here, "disk", "mounted-files.ts") } : undefined,
    );
    onResolve({ filter: /^\.\/exchange\.js$/ }, ({ importer }) =>
      importer.includes(join("feeds", "binance")) ? { path: join(here, "network", "feed-port.ts") } : undefined,
    );
  },
};

/** Some mistakes need a rare chain of faults to show. */
const MUTANT_SEEDS = "400";

/** Runs this file again, as a process of its own; what it says in JSON. */
function runAgain(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), "--json", ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    child.on("close", (code) => {
      if (code === 0 || code === 1) resolve(JSON.parse(text));
      else reject(new Error(`the simulator ended with ${code} on ${args.join(" ")}`));
    });
  });
}

async function runMutants(argv) {
  const isJson = argv.includes("--json");
  const given = argv.filter((each) => each !== "--json");
  const args = given.includes("--seeds") ? given : [...given, "--seeds", MUTANT_SEEDS];
  const say = (line) => process.stdout.write(isJson ? "" : `${line}\n`);
  const [failed] = (await runAgain(args)).failed;
  if (failed) {
    process.stdout.write(`the product itself fails "${failed.checker}" in seed ${failed.seed}: mend that first\n`);
    return 1;
  }
  say(`${"the product itself".padEnd(34)} held every promise in all seeds`);
  const left = [...MUTANTS];
  const results = [];
  const hunt = async () => {
    for (let mutant = left.shift(); mutant; mutant = left.shift()) {
      const { seeds, failed } = await runAgain([...args, "--mutant", mutant.name, "--until-failure", "--workers", "1"]);
      results.push({ name: mutant.name, what: mutant.what, seeds, checker: failed[0]?.checker ?? null });
      const how = failed[0] ? `caught by "${failed[0].checker}" in seed ${failed[0].seed}` : `SURVIVED ${seeds} seeds`;
      say(`${mutant.name.padEnd(34)} ${how}`);
    }
  };
  await Promise.all([hunt(), hunt()]);
  const caught = results.filter(({ checker }) => checker !== null).length;
  say(`${caught} of ${MUTANTS.length} mutants caught`);
  if (isJson) process.stdout.write(`${JSON.stringify({ mutants: results, caught })}\n`);
  return caught === MUTANTS.length ? 0 : 1;
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
    await run(argv, mutant);
  }
} catch (error) {
  process.stderr.write(`sim: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
