/** The compiled risk.wasm, once for each thread: figures and estimators have workspaces of their own in it. */
import { riskWasm } from "../generated/risk.js";
import { embeddedModule } from "../module.js";

export const riskModule: () => WebAssembly.Module = embeddedModule(riskWasm);
