/**
 * Where strategy code runs: its bundle is compiled as the body of a function whose parameters shadow every global that
 * could bring in time, chance or the outside world, and whose `Math` computes in WebAssembly. No global is patched.
 * This keeps honest code deterministic; it is no wall against hostile code. What members of allowed objects could bring
 * in is refused when a strategy is bundled (cli/strategy-rules.ts).
 */
import { ConfigError } from "../assert.js";
import { defineStrategy, type StrategyDefinition } from "./define.js";

/** What a strategy may import, by module name. */
const MODULES: Readonly<Record<string, unknown>> = { sluice: Object.freeze({ defineStrategy }) };

const TIME = "time comes with the event; use ctx.timeUs";
const TIMER = 'subscribe to a timer such as "timer:5s"';
const ASYNC = "handlers are synchronous";
const OUTSIDE = "a strategy sees the world through ctx alone";
const CODE = "code made at run time cannot be journaled";
const NEWER = "not every Node that may replay the journal has it";
const BITS = "the bits of a NaN are not the same on every machine; use a typed array for each kind of number";

/** Forbidden globals and what to use instead. */
const NAMED: Readonly<Record<string, string>> = {
  Date: TIME,
  performance: TIME,
  Temporal: TIME,
  setTimeout: TIMER,
  setInterval: TIMER,
  setImmediate: TIMER,
  clearTimeout: TIMER,
  clearInterval: TIMER,
  clearImmediate: TIMER,
  queueMicrotask: ASYNC,
  Promise: ASYNC,
  Atomics: ASYNC,
  AsyncFunction: ASYNC,
  console: "use ctx.log",
  Buffer: "use a Uint8Array",
  crypto: "use ctx.random()",
  ArrayBuffer: BITS,
  DataView: BITS,
  eval: CODE,
  Function: CODE,
  Iterator: NEWER,
  Float16Array: NEWER,
  SuppressedError: NEWER,
  DisposableStack: NEWER,
  AsyncDisposableStack: NEWER,
};

/**
 * Globals of Node that bring in the world, or whose results depend on its version. Listed by name, not read from the
 * global object, so that a name is refused alike by a Node that has it and one that has it not.
 */
const NODE_GLOBALS =
  "global globalThis window self process Intl SharedArrayBuffer WeakRef FinalizationRegistry WebAssembly " +
  "structuredClone atob btoa URL URLSearchParams URLPattern TextEncoder TextDecoder navigator Navigator Worker " +
  "fetch FormData Headers Request Response WebSocket CloseEvent EventSource XMLHttpRequest Storage localStorage " +
  "sessionStorage Crypto CryptoKey SubtleCrypto DOMException QuotaExceededError AbortController AbortSignal Event " +
  "EventTarget CustomEvent ErrorEvent MessageEvent MessageChannel MessagePort BroadcastChannel Blob File Performance " +
  "PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList " +
  "PerformanceResourceTiming TransformStream TransformStreamDefaultController WritableStream " +
  "WritableStreamDefaultController WritableStreamDefaultWriter ReadableStream ReadableStreamDefaultReader " +
  "ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableByteStreamController ReadableStreamDefaultController " +
  "ByteLengthQueuingStrategy CountQueuingStrategy TextEncoderStream TextDecoderStream CompressionStream " +
  "DecompressionStream gc __filename __dirname";

const FORBIDDEN: Readonly<Record<string, string>> = {
  ...Object.fromEntries(NODE_GLOBALS.split(" ").map((word) => [word, OUTSIDE])),
  ...NAMED,
};

/**
 * Compiles a bundle (CommonJS text) and returns its strategy. Throws ConfigError naming the fault and the remedy. The
 * bundle is strict, so that a plain call's `this` is not the real global object, in a block, so that it may use a
 * shadowed name for its own, and in an inner function, because no strict one could have a parameter named `eval`.
 */
