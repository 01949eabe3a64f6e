//! A message of 64 bytes on a cache line of its own: word k of message i holds i + k. Every sender writes all eight
//! words and every receiver reads all eight, so that no lane is flattered by bytes that nobody touches.

#[derive(Clone, Copy, Default)]
#[repr(C, align(64))]
pub struct Message {
    pub words: [u64; 8],
}

const _: () = assert!(size_of::<Message>() == 64);

impl Message {
    #[inline]
    pub fn new(number: u64) -> Self {
        Message { words: std::array::from_fn(|k| number.wrapping_add(k as u64)) }
    }

    /// Sum of all words, modulo 2^64.
    #[inline]
    pub fn sum(&self) -> u64 {
        self.words.iter().fold(0, |sum, word| sum.wrapping_add(*word))
    }
}

/// What the words of messages 0 … count − 1 sum to, modulo 2^64: the closed form of Σ (8 i + 28).
pub fn checksum_of(count: u64) -> u64 {
    count.wrapping_mul(count.wrapping_sub(1)).wrapping_mul(4).wrapping_add(count.wrapping_mul(28))
}
