// Every incident of one connection, out of files of events and flow records.
//
// Files can be larger than memory and still grow: they are read line by line, and a line that cannot be about
// the connection is not parsed, and of what is parsed no more is kept than is told. What is broken is passed
// over and told.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ajar/result.hpp"
#include "explain/incident.hpp"
#include "explain/keep.hpp"
#include "explain/wanted.hpp"

namespace ajar::explain {

struct Found {
    Keep kept;                   ///< of what is wanted
    std::vector<Incident> near;  ///< one of each connection between the same hosts, at most kNear
    std::vector<std::string> warnings;
    std::uint64_t lines = 0;  ///< that are not empty

    static constexpr std::size_t kNear = 5;
};

/// "-" is standard input. An error: a file that cannot be read, that is empty, or that is no file of events;
/// it says which and what to do.
Result<Found> search(std::span<const std::string> files, const Wanted& wanted);

/// Likewise of a text; `name` is how it is called in warnings and errors.
Result<Found> search_text(std::string_view text, const std::string& name, const Wanted& wanted);

}  // namespace ajar::explain
