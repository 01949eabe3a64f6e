/**
 * Adding a message is editing a schema and running the generator: what comes out compiles, carries the new enum, and
 * writes and reads the new message, with nothing written by hand.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { SchemaCopy } from "./support/schema-copy.js";

const ROOT = join(import.meta.dirname, "..");
const MESSAGE = `
enum FundingKind : ubyte { None = 0, Predicted = 1, Settled = 2 }

/// What holding a position costs or earns until a moment.
struct FundingBody {
  time_us:float64;
  due_us:float64;
  rate:float64;
  instrument:uint32;
  interval_minutes:uint16;
  kind:FundingKind;
}
table Funding { body:FundingBody; levels:[Level]; }

/// One price level.`;
/** What a user of the new message writes. */
const USE = `
import * as schemas from "./schemas/index.js";
const views = schemas.viewsOf(new ArrayBuffer(schemas.FUNDING_BYTES + schemas.LEVEL_BYTES));
schemas.writeFunding(views, 0, 1, 2, 0.125, 3, 480, schemas.FundingKind.Settled, 1);
schemas.writeLevel(views, schemas.FUNDING_LEVELS, 7, 8);
const funding = new schemas.FundingFields();
schemas.readFunding(views, 0, funding);
const type: number = schemas.FUNDING_TYPE;
console.log(JSON.stringify({ ...funding, type, isListed: schemas.MessageType.Funding === type }));
`;
/** What a user who forgot a field writes. */
const MISUSE = `import { FUNDING_BYTES, viewsOf, writeFunding } from "./schemas/index.js";
writeFunding(viewsOf(new ArrayBuffer(FUNDING_BYTES)), 0, 1, 2, 0.125, 3, 480);
`;

test("a message that was added to a schema can be written and read after npm run schemas", async () => {
  const copy = new SchemaCopy();
  try {
    copy.edit("common.fbs", "/// One price level.", MESSAGE.trimStart());
    copy.edit("common.fbs", "Padding = 0,", "Padding = 0, Funding = 200,");
    expect(copy.generate()).toMatchObject({ status: 0, stderr: "" });
    writeFileSync(join(copy.folder, "use.ts"), USE);
    expect(compile(copy)).toEqual({ status: 0, complaints: "" });
    expect(await run(copy)).toEqual({
      ...{ timeUs: 1, dueUs: 2, rate: 0.125, instrument: 3, intervalMinutes: 480, kind: 2, levelsCount: 1 },
      ...{ type: 200, isListed: true },
    });
    writeFileSync(join(copy.folder, "use.ts"), MISUSE);
    expect(compile(copy)).toMatchObject({ status: 1, complaints: expect.stringContaining("Expected 9 arguments") });
  } finally {
    copy.close();
  }
});

/** By the project's own compiler and settings. */
function compile(copy: SchemaCopy): { readonly status: number | null; readonly complaints: string } {
  const settings = JSON.parse(readFileSync(join(ROOT, "tsconfig.base.json"), "utf8")) as { compilerOptions: object };
  const compilerOptions = { ...settings.compilerOptions, composite: false, noEmit: true };
  writeFileSync(join(copy.folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["**/*.ts"] }));
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", copy.folder], { encoding: "utf8" });
  return { status, complaints: stdout };
}

async function run(copy: SchemaCopy): Promise<unknown> {
  const outfile = join(copy.folder, "use.mjs");
  await build({
    ...{ entryPoints: [join(copy.folder, "use.ts")], outfile, bundle: true },
    ...{ platform: "node", format: "esm", logLevel: "error" },
  });
  return JSON.parse(execFileSync(process.execPath, [outfile], { encoding: "utf8" }));
}
