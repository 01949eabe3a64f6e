// What a lane found, and its one line of JSON. A lane whose sum is not the closed form of its messages has lost or
// repeated something: it answers with an error and no figures.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "histogram.hpp"
#include "message.hpp"

inline std::string error_line(const std::string& text) {
  return "{\"error\":\"" + text + "\"}";
}

struct Tally {
  std::uint64_t messages = 0;
  std::uint64_t checksum = 0;
  double seconds = 0;
  bool pinned = false;
};

struct RoundTrips : Tally {
  Histogram blocks;  // nanoseconds a block of trips
  Histogram trips;   // nanoseconds a trip
};

struct Stream : Tally {
  std::uint64_t batches = 0;
};

inline std::string format(const char* pattern, auto... values) {
  char text[256];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

inline std::string line_of(const std::string& lane, const Tally& tally, const std::string& figures) {
  if (tally.checksum != checksum_of(tally.messages)) {
    return error_line(format("%s: the checksum of %llu messages was %llu", lane.c_str(),
                             static_cast<unsigned long long>(tally.messages),
                             static_cast<unsigned long long>(tally.checksum)));
  }
  return format("{\"lane\":\"%s\",\"messages\":%llu,\"seconds\":%.9f,\"checksum\":\"%llu\",\"pinned\":%s,",
                lane.c_str(), static_cast<unsigned long long>(tally.messages), tally.seconds,
                static_cast<unsigned long long>(tally.checksum), tally.pinned ? "true" : "false") +
         figures + "}";
}

inline std::string line_of(const std::string& lane, const Stream& stream) {
  return line_of(lane, stream, format("\"batches\":%llu", static_cast<unsigned long long>(stream.batches)));
}

// `trips_a_block` turns a block's time into that of one of its trips.
inline std::string line_of(const std::string& lane, const RoundTrips& found, double trips_a_block) {
  const Histogram& trips = found.trips;
  const double block = found.blocks.value_at(0.5) / trips_a_block;
  const std::string middle = format("\"blockP50Ns\":%.2f,\"p50Ns\":%.1f,\"p90Ns\":%.1f,", block, trips.value_at(0.5),
                                    trips.value_at(0.9));
  const std::string tail = format("\"p99Ns\":%.1f,\"p999Ns\":%.1f,\"p9999Ns\":%.1f,\"maxNs\":%llu",
                                  trips.value_at(0.99), trips.value_at(0.999), trips.value_at(0.9999),
                                  static_cast<unsigned long long>(trips.max_ns()));
  return line_of(lane, found, middle + tail);
}
