// A message of 64 bytes on a cache line of its own: word k of message i holds i + k. Every sender writes all eight
// words and every receiver reads all eight, so that no lane is flattered by bytes that nobody touches.
#pragma once

#include <cstdint>

struct alignas(64) Message {
  static constexpr int WORDS = 8;

  std::uint64_t words[WORDS];

  Message() = default;

  explicit Message(std::uint64_t number) {
    for (int k = 0; k < WORDS; k++) words[k] = number + k;
  }

  // Sum of all words, modulo 2^64.
  std::uint64_t sum() const {
    std::uint64_t sum = 0;
    for (std::uint64_t word : words) sum += word;
    return sum;
  }
};

static_assert(sizeof(Message) == 64, "a message fills one cache line");

// What the words of messages 0 … count − 1 sum to, modulo 2^64: the closed form of Σ (8 i + 28).
constexpr std::uint64_t checksum_of(std::uint64_t count) {
  return 4 * count * (count - 1) + 28 * count;
}

static_assert(checksum_of(0) == 0 && checksum_of(1) == 28 && checksum_of(2) == 64);
