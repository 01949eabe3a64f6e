/** The simulated venue on its thread, in the gateway's place. */
import { type EngineConfig, makeInstrument } from "../../engine/index.js";
import { VenueAgent } from "../paper/venue-agent.js";
import type { Hosted } from "./hosted.js";
import type { ThreadContext, ThreadData } from "./thread-data.js";

export interface VenueThreadData extends ThreadData {
  readonly config: EngineConfig;
}

export function start(context: ThreadContext, data: VenueThreadData): Hosted {
  return {
    agent: new VenueAgent({
      log: context.logReader("venue"),
      reports: context.producer("report"),
      engineBell: context.controls.engine.doorbell,
      instruments: data.config.instruments.map((spec, index) => makeInstrument(spec, index)),
      model: data.config.paper,
      latency: { commands: context.stampReader("commands"), sent: context.histograms.sent, nowUs: context.nowUs },
    }),
  };
}
