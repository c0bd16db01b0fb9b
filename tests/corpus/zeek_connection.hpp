// A connection's record as both Zeek's truth and Ajar's replay give it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ajar::corpus {

struct Connection {
    std::string originator, responder;  ///< "address port", addresses in their shortest form
    std::string state, history;
    double start = 0, duration = 0;        ///< seconds
    std::uint64_t sent = 0, received = 0;  ///< packets of the originator and of the responder

    /// Equal for both directions.
    [[nodiscard]] std::string tuple() const {
        return originator < responder ? originator + " " + responder : responder + " " + originator;
    }
    /// What must agree.
    [[nodiscard]] std::string says() const {
        return state + "/" + history + (originator < responder ? "/>" : "/<");
    }
};

/// The rows by Zeek 8 of truth/NAME.truth.csv.
std::vector<Connection> read_truth(const std::string& path);

/// `ajar replay --profile zeek` over one capture.
std::vector<Connection> replay_as_zeek(const std::string& capture);

}  // namespace ajar::corpus
