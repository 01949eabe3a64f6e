/**
 * `sluice stats` over files of prices and returns: the numbers are the library's, what was taken for what is said, and
 * a model that was written can be used again.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stats } from "../wasm/stats/index.js";
import { runCommand, withDirectory } from "./support/command.js";

/** Two regimes that take turns every 50 days: quiet rises, restless falls. */
const returns = Float64Array.from({ length: 400 }, (_, day) => {
  const noise = ((day * 7_919) % 503) / 251 - 1;
  return Math.floor(day / 50) % 2 === 0 ? 0.002 + 0.004 * noise : -0.003 + 0.02 * noise;
});
const prices = [100];
for (const each of returns) prices.push(prices[prices.length - 1] * (1 + each));
const dateOf = (day: number): string => new Date(Date.UTC(2020, 0, 1) + day * 86_400_000).toISOString().slice(0, 10);
const simpleReturns = Float64Array.from(prices.slice(1), (price, day) => price / prices[day] - 1);

const withFile = (
  header: string,
  values: ArrayLike<number | string>,
  work: (csv: string, directory: string) => Promise<void>,
) =>
  withDirectory(async (directory) => {
    const csv = join(directory, "data.csv");
    writeFileSync(csv, `${header}\n${Array.from(values, (value, day) => `${dateOf(day)},${value}`).join("\n")}\n`);
    await work(csv, directory);
  });

/** Two assets, the second of the same size on other days. */
const pair = Array.from(returns, (each, day) => `${each},${returns[(day * 7) % returns.length]}`);
const pairMatrix = Float64Array.from(pair.flatMap((row) => row.split(",").map(Number)));

