// A mix of the generator, replayed by the real thing, and its truth beside what was judged.
#pragma once

#include <array>
#include <map>
#include <string>

#include "ajar/policy/label.hpp"
#include "generate/gen.hpp"

namespace ajar::causes::test {

/// Flows by true label (rows) and judged one (columns).
class Confusion {
public:
    void add(Label truth, Label judged) { ++cells_[index(truth)][index(judged)]; }
    [[nodiscard]] std::uint64_t of(Label truth) const;
    [[nodiscard]] std::uint64_t right(Label truth) const { return cells_[index(truth)][index(truth)]; }
    /// Of all flows, per mille.
    [[nodiscard]] double right_per_mille() const;
    [[nodiscard]] std::string table() const;

private:
    static std::size_t index(Label l) { return static_cast<std::size_t>(l); }
    std::array<std::array<std::uint64_t, kLabelCount>, kLabelCount> cells_{};
};

/// Sources (addresses, IPv6 /64s) by whether they scan, and whether they were flagged.
struct Scanners {
    std::uint64_t found = 0, missed = 0, accused = 0, left_alone = 0;
    std::string names;  ///< of the missed and the wrongly accused

    [[nodiscard]] std::string table() const;
};

struct Judgement {
    Confusion flows;
    Scanners sources;
    std::uint64_t unmatched = 0;  ///< ends of flows that the generator knows nothing of
};

Judgement judge(const GenOptions& options);

}  // namespace ajar::causes::test
