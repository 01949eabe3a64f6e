/**
 * `sluice replay --step`: goes through a journal input by input, by commands a line each, from a terminal or from
 * whatever stdin is. A mistake in a command is answered; it ends nothing.
 */
import { createInterface } from "node:readline";
import { ConfigError } from "../../engine/index.js";
import type { ReplayWalk, Step } from "../../research/replay/replay-walk.js";
import { MessageType } from "../../schemas/index.js";
import type { Output } from "../output.js";
import { namesOf } from "./engine-report.js";
import { clockTime } from "./moments.js";
import type { Notes } from "./open-journal.js";
import { recordLine, recordNumber } from "./record-line.js";
import { placeLines } from "./travel.js";
import { NeverTrue, travelUntil } from "./until.js";

const HELP = "enter next input   n N next N   o next order   f next fill   u EXPR until it holds   s state   q quit";
/** Inputs that `n` shows one by one; of more, only the last ones. */
const SHOWN_MAX = 200;

/** Steps on from `reached`, or from the journal's beginning; returns when the commands end. */
export async function stepThrough(
  walk: ReplayWalk,
  reached: Step | null,
  firstUs: number,
  notes: Notes,
  output: Output,
  commands: AsyncIterable<string> = terminalCommands(),
): Promise<void> {
  const stepper = new Stepper(walk, reached, firstUs, output);
  for (const note of notes.lines) output.line(`note: ${note}`);
  output.line(HELP);
  if (reached !== null) stepper.show(reached);
  for await (const command of commands) if (!stepper.obey(command.trim())) return;
}

/** Lines of stdin, behind a prompt where a person types. */
async function* terminalCommands(): AsyncGenerator<string> {
  const isTerminal = Boolean(process.stdin.isTTY);
  const lines = createInterface({
    input: process.stdin,
    output: isTerminal ? process.stdout : undefined,
    prompt: "> ",
  });
  if (isTerminal) lines.prompt();
  for await (const line of lines) {
    yield line;
    if (isTerminal) lines.prompt();
  }
}

class Stepper {
  private readonly walk: ReplayWalk;
  private readonly output: Output;
  private readonly firstUs: number;
  private newest: Step | null;

  constructor(walk: ReplayWalk, newest: Step | null, firstUs: number, output: Output) {
    this.walk = walk;
    this.firstUs = firstUs;
    this.newest = newest;
    this.output = output;
  }

  /** False when it was the last command. */
  obey(command: string): boolean {
    const [, word, rest] = /^(\w*)\s*(.*)$/.exec(command) ?? ["", "?", ""];
    try {
      // biome-ignore format: one arm a line
      switch (word) {
        case "": this.advance(1); break;
        case "n": this.advance(countOf(rest)); break;
        case "o": this.seek(MessageType.SubmitOrder, "order"); break;
        case "f": this.seek(MessageType.Fill, "fill"); break;
        case "u": this.until(rest); break;
        case "s": this.state(); break;
        case "q": return false;
        default: this.output.line(`there is no command "${command}"; ${HELP}`);
      }
    } catch (error) {
      if (!(error instanceof ConfigError) && !(error instanceof NeverTrue)) throw error;
      if (error instanceof NeverTrue) this.newest = error.newest ?? this.newest;
      this.output.line(error.message);
    }
    return true;
  }

  /** An input and what it caused, a line each. */
  show({ input, outputs, calls }: Step): void {
    const names = namesOf(this.walk.engine);
    this.output.line(`${recordNumber(input)}  ${clockTime(input.timeUs)}  ${recordLine(input, names)}`);
    for (const output of outputs) {
      const call = calls.find(({ from, to }) => from < output.index && output.index <= to);
      const by = call ? `   by ${names.strategies[call.strategy]}.${call.handler}` : "";
      this.output.line(`  ${recordNumber(output)}  ${recordLine(output, names)}${by}`);
    }
  }

  private advance(count: number): void {
    for (let taken = 0; taken < count; taken += 1) {
      const step = this.take();
      if (step === null) return;
      if (taken >= count - SHOWN_MAX) this.show(step);
    }
  }

  private seek(type: number, what: string): void {
    for (
      let step = this.take(`there is no further ${what}`);
      step !== null;
      step = this.take(`there is no further ${what}`)
    ) {
      if (step.outputs.some((output) => output.type === type)) return this.show(step);
    }
  }

  private until(text: string): void {
    if (text === "") throw new ConfigError("u takes a condition, such as: u fills > 3");
    this.newest = travelUntil(this.walk, text, this.firstUs);
    this.show(this.newest);
  }

  private state(): void {
    if (this.newest === null) throw new ConfigError("there is no state before the first input");
    for (const line of placeLines(this.walk.engine, this.newest)) this.output.line(line);
  }

  private take(missed = ""): Step | null {
    const step = this.walk.next();
    this.newest = step ?? this.newest;
    if (step === null) {
      const at = this.newest === null ? "it holds no records" : `at sequence ${this.newest.input.sequence}`;
      this.output.line(`the journal ends here, ${at}${missed === "" ? "" : `; ${missed}`}`);
    }
    return step;
  }
}

function countOf(text: string): number {
  const count = text === "" ? 1 : Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new ConfigError(`n takes how many inputs to go on, such as: n 20; was "${text}"`);
}
