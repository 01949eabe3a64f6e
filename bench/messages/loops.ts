/**
 * Loops over one kind of message, each compiled from its own text: only so does V8 inline a writer or reader into them
 * as it does in the product, where each message has a place of its own. The stock library is treated as kindly as it
 * can be: one builder and one set of accessors for all messages, and what it built is not copied into a ring.
 */
import { Builder, ByteBuffer } from "flatbuffers";
import * as stock from "../../schemas/generated/sluice.js";
import * as schemas from "../../schemas/index.js";
import { LEVELS, type MessageCase } from "./cases.js";

/** Goes through `count` messages and gives a sum that depends on each. */
export type Loop = (count: number) => number;
export interface Loops {
  /** The generated writer: into a ring's slots. */
  readonly write: Loop;
  /** The generated reader, every field and level added up. */
  readonly read: Loop;
  /** The stock builder. */
  readonly build: Loop;
  /** The stock accessors, every field and level added up. */
  readonly access: Loop;
  /** The generated reader, each message read 64 times: a loss that the benchmark must see. */
  readonly slowed: Loop;
}

type Scope = Readonly<Record<string, unknown>>;
type Class = new () => object;

const SLOTS = 32;
const SLOT_BYTES = 512;
const SLOWED_TIMES = 64;
const ours = schemas as unknown as Readonly<Record<string, Class>>;
const theirs = stock as unknown as Readonly<Record<string, Class>>;

/** All loops over one message, on one shared memory that holds what `write` wrote. */
export function loopsOf(message: MessageCase): Loops {
  const { name, levelsAt } = message;
  const views = schemas.viewsOf(new SharedArrayBuffer(SLOTS * SLOT_BYTES));
  const bytes = new ByteBuffer(views.u8);
  const own = {
    ...{ views, levelsAt, LEVELS, write: ours[`write${name}`], read: ours[`read${name}`] },
    ...{ writeLevel: schemas.writeLevel, readLevel: schemas.readLevel },
    ...{ into: new ours[`${name}Fields`](), element: new schemas.LevelFields() },
  };
  const accessors = { root: new theirs[name](), body: new theirs[`${name}Body`](), element: new stock.Level() };
  const write = compile(writeText(message), own);
  write(SLOTS);
  return {
    write,
    read: compile(readText(message, 1), own),
    build: compile(buildText(message), { stock, builder: new Builder(1024), LEVELS }),
    access: compile(accessText(message), { stock, bytes, ...accessors }),
    slowed: compile(readText(message, SLOWED_TIMES), own),
  };
}

/** Values are whole and small enough for every sum to be exact. */
function compile(body: string, scope: Scope): Loop {
  const text = `return function loop(count) {
    let sum = 0;
    let us = 1_000_000;
    for (let made = 0; made < count; made += 1) {
      us += 7;
      const at = (made & ${SLOTS - 1}) * ${SLOT_BYTES};
      ${body}
    }
    return sum;
  };`;
  return new Function(...Object.keys(scope), text)(...Object.values(scope)) as Loop;
}

function writeText({ fields, doubles, levelsAt }: MessageCase): string {
  const values = fields.map((field, index) => valueText(doubles.includes(field), index));
  if (levelsAt === 0) return `write(views, at, ${values.join(", ")}); sum += us;`;
  return `write(views, at, ${values.join(", ")}, LEVELS);
      for (let level = 0; level < LEVELS; level += 1)
        writeLevel(views, at + levelsAt + level * 16, us + level, made + level);
      sum += us;`;
}

/** A double near a running clock, or a whole number that fits a byte; another for each field and message. */
function valueText(isDouble: boolean, index: number): string {
  return isDouble ? `us + ${index}` : `(made + ${index}) & 127`;
}

function readText({ fields, levelsAt }: MessageCase, times: number): string {
  const once = "read(views, at, into);";
  const read = times === 1 ? once : `for (let time = 0; time < ${times}; time += 1) ${once}`;
  const added = `${read} sum += ${treeOf(fields.map((field) => `into.${field}`))};`;
  if (levelsAt === 0) return added;
  return `${added}
      for (let level = 0; level < into.levelsCount; level += 1) {
        readLevel(views, at + levelsAt + level * 16, element);
        sum += element.qtyLots + element.priceTicks;
      }`;
}

function buildText({ name, fields, doubles, levelsAt }: MessageCase): string {
  const values = parametersOf(name).map((parameter) => {
    const index = fields.indexOf(parameter);
    return index < 0 ? "0" : valueText(doubles.includes(parameter), index);
  });
  const levels = `stock.${name}.startLevelsVector(builder, LEVELS);
      for (let level = LEVELS - 1; level >= 0; level -= 1)
        stock.Level.createLevel(builder, us + level, made + level, 0);
      const levels = builder.endVector();`;
  return `builder.clear();
      ${levelsAt > 0 ? levels : ""}
      stock.${name}.start${name}(builder);
      stock.${name}.addBody(builder, stock.${name}Body.create${name}Body(builder, ${values.join(", ")}));
      ${levelsAt > 0 ? `stock.${name}.addLevels(builder, levels);` : ""}
      builder.finish(stock.${name}.end${name}(builder));
      sum += us;`;
}

/** What flatc's create function takes, in its order and reserved fields among them, in the names of our fields. */
function parametersOf(name: string): string[] {
  const create = (theirs[`${name}Body`] as unknown as Record<string, object>)[`create${name}Body`];
  const [, ...parameters] = /\(([^)]*)\)/.exec(String(create))![1].split(",");
  return parameters.map((parameter) => parameter.trim().replace(/_(\w)/g, (_, letter) => letter.toUpperCase()));
}

function accessText({ name, fields, levelsAt }: MessageCase): string {
  const added = `bytes.setPosition(at);
      stock.${name}.getRootAs${name}(bytes, root).body(body);
      sum += ${treeOf(fields.map((field) => `body.${field}()`))};`;
  if (levelsAt === 0) return added;
  return `${added}
      for (let level = 0, levels = root.levelsLength(); level < levels; level += 1) {
        root.levels(level, element);
        sum += element.qtyLots() + element.priceTicks();
      }`;
}

/** A sum as a tree: a chain would wait four cycles for each addition, which is longer than a field takes to read. */
function treeOf(terms: readonly string[]): string {
  if (terms.length === 1) return terms[0];
  const half = terms.length >> 1;
  return `(${treeOf(terms.slice(0, half))} + ${treeOf(terms.slice(half))})`;
}
