// A bounded queue for one producer and one consumer, after the algorithm of rigtorp::SPSCQueue: each side keeps a copy
// of the other's index and reads the shared one only when the copy says "full" or "empty"; indexes and copies stand on
// cache lines of their own; one slot stays free, so that full and empty differ. One thread alone may call each side.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

template <typename T>
class SpscRing {
 public:
  explicit SpscRing(std::size_t capacity) : slots_(capacity + 1) {}

  SpscRing(const SpscRing&) = delete;
  SpscRing& operator=(const SpscRing&) = delete;

  // Producer: makes a T in the next slot; false when the ring is full.
  template <typename... Arguments>
  [[nodiscard]] bool try_emplace(Arguments&&... arguments) {
    const std::size_t write = write_index_.load(std::memory_order_relaxed);
    const std::size_t next = after(write);
    if (next == read_copy_) {
      read_copy_ = read_index_.load(std::memory_order_acquire);
      if (next == read_copy_) return false;
    }
    slots_[write] = T(std::forward<Arguments>(arguments)...);
    write_index_.store(next, std::memory_order_release);
    return true;
  }

  // Consumer: the oldest T, or null when the ring is empty. It stays in its slot until pop.
  [[nodiscard]] const T* front() {
    const std::size_t read = read_index_.load(std::memory_order_relaxed);
    if (read == write_copy_) {
      write_copy_ = write_index_.load(std::memory_order_acquire);
      if (read == write_copy_) return nullptr;
      batches_++;
    }
    return &slots_[read];
  }

  // Consumer: frees the slot of the T that front returned.
  void pop() {
    const std::size_t read = read_index_.load(std::memory_order_relaxed);
    read_index_.store(after(read), std::memory_order_release);
  }

  // Consumer: how often it looked at the producer's index and found something new.
  std::uint64_t batches() const { return batches_; }

 private:
  static constexpr std::size_t LINE = 64;

  std::size_t after(std::size_t index) const { return index + 1 == slots_.size() ? 0 : index + 1; }

  std::vector<T> slots_;
  alignas(LINE) std::atomic<std::size_t> write_index_{0};
  alignas(LINE) std::size_t read_copy_ = 0;
  alignas(LINE) std::atomic<std::size_t> read_index_{0};
  alignas(LINE) std::size_t write_copy_ = 0;
  std::uint64_t batches_ = 0;
};
