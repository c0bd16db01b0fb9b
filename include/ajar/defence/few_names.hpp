// A few names, by the hashes of their CountKeys: networks whose handshakes give way first, hosts whose SYNs
// are answered.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ajar {

class FewNames {
public:
    static constexpr std::size_t kMost = 16;

    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] bool has(std::uint64_t hash) const {
        const auto known = std::span(hashes_).first(size_);
        return std::find(known.begin(), known.end(), hash) != known.end();
    }
    /// One more than kMost is left out.
    void add(std::uint64_t hash) {
        if (size_ < kMost) hashes_[size_++] = hash;
    }

    friend bool operator==(const FewNames&, const FewNames&) = default;

private:
    std::array<std::uint64_t, kMost> hashes_{};
    std::size_t size_ = 0;
};

}  // namespace ajar
