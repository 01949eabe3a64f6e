/** Keeps the board: follows the log lossily, on the main thread. A record overwritten while it was read is not used. */
import type { Agent } from "./agent/agent.js";
import type { Board } from "./board.js";
import type { BroadcastReader } from "./ring/broadcast.js";
import { NONE } from "./ring/layout.js";

const BATCH_MAX = 4096;

export class BoardAgent implements Agent {
  readonly role = "board";
  private readonly log: BroadcastReader;
  private readonly board: Board;

  constructor(log: BroadcastReader, board: Board) {
    this.log = log;
    this.board = board;
  }

  work(): number {
    let done = 0;
    while (done < BATCH_MAX && this.log.next() !== NONE) {
      this.board.onRecord(this.log.type, this.log.views, this.log.payloadOffset);
      done += 1;
    }
    return done;
  }
}
