/**
 * The main thread's side of the store: asks it, at the end of a run, to store what is left, and hears how many rows
 * there are. A store whose thread is started anew meanwhile is asked again.
 */
import type { MessagePort } from "node:worker_threads";
import type { StoredRows, StoreMessage } from "../threads/store.js";

const DRAIN_MS = 60_000;

export class StoreLink {
  private port: MessagePort | null = null;
  private drained: ((rows: StoredRows | null) => void) | null = null;
  private isLost = false;

  readonly onPort = (port: MessagePort): void => {
    this.port = port;
    port.on("message", (message: StoreMessage) => {
      if (message.type === "drained") this.drained?.(message.rows);
      if (message.type === "undrained") this.drained?.(null);
    });
    if (this.drained !== null) this.ask();
  };

  /** It will not come again. */
  lost(): void {
    this.isLost = true;
    this.drained?.(null);
  }

  /**
   * Waits until the store has confirmed the whole journal, whose writer must have finished; null when it could not, or
   * not in time: it resumes from where it was.
   */
  async drain(): Promise<StoredRows | null> {
    if (this.isLost) return null;
    let deadline: NodeJS.Timeout | undefined;
    const rows = await new Promise<StoredRows | null>((resolve) => {
      this.drained = resolve;
      deadline = setTimeout(() => resolve(null), DRAIN_MS);
      this.ask();
    });
    clearTimeout(deadline);
    this.drained = null;
    return rows;
  }

  private ask(): void {
    this.port?.postMessage({ type: "drain" } satisfies StoreMessage);
  }
}
