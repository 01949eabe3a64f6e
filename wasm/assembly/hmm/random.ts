/**
 * Random numbers for the starts of a fit: SplitMix64 (Steele, Lea, Flood 2014), a counter and a mixer, so that a seed
 * gives the same numbers everywhere. Not for simulation at large.
 */
let counter: u64 = 0;

export function seedRandom(seed: f64, stream: i32): void {
  counter = <u64>seed ^ (<u64>stream << 56);
  next();
}

/** Uniform on 0 … 1, 1 left out. */
export function uniform(): f64 {
  return <f64>(next() >> 11) * 1.1102230246251565e-16;
}

function next(): u64 {
  counter += 0x9e3779b97f4a7c15;
  let mixed = counter;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}
