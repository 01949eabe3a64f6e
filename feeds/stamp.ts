/**
 * A clock that writes the moment into an array: microseconds since the epoch. A clock that returned it would leave a
 * boxed number behind at every call that V8 does not inline.
 */
export type StampUs = (into: Float64Array, index: number) => void;
