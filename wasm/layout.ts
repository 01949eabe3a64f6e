/**
 * Offsets and limits that the AssemblyScript kernels and their host bindings share. Both compilers read this file, so
 * it holds integer constants and nothing else; a type annotation or an import would suit only one of them.
 *
 * The math module's memory, in bytes:
 *
 *        0  tables      the constants of libm; the build refuses a module whose tables pass CALL
 *    64 Ki  call        operands and result of a single call, or the parameters of an indicator
 *    68 Ki  inputs      one chunk of each of a batch's inputs, a stride apart
 *   256 Ki  outputs     one chunk of each of its outputs, a stride apart
 *   576 Ki  workspace   the state of the kernel a batch runs
 *  1536 Ki  arena       the states of streaming kernels, to the end of the memory
 */
export const CALL = 0x10000;
export const CHUNK_INPUTS = 0x11000;
export const CHUNK_OUTPUTS = 0x40000;
export const CHUNK_LENGTH = 4096;
/** Of a chunk and 320 bytes, so that not all chunks fall upon the same lines of a cache. */
export const CHUNK_STRIDE = 0x8140;
export const WORKSPACE = 0x90000;
export const ARENA = 0x180000;

/**
 * What every kernel's state begins with: four words, then the input slot and the kernel's own doubles. Instead of the
 * period, an indicator of the table has the number of inputs that its last output needs.
 */
export const STATE_KIND = 0;
export const STATE_BYTES = 4;
export const STATE_PERIOD = 8;
export const STATE_COUNT = 12;
export const STATE_INPUT = 16;
export const STATE_VALUE = 24;

export const KIND_EMA = 1;
export const EMA_ALPHA = 32;
export const EMA_SUM = 40;
export const EMA_BYTES = 48;

export const KIND_ROLLING = 2;
export const ROLLING_VARIANCE = 32;
export const ROLLING_SQUARES = 40;
export const ROLLING_PEAK = 48;
export const ROLLING_PIVOT = 56;
export const ROLLING_DRIFT = 64;
export const ROLLING_POSITION = 72;
export const ROLLING_AGE = 76;
export const ROLLING_WINDOW = 80;

/**
 * The filter of a hidden Markov model of K states over observations of F numbers: the model's arrays, rows first, then
 * what is derived from them, the probabilities, scratch, and the newest observations in a circle.
 */
export const KIND_HMM_FILTER = 3;
export const HMM_INPUT = 16;
export const HMM_STATES = 48;
export const HMM_FEATURES = 52;
export const HMM_CAPACITY = 56;
export const HMM_LENGTH = 60;
export const HMM_POSITION = 64;
export const HMM_STATE = 68;
/** 1 once there is a model. */
export const HMM_MODELLED = 72;
/** The log-likelihood is the sum of this and the log of the product behind it. */
export const HMM_LOG_LIKELIHOOD = 80;
export const HMM_PRODUCT = 88;
export const HMM_MODEL = 96;

/** Where the indicators of the table keep what they share; their parts lie behind the fields. */
export const INDICATOR_INPUTS = 16;
export const INDICATOR_OUTPUTS = 56;
export const INDICATOR_PARAMETERS = 128;
export const INDICATOR_PARTS = 240;
export const INPUTS_MAX = 5;
export const OUTPUTS_MAX = 9;
export const PARAMETERS_MAX = 10;

/** The words that each part begins with. */
export const PART_BYTES = 0;
export const PART_CAPACITY = 4;
export const PART_COUNT = 8;
export const PART_POSITION = 12;
export const PART_HEAD = 16;
export const PART_AGE = 20;
export const PART_HEADER = 24;

export const PERIOD_MAX = 100_000;
/** A full window is summed afresh at least once in this many pushes, or once in a period if that is longer. */
export const RESUM_PUSHES = 1024;
/** Windows shorter than this are summed afresh at every push: it costs less than keeping the sums. */
export const RESUM_ALWAYS_BELOW = 16;

/** The state of an indicator over many series begins with the same four words; all its fields take LANES_FIELDS. */
export const LANES_POSITION = 24;
export const LANES_PARITY = 32;
export const LANES_FIELDS = 80;
export const SERIES_MAX = 1024;
/** As far as a row of fewer series than one block is wide may be read and written past its end, in doubles. */
export const LANES_OVERRUN = 8;

/** The tables of CRC32C: eight of 256 words. */
export const CRC32C_WORDS = 256;
export const CRC32C_BYTES = 8192;
