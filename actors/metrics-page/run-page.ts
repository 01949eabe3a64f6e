/** The metrics page of a run: of this process, from its shared memory, for as long as the run lasts. */
import { makeClock } from "../clock.js";
import type { ThreadContext } from "../threads/thread-data.js";
import { type PageContents, pageContents } from "./contents.js";
import { bornAt } from "./process.js";
import { keepPage, type PageClocks, PageWriter, type RunningPage } from "./writer.js";

/** Begins to write; what goes wrong is put on record. `about` says what the run is, for people. */
export function startPage(context: ThreadContext, about: Readonly<Record<string, string>>): RunningPage {
  const clocks = { monotonicUs: makeClock({ wallUsAtZero: 0 }), wallUs: context.nowUs };
  const make = (): PageWriter => PageWriter.create(process.pid, contentsOf(context, about, clocks), clocks);
  return keepPage(make, (error) => context.recordError(error, "metrics page"));
}

function contentsOf(
  { views, map, plan, ringIdentity: { buildHash } }: ThreadContext,
  about: Readonly<Record<string, string>>,
  { wallUs }: PageClocks,
): PageContents {
  const { pid, version } = process;
  return pageContents(views, map, plan, {
    ...{ pid, born: bornAt(pid), startedUs: wallUs(), node: version, buildHash },
    about: { ...about },
  });
}
