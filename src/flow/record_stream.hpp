// The byte stream of one endpoint, without its bytes: what was seen in order, what is missing, what an ACK
// reveals.
#pragma once

#include <cstdint>

#include "flow/record_endpoint.hpp"

namespace ajar::record {

/// Starts the stream of `e` as if its SYN stood at `begin`; `last` is the end of what it has sent.
void start_stream(Endpoint e, std::uint32_t begin, std::uint32_t last);

/// The endpoint sent `length` bytes of payload at `seq`.
void data_sent(Endpoint e, std::uint32_t seq, std::uint32_t length);

/// The endpoint's peer sent an ACK for the number `ack`: gaps are written, what lies below is done with.
void acknowledged(Endpoint e, std::uint32_t ack);

/// Is data of a closing endpoint missing, or data of its peer not acknowledged?
bool data_pending(Endpoint e);

}  // namespace ajar::record