describe("value at risk", () => {
  test("each method gives the library's figures, of returns as they stand", () =>
    withFile("date,a,b", pair, async (csv) => {
      const args = ["stats", "var", "--csv", csv, "--weights", "6000,-4000", "--confidence", "0.975", "--horizon", "5"];
      const { code, stdout, stderr } = await runCommand([...args, "--json"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const { results, columns, rows, values } = JSON.parse(stdout);
      expect({ columns, rows, values }).toEqual({ columns: ["a", "b"], rows: 400, values: "returns" });
      const common = { weights: Float64Array.of(6000, -4000), confidence: 0.975, horizon: 5 };
      const expected = {
        parametric: stats.var.parametric(pairMatrix, common),
        student: stats.var.parametric(pairMatrix, { ...common, distribution: "student", freedom: 5 }),
        "cornish-fisher": stats.var.cornishFisher(pairMatrix, common),
        historical: stats.var.historical(pairMatrix, common),
        ewma: stats.var.ewma(pairMatrix, common),
        "monte-carlo": stats.var.monteCarlo(pairMatrix, { ...common, paths: 100_000, seed: 1 }),
      };
      for (const [method, { valueAtRisk, expectedShortfall, component }] of Object.entries(expected)) {
        expect(results[method], method).toMatchObject({ valueAtRisk, expectedShortfall, component: [...component] });
      }
    }));

  test("prices become simple returns, and people see both confidences", () =>
    withFile("date,close", prices, async (csv) => {
      const { stdout, stderr } = await runCommand(["stats", "var", "--csv", csv]);
      expect(stderr).toContain("took close for prices, and their simple returns");
      const { valueAtRisk } = stats.var.historical(simpleReturns, { weights: Float64Array.of(1) });
      expect(stdout).toMatch(new RegExp(`^historical +${(100 * valueAtRisk).toFixed(3)} % .*%$`, "m"));
      expect(stdout).toMatch(/^method +VaR 95 % +ES 95 % +VaR 99 % +ES 99 %$/m);
    }));

  test("one method says what each asset has in the whole", () =>
    withFile("date,a,b", pair, async (csv) => {
      const { stdout } = await runCommand(["stats", "var", "--csv", csv, "--method", "parametric"]);
      const shares = [...stdout.matchAll(/^[ab] .* (\S+) % +\S+$/gm)].map(([, share]) =>
        Number(share.replace("−", "-")),
      );
      expect(shares.reduce((sum, each) => sum + each)).toBeCloseTo(100, 0);
    }));

  test.each([
    [["--weights", "1,2,3"], 2, "--weights has 3 numbers; there are the columns a, b: give one for each"],
    [["--weights", "one"], 2, "numbers are written like 0.6,0.4."],
    [["--confidence", "0.5"], 2, "it is above 0.5 and below 1."],
    [["--confidence", "95"], 2, "it is above 0.5 and below 1."],
    [["--method", "guess"], 2, "Allowed choices are parametric"],
    [["--horizon", "0"], 2, "it is 1 to 1000."],
    [["--values", "prices"], 1, "use numbers above 0"],
  ])("%s is refused", (args, code, message) =>
    withFile("date,a,b", pair, async (csv) => {
      const result = await runCommand(["stats", "var", "--csv", csv, "--json", ...args]);
      expect(result).toMatchObject({ code, stdout: "" });
      expect(result.stderr).toContain(message);
    }),
  );
});

describe("hidden Markov models", () => {
  test("fit gives the library's model of the returns of prices, and says that it took them", () =>
    withFile("date,close", prices, async (csv) => {
      const args = ["stats", "hmm", "fit", "--csv", csv, "--states", "2", "--seed", "3"];
      const { code, stdout, stderr } = await runCommand([...args, "--json"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const expected = stats.hmm.fit(simpleReturns, { states: 2, seed: 3 });
      const { model, names, logLikelihood, bic } = JSON.parse(stdout);
      expect(model.means.flat()).toEqual([...expected.model.means]);
      expect(model.transition.flat()).toEqual([...expected.model.transition]);
      expect({ names, logLikelihood, bic }).toEqual({
        ...{ names: stats.hmm.names(expected.model), logLikelihood: expected.logLikelihood, bic: expected.bic },
      });
      const shown = await runCommand(args);
      expect(shown.stderr).toContain("took close for prices, and their simple returns");
      expect(shown.stdout).toMatch(/^bull .*\nbear /m);
    }));

  test("decode finds the regimes that the returns were made of, by a model from a file too", () =>
    withFile("date,return", returns, async (csv, directory) => {
      const fit = await runCommand(["stats", "hmm", "fit", "--csv", csv, "--states", "2", "--json"]);
      const model = join(directory, "model.json");
      writeFileSync(model, fit.stdout);
      const own = JSON.parse(
        (await runCommand(["stats", "hmm", "decode", "--csv", csv, "--states", "2", "--json"])).stdout,
      );
      const read = JSON.parse(
        (await runCommand(["stats", "hmm", "decode", "--csv", csv, "--model", model, "--json"])).stdout,
      );
      expect(read).toEqual(own);
      expect(own.values).toBe("returns");
      const regimes = own.states.map((state: number) => own.names[state]);
      const right = regimes.filter(
        (name: string, day: number) => name === (Math.floor(day / 50) % 2 === 0 ? "bull" : "bear"),
      );
      expect(right.length / regimes.length).toBeGreaterThan(0.9);
    }));

  test("decode draws and writes what it found", () =>
    withFile("date,close", prices, async (csv, directory) => {
      const [plot, out] = [join(directory, "regimes.svg"), join(directory, "regimes.csv")];
      const { code } = await runCommand(["stats", "hmm", "decode", "--csv", csv, "--plot", plot, "--csv-out", out]);
      expect(code).toBe(0);
      expect(readFileSync(plot, "utf8")).not.toMatch(/NaN|undefined|Infinity|<script/);
      const [head, first] = readFileSync(out, "utf8").split("\n");
      expect(head).toBe("time,return,state,regime,p(bull),p(sideways),p(bear)");
      const shares = first.split(",").slice(4).map(Number);
      expect(shares.reduce((sum, each) => sum + each)).toBeCloseTo(1, 12);
    }));

  test.each([
    [["--states", "1"], 2, "it is 2 to 6."],
    [["--values", "yields"], 2, "Allowed choices are prices, returns."],
    [["--column", "open"], 2, 'no column "open"'],
    [["--model", "/no/model.json"], 2, "--model /no/model.json: ENOENT"],
    [["--model", "package.json"], 2, "--model package.json: "],
  ])("%s is refused", (args, code, message) =>
    withFile("date,close", prices, async (csv, directory) => {
      const plot = join(directory, "chart.svg");
      const result = await runCommand(["stats", "hmm", "decode", "--csv", csv, "--plot", plot, ...args]);
      expect(result).toMatchObject({ code, stdout: "" });
      expect(result.stderr).toContain(message);
      expect(existsSync(plot)).toBe(false);
    }),
  );

  test("returns that are all equal, and too few of them, are refused with a reason", async () => {
    await withFile("date,return", new Float64Array(30).fill(0.01), async (csv) => {
      const { code, stderr } = await runCommand(["stats", "hmm", "fit", "--csv", csv, "--json"]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^sluice: .*observations.*\n$/);
    });
    await withFile("date,return", [0.01, -0.01], async (csv) => {
      const { code, stderr } = await runCommand(["stats", "hmm", "fit", "--csv", csv, "--json"]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("observations") });
    });
  });
});
