// What is done about each service that has a name and marks of its own.
#pragma once

#include <cstdint>
#include <vector>

#include "ajar/policy/services.hpp"

namespace ajar {

struct ServiceStates {
    static constexpr std::uint8_t kAnswers = 1;  ///< its SYNs are answered
    static constexpr std::uint8_t kAccepts = 2;  ///< or were until lately: their cookies are accepted
    static constexpr std::uint8_t kFull = 4;     ///< above a limit: no further SYN passes

    std::uint32_t serial = 0;         ///< of the table whose ids count
    std::vector<std::uint8_t> state;  ///< by id less one
    std::uint8_t any = 0;             ///< all of them joined

    /// Of another table, until the next epoch: what is done for any is done for all.
    [[nodiscard]] bool says(std::uint32_t table, ServiceId id, std::uint8_t what) const {
        return ((table == serial ? state[id - 1U] : any & ~kFull) & what) != 0;
    }
};

}  // namespace ajar
