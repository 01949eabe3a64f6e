/**
 * An engine's figures as lines of 80 columns: threads, rings, latency, frames, errors. Pure. Where the terminal is low,
 * first the empty lines go, then older errors, then the latency of single hops; what has not happened yet is a dash.
 */
import type { EngineFigures, ErrorFigures, RingFigures, ThreadFigures } from "../../actors/metrics-page/figures.js";
import { duration, grouped } from "../view/numbers.js";
import type { Palette } from "../view/terminal-view.js";

const WIDTH = 80;
const ROWS = 24;
const ERRORS_MIN = 1;
const ERRORS_MAX = 8;
/** What tells most of the latency, in few lines: its title and the sums, which come last. */
const LATENCY_MIN = 3;
/** A heart that has not beaten for longer deserves a look: the longest sleep is a second. */
const LATE_MS = 2_500;
/** Rings that were this full at some time deserve one too. */
const FULL = 0.5;

/** At most `rows` lines. */
export function renderTop(figures: EngineFigures, palette: Palette, rows = ROWS): string[] {
  const head = [
    [titleLine(figures, palette), palette.dim(` ${"─".repeat(WIDTH - 2)}`)],
    threadLines(figures.threads, palette),
    ringLines(figures.rings, palette),
  ];
  const frames = frameLines(figures, palette);
  const left = rows - head.flat().length - frames.length - ERRORS_MIN;
  const latency = latencyLines(figures, palette, left);
  const errors = errorLines(figures, palette, Math.min(left - latency.length + ERRORS_MIN, ERRORS_MAX));
  const blocks = [...head, latency, frames, errors];
  const hasRoom = blocks.flat().length + blocks.length <= rows;
  return blocks.flatMap((block, place) => (hasRoom && place > 1 ? ["", ...block] : block)).slice(0, rows);
}

/** One look on one line, for where nothing can be redrawn. */
export function plainTopLine(figures: EngineFigures): string {
  const { frames, threads, rings, latency } = figures;
  const order = latency["tick-to-order"];
  return [
    uptime(figures),
    figures.state,
    `frames ${whole(frames.received)} dropped ${whole(frames.dropped)}`,
    ...threads.map(({ name, working }) => `${clean(name)} ${percent(working)}`),
    ...rings.map((ring) => `${clean(ring.name)} ${percent(ring.usedBytes / ring.capacityBytes)}`),
    `tick-to-order p50 ${microseconds(order?.p50 ?? null)} p99 ${microseconds(order?.p99 ?? null)} µs`,
    `errors ${whole(errorCount(figures))}`,
  ].join("  ");
}

function titleLine(figures: EngineFigures, palette: Palette): string {
  const { pid, state, about } = figures;
  const clock = uptime(figures);
  const left = ` sluice top   ${pid}   `;
  const what = `${stateText(figures)}   ${about.run ?? ""}`.trimEnd();
  const shown = clean(what).slice(0, WIDTH - left.length - clock.length - 1);
  const gap = " ".repeat(WIDTH - left.length - shown.length - clock.length);
  const paint = state === "running" || state === "ended" ? palette.green : palette.red;
  const word = shown.slice(0, state.length);
  return `${left}${paint(word)}${shown.slice(state.length)}${gap}${clock}`;
}

/** What a reader must know of figures that are not those of now. */
export function stateText({ state, ageMs, asOf }: EngineFigures): string {
  // biome-ignore format: one arm a line
  switch (state) {
    case "running": return "running";
    case "silent": return `silent: has written nothing for ${whole(ageMs / 1000)} s`;
    case "ended": return "ended";
    case "gone": return `gone: ended at ${asOf.slice(11, 19)} UTC, its last words`;
  }
}

function threadLines(threads: readonly ThreadFigures[], palette: Palette): string[] {
  const columns = [...["work", "spin", "asleep"].map(narrow), ...["items/s", "parks/s"].map(wide), narrow("beat s")];
  const title = ` ${"thread".padEnd(9)}${"agents".padEnd(24)}${columns.join("")}`;
  return [
    palette.dim(title),
    ...threads.map((thread) => {
      const { name, agents, working, spinning, asleep, itemsPerSecond, parksPerSecond, heartbeatAgeMs } = thread;
      const roles = clean(agents.map(({ role }) => role).join("+")) || "–";
      const shares = [working, spinning, asleep].map((part) => narrow(percent(part))).join("");
      const rates = [itemsPerSecond, parksPerSecond].map((rate) => wide(whole(rate))).join("");
      const beat = narrow(heartbeatAgeMs === null ? "–" : (heartbeatAgeMs / 1000).toFixed(1));
      const isLate = heartbeatAgeMs !== null && heartbeatAgeMs > LATE_MS;
      return ` ${cell(name, 8)} ${cell(roles, 24)}${shares}${rates}${isLate ? palette.red(beat) : beat}`;
    }),
  ];
}

