/**
 * Turns an embedded module into a compiled one, once for each thread that asks. Compilation is synchronous because the
 * engine's thread never returns to its event loop; a thread may also be handed the Module that another compiled.
 */
export function embeddedModule(base64: string): () => WebAssembly.Module {
  let compiled: WebAssembly.Module | undefined;
  return () => {
    compiled ??= new WebAssembly.Module(decode(base64));
    return compiled;
  };
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
