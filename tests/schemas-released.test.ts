/**
 * The promise to journals of the last release: its frames are read today as they were written, and a change of a schema
 * that would break that is refused with what was, what is, and what to do instead.
 */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as schemas from "../schemas/index.js";
import { viewsOf } from "../schemas/index.js";
import { SchemaCopy } from "./support/schema-copy.js";
import { constant, VECTOR } from "./support/schema-messages.js";

interface GoldenFrame {
  readonly fields: Readonly<Record<string, number>>;
  readonly elements?: readonly object[];
  readonly text?: string;
  readonly hex: string;
}
interface Golden {
  readonly version: string;
  readonly frames: Readonly<Record<string, GoldenFrame>>;
}
type Reader = (views: schemas.MessageViews, at: number, into: object) => void;

const { frames } = JSON.parse(readFileSync("schemas/released/golden.json", "utf8")) as Golden;
const readers = schemas as unknown as Record<string, Reader & (new () => object)>;
const offsets = schemas as unknown as Record<string, number>;

interface Change {
  readonly change: string;
  readonly file: string;
  readonly was: string;
  readonly now: string;
}

const HARMLESS: readonly Change[] = [
  { change: "an enum value at the end", file: "common.fbs", was: "Sell = 2", now: "Sell = 2, Both = 3" },
  { change: "another comment", file: "common.fbs", was: "/// One price level.", now: "/// A level of a book." },
  {
    change: "a new message",
    file: "control.fbs",
    was: "/// Moves engine time",
    now: "struct PulseBody { time_us:float64; }\ntable Pulse { body:PulseBody; }\n/// Moves engine time",
  },
  { change: "a name for a reserved field", file: "market.fbs", was: "reserved:uint32", now: "venue_sequence:uint32" },
];

const BREAKS: readonly (Change & { readonly says: string })[] = [
  {
    change: "two fields in another order",
    ...{
      file: "market.fbs",
      was: "bid_lots:float64;\n  ask_lots:float64;",
      now: "ask_lots:float64;\n  bid_lots:float64;",
    },
    says: "struct QuoteBody.bid_lots: was bid_lots:float64 at byte 24, now ask_lots:float64 at byte 24",
  },
  {
    change: "the type of a field",
    ...{ file: "market.fbs", was: "decode_ns:int32", now: "decode_ns:uint32" },
    says: "struct TradeBody.decode_ns: was decode_ns:int32 at byte 40, now decode_ns:uint32 at byte 40",
  },
  {
    change: "a field in the middle",
    ...{ file: "market.fbs", was: "  trade_id:float64;", now: "  fee:float64;\n  trade_id:float64;" },
    says: "struct TradeBody.trade_id: was trade_id:float64 at byte 16, now fee:float64 at byte 16",
  },
  {
    change: "a field at the end",
    ...{ file: "market.fbs", was: "aggressor:Side;", now: "aggressor:Side;\n  maker:uint8;" },
    says: "struct TradeBody.maker: was missing, now maker:uint8 at byte 45",
  },
  {
    change: "a field taken away",
    ...{ file: "market.fbs", was: "  aggressor:Side;\n", now: "" },
    says: "struct TradeBody.aggressor: was aggressor:Side at byte 44, now missing",
  },
  {
    change: "an enum value with another number",
    ...{ file: "common.fbs", was: "Buy = 1, Sell = 2", now: "Buy = 2, Sell = 1" },
    says: "enum Side.Buy: was 1, now 2",
  },
  {
    change: "an enum value taken away",
    ...{ file: "common.fbs", was: ", Live = 2", now: "" },
    says: "enum Mode.Live: was 2, now missing",
  },
  {
    change: "an enum of another width",
    ...{ file: "common.fbs", was: "enum Side : ubyte", now: "enum Side : ushort" },
    says: "enum Side: was ubyte, now ushort",
  },
  {
    change: "a message with another number",
    ...{ file: "common.fbs", was: "Quote = 2", now: "Quote = 6" },
    says: "enum MessageType.Quote: was 2, now 6",
  },
  {
    change: "a message taken away",
    ...{ file: "control.fbs", was: "table Clock { body:ClockBody; }", now: "" },
    says: "table Clock: was ClockBody, now missing",
  },
  {
    change: "a message without its vector",
    ...{
      file: "market.fbs",
      was: "table BookDelta { body:BookDeltaBody; levels:[Level]; }",
      now: "table BookDelta { body:BookDeltaBody; }",
    },
    says: "table BookDelta: was BookDeltaBody and levels:[Level], now BookDeltaBody",
  },
  {
    change: "the header of a record",
    ...{ file: "log.fbs", was: "index:uint16;\n  flags:uint32;", now: "index:uint32;\n  flags:uint32;" },
    says: "struct RecordHeader.index: was index:uint16 at byte 10, now index:uint32 at byte 12",
  },
];

