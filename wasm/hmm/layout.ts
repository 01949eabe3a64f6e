/**
 * Sizes that the kernels of hidden Markov models and their bindings share. Both compilers read this file, so it holds
 * integer constants and nothing else. K is the number of states, F of features.
 *
 * A model as the kernels take and give it, in bytes:
 *
 *        0  start       K doubles
 *       48  transition  K × K doubles, rows first
 *      336  means       K × F doubles
 *      528  variances   K × F doubles
 */
export const MODEL_START = 0;
export const MODEL_TRANSITION = 48;
export const MODEL_MEANS = 336;
export const MODEL_VARIANCES = 528;

/** Bytes of a row of the recursions, for each state: its density and its share, of two observations each. */
export const ROW_STATE_BYTES = 32;
