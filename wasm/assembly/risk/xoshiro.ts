/**
 * xoshiro256++ (Blackman and Vigna, 2021), seeded by SplitMix64 (Steele, Lea and Flood, 2014). A state of 96 bytes
 * holds three streams, each 2¹²⁸ words ahead of the one before: two that run side by side in the lanes of vectors, and
 * one that is drawn from a word at a time.
 *
 *      0  lanes   s₀ s₁ s₂ s₃ of both, a vector each
 *     64  single  s₀ s₁ s₂ s₃
 */
// @ts-ignore: decorator
@inline const SINGLE: usize = 64;
/** x^(2¹²⁸) modulo the generator's characteristic polynomial, lowest power first. */
const JUMP: usize = memory.data<u64>([0x180ec6d33cfd0aba, 0xd5a61266f0c9392c, 0xa9582618e03fc9aa, 0x39abdc4529b1661c]);

/** `seed` is an integer from 0 to 2⁵³ − 1. */
export function seedStreams(state: usize, seed: f64): void {
  let counter = <u64>seed;
  for (let word: usize = 0; word < 32; word += 8) {
    counter += 0x9e3779b97f4a7c15;
    store<u64>(state + SINGLE + word, mix(counter));
  }
  for (let lane: usize = 0; lane < 16; lane += 8) {
    for (let word: usize = 0; word < 4; ++word) {
      store<u64>(state + (word << 4) + lane, load<u64>(state + SINGLE + (word << 3)));
    }
    jump(state);
  }
}

/** The next word of the single stream. */
export function nextWord(state: usize): u64 {
  const s = state + SINGLE;
  const s0 = load<u64>(s);
  const s1 = load<u64>(s, 8);
  let s2 = load<u64>(s, 16);
  let s3 = load<u64>(s, 24);
  s2 ^= s0;
  s3 ^= s1;
  store<u64>(s, s0 ^ s3);
  store<u64>(s, s1 ^ s2, 8);
  store<u64>(s, s2 ^ (s1 << 17), 16);
  store<u64>(s, rotl<u64>(s3, 45), 24);
  return rotl<u64>(s0 + (s3 ^ s1), 23) + s0;
}

/** From the middle of one of 2⁵³ equal parts of (0, 1). */
export function nextUniform(state: usize): f64 {
  return (<f64>(nextWord(state) >> 11) + 0.5) * 1.1102230246251565e-16;
}

/** Moves the single stream on by 2¹²⁸ words. */
function jump(state: usize): void {
  let s0: u64 = 0;
  let s1: u64 = 0;
  let s2: u64 = 0;
  let s3: u64 = 0;
  const s = state + SINGLE;
  for (let bit: usize = 0; bit < 256; ++bit) {
    if ((load<u64>(JUMP + ((bit >> 6) << 3)) >> (bit & 63)) & 1) {
      s0 ^= load<u64>(s);
      s1 ^= load<u64>(s, 8);
      s2 ^= load<u64>(s, 16);
      s3 ^= load<u64>(s, 24);
    }
    nextWord(state);
  }
  store<u64>(s, s0);
  store<u64>(s, s1, 8);
  store<u64>(s, s2, 16);
  store<u64>(s, s3, 24);
}

function mix(counter: u64): u64 {
  counter = (counter ^ (counter >> 30)) * 0xbf58476d1ce4e5b9;
  counter = (counter ^ (counter >> 27)) * 0x94d049bb133111eb;
  return counter ^ (counter >> 31);
}

// @ts-ignore: decorator
@inline
export function rotateLanes(x: v128, by: i32): v128 {
  return v128.or(i64x2.shl(x, by), i64x2.shr_u(x, 64 - by));
}
