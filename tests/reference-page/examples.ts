/** The examples of the page: what they share, and what each prints when it is run. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type AnySpec, table } from "../../wasm/index.js";
import { valuesOf } from "../../wasm/ta/arguments.js";

const ROOT = join(import.meta.dirname, "../..");
/** What the examples take from each of the package's entries. */
const MODULES = { ta: ["ta", "levelSums", "createLanes"], stats: ["stats"], exec: ["exec"] };
export const NAMES = Object.values(MODULES).flat();
const importsFrom = (place: (module: string) => string): string =>
  Object.entries(MODULES)
    .map(([module, names]) => `import { ${names.join(", ")} } from "${place(module)}";`)
    .join("\n");

export const IMPORTS = importsFrom((module) => `sluice/${module}`);

/** 250 bars and quotes of a market that was made up, in arithmetic that every machine does alike. */
export const SHARED = `const series = (at) => Float64Array.from({ length: 250 }, (_, index) => at(index));
const close = series((i) => 100 + ((i * 37) % 101) / 20 + ((i * 11) % 83) / 10 + i / 25);
const open = series((i) => close[Math.max(i - 1, 0)] + ((i * 29) % 17) / 20 - 0.4);
const high = series((i) => Math.max(open[i], close[i]) + ((i * 13) % 19) / 20);
const low = series((i) => Math.min(open[i], close[i]) - ((i * 23) % 19) / 20);
const volume = series((i) => 1_000 + ((i * 7_919) % 503));
const [value, other, price] = [close, open, close];
const bid = series((i) => Math.floor(close[i] * 10) / 10);
const ask = series((i) => bid[i] + 0.1 + ((i * 31) % 3) / 10);
const bidSize = series((i) => 1 + ((i * 53) % 37));
const askSize = series((i) => 1 + ((i * 59) % 41));
const signedVolume = series((i) => ((i * 7_919) % 503) - 251);
const side = signedVolume.map(Math.sign);`;

const RUN = `import { readFileSync } from "node:fs";
import { format } from "node:util";
${importsFrom((module) => `./dist/wasm/${module}/index.js`)}
const { shared, examples } = JSON.parse(readFileSync(0, "utf8"));
const printed = examples.map((example) => {
  const lines = [];
  const console = { log: (...values) => lines.push(format(...values)) };
  const names = ${JSON.stringify(NAMES)};
  new Function(...names, "console", shared + "\\n{\\n" + example + "\\n}")(${NAMES.join(", ")}, console);
  return lines.join("\\n");
});
process.stdout.write(JSON.stringify(printed));`;

/** The newest result of an indicator over the shared series, with all parameters said. */
export function indicatorExample(name: string): string {
  const spec = specOf(name);
  const options = Object.entries(valuesOf(spec)).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const given = [...spec.inputs, ...(options.length > 0 ? [`{ ${options.join(", ")} }`] : [])];
  const call = `ta.${name}(${given.join(", ")})`;
  const outputs = Object.keys(spec.outputs);
  if (outputs.length === 1) return `${call}.at(-1);`;
  return isClash(spec) ? `const results = ${call};` : `const { ${outputs.join(", ")} } = ${call};`;
}

/** An output may have the name of an input. */
function isClash({ inputs, outputs }: AnySpec): boolean {
  return inputs.some((input) => input in outputs);
}

/** The same as a program that prints what the page shows behind it, to seven figures. */
export function printing(name: string): string {
  const outputs = Object.keys(specOf(name).outputs);
  const example = indicatorExample(name);
  if (outputs.length === 1) return `const last = ${example}\nconsole.log(String(Number(last.toPrecision(7))));`;
  const from = isClash(specOf(name)) ? "results." : "";
  const last = outputs.map((output) => `"${output} " + Number(${from}${output}.at(-1).toPrecision(7))`);
  return `{\n${example}\nconsole.log([${last.join(", ")}].join(", "));\n}`;
}

function specOf(name: string): AnySpec {
  return table[name as keyof typeof table];
}

/** Runs each on its own behind the imports and the shared series, and returns what each printed. */
export function run(examples: readonly string[]): string[] {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", RUN], {
    cwd: ROOT,
    input: JSON.stringify({ shared: SHARED, examples }),
    encoding: "utf8",
    maxBuffer: 1 << 24,
  });
  if (stderr !== "") throw new Error(stderr);
  return JSON.parse(stdout);
}
