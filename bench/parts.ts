/** The list of all benchmarks; a new one is one entry here and its plan in plans.ts. */

import { measureAlternatives } from "./alternatives/alternatives.js";
import { alternativesTables } from "./alternatives/tables.js";
import { measureDecode } from "./decode/decode.js";
import { decodeTable } from "./decode/decode-table.js";
import { measureFabric } from "./fabric/fabric.js";
import { fabricTables } from "./fabric/tables.js";
import { goalsOfGarbage, measureGarbage } from "./garbage/garbage.js";
import { garbageTables } from "./garbage/tables.js";
import { goalsOfGrowth, measureGrowth } from "./growth/growth.js";
import { growthTables } from "./growth/tables.js";
import { journalTables, measureJournal } from "./journal/journal.js";
import { measureLatencyCost } from "./latency-cost/latency-cost.js";
import { latencyCostTables } from "./latency-cost/tables.js";
import { goalsOfMath, measureMath } from "./math/math.js";
import { mathTables } from "./math/tables.js";
import { measureMessages } from "./messages/messages.js";
import { messagesTables } from "./messages/tables.js";
import type { Part } from "./part.js";
import { measureRecovery, recoveryTable } from "./recovery/recovery.js";
import { tickToOrderTables } from "./tick-to-order/tables.js";
import { controlsOfTickToOrder, goalsOfTickToOrder, measureTickToOrder } from "./tick-to-order/tick-to-order.js";

const part = <R>(definition: Part<R>): Part<R> => definition;

/** By their names in a file of results. */
export const PARTS = {
  tickToOrder: part({
    ...{ name: "tick-to-order", title: "tick to order", measured: "latency" },
    measure: ({ tickToOrder }, { note }) => measureTickToOrder(tickToOrder, note),
    tables: tickToOrderTables,
    goals: goalsOfTickToOrder,
    controls: controlsOfTickToOrder,
  }),
  garbage: part({
    ...{ name: "garbage", title: "garbage", measured: "rounds" },
    measure: ({ garbage }, { note }) => measureGarbage(garbage, note),
    tables: garbageTables,
    goals: goalsOfGarbage,
  }),
  growth: part({
    ...{ name: "growth", title: "growth", measured: "rounds" },
    measure: ({ growth }, { note }) => measureGrowth(growth, note),
    tables: growthTables,
    goals: goalsOfGrowth,
  }),
  ring: part({
    ...{ name: "ring", title: "rings between threads", measured: "latency" },
    measure: ({ ring }, context) => measureFabric(ring, context),
    tables: fabricTables,
    goals: ({ goals, unmeasured }) => [...goals, ...unmeasured],
    comparisons: ({ comparisons }) => comparisons,
    controls: ({ control }) => [control],
  }),
  messages: part({
    ...{ name: "messages", title: "messages", measured: "rounds" },
    measure: ({ messages }, { note }) => measureMessages(messages, note),
    tables: messagesTables,
    controls: ({ controls }) => controls,
  }),
  latencyCost: part({
    ...{ name: "latency-cost", title: "what measuring latency costs", measured: "rounds" },
    measure: ({ latencyCost }, { note }) => measureLatencyCost(latencyCost, note),
    tables: latencyCostTables,
    comparisons: ({ comparisons }) => comparisons,
    controls: ({ controls }) => controls,
  }),
  decode: part({
    ...{ name: "decode", title: "decoding", measured: "rounds" },
    measure: ({ decode }, { note }) => measureDecode(decode, note),
    tables: (result) => [decodeTable(result)],
    comparisons: ({ comparisons }) => comparisons,
    controls: ({ controls }) => controls,
  }),
  math: part({
    ...{ name: "math", title: "math core", measured: "rounds" },
    measure: ({ math }, context) => measureMath(math, context),
    tables: mathTables,
    goals: goalsOfMath,
  }),
  journal: part({
    ...{ name: "journal", title: "group commit", measured: "latency" },
    measure: ({ journal }, { note }) => measureJournal(journal, note),
    tables: journalTables,
    comparisons: ({ comparisons }) => comparisons,
  }),
  recovery: part({
    ...{ name: "recovery", title: "recovery", measured: "rounds" },
    measure: ({ recovery }, { note }) => measureRecovery(recovery, note),
    tables: (result) => [recoveryTable(result)],
  }),
  alternatives: part({
    ...{ name: "alternatives", title: "rejected rings", measured: "rounds", onlyByName: true },
    measure: ({ alternatives }, { note }) => measureAlternatives(alternatives, note),
    tables: alternativesTables,
  }),
} as const;

export type PartKey = keyof typeof PARTS;
type ResultOf<K extends PartKey> = (typeof PARTS)[K] extends Part<infer R> ? R : never;
export type Results = { readonly [K in PartKey]?: ResultOf<K> };

/** Several by one name. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  fabric: ["tick-to-order", "garbage", "growth", "ring", "messages", "latency-cost"],
};

export const PART_KEYS = Object.keys(PARTS) as PartKey[];
/** All that a run can be limited to. */
export const NAMES: readonly string[] = [...Object.keys(GROUPS), ...PART_KEYS.map((key) => PARTS[key].name)];

/** What runs under a name, or without one. */
export function selected(only: string | undefined): PartKey[] {
  const names = only === undefined ? undefined : (GROUPS[only] ?? [only]);
  return PART_KEYS.filter((key) => {
    const { name, onlyByName = false } = anyPart(key);
    return names === undefined ? !onlyByName : names.includes(name);
  });
}

/** One entry with the type of its result forgotten, for code that treats all of them alike. */
export const anyPart = (key: PartKey): Part<unknown> => PARTS[key] as unknown as Part<unknown>;
