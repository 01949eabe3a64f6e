/**
 * Turns a strategy file into the one text that runs and that the journal keeps: CommonJS with everything it imports
 * inside, save `sluice`, which the running engine provides. Equal sources give equal text on every machine, so that its
 * SHA-256 names it. Code that could change at run time is refused here, before anything runs.
 */
import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import { type BuildOptions, build, type Message, type Plugin } from "esbuild";
import { ConfigError, loadStrategy } from "../engine/index.js";
import { createDeterministicMath, createMathCore } from "../wasm/index.js";

export interface StrategyBundle {
  /** The strategy's own id. */
  readonly id: string;
  /** Text of the file itself, as its author wrote it. */
  readonly source: string;
  /** CommonJS text that `loadStrategy` runs. */
  readonly bundle: string;
  /** Of the bundle, in hexadecimal: what a configuration names. */
  readonly sha256: string;
}

const NO_CODE = "code made at run time cannot be journaled; write it in the file";
const NO_IMPORT = "import() cannot be journaled; import at the top of the file";

/** Free identifiers that esbuild renames to a word nobody writes, so that finding them needs no parser of our own. */
const MARKERS = { eval: "sluice$forbidden$eval", Function: "sluice$forbidden$Function" } as const;

/** Faults that esbuild finds but would let pass, with what to do about them. */
const REMEDIES: Readonly<Record<string, string>> = {
  "unsupported-dynamic-import": NO_IMPORT,
  "unsupported-require-call": NO_IMPORT,
  "indirect-require": NO_IMPORT,
};

const OPTIONS: BuildOptions = {
  bundle: true,
  write: false,
  format: "cjs",
  platform: "neutral",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "silent",
  external: ["sluice", "sluice/*"],
  // A lowered ** is a call of Math.pow, which the engine replaces; the operator is not the same on every machine.
  supported: { "exponent-operator": false },
  define: { ...MARKERS },
  logOverride: Object.fromEntries(Object.keys(REMEDIES).map((id) => [id, "error"])),
  // Settings found near the file would make the text depend on the machine.
  tsconfigRaw: { compilerOptions: {} },
};

/** Bundles and checks one strategy file. Throws ConfigError with one line that names file, line and remedy. */
export async function bundleStrategy(path: string): Promise<StrategyBundle> {
  const file = resolveFile(path);
  const bundle = await bundleFile(file, path);
  refuseMarkers(bundle, path);
  await refuseMembers(bundle, path);
  const { id } = loadStrategy(bundle, basename(path), createDeterministicMath(createMathCore()));
  const sha256 = createHash("sha256").update(bundle).digest("hex");
  return { id, source: readFileSync(file, "utf8"), bundle, sha256 };
}

/** The real path: links would put the way to the file into the text. */
function resolveFile(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    throw new ConfigError(`there is no strategy file ${path}; name a .ts or .js file`);
  }
}

async function bundleFile(file: string, path: string): Promise<string> {
  try {
    const options = {
      ...OPTIONS,
      absWorkingDir: dirname(file),
      entryPoints: [basename(file)],
      plugins: [noDynamicImport],
    };
    const { outputFiles } = await build(options);
    return outputFiles![0].text;
  } catch (error) {
    throw new ConfigError(describe(error, path));
  }
}

/** import() of a plain path, which esbuild would bundle as a promise. */
const noDynamicImport: Plugin = {
  name: "no-dynamic-import",
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind }) =>
      kind === "dynamic-import" ? { errors: [{ text: NO_IMPORT }] } : undefined,
    );
  },
};

function refuseMarkers(bundle: string, path: string): void {
  for (const [word, marker] of Object.entries(MARKERS)) {
    if (bundle.includes(marker)) throw new ConfigError(`${path} uses ${word}: ${NO_CODE}`);
  }
}

/** The rules are loaded here and not above because a replay, which needs no parser, loads this file. */
async function refuseMembers(bundle: string, path: string): Promise<void> {
  const { complaintAbout } = await import("./strategy-rules.js");
  const { moduleStateIn } = await import("./strategy-module-state.js");
  const complaint = complaintAbout(bundle) ?? moduleStateIn(bundle);
  if (complaint) throw new ConfigError(`${path} ${complaint}`);
}

/** The first fault as `file:line: what`; the file as it was named when it is the strategy's own. */
function describe(error: unknown, path: string): string {
  const [first] = (error as { errors?: readonly Message[] }).errors ?? [];
  if (!first) return `${path} cannot be bundled: ${error instanceof Error ? error.message : String(error)}`;
  const own = first.location === null || first.location.file === basename(path);
  const place = own ? path : first.location!.file;
  const line = first.location ? `:${first.location.line}` : "";
  return `${place}${line}: ${remedyOf(first)}`;
}

function remedyOf({ id, text }: Message): string {
  const missing = /^Could not resolve "([^"]+)"/.exec(text);
  if (missing) return `cannot import "${missing[1]}"; a strategy may import sluice and its own files`;
  return REMEDIES[id] ?? text;
}
