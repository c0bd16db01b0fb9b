// How the numbers of a frame are translated where it stands.
#pragma once

#include <rte_mbuf.h>

#include "ajar/tracker.hpp"

namespace ajar::dataplane {

/// `m`, or the string of frames that it heads, is what `packet` was read from.
void translate_frame(rte_mbuf* m, bool strung, const Packet& packet, const Rewrite& rewrite);

}  // namespace ajar::dataplane
