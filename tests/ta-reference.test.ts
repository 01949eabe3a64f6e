/**
 * Indicators against published series, from the first valid index of each on: the results of Stock.Indicators within
 * 1e-9, the ChartSchool sheets to their printed digits.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type AnySpec, createMathCore, table, warmUpOf } from "../wasm/index.js";
import { valuesOf } from "../wasm/ta/arguments.js";

interface Case {
  readonly indicator: keyof typeof table;
  readonly options: Readonly<Record<string, number | string>>;
  /** What the published numbers are of ours. */
  readonly factor: number;
  /** How far the published numbers stray beyond their digits. */
  readonly off: number;
  /** Whether more than the warm-up is left out. */
  readonly late?: boolean;
  readonly inputs?: readonly string[];
  readonly series?: readonly (readonly number[])[];
  readonly expected: Readonly<Record<string, { first: number; values?: number[]; texts?: string[] }>>;
}

interface Fixture {
  readonly source: string;
  readonly quotes: Readonly<Record<string, readonly number[]>>;
  readonly cases: readonly Case[];
}

const core = createMathCore();

function fixture(name: string): Fixture {
  return JSON.parse(readFileSync(new URL(`fixtures/ta/${name}.json`, import.meta.url), "utf8"));
}

const returnsOf = (prices: readonly number[]): number[] =>
  prices.slice(1).map((price, index) => price / prices[index]! - 1);

function compute({ indicator, options }: Case, series: readonly (readonly number[])[]): Map<string, Float64Array> {
  const spec: AnySpec = table[indicator];
  const arrays = series.map((each) => Float64Array.from(each));
  const results = core.batch.indicator(spec, arrays, valuesOf(spec, options));
  return new Map(Object.keys(spec.outputs).map((output, index) => [output, results[index]!]));
}

describe("the published results of Stock.Indicators", () => {
  const { quotes, cases } = fixture("stock-indicators");
  const series: Record<string, readonly number[]> = {
    ...quotes,
    middle: quotes.high!.map((high, index) => (high + quotes.low![index]!) / 2),
    returns: returnsOf(quotes.close!),
    otherReturns: returnsOf(quotes.other!),
  };

  test.each(cases.map((each) => [each.indicator, each] as const))("are %s's", (indicator, each) => {
    const inputs = each.inputs ?? table[indicator].inputs;
    const results = compute(
      each,
      inputs.map((name) => series[name]!),
    );
    const scale = Math.max(...inputs.map((name) => Math.abs(series[name]![0]!)));
    for (const [output, { first, values }] of Object.entries(each.expected)) {
      values!.forEach((value, index) => {
        const ours = results.get(output)![first + index]! * each.factor;
        const allowed = 1e-9 * Math.abs(value) + 1e-14 * scale + each.off;
        expect(Math.abs(ours - value), `${output}[${first + index}] was ${ours}, not ${value}`).toBeLessThan(allowed);
      });
    }
  });

  const punctual = cases.filter(({ late }) => !late);
  test.each(punctual.map((each) => [each.indicator, each] as const))("begin where %s's do", (indicator, each) => {
    const spec: AnySpec = table[indicator];
    const values = valuesOf(spec, each.options);
    for (const [output, { first }] of Object.entries(each.expected)) {
      expect(spec.outputs[output]!(values as never)).toBe(first);
    }
    expect(warmUpOf(spec, values)).toBeGreaterThanOrEqual(0);
  });
});

describe("the ChartSchool sheets", () => {
  const { cases } = fixture("chart-school");
  test.each(cases.map((each) => [each.indicator, each] as const))("are %s's to their printed digits", (_, each) => {
    const results = compute(each, each.series!);
    for (const [output, { first, texts }] of Object.entries(each.expected)) {
      expect(texts!.length).toBeGreaterThan(0);
      texts!.forEach((text, index) => {
        if (text === "") return;
        const ours = results.get(output)![first + index]! * each.factor;
        const digits = text.split(".")[1]?.length ?? 0;
        // Some sheets cut their digits off instead of rounding them.
        const allowed = 10 ** -digits + each.off + 1e-9 * Math.abs(Number(text));
        expect(Math.abs(ours - Number(text)), `${output}[${first + index}] was ${ours}, not ${text}`).toBeLessThan(
          allowed,
        );
      });
    }
  });
});
