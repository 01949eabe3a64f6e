/**
 * Places where a test of crashes ends the process, as a loss of power or a kill would: at once, with nothing flushed
 * and nobody told. It is armed by SLUICE_CRASH_POINT=name:count, which a thread is passed as `crashPoint` of its data;
 * then the process dies when it comes by that place for the count-th time. Otherwise a crash point does nothing.
 */
import { isMainThread, workerData } from "node:worker_threads";

export type CrashPoint =
  | "gateway.before-send"
  | "gateway.after-send"
  | "gateway.answer"
  | "gateway.fill"
  | "gateway.reported"
  | "journal.before-write"
  | "journal.written"
  | "journal.synced"
  | "engine.ordered"
  | "models.fitted";

const [armed = "", count = "1"] = armedBy().split(":");
let passages = 0;

export function crashPoint(point: CrashPoint): void {
  if (point !== armed) return;
  passages += 1;
  if (passages === Number(count)) die();
}

/** The signal ends every thread; this one does nothing more while it is on its way. */
function die(): void {
  process.kill(process.pid, "SIGKILL");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function armedBy(): string {
  const given = isMainThread ? process.env.SLUICE_CRASH_POINT : workerData?.crashPoint;
  return typeof given === "string" ? given : "";
}
