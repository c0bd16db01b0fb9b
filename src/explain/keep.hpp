// What is kept of the incidents that are found: of a connection enough to tell it, of several their names.
//
// A file may hold a million events of one tuple. Memory is bounded: of one connection the first and the last
// events by time, whatever the order in which they come; as soon as there are two, of each the first to come,
// without its packets.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "explain/incident.hpp"

namespace ajar::explain {

/// In the order in which they are told: by time, within a moment as they came to be. A flow record tells when
/// the last packet came, not when Ajar ended the flow, which was last of all.
bool comes_before(const Incident& a, const Incident& b);

class Keep {
public:
    static constexpr std::size_t kEdge = 500;            ///< events at the beginning, and as many at the end
    static constexpr std::size_t kConnections = 10'000;  ///< that are told apart

    void take(Incident incident);
    /// After the last one.
    void finish();

    /// Of the one connection, in their order; nothing where there are several.
    [[nodiscard]] const std::vector<Incident>& incidents() const { return incidents_; }
    /// Of it, between the first and the last that are kept.
    [[nodiscard]] std::uint64_t left_out() const { return left_out_; }
    /// An incident of each, by their beginning.
    [[nodiscard]] const std::vector<Incident>& connections() const { return connections_; }
    [[nodiscard]] bool more_connections() const { return more_; }

private:
    void note_connection(const Incident& incident);
    void thin();

    std::vector<Incident> incidents_, connections_;
    std::unordered_set<std::string> uids_;
    std::uint64_t left_out_ = 0;
    bool more_ = false;
};

}  // namespace ajar::explain