const narrow = (text: string): string => text.padStart(7);
const wide = (text: string): string => text.padStart(9);

function ringLines(rings: readonly RingFigures[], palette: Palette): string[] {
  const columns = [narrow("used"), "most".padStart(8), wide("of MiB"), "kB/s".padStart(11)];
  const title = ` ${"ring".padEnd(9)}${"from → to".padEnd(34)}${columns.join("")}`;
  return [
    palette.dim(title),
    ...rings.map(({ name, from, to, capacityBytes, usedBytes, highBytes, bytesPerSecond }) => {
      const way = clean(`${from.join(" or ")} → ${to.join(", ")}`);
      const most = percent(highBytes / capacityBytes).padStart(8);
      return (
        ` ${cell(name, 8)} ${cell(way, 33)} ${narrow(percent(usedBytes / capacityBytes))}` +
        `${highBytes > FULL * capacityBytes ? palette.amber(most) : most}` +
        `${wide(whole(capacityBytes / (1 << 20)))}${whole(bytesPerSecond / 1e3).padStart(11)}`
      );
    }),
  ];
}

function latencyLines({ latency }: EngineFigures, palette: Palette, most: number): string[] {
  const names = ["p50", "p99", "p99.9", "max", "count"].map((name) => name.padStart(12));
  const title = ` ${"latency  µs".padEnd(18)}${names.join("")}`;
  const hops = Object.entries(latency).slice(1 - Math.max(most, LATENCY_MIN));
  const rows = hops.map(([hop, { count, p50, p99, p999, max }]) => {
    const cells = [p50, p99, p999, max].map((us) => microseconds(us).padStart(12)).join("");
    return `   ${cell(hop, 16)}${cells}${whole(count).padStart(12)}`;
  });
  return [palette.dim(title), ...rows];
}

function frameLines({ frames, drops }: EngineFigures, { dim, red }: Palette): string[] {
  const count = (name: string, value: number): string => `${dim(name)} ${whole(value)}`;
  const counts = [
    count("received", frames.received),
    count("decoded", frames.decoded),
    frames.dropped > 0 ? red(`dropped ${whole(frames.dropped)}`) : count("dropped", 0),
  ];
  const reasons = Object.entries(drops).map(([reason, dropped]) => `${reason} ${whole(dropped)}`);
  const flow = `${whole(frames.perSecond)} /s   waiting ${whole(frames.pending)}   drops `;
  const why = (clean(reasons.join(", ")) || "none").slice(0, WIDTH - 10 - flow.length);
  return [` ${dim("frames")}   ${counts.join("   ")}`, `          ${flow}${why}`];
}

/** The newest last; as many as there is room for. */
function errorLines(figures: EngineFigures, palette: Palette, rows: number): string[] {
  const { errors, unlistedErrors, counters } = figures;
  if (errors.length === 0) return [` ${palette.dim("errors")}   none`];
  const also = [
    [unlistedErrors, "without room here"],
    [counters["thread.restarts"] ?? 0, "threads started again"],
    [counters["thread.quarantined"] ?? 0, "left out"],
  ] as const;
  const more = also.filter(([count]) => count > 0).map(([count, what]) => `, ${whole(count)} ${what}`);
  const head = ` ${palette.dim("errors")}   ${whole(errors.length)} distinct${more.join("")}`.slice(0, WIDTH);
  const newest = [...errors].sort((one, other) => (one.last < other.last ? -1 : 1)).slice(-Math.max(rows - 1, 1));
  const lines = newest.map((error) => palette.amber(errorLine(error)));
  return rows <= 1 ? lines : [head, ...lines];
}

function errorLine({ message, count, first, last }: ErrorFigures): string {
  const when = count === 1 ? last.slice(11, 19) : `${first.slice(11, 19)}–${last.slice(11, 19)}`;
  return ` ${`${whole(count)}×`.padStart(7)} ${when} ${clean(message)}`.slice(0, WIDTH);
}

const errorCount = ({ errors, unlistedErrors }: EngineFigures): number =>
  errors.reduce((sum, { count }) => sum + count, unlistedErrors);

function uptime({ started, asOf }: EngineFigures): string {
  const ms = Date.parse(asOf) - Date.parse(started);
  return Number.isFinite(ms) ? duration(Math.max(0, ms)) : "–";
}

/** Control characters of a hostile name or message do not reach the terminal. */
export const clean = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "�");
const cell = (text: string, width: number): string => clean(text).slice(0, width).padEnd(width);
const whole = (value: number): string => grouped(String(Math.round(value)));
const microseconds = (us: number | null): string => (us === null ? "–" : us < 1e5 ? grouped(us.toFixed(1)) : whole(us));

function percent(part: number | null): string {
  if (part === null || Number.isNaN(part)) return "–";
  return `${(part * 100).toFixed(part < 0.0995 ? 1 : 0)} %`;
}
