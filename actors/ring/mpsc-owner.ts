/**
 * The second word of a record in a ring of many producers: its type, and above it, while it is claimed, its owner,
 * which is the producer's place and which life of that place made the claim.
 *
 *     31 … 20  life, modulo what the bits hold     19 … 16  place     15 … 0  type
 */
const PLACE_BITS = 4;
export const OWNER_SHIFT = 16;
export const TYPE_MAX = (1 << OWNER_SHIFT) - 1;

export function ownerOf(place: number, life: number): number {
  return ((life << PLACE_BITS) | place) & TYPE_MAX;
}

export function placeOf(owner: number): number {
  return owner & ((1 << PLACE_BITS) - 1);
}
