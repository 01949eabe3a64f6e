/** risk.wasm in base64, written by wasm/build.mjs from wasm/assembly/risk; not edited by hand. */
export const riskWasm =
  "AGFzbQEAAAABBQFgAAF/AhIBA2VudgZtZW1vcnkCAQGAgAQDAgEABxYCCWRhdGFTdGFydAAABm1lbW9yeQIACgcBBQBBgAgL";
