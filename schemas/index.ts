/**
 * The bytes of Sluice: message layouts with their writers and readers, the views they go through, and the enums of the
 * schemas.
 */
export * from "./generated/enums.js";
export * from "./generated/layout.js";
export * from "./generated/readers.js";
export { encodeText, readText, textMessageBytes, writeText } from "./text.js";
export { type MessageViews, padTo8, viewsOf } from "./views.js";
