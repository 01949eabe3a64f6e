/**
 * The benchmark of messages in miniature: every message without text is there, all readers come to the same sums, and
 * the stock builder's garbage is seen. How fast anything is decides nothing here.
 */
import { expect, test } from "vitest";
import { LEVELS, messageCases } from "../bench/messages/cases.js";
import { loopsOf } from "../bench/messages/loops.js";
import { measureMessages } from "../bench/messages/messages.js";
import { messagesTables } from "../bench/messages/tables.js";
import { fieldsOf, isReserved, MESSAGES, VECTOR } from "./support/schema-messages.js";

const PLAN = { rounds: 3, roundMs: 1 };
const SOME = ["BookDelta", "Clock", "Trade"];
const WITHOUT_TEXT = MESSAGES.filter((name) => VECTOR[name] === undefined || VECTOR[name] === "levels");

test("every message without text is measured, with all its fields and twenty levels where it has any", () => {
  const cases = messageCases();
  expect(cases.map(({ name }) => name)).toEqual(WITHOUT_TEXT);
  for (const { name, fields, doubles, levelsAt } of cases) {
    const named = fieldsOf(name).filter((field) => !isReserved(field));
    expect(fields.length, name).toBe(named.length);
    expect(doubles.length, name).toBe(named.filter(({ type }) => type === "float64").length);
    expect(levelsAt > 0, name).toBe(VECTOR[name] === "levels");
  }
});

test("a sum tells when any field is left out", () => {
  const [delta] = messageCases().filter(({ name }) => name === "BookDelta");
  const whole = loopsOf(delta).read(1);
  for (const field of delta.fields) {
    expect(loopsOf({ ...delta, fields: delta.fields.filter((each) => each !== field) }).access(1), field).not.toBe(
      whole,
    );
  }
});

test("rounds, sums, budgets, garbage and the slowed reader are reported for each", async () => {
  const cases = messageCases().filter(({ name }) => SOME.includes(name));
  const { rows, controls } = await measureMessages(PLAN, () => {}, cases);
  expect(rows.map(({ message, operation }) => `${message} ${operation}`)).toEqual(
    SOME.flatMap((name) => [`${name} write`, `${name} read`]),
  );
  for (const { message, operation, levels, ns, lowNs, highNs, budgetNs, met, stockNs, ...row } of rows) {
    expect(ns, message).toBeGreaterThan(0);
    expect(stockNs, message).toBeGreaterThan(0);
    expect(met, message).toBe(highNs <= budgetNs);
    expect(lowNs <= ns && ns <= highNs, message).toBe(true);
    expect(budgetNs, message).toBe(levels === LEVELS ? 100 : operation === "write" ? 15 : 10);
    if (operation === "write") expect(row.stockBytesPerMessage, message).toBeGreaterThan(100);
  }
  expect(controls).toMatchObject([{ name: "read Trade, each 64 times", rounds: PLAN.rounds }]);
  expect(messagesTables({ plan: PLAN, rows, controls })[0].rows).toHaveLength(rows.length);
});
