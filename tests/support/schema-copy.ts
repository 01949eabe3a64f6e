/**
 * A copy of the schemas with what their last release left, in a folder of its own, to be changed and compiled as a
 * developer would: edit a .fbs, raise the version, run the generator.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = join(import.meta.dirname, "..", "..");
const KEPT = /(\.fbs|\.ts)$/;

/** The generator is plain JavaScript, because it runs before anything is compiled. */
interface Generator {
  readSchemas(folder: string): object;
  parseSchemas(schemas: object): object;
  readReleased(folder: string): object;
  faultsAgainst(released: object, model: object): string[];
}
const modules = ["model", "released"].map((name) => pathToFileURL(join(ROOT, "schemas", "generate", `${name}.mjs`)));
const generator = Object.assign({}, ...(await Promise.all(modules.map(({ href }) => import(href))))) as Generator;

export interface Outcome {
  readonly status: number | null;
  readonly stderr: string;
}

export class SchemaCopy {
  /** A package of its own: schemas/, package.json, and the packages that generated code imports. */
  readonly folder = mkdtempSync(join(tmpdir(), "sluice-schemas-"));
  readonly schemas = join(this.folder, "schemas");

  constructor() {
    const from = join(ROOT, "schemas");
    for (const name of readdirSync(from).filter((each) => KEPT.test(each)))
      cpSync(join(from, name), join(this.schemas, name));
    cpSync(join(from, "released"), join(this.schemas, "released"), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(this.folder, "node_modules"));
    this.setVersion(this.releasedVersion);
  }

  get releasedVersion(): string {
    return (JSON.parse(this.read("released/golden.json")) as { version: string }).version;
  }

  /** The released version with the part at `index` raised by one and those behind it zero. */
  versionRaisedAt(index: number): string {
    const parts = this.releasedVersion.split(".").map(Number);
    return parts.map((part, at) => (at < index ? part : at === index ? part + 1 : 0)).join(".");
  }

  setVersion(version: string): void {
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ type: "module", version }));
  }

  read(name: string): string {
    return readFileSync(join(this.schemas, name), "utf8");
  }

  /** Replaces text that must be there. */
  edit(name: string, was: string, now: string): this {
    const text = this.read(name);
    if (!text.includes(was)) throw new Error(`${name} has no "${was}"; give the test what it has now`);
    writeFileSync(join(this.schemas, name), text.replace(was, now));
    return this;
  }

  /** What the generator would say of today's schemas against the released ones, without starting it. */
  faults(): string[] {
    const released = generator.readReleased(this.schemas);
    return generator.faultsAgainst(released, generator.parseSchemas(generator.readSchemas(this.schemas)));
  }

  /** `npm run schemas -- …` */
  generate(...args: string[]): Outcome {
    const script = join(ROOT, "schemas", "generate.mjs");
    return spawnSync(process.execPath, [script, "--schemas", this.schemas, ...args], { encoding: "utf8" });
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
