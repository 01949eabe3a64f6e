/**
 * Turns an embedded module into a compiled one, once for each thread that asks. Compilation is synchronous because the
 * engine's thread never returns to its event loop; a thread may also be handed the Module that another compiled. Where
 * Node has no WebAssembly (`node --jitless`), the bindings take the same kernels as plain JavaScript, which give the
 * same bits and are many times slower.
 */
import { WebAssemblyMissingError } from "./errors.js";

export const hasWebAssembly = typeof WebAssembly !== "undefined";

/** What is returned throws WebAssemblyMissingError where there is no WebAssembly. */
export function embeddedModule(base64: string): () => WebAssembly.Module {
  let compiled: WebAssembly.Module | undefined;
  return () => {
    requireWebAssembly("a compiled module");
    compiled ??= new WebAssembly.Module(decode(base64));
    return compiled;
  };
}

/** A function from imports to exports, made of an embedded text when it is first called. */
export function embeddedScript<T>(text: string): (imports: object) => T {
  let compiled: ((imports: object) => T) | undefined;
  return (imports) => {
    compiled ??= new Function(`return ${text}`)() as (imports: object) => T;
    return compiled(imports);
  };
}

export function requireWebAssembly(what: string): void {
  if (!hasWebAssembly) throw new WebAssemblyMissingError(what);
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
