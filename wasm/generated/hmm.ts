/** hmm.wasm in base64, written by wasm/build.mjs from wasm/assembly/hmm; not edited by hand. */
export const hmmWasm =
  "AGFzbQEAAAABBQFgAAF/AhIBA2VudgZtZW1vcnkCAQGAgAQDAgEABxYCCWRhdGFTdGFydAAABm1lbW9yeQIACgcBBQBBgAgL";
