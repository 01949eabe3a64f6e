/** The simulated venue's thread, in the gateway's place. */
import { workerData } from "node:worker_threads";
import { type EngineConfig, makeInstrument } from "../../engine/index.js";
import { runBlocking } from "../agent/blocking-runner.js";
import { VenueAgent } from "../paper/venue-agent.js";
import { reportReady } from "./report.js";
import { ThreadContext, type ThreadData } from "./thread-data.js";

export interface VenueThreadData extends ThreadData {
  readonly config: EngineConfig;
}

const data = workerData as VenueThreadData;
const context = new ThreadContext("venue", data);
const agent = new VenueAgent({
  log: context.logReader("venue"),
  reports: context.producer("report"),
  engineBell: context.controls.engine.doorbell,
  instruments: data.config.instruments.map((spec, index) => makeInstrument(spec, index)),
  model: data.config.paper,
});
reportReady();
runBlocking([agent], context.control, context.idle, context.recordError);
