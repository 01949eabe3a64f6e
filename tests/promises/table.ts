/**
 * What Sluice promises, in nine sentences: what each means, how far it goes, what is missing from it, and the tests
 * that hold it. The tests are named as their files name them; one that is gone or was renamed fails the check.
 */
import type { CommandName } from "./figures.js";

/** A test, or several of a kind, by the words in its file. */
export interface NamedTest {
  readonly file: string;
  readonly name: string;
}

export interface Promised {
  readonly title: string;
  readonly meaning: string;
  /** How far it goes; empty when there is nothing to say. */
  readonly limits?: string;
  /** What has to be done, or shown, before it is kept. */
  readonly notYet?: string;
  readonly tests: readonly NamedTest[];
  /** Commands whose figures speak of it. */
  readonly commands: readonly CommandName[];
}

const test = (file: string, name: string): NamedTest => ({ file: `tests/${file}.test.ts`, name });

const SIMULATED = test("sim.full", "two hundred seeds keep every promise");
const CAUGHT = test("sim.full", "every planted bug is caught");
const KILLED = test(
  "crash.full",
  "killed again and again, it loses no fill, doubles no order, and knows what the venue holds",
);

export const PROMISES: readonly Promised[] = [
  {
    title: "A fill that the venue reports is applied exactly once",
    meaning:
      "A trade is known by its instrument and the venue's trade id. However often it is told, by the private " +
      "stream, by a list or again after a restart, it moves a position once; and after an absence the venue is " +
      "asked for all that happened since.",
    limits:
      "Shown against the local venue and the simulated ones; no real venue's order interface is connected yet. " +
      "Without `--orders venue` the venue is simulated inside the engine's process and forgets its orders when that " +
      "ends.",
    tests: [
      SIMULATED,
      KILLED,
      test("gateway-fills", "however the events of an order come, every trade is told once and the end last"),
      test("gateway-fills", "a trade that the stream never told is found after a reconnect, from the last known id on"),
      test("gateway-faults", "our fills are the exchange's, no name is submitted twice, and nothing is left unknown"),
      test("engine-life", "trade ids of two instruments do not meet"),
      test("recovery-snapshots", "takes over what another build's snapshot holds, and executes nothing of it"),
    ],
    commands: ["sim", "crash"],
  },
  {
    title: "No order leaves that was not checked against the limits and written down",
    meaning:
      "One function approves an order, and what it approves is the only thing that can be sent. The order link " +
      "reads the log behind the journal: a command that is not safe on disk is not there for it.",
    limits:
      "Safe means synced with `--durability durable`, the default. With `fast` it means written, and synced within " +
      "2 ms: a loss of power may take the last commands from the journal, and the next life learns of them from the " +
      "venue.",
    tests: [
      SIMULATED,
      test("engine-risk", "one file alone makes an Approved"),
      test("gateway-agent", "no command leaves before the journal has passed its record"),
      test("journal-agent", "durable mode lets nothing pass before its sync, fast mode what is written"),
      test(
        "crash.full",
        "that is full suspends trading until there is room; no order leaves meanwhile, and nothing is lost",
      ),
    ],
    commands: ["sim", "crash"],
  },
  {
    title: "No command is sent twice, and an answer that nobody heard is unknown until the venue says",
    meaning:
      "An order's name at the venue is made of life, strategy and number, and no life uses one again. What was not " +
      "answered counts at its full size toward every limit until the venue has it, or provably does not.",
    limits: "Shown against the local venue and the simulated ones, as above.",
    tests: [
      SIMULATED,
      KILLED,
      test("client-order-id", "two orders never share an id, and an id tells its order"),
      test("recovery", "never uses an order id again, not even one that was sent from a tail that is lost"),
      test("recovery", "counts an order that was not answered as unknown, at its full size"),
      test("recovery", "leaves the orders among them unknown, because nobody sent them"),
      test("engine-risk", "an unknown order counts at full size, an ended one not at all"),
      test(
        "gateway-orders",
        "is not there only after two answers, far enough from its sending and from each other, and no trade",
      ),
    ],
    commands: ["sim", "crash"],
  },
  {
    title: "After a halt no new order leaves, cancels still do, and only an operator ends it",
    meaning:
      "A daily loss, positions that are not the venue's, or a second engine that comes to other results halt " +
      "trading. A life begins held, which ends when the venue was asked; a disk that does not keep up suspends, and " +
      "that ends by itself.",
    notYet:
      "There is no command yet by which an operator halts a running engine or ends a halt, and none that works " +
      "while the engine hangs: for now, end the process and cancel at the venue.",
    tests: [
      SIMULATED,
      test("engine-risk", "is cleared by an operator alone: neither gains, nor time, nor a new day end a halt"),
      test("engine-life", "keeps a halt that an operator had ordered, before or while it was held"),
      test("engine-life", "sends no order before the venue was asked, and does after"),
      test("trading-guard", "halts once when the shadow comes to other results, and never takes that back"),
      test("trading-guard", "suspends trading once while the disk is %s, and ends that once"),
    ],
    commands: ["sim"],
  },
  {
    title: "The same journal gives the same state and the same commands, bit for bit",
    meaning:
      "On any machine with the same build, with and without a compiler, from the beginning or from a snapshot. " +
      "While the engine runs, a second one executes its journal and compares every output. Another build's records " +
      "are taken over and not executed.",
    limits:
      "Checked on x64 alone, on Node 20, 22 and 24. A strategy that keeps something outside of what its `init` " +
      "returned replays from the beginning, but has no snapshots, and is not the same after a start from one.",
    tests: [
      test("determinism.full", "fails when a replay does, and says why"),
      test("demo", "replays to the same state hash, twice"),
      test("recovery", "has executed every record again and compared every output"),
      test("recovery", "comes to the same state through any number of lives"),
      test("recovery-snapshots", "executes only what is behind it, and comes to the same state as from the beginning"),
      test("archive", "an output that is not what its input leads to is counted, and named with its place"),
      test("archive", "that keeps state where no snapshot holds it costs the snapshots, not the trading"),
      test("snapshot-engine", "goes on as the one that was not, wherever the cut"),
    ],
    commands: ["determinism"],
  },
  {
    title: "A journal that was cut short or damaged recovers to an exact prefix, or is refused",
    meaning:
      "Every record carries a checksum over itself and the one before, and says whether those before it were on " +
      "disk when it was written. What a crash tore is cut off at the byte; damage in what was safe is refused with " +
      "its file and byte, and nothing is changed.",
    limits:
      "An end that is missing together with everything that told of it looks like a crash in time. A snapshot " +
      "behind it shows it, and so does the venue when it is asked; a journal alone cannot.",
    tests: [
      test("torn.full", "no broken journal is anything but an exact prefix or a refusal that names the place"),
      test("recovery", "is cut off at the end of the last whole record, wherever the write was cut short"),
      test("recovery-refusals", "in a record is refused with its file, its byte and the input before it"),
      test("recovery-snapshots", "a journal that ends before its snapshot: records that were safe are missing"),
      test("recovery-snapshots", "a snapshot of another journal, whether or not records end where it says"),
      test(
        "journal-crash",
        "cut at any byte gives an exact prefix from the newest segment, and is refused in any other",
      ),
      test(
        "recovery-process.full",
        "whose journal is damaged is refused with file, byte and input, and left as it was",
      ),
    ],
    commands: ["torn"],
  },
  {
    title: "A strategy never sees a book that is not provably in sync",
    meaning:
      "A book is joined from a snapshot and updates whose numbers must meet. After a gap, a lost connection or a " +
      "doubt it is no longer live, and no strategy is called with it until it was joined anew.",
    limits: "Binance's rules alone are implemented, and a venue that sends wrong numbers in good order is believed.",
    tests: [
      SIMULATED,
      CAUGHT,
      test("feeds-sync", "history %i"),
      test("feeds-sync", "later updates must continue exactly: a gap and an overlap both start a new join"),
      test("feeds-intake", "a snapshot that is not one is refused"),
      test("engine-life", "believes nothing that it knew of the market"),
    ],
    commands: ["sim"],
  },
  {
    title: "The time-series store may be down, slow or wiped without delaying an order or losing a record",
    meaning:
      "QuestDB is fed from the journal's files by a thread that nobody waits for. It notes what was confirmed, goes " +
      "on there, and sends again what may be missing; keys make that harmless.",
    notYet: "That an order takes no longer while the store is down follows from the threads, and is not measured.",
    tests: [
      test(
        "store",
        "kill −9 between an acknowledgement and its note, again and again, loses nothing and doubles nothing",
      ),
      test(
        "store",
        "a thread whose server is not there is ready all the same, counts failures, and ends when asked to",
      ),
      test("store", "a database that lost its tables gets everything again, whatever the cursor says"),
      test("store-tail", "can be gone on with from any position, in another life"),
    ],
    commands: [],
  },
  {
    title: "Memory and latency do not drift",
    meaning: "The engine's thread allocates nothing for a market message, so that its collector has nothing to do.",
    notYet: "No run of days was made: that memory and latency stay where they are is shown for minutes.",
    tests: [
      test("engine-allocation", "through the engine and a strategy's handlers allocate nothing"),
      test(
        "engine-thread-garbage.full",
        "more than a million messages through the engine's thread leave no scavenge behind",
      ),
      test("demo", "stays under 400 MB"),
    ],
    commands: [],
  },
];
