/**
 * docs/math.md is what the table, the descriptions, the committed errors and times and the examples make of it. With
 * SLUICE_WRITE_DOCS=1 it is written anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type AnySpec, table } from "../wasm/index.js";
import { NAMES } from "./reference-page/examples.js";
import { comparisons, worstErrors } from "./reference-page/measures.js";
import { referencePage } from "./reference-page/page.js";
import { references } from "./reference-page/references.js";

const PATH = join(import.meta.dirname, "../docs/math.md");

test("the reference is made from the code", () => {
  const page = referencePage();
  if (process.env.SLUICE_WRITE_DOCS === "1") writeFileSync(PATH, page);
  else expect(readFileSync(PATH, "utf8")).toBe(page);
});

test("every indicator says its formula and its oracle, and was compared with one", () => {
  const errors = worstErrors();
  for (const [name, { formula, oracle }] of Object.entries<AnySpec>(table)) {
    expect(formula, name).toMatch(/\S/);
    expect(oracle, name).toMatch(/\S/);
    expect(errors.get(`ta.${name}`)?.error, name).toBeLessThanOrEqual(1e-9);
  }
});

test("every comparison that was committed is within its limit", () => {
  expect(comparisons().length).toBeGreaterThan(150);
  for (const { function: name, oracle, error, limit } of comparisons()) {
    expect(error, `${name} against ${oracle}`).toBeLessThanOrEqual(limit);
  }
});

test("functions of every section are named once, as they are imported", () => {
  const names = references.flatMap(({ entries }) => entries.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(NAMES).toContain(name.split(".")[0]);
});
