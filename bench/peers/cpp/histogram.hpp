// Durations in nanoseconds, counted in 256 linear steps an octave: a percentile is within 0.2 % of the value it stands
// for, and the greatest value is exact. All memory is taken when it is made; recording allocates nothing.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

class Histogram {
 public:
  Histogram() : counts_(index_of(VALUE_MAX) + 1) {}

  void record(std::uint64_t value_ns) {
    counts_[index_of(std::min(value_ns, VALUE_MAX))]++;
    count_++;
    max_ns_ = std::max(max_ns_, value_ns);
  }

  std::uint64_t count() const { return count_; }

  std::uint64_t max_ns() const { return max_ns_; }

  // The value that `fraction` of all values do not pass; 0 when nothing was recorded.
  double value_at(double fraction) const {
    const auto rank = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t index = 0; index < counts_.size(); index++) {
      seen += counts_[index];
      if (seen >= rank && seen > 0) return middle_of(index);
    }
    return 0;
  }

 private:
  static constexpr int STEP_BITS = 8;
  static constexpr std::uint64_t STEPS = 1ull << STEP_BITS;
  static constexpr std::uint64_t VALUE_MAX = (1ull << 40) - 1;

  // Values below two octaves of steps stand for themselves; above, the leading nine bits choose the step.
  static std::size_t index_of(std::uint64_t value) {
    const int shift = std::max(0, static_cast<int>(std::bit_width(value)) - (STEP_BITS + 1));
    return (static_cast<std::size_t>(shift) << STEP_BITS) + (value >> shift);
  }

  static double middle_of(std::size_t index) {
    if (index < 2 * STEPS) return static_cast<double>(index);
    const int shift = static_cast<int>(index >> STEP_BITS) - 1;
    const std::uint64_t low = (STEPS + (index & (STEPS - 1))) << shift;
    return static_cast<double>(low) + static_cast<double>((1ull << shift) - 1) / 2;
  }

  std::vector<std::uint32_t> counts_;
  std::uint64_t count_ = 0;
  std::uint64_t max_ns_ = 0;
};
