// What holds while services are under a flood? A posture made by hand: no bench waits until a defence
// believes in one.
#pragma once

#include <memory>

#include "ajar/defence/posture.hpp"
#include "ajar/flow/hash.hpp"
#include "ajar/flow/table_sizes.hpp"
#include "dataplane/bench/scripts.hpp"

namespace ajar::dataplane {

// As hosts write them: MSS 1460, window scale 7, SACK permitted; the same with timestamps; timestamps whose
// echo is what a cookie keeps of those options.
inline constexpr std::array<std::uint8_t, 12> kSynOptions = {2, 4, 5, 0xb4, 1, 3, 3, 7, 1, 1, 4, 2};
inline constexpr std::array<std::uint8_t, 20> kSynStamped = {2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0,
                                                             0, 1, 0, 0,    0, 0, 1, 3,  3, 7};
inline constexpr std::array<std::uint8_t, 12> kStamps = {1, 1, 8, 10, 0, 0, 0, 1, 0, 1, 0, 0x17};

class Flooded {
public:
    Flooded(const HashKey& key, const TableSizes& sizes);

    /// From now on also the services of a lot. While nobody looks at the posture.
    void add(const Shape& shape);
    [[nodiscard]] const Posture& posture() const { return posture_; }
    /// What cookies promise in the name of its servers.
    static std::uint8_t promise();
    /// What the clients of connections 0 to n - 1 of a lot got in answer to their SYNs.
    [[nodiscard]] Beginnings cookies(const Shape& shape, std::uint64_t connections) const;

private:
    [[nodiscard]] std::uint64_t service_of(const Packet& syn) const;

    PreparedHashKey hash_key_;
    std::uint32_t lines_;
    std::shared_ptr<ServerProfiles> profiles_ = std::make_shared<ServerProfiles>();
    Posture posture_{};
};

}  // namespace ajar::dataplane
