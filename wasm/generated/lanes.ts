/** lanes.wasm in base64, written by wasm/build.mjs from wasm/assembly/lanes; not edited by hand. */
export const lanesWasm =
  "AGFzbQEAAAABBQFgAAF/AhIBA2VudgZtZW1vcnkCAQGAgAQDAgEABxYCCWRhdGFTdGFydAAABm1lbW9yeQIACgcBBQBBgAgL";
