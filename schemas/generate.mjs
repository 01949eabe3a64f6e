/**
 * Compiles the .fbs files of this folder, or of `--schemas DIR`, into its `generated/`: flatc's TypeScript, the offsets
 * and a writer of every message, and a reader of all its fields. `npm run schemas` runs it; `--check` compares instead
 * of writing. It imports nothing of the project, because the project is compiled from what it makes.
 *
 * Both also compare with `released/`, the schemas of the last release: bytes that were written then must be read today.
 * A schema may add messages, structs, enums and enum values, and give a name to a reserved field. Whatever else a
 * change needs is a new message type. `--release` ends the promise and begins the next: it copies the schemas and one
 * frame of every message into `released/`. It wants a higher version in package.json; where old bytes break, one
 * whose first part above zero was raised (0.1.4 → 0.2.0, 1.2.0 → 2.0.0), because no journal from before can be read.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { enumsModule } from "./generate/enums.mjs";
import { flatcOutputs } from "./generate/flatc.mjs";
import { layoutModule } from "./generate/layout.mjs";
import { parseSchemas, readSchemas } from "./generate/model.mjs";
import { readersModule } from "./generate/readers.mjs";
import { faultsAgainst, objectionTo, readReleased, writeRelease } from "./generate/released.mjs";

const { values: options } = parseArgs({
  options: { check: { type: "boolean" }, release: { type: "boolean" }, schemas: { type: "string" } },
});
const folder = options.schemas ?? dirname(fileURLToPath(import.meta.url));
const generated = join(folder, "generated");

const schemas = readSchemas(folder);
const model = parseSchemas(schemas);
process.exitCode = options.release ? release() : await generate();

/** Writes or compares what is generated, and answers for the last release's bytes in either case. */
async function generate() {
  const outputs = {
    ...(await flatcOutputs(schemas)),
    "layout.ts": layoutModule(model, schemaHash()),
    "readers.ts": readersModule(model),
    "enums.ts": enumsModule(model),
  };
  const faults = options.check ? staleness(outputs) : write(outputs);
  const complaints = [...faults, ...releaseFaults()];
  for (const complaint of complaints) console.error(complaint);
  return complaints.length > 0 ? 1 : 0;
}

/** Over the texts, comments included: what a field means is part of what a journal's reader must know. */
function schemaHash() {
  return createHash("sha256").update(Object.values(schemas).join("\0")).digest().readUInt32LE(0);
}

function write(outputs) {
  rmSync(generated, { recursive: true, force: true });
  for (const [name, text] of Object.entries(outputs)) {
    const path = join(generated, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  console.log(`schemas: ${Object.keys(schemas).length} files, ${Object.keys(outputs).length} generated`);
  return [];
}

function staleness(outputs) {
  const stale = Object.entries(outputs).filter(([name, text]) => {
    const path = join(generated, name);
    return !existsSync(path) || readFileSync(path, "utf8") !== text;
  });
  return stale.map(([name]) => `schemas/generated/${name} differs from the schemas; run: npm run schemas`);
}

function releaseFaults() {
  const released = readReleased(folder);
  if (!released) return ["schemas/released/ is missing; run: npm run schemas -- --release"];
  const faults = faultsAgainst(released, model);
  if (faults.length === 0) return [];
  return [
    ...faults.map((fault) => `schemas: ${fault}`),
    `schemas: bytes of release ${released.version} would be misread. Give the change a message type of its own; ` +
      "or, where old journals need not be read, raise the version and run: npm run schemas -- --release",
  ];
}

function release() {
  const { version } = JSON.parse(readFileSync(join(folder, "..", "package.json"), "utf8"));
  const released = readReleased(folder);
  const objection = objectionTo(version, released, released ? faultsAgainst(released, model) : []);
  if (objection) {
    console.error(`schemas: ${objection}`);
    return 1;
  }
  writeRelease(folder, version, schemas, model);
  console.log(`schemas: released as ${version}`);
  return 0;
}
