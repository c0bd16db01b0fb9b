// How are millions of times kept, so that their percentiles can be told?
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace ajar::dataplane {

/// Counts of numbers, each kept to within 1/64 of itself; those below 64 exactly.
class Histogram {
public:
    Histogram() : counts_(kSteps * 59) {}

    void add(std::uint64_t value) {
        ++counts_[place(value)];
        ++count_;
        if (value > most_) most_ = value;
    }
    void add(const Histogram& other);
    void clear();

    /// The least value that `part` (0 to 1) of all do not exceed; 0 where there are none.
    [[nodiscard]] std::uint64_t percentile(double part) const;
    [[nodiscard]] std::uint64_t most() const { return most_; }
    [[nodiscard]] std::uint64_t count() const { return count_; }

private:
    static constexpr unsigned kBits = 6;
    static constexpr std::uint64_t kSteps = 1U << kBits;

    /// The kBits bits behind the first one, and above them how far that is shifted.
    static std::size_t place(std::uint64_t v) {
        if (v < kSteps) return v;
        const auto shift = static_cast<unsigned>(std::bit_width(v)) - kBits - 1;
        return (std::size_t{shift} << kBits) + (v >> shift);
    }
    static std::uint64_t highest_at(std::size_t place);

    std::vector<std::uint64_t> counts_;
    std::uint64_t count_ = 0, most_ = 0;
};

}  // namespace ajar::dataplane
