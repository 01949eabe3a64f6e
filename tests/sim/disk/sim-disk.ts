/**
 * The simulated disk: files and names, each as shown and as safe. It outlives the processes that use it; each life
 * mounts it anew and sees nothing of it once it is dead (mount.ts). Names are safe after their directory was synced;
 * a loss of power keeps a prefix of what was done to them since.
 */
import { dirname } from "node:path";
import type { Random } from "../random.js";
import type { Tally } from "../tally.js";
import { SimFile } from "./sim-file.js";

interface NameChange {
  readonly path: string;
  /** Null takes the name away. */
  readonly file: SimFile | null;
}

export class SimDisk {
  readonly files = new Map<string, SimFile>();
  readonly directories = new Set<string>(["/"]);
  private readonly safeNames = new Map<string, SimFile>();
  private readonly changes = new Map<string, NameChange[][]>();
  private readonly random: Random;
  private readonly tally: Tally;

  constructor(random: Random, tally: Tally) {
    this.random = random;
    this.tally = tally;
  }

  /** Bytes of all files together. */
  get usedBytes(): number {
    let bytes = 0;
    for (const file of this.files.values()) bytes += file.size;
    return bytes;
  }

  list(directory: string): string[] {
    const prefix = directory.endsWith("/") ? directory : `${directory}/`;
    const names = new Set<string>();
    for (const path of [...this.files.keys(), ...this.directories]) {
      if (path.startsWith(prefix) && path.length > prefix.length) names.add(path.slice(prefix.length).split("/", 1)[0]);
    }
    return [...names];
  }

  makeDirectory(path: string): void {
    for (let at = path; at !== "/" && at !== "."; at = dirname(at)) this.directories.add(at);
  }

  create(path: string): SimFile {
    const file = new SimFile();
    this.change(dirname(path), [{ path, file }]);
    return file;
  }

  rename(from: string, to: string): void {
    const file = this.files.get(from)!;
    this.change(dirname(to), [
      { path: from, file: null },
      { path: to, file },
    ]);
  }

  remove(path: string): void {
    this.change(dirname(path), [{ path, file: null }]);
  }

  syncDirectory(directory: string): void {
    for (const step of this.changes.get(directory) ?? []) apply(this.safeNames, step);
    this.changes.delete(directory);
  }

  /** Whether the name leads to this file after a loss of power. */
  isNameSafe(path: string): boolean {
    return this.safeNames.has(path) && this.safeNames.get(path) === this.files.get(path);
  }

  /** What was not synced is lost in part; the names too. */
  losePower(): void {
    for (const steps of this.changes.values()) {
      const kept = this.random.integer(0, steps.length);
      for (const step of steps.slice(0, kept)) apply(this.safeNames, step);
      if (kept < steps.length) this.tally.fault("disk.name-lost", steps.length - kept);
    }
    this.changes.clear();
    this.files.clear();
    for (const [path, file] of this.safeNames) this.files.set(path, file);
    const harmed = [...new Set(this.files.values())].reduce((sum, file) => sum + file.losePower(this.random), 0);
    this.tally.fault("disk.sector-lost-or-torn", harmed);
  }

  private change(directory: string, step: NameChange[]): void {
    apply(this.files, step);
    const steps = this.changes.get(directory);
    if (steps) steps.push(step);
    else this.changes.set(directory, [step]);
  }
}

function apply(names: Map<string, SimFile>, step: readonly NameChange[]): void {
  for (const { path, file } of step) {
    if (file === null) names.delete(path);
    else names.set(path, file);
  }
}