export function loadStrategy(bundle: string, name: string, math: Math): StrategyDefinition {
  const module = { exports: {} as { default?: unknown } };
  const scope: Record<string, unknown> = { module, exports: module.exports, require: requireFrom(name), Math: math };
  for (const [word, remedy] of Object.entries(FORBIDDEN)) scope[word] = forbidden(word, remedy, name);
  try {
    const body = `(function () { "use strict"; {\n${bundle}\n} })();`;
    new Function(...Object.keys(scope), body)(...Object.values(scope));
  } catch (error) {
    throw new ConfigError(`strategy ${name} failed to load: ${error instanceof Error ? error.message : String(error)}`);
  }
  return checkDefinition(module.exports.default, name);
}

function requireFrom(name: string): (id: string) => unknown {
  return (id) => {
    if (!Object.hasOwn(MODULES, id)) {
      throw new ConfigError(
        `strategy ${name} imports "${id}"; it may import ${Object.keys(MODULES).join(", ")} and its own files`,
      );
    }
    return MODULES[id];
  };
}

/** A stand-in that throws however it is touched. */
function forbidden(word: string, remedy: string, name: string): unknown {
  const refuse = (): never => {
    throw new Error(`${word} is not available to strategy ${name}: ${remedy}`);
  };
  return new Proxy(class {}, Object.fromEntries(TRAPS.map((trap) => [trap, refuse])));
}

/** Everything that can be done to an object; the target above must be a class, or `new` would not reach its trap. */
const TRAPS = [
  "apply",
  "construct",
  "defineProperty",
  "deleteProperty",
  "get",
  "getOwnPropertyDescriptor",
  "getPrototypeOf",
  "has",
  "isExtensible",
  "ownKeys",
  "preventExtensions",
  "set",
  "setPrototypeOf",
] as const satisfies readonly (keyof ProxyHandler<never>)[];

const HANDLERS = [
  ...["init", "onTrade", "onQuote", "onBook", "onFill", "onOrder", "onTimer", "onModel", "onStop"],
] as readonly string[];

/** Checks what the file exported. Handlers that are not known are errors: a misspelt one would never be called. */
function checkDefinition(value: unknown, name: string): StrategyDefinition {
  if (typeof value !== "object" || value === null) {
    throw new ConfigError(
      `strategy ${name} exports no strategy; end the file with: export default defineStrategy({ … })`,
    );
  }
  const definition = value as Record<string, unknown>;
  if (typeof definition.id !== "string" || !/^[a-z0-9][a-z0-9-]{0,31}$/.test(definition.id)) {
    throw new ConfigError(`strategy ${name}: id must be 1 to 32 of a-z, 0-9 and "-", was ${String(definition.id)}`);
  }
  if (!Array.isArray(definition.subscribe) || !definition.subscribe.every((each) => typeof each === "string")) {
    throw new ConfigError(`strategy ${name}: subscribe must be a list such as ["trades:BTC/USDT.BINANCE"]`);
  }
  checkParams(definition.params ?? {}, name);
  for (const [key, member] of Object.entries(definition)) checkMember(key, member, name);
  return { params: {}, ...definition } as unknown as StrategyDefinition;
}

function checkParams(params: unknown, name: string): void {
  const plain = typeof params === "object" && params !== null && !Array.isArray(params);
  const fits = plain && Object.values(params).every((each) => ["string", "number", "boolean"].includes(typeof each));
  if (!fits) throw new ConfigError(`strategy ${name}: params must be an object of strings, numbers and booleans`);
}

function checkMember(key: string, member: unknown, name: string): void {
  if (key === "id" || key === "params" || key === "subscribe") return;
  if (!HANDLERS.includes(key)) {
    throw new ConfigError(`strategy ${name} has "${key}", which is not a handler; there are ${HANDLERS.join(", ")}`);
  }
  if (typeof member !== "function") throw new ConfigError(`strategy ${name}: ${key} must be a function`);
  const kind = Object.prototype.toString.call(member);
  if (kind !== "[object Function]") {
    throw new ConfigError(`strategy ${name}: ${key} is async or a generator; handlers are synchronous`);
  }
}
