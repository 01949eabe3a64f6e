// How a round trip is timed, whatever carries it: first blocks of 32 trips with one reading of the clock a block,
// which the clock's own cost hardly touches; then each trip by itself, for the percentiles. The first trips are not
// counted.
#pragma once

#include <cstdint>

#include "answer.hpp"
#include "threads.hpp"

constexpr int TRIPS_A_BLOCK = 32;
constexpr int UNCOUNTED_TRIPS = 50;

// Calls `trip(i)` for about `milliseconds` with i = 0, 1, …; it sends message i, awaits its echo and returns the echo's
// sum.
template <typename Trip>
void time_round_trips(double milliseconds, RoundTrips& found, Trip&& trip) {
  for (int i = 0; i < UNCOUNTED_TRIPS; i++) trip(i);
  const auto half_ns = static_cast<std::uint64_t>(milliseconds * 1e6 / 2);
  const std::uint64_t start = now_ns();
  std::uint64_t number = 0, checksum = 0;

  for (std::uint64_t before = start, after; before < start + half_ns; before = after) {
    for (int i = 0; i < TRIPS_A_BLOCK; i++) checksum += trip(number++);
    after = now_ns();
    found.blocks.record(after - before);
  }
  for (std::uint64_t after = 0; after < start + 2 * half_ns;) {
    const std::uint64_t before = now_ns();
    checksum += trip(number++);
    after = now_ns();
    found.trips.record(after - before);
  }

  found.messages = number;
  found.checksum = checksum;
  found.seconds = static_cast<double>(now_ns() - start) / 1e9;
}
