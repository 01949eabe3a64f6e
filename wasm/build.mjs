/**
 * Compiles the AssemblyScript modules and writes them to wasm/generated: base64 in TypeScript, for the bindings,
 * the same code as plain JavaScript, for a Node without WebAssembly, and the text of the hot kernels, for review.
 * `--check` writes nothing and exits 1 when the committed files are not what the sources give; names of modules limit a
 * build to these. The build refuses a fabric module with state of its own, and a math module whose tables reach the
 * call slots.
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import binaryen from "assemblyscript/binaryen";
import { transform } from "esbuild";

const here = new URL(".", import.meta.url);
const layout = await readFile(new URL("layout.ts", here), "utf8");
const callOffset = Number(layout.match(/CALL = (0x[0-9a-f]+);/)[1]);

const targets = [
  {
    name: "fabric",
    inspect: refuseState,
    kernels: [
      "crc32c/crc32c",
      "atomic/atomicLoad",
      "atomic/atomicStore",
      "spsc-host/spscClaim",
      "spsc-host/spscNext",
      "log-host/logClaim",
    ],
    // Threads need WebAssembly; a replay, which runs on one, needs the checksum alone.
    scripted: ["crc32c", "crc32cInit"],
  },
  {
    name: "math",
    inspect: refuseLongTables,
    kernels: ["ema/emaPush", "rolling/rollingPush", "rolling/resum", "mul-div/mulDivRound"],
    scripted: "all",
  },
  // These compute in vectors, for which plain JavaScript has no form; a replay needs none of them.
  { name: "lanes", kernels: [] },
  { name: "hmm", kernels: [] },
  { name: "risk", kernels: [] },
  // Handlers of the fabric benchmark: the product does not load them.
  { name: "bench", inspect: refuseState, folder: "../bench/generated" },
];

/** What binaryen writes between the imports and the instance that it makes on its own. */
const SCRIPT_BODY = /^(?:import [^\n]*\n)*([\s\S]*?\n\}\n)(?=\n*var (?:mem|ret)asmFunc = )/;

const checking = process.argv.includes("--check");
const named = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const unknown = named.find((name) => !targets.some((target) => target.name === name));
if (unknown)
  throw new Error(`wasm: no module ${unknown}; there are ${targets.map((target) => target.name).join(", ")}`);
const stale = [];
for (const target of targets.filter(({ name }) => named.length === 0 || named.includes(name))) {
  const { name, folder = "generated", inspect, kernels = [], scripted } = target;
  const { binary, text } = await compile(name);
  inspect?.(text);
  await emit(`${folder}/${name}.ts`, typescript(name, binary));
  if (scripted) {
    const scalar = await compile(name, ["--disable", "simd"]);
    await emit(`generated/${name}-script.ts`, await script(name, scalar.binary, scripted));
  }
  if (kernels.length === 0) continue;
  await emit(`generated/${name}.wat`, kernels.map((kernel) => kernelText(text, name, kernel)).join("\n"));
}
if (stale.length > 0) {
  console.error(`wasm: out of date: ${stale.join(", ")}; run node wasm/build.mjs and commit the result`);
  process.exit(1);
}

/** Sources may ask ASC_FEATURE_SIMD: plain JavaScript has no vectors, so what becomes that is compiled without. */
async function compile(name, flags = []) {
  const outputs = new Map();
  const { error, stderr } = await asc.main(
    [
      `assembly/${name}/index.ts`,
      "--config",
      "asconfig.json",
      "--target",
      name,
      "-o",
      "module.wasm",
      "-t",
      "module.wat",
      ...flags,
    ],
    {
      readFile: (file) => readFile(new URL(file, here), "utf8").catch(() => null),
      writeFile: (file, contents) => void outputs.set(file, contents),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`wasm: ${name} does not compile\n${stderr.toString()}`, { cause: error });
  return { binary: outputs.get("module.wasm"), text: outputs.get("module.wat") };
}

/**
 * Each thread instantiates the fabric over the same memory, so a segment or a global would be reset by the next
 * thread.
 */
function refuseState(text) {
  const found = text.match(/^ \((data|start|global \S+ \(mut)[^\n]*/m);
  if (found)
    throw new Error(`wasm: fabric must keep no state, was ${found[0].trim()}; hand the region over as an argument`);
}

function refuseLongTables(text) {
  for (const [, offset, contents] of text.matchAll(/^ \(data \S+ \(i32\.const (\d+)\) "(.*)"\)$/gm)) {
    const end = Number(offset) + contents.replace(/\\([0-9a-f]{2}|.)/g, "x").length;
    if (end > callOffset) throw new Error(`wasm: math's tables end at ${end}; move CALL in layout.ts beyond that`);
  }
}

function typescript(name, binary) {
  const source = `wasm/assembly/${name}`;
  const header = `/** ${name}.wasm in base64, written by wasm/build.mjs from ${source}; not edited by hand. */\n`;
  return `${header}export const ${name}Wasm =\n  "${Buffer.from(binary).toString("base64")}";\n`;
}

/**
 * The module as the text of a function from its imports to its exports. Text, because a Node that has WebAssembly need
 * not even parse it. Binaryen has no form for 64-bit conversions that saturate, so they are first lowered to
 * conversions behind range checks, which give the same results.
 */
async function script(name, binary, wanted) {
  const module = binaryen.readBinary(binary, binaryen.Features.All);
  module.setFeatures(binaryen.Features.All);
  for (const unwanted of wanted !== "all" ? exportsOf(module).filter((each) => !wanted.includes(each)) : []) {
    module.removeExport(unwanted);
  }
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  module.runPasses(["llvm-nontrapping-fptoint-lowering", "remove-unused-module-elements"]);
  const [, body] = module.emitAsmjs().match(SCRIPT_BODY) ?? [];
  module.dispose();
  if (!body) throw new Error(`wasm: the plain JavaScript of ${name} is not laid out as expected; see wasm/build.mjs`);
  const exported = `export const script = (imports) => {${body}return asmFunc(imports);};`;
  const { code } = await transform(exported, { minify: true, target: "es2022" });
  const text = code.trim().replace(/^export const script=|;$/g, "");
  const header = `/** ${name}.wasm as plain JavaScript, written by wasm/build.mjs; not edited by hand. */\n`;
  return `${header}export const ${name}Script =\n  ${JSON.stringify(text)};\n`;
}

function exportsOf(module) {
  return Array.from({ length: module.getNumExports() }, (_, index) => {
    return binaryen.getExportInfo(module.getExportByIndex(index)).name;
  });
}

/** The text of one function: from its opening parenthesis, one column in, to the closing one in the same column. */
function kernelText(text, module, kernel) {
  const start = text.search(new RegExp(`\n \\(func \\$assembly/${module}/${kernel}\\s`));
  if (start < 0)
    throw new Error(`wasm: no function ${kernel} in ${module}; the kernels listed for review name a missing one`);
  return text.slice(start + 1, text.indexOf("\n )\n", start) + 4);
}

async function emit(file, contents) {
  const url = new URL(file, here);
  if (!checking) return writeFile(url, contents);
  const committed = await readFile(url, "utf8").catch(() => "");
  if (committed !== contents) stale.push(fileURLToPath(url).slice(fileURLToPath(here).length));
}