describe("golden frames", () => {
  test.each(Object.entries(frames))("today's reader reads the released %s as it was written", (message, golden) => {
    const bytes = Buffer.from(golden.hex, "hex");
    const views = viewsOf(new ArrayBuffer(bytes.length));
    views.u8.set(bytes);
    const into = new readers[`${message}Fields`]();
    readers[`read${message}`](views, 0, into);
    expect(into).toMatchObject(golden.fields);
    if (golden.text !== undefined) expect(schemas.readText(views, vectorAt(message) - 4)).toBe(golden.text);
    for (const [index, element] of (golden.elements ?? []).entries()) {
      const level = new schemas.LevelFields();
      schemas.readLevel(views, vectorAt(message) + index * schemas.LEVEL_BYTES, level);
      expect(level).toMatchObject(element);
    }
  });

  test("every field of a golden frame has a value of its own, so that no two can be taken for each other", () => {
    for (const [message, { fields }] of Object.entries(frames)) {
      const wide = Object.values(fields).filter((value) => Math.abs(value) > 255);
      expect(new Set(wide).size, message).toBe(wide.length);
    }
  });
});

const vectorAt = (message: string): number => offsets[`${constant(message)}_${constant(VECTOR[message])}`];

describe("a change of a schema", () => {
  let copy: SchemaCopy;
  beforeEach(() => {
    copy = new SchemaCopy();
  });
  afterEach(() => copy.close());

  test("that leaves old bytes as they are is accepted", () => {
    expect(copy.generate()).toMatchObject({ status: 0, stderr: "" });
    expect(copy.generate("--check")).toMatchObject({ status: 0, stderr: "" });
  });

  test.each(HARMLESS)("accepted: $change", ({ file, was, now }) => {
    expect(copy.edit(file, was, now).faults()).toEqual([]);
  });

  test.each(BREAKS)("refused: $change", ({ file, was, now, says }) => {
    expect(copy.edit(file, was, now).faults()[0]).toBe(says);
  });

  test("that breaks old bytes fails the command and its --check, with the fault and the remedy", () => {
    copy.edit("market.fbs", "trade_id:float64;", "trade_number:float64;");
    for (const { status, stderr } of [copy.generate("--check"), copy.generate()]) {
      expect(status).toBe(1);
      expect(stderr).toContain("schemas: struct TradeBody.trade_id: was trade_id:float64 at byte 16, now trade_number");
      expect(stderr).toContain("Give the change a message type of its own");
      expect(stderr).toContain("npm run schemas -- --release");
    }
  });

  test("that nobody generated code from fails --check, which names the file and the command", () => {
    copy.generate();
    const { status, stderr } = copy.edit("common.fbs", "Sell = 2", "Sell = 2, Both = 3").generate("--check");
    expect(status).toBe(1);
    expect(stderr).toContain("schemas/generated/sluice/side.ts differs from the schemas; run: npm run schemas");
  });

  test("of the stock builder that lays a frame out otherwise is refused, though no schema changed", () => {
    const { hex } = frames.Trade;
    copy.edit("released/golden.json", hex, `0d${hex.slice(2)}`);
    expect(copy.faults()).toEqual([`table Trade: its frame was 0d${hex.slice(2)}, now ${hex}`]);
  });
});

describe("a release", () => {
  let copy: SchemaCopy;
  beforeEach(() => {
    copy = new SchemaCopy();
  });
  afterEach(() => copy.close());

  test("is refused while the version is the released one", () => {
    const { status, stderr } = copy.generate("--release");
    expect(status).toBe(1);
    expect(stderr).toContain(`is not above the released ${copy.releasedVersion}: raise it first`);
  });

  test("of schemas that read the old bytes wants any higher version, and holds to them from then on", () => {
    copy.edit("common.fbs", "Sell = 2", "Sell = 2, Both = 3").setVersion(copy.versionRaisedAt(2));
    expect(copy.generate("--release")).toMatchObject({ status: 0, stderr: "" });
    copy.edit("common.fbs", "Both = 3", "Both = 4");
    expect(copy.generate().stderr).toContain("enum Side.Both: was 3, now 4");
  });

  test("of schemas that break the old bytes wants the version's first part above zero raised", () => {
    const major = copy.releasedVersion.split(".").findIndex((part) => part !== "0");
    copy.edit("market.fbs", "  trade_id:float64;\n", "").setVersion(copy.versionRaisedAt(2));
    expect(copy.generate("--release").stderr).toContain(`raise it to ${copy.versionRaisedAt(major)}`);
    copy.setVersion(copy.versionRaisedAt(major));
    expect(copy.generate("--release")).toMatchObject({ status: 0, stderr: "" });
    expect(copy.generate()).toMatchObject({ status: 0, stderr: "" });
  });
});
