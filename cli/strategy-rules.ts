/**
 * What a strategy's bundle may not say although the realm cannot take it away: members of the language itself that
 * answer differently on another machine, that make code at run time, or that change what the engine uses too. The
 * check reads names and judges no values, so what it cannot see passes it: a name put together at run time, and with it
 * everything; private fields of `ctx`; methods newer than the oldest Node whose names are common words
 * (Set.prototype.union); the wording of errors that JavaScript itself throws; and how deep a recursion, or how large an
 * array, may get before there is no room.
 */
import { type Node, parseSync } from "oxc-parser";
import { childrenOf } from "./syntax.js";

const CODE = "code made at run time cannot be journaled; write it in the file";
const LOCALE = "the result depends on the machine's locale";
const STACK = "a stack names places of this machine; use the error's message";
const RENAME = "if it is a field of yours, name it otherwise";
const SHARED = "the engine uses the same object; keep what is yours in your state";
const NEWER = "not every Node that may replay the journal has it";
const ASYNC = "handlers are synchronous, and nothing waits for what comes later";

/** Members by name, with what to do instead. */
const MEMBERS: Readonly<Record<string, string>> = {
  constructor: CODE,
  // Computed, or it would be the prototype of this very object.
  ["__proto__"]: SHARED,
  localeCompare: `${LOCALE}; compare with < and >`,
  toLocaleString: `${LOCALE}; use String() or toFixed`,
  toLocaleUpperCase: `${LOCALE}; use toUpperCase`,
  toLocaleLowerCase: `${LOCALE}; use toLowerCase`,
  captureStackTrace: STACK,
  prepareStackTrace: STACK,
  stackTraceLimit: STACK,
  stack: `${STACK} (${RENAME})`,
  buffer: `the bits of a NaN are not the same on every machine; use a typed array for each kind of number (${RENAME})`,
  symmetricDifference: NEWER,
  isSubsetOf: NEWER,
  isSupersetOf: NEWER,
  isDisjointFrom: NEWER,
};

/** Functions of the language by whole name, because others have functions of that name too. */
const NEWER_FUNCTIONS = ["Object.groupBy", "Map.groupBy", "Array.fromAsync"];

/** Too common as words to be refused as text; as text they count only where they name a member. */
const COMMON = ["stack", "buffer"];

/** Objects of the language that a strategy shares with the engine. */
const SHARED_OBJECTS = new Set(
  (
    "Object Function Array Number Boolean String Symbol RegExp JSON BigInt Map Set WeakMap WeakSet Proxy Reflect " +
    "Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError " +
    "Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array " +
    "BigInt64Array BigUint64Array Float32Array Float64Array"
  ).split(" "),
);

const PLACE_CHARS = 40;

/** The first thing in the bundle that is refused, as `uses x in "…": what to do`; undefined when there is none. */
export function complaintAbout(bundle: string): string | undefined {
  const { program, errors } = parseSync("strategy.js", bundle, { sourceType: "script" });
  if (errors.length > 0) return `cannot be checked: ${errors[0].message}`;
  return firstComplaint(program, [], bundle);
}

/** `parents` are the nearest two ancestors of the node, nearest first. */
function firstComplaint(node: Node, parents: readonly Node[], bundle: string): string | undefined {
  const fault = faultOf(node, parents);
  if (fault) return `uses ${fault.what} in "${placeOf(bundle, node, parents)}": ${fault.remedy}`;
  for (const child of childrenOf(node)) {
    const complaint = firstComplaint(child, [node, ...parents.slice(0, 1)], bundle);
    if (complaint) return complaint;
  }
  return undefined;
}

interface Fault {
  readonly what: string;
  readonly remedy: string;
}

function faultOf(node: Node, parents: readonly Node[]): Fault | undefined {
  switch (node.type) {
    case "MemberExpression":
      return memberFault(node, parents);
    case "Property":
      return parents[0]?.type === "ObjectPattern" ? nameFault(nameOf(node.key, node.computed)) : undefined;
    case "Literal":
    case "TemplateLiteral":
      return textFault(node, parents);
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return node.async ? { what: "async", remedy: ASYNC } : undefined;
    default:
      return undefined;
  }
}

function memberFault(node: Node & { type: "MemberExpression" }, parents: readonly Node[]): Fault | undefined {
  const name = nameOf(node.property, node.computed);
  const { object } = node;
  if (object.type === "Identifier" && SHARED_OBJECTS.has(object.name)) {
    const what = `${object.name}.${name ?? "[…]"}`;
    if (name === "prototype" && !isReadThrough(parents)) return { what, remedy: SHARED };
    if (isWritten(node, parents)) return { what, remedy: SHARED };
    if (NEWER_FUNCTIONS.includes(what)) return { what, remedy: NEWER };
  }
  return nameFault(name);
}

/** Whether a prototype is only the way to one of its functions, as in `Array.prototype.slice.call(list)`. */
function isReadThrough([member, ...rest]: readonly Node[]): boolean {
  return member?.type === "MemberExpression" && !isWritten(member, rest);
}

function isWritten(node: Node, [parent]: readonly Node[]): boolean {
  if (parent?.type === "AssignmentExpression") return parent.left === node;
  return parent?.type === "UpdateExpression" || (parent?.type === "UnaryExpression" && parent.operator === "delete");
}

const nameFault = (name: string | undefined): Fault | undefined =>
  name !== undefined && Object.hasOwn(MEMBERS, name) ? { what: name, remedy: MEMBERS[name] } : undefined;

/** Text that names such a member is refused wherever it stands: it could be a key by the time it is used. */
function textFault(node: Node, [parent]: readonly Node[]): Fault | undefined {
  const text = textOf(node);
  return text !== undefined && COMMON.includes(text) && !isReflection(parent) ? undefined : nameFault(text);
}

/** A call such as `Reflect.get(error, "stack")`. */
function isReflection(node: Node | undefined): boolean {
  if (node?.type !== "CallExpression" || node.callee.type !== "MemberExpression") return false;
  const { object } = node.callee;
  return object.type === "Identifier" && (object.name === "Reflect" || object.name === "Object");
}

const nameOf = (key: Node, computed: boolean): string | undefined =>
  key.type === "Identifier" && !computed ? key.name : textOf(key);

function textOf(node: Node): string | undefined {
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  return node.type === "TemplateLiteral" && node.expressions.length === 0
    ? (node.quasis[0].value.cooked ?? undefined)
    : undefined;
}

/** The code around a fault, on one line and short. */
function placeOf(bundle: string, node: Node, [parent]: readonly Node[]): string {
  const { start, end } = parent && parent.end - parent.start <= PLACE_CHARS ? parent : node;
  const code = bundle.slice(start, end).replaceAll(/\s+/g, " ");
  return code.length <= PLACE_CHARS ? code : `${code.slice(0, PLACE_CHARS - 1)}…`;
}
