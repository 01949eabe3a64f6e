/**
 * Goals and whether they were met. A goal has one row or several; it passes when every row does, by the bad end of its
 * interval, and its own figures are those of its worst row. A row that could not be measured, for want of a peer, is
 * listed with the reason, and then the goal has no verdict: it neither passes nor fails on that account.
 */
import type { Ratio } from "./statistics.js";
import type { Table } from "./table.js";

export type GoalId = `G${number}`;
/** Whether a ratio passes at or above its goal, or at or below it. */
export type Better = "higher" | "lower";

export interface GoalRow {
  readonly id: GoalId;
  /** What is compared, such as "JS handler, throughput over rtrb's". */
  readonly row: string;
  readonly goal: number;
  readonly better: Better;
}

export interface Goal extends GoalRow {
  /** Median over the rounds, or a plain figure where the goal is one: bytes a message, a slope. */
  readonly ratio: number;
  /** The 95 % interval; both equal to the ratio where there are no rounds. */
  readonly low: number;
  readonly high: number;
  readonly pass: boolean;
}

export interface UnmeasuredGoal extends GoalRow {
  /** What was missing, and what would mend it. */
  readonly reason: string;
}

/** All rows of one goal. */
export interface GoalVerdict extends Omit<Goal, "id" | "pass"> {
  /** Null when no measured row fails and at least one was not measured. */
  readonly pass: boolean | null;
  /** Why there is no verdict. */
  readonly reason?: string;
  readonly rows: Readonly<Record<string, Omit<Goal, "id" | "row">>>;
  readonly unmeasured: Readonly<Record<string, string>>;
}

export type Goals = Readonly<Record<GoalId, GoalVerdict>>;

/** Judges one row; `ratio` is as `goal` counts it, so a "lower" goal is given costs over the peer's costs. */
export function judge(row: GoalRow, { median, low, high }: Pick<Ratio, "median" | "low" | "high">): Goal {
  const pass = row.better === "higher" ? low >= row.goal : high <= row.goal;
  return { ...row, ratio: median, low, high, pass };
}

/** Judges a figure that has no rounds. */
export function judgeFigure(row: GoalRow, figure: number): Goal {
  return judge(row, { median: figure, low: figure, high: figure });
}

/** By goal, in the order of their numbers; a goal of which nothing was measured is left out only if it has no row. */
export function verdictsOf(measured: readonly Goal[], unmeasured: readonly UnmeasuredGoal[] = []): Goals {
  const ids = [...new Set([...measured, ...unmeasured].map(({ id }) => id))].sort((a, b) => numberOf(a) - numberOf(b));
  const of = <T extends GoalRow>(rows: readonly T[], id: GoalId): T[] => rows.filter((row) => row.id === id);
  return Object.fromEntries(ids.map((id) => [id, verdictOf(of(measured, id), of(unmeasured, id))]));
}

function verdictOf(measured: readonly Goal[], unmeasured: readonly UnmeasuredGoal[]): GoalVerdict {
  const worst = [...measured].sort((a, b) => margin(a) - margin(b))[0] ?? nothingOf(unmeasured[0]);
  const { row, ratio, low, high, goal, better } = worst;
  const missing = Object.fromEntries(unmeasured.map((each) => [each.row, each.reason]));
  const pass = !measured.every((each) => each.pass) ? false : unmeasured.length > 0 ? null : true;
  return {
    ...{ ratio, low, high, goal, pass, better, row },
    ...(pass === null && { reason: unmeasured.map((each) => `${each.row}: ${each.reason}`).join("; ") }),
    rows: Object.fromEntries(measured.map(({ id: _, row: name, ...rest }) => [name, rest])),
    unmeasured: missing,
  };
}

/** How far the bad end of the interval is from the goal, as a factor; below 1 the row fails. */
function margin({ low, high, goal, better }: Goal): number {
  if (better === "higher") return low / goal;
  return high <= 0 ? Number.POSITIVE_INFINITY : goal / high;
}

/** NaN is written as null: there is no figure. */
function nothingOf(row: UnmeasuredGoal): Goal {
  return { ...row, ratio: Number.NaN, low: Number.NaN, high: Number.NaN, pass: false };
}

const numberOf = (id: GoalId): number => Number(id.slice(1));

export function goalTable(goals: Goals): Table {
  const rows = Object.entries(goals).flatMap(([id, { rows: measured, unmeasured }]) => [
    ...Object.entries(measured).map(([row, { ratio, low, high, goal, better, pass }]) => [
      ...[id, row, figure(ratio), `${figure(low)} – ${figure(high)}`],
      ...[`${better === "higher" ? "≥" : "≤"} ${figure(goal)}`, pass ? "pass" : "FAIL"],
    ]),
    ...Object.keys(unmeasured).map((row) => [id, row, "–", "–", "–", "not measured"]),
  ]);
  return {
    title: "Goals",
    head: ["goal", "row", "ratio", "95 % interval", "wanted", "verdict"],
    words: 2,
    rows,
    notes: [
      `Verdict: ${Object.entries(goals).map(verdictText).join(", ")}.`,
      "A row passes when the bad end of its interval does; a goal passes when all its rows do.",
      ...reasonsOf(goals).map((reason) => `Not measured: ${reason}.`),
    ],
  };
}

/** A row for each goal, which is that of its rows that comes nearest to failing, or fails most. */
export function goalSummary(goals: Goals): Table {
  return {
    title: "Goals, each by its worst row",
    head: ["goal", "worst row", "ratio", "wanted", "rows", "verdict"],
    words: 2,
    rows: Object.entries(goals).map(([id, { row, ratio, goal, better, pass, rows, unmeasured }]) => [
      ...[id, row, figure(ratio), `${better === "higher" ? "≥" : "≤"} ${figure(goal)}`],
      ...[String(Object.keys({ ...rows, ...unmeasured }).length), wordOf(pass)],
    ]),
    notes: ["A goal passes when the bad end of every row's 95 % interval does."],
  };
}

function reasonsOf(goals: Goals): string[] {
  return [...new Set(Object.values(goals).flatMap(({ unmeasured }) => Object.values(unmeasured)))];
}

const verdictText = ([id, { pass }]: [string, GoalVerdict]): string => `${id} ${wordOf(pass)}`;
const wordOf = (pass: boolean | null): string => (pass === null ? "undecided" : pass ? "pass" : "FAIL");

function figure(value: number): string {
  if (Math.abs(value) >= 100) return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, " ");
  return value.toFixed(Math.abs(value) < 0.1 && value !== 0 ? 4 : 2);
}
