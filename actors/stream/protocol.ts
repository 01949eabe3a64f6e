/** The words that server and clients of the stream must agree on. Nothing else: a browser imports this too. */
export const STREAM_PATH = "/stream";
export const JSON_PROTOCOL = "sluice.json";
export const BINARY_PROTOCOL = "sluice.flatbuffers";

export const DEFAULT_HOST = "127.0.0.1";
export const DEFAULT_PORT = 8787;

/** How a client wants its frames. */
export type Form = "json" | "binary";

/** Why the server ends a connection. */
export const CloseCode = { goingAway: 1001, policy: 1008, lagging: 1013 } as const;
