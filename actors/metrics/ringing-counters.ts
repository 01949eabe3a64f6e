/** Counters one of which somebody waits for: whenever its value changes, the bell of that thread is rung. */
import type { Doorbell } from "../agent/doorbell.js";
import type { Counters } from "./counters.js";

export function ringing<Name extends string>(
  counters: Pick<Counters<Name>, "set" | "get">,
  watched: Name,
  bell: Pick<Doorbell, "ring">,
): Pick<Counters<Name>, "set"> {
  return {
    set: (name, value) => {
      const hasChanged = name === watched && counters.get(name) !== value;
      counters.set(name, value);
      if (hasChanged) bell.ring();
    },
  };
}
