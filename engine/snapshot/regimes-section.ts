/**
 * Regimes in a snapshot: which filter each has, whose it is, and what was asked for it. They come behind the arena, in
 * which the filters lie, and before the states that refer to them.
 */
import { FitOutcome } from "../../schemas/index.js";
import { HmmFilter } from "../../wasm/index.js";
import type { Engine } from "../engine.js";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";

export function writeRegimes(writer: ByteWriter, { regimes }: Engine): void {
  writer.f64(regimes.refused);
  writer.f64(regimes.failed);
  writer.u32(regimes.all.length);
  for (const { _filter, _row } of regimes.all) {
    writer.u32(_filter.index);
    writer.u16(_row.strategy);
    writer.f64(_row.request);
    writer.u8(_row.wanted ? 1 : 0);
    writer.u8(_row.outcome);
  }
}

export function readRegimes(reader: ByteReader, engine: Engine): void {
  const { regimes, math, strategies, sequence } = engine;
  regimes.refused = reader.whole(0, "answers refused");
  regimes.failed = reader.whole(0, "requests without a model");
  const count = reader.count(16, "regimes");
  for (let index = 0; index < count; index += 1) {
    const filter = math.indicators[reader.u32()];
    if (!(filter instanceof HmmFilter)) reader.refuse("a regime without a filter");
    const strategy = reader.u16();
    if (strategy >= strategies.length) reader.refuse(`a regime of strategy ${strategy}`);
    const { _row: row } = regimes.add(filter, strategy);
    row.request = reader.whole(0, "a request");
    if (row.request > sequence) reader.refuse(`a request at ${row.request}, behind the newest input`);
    if (reader.flag("a model wanted")) regimes.want(row);
    row.outcome = reader.u8();
    if (FitOutcome[row.outcome] === undefined) reader.refuse(`a request's outcome of ${row.outcome}`);
  }
}
