// The packets that are known, and between them what Ajar found and did.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "explain/story.hpp"

namespace ajar::explain {

/// "evicted: stale_syn_recv", "half open: crash_reopen_stuck, confidence high".
std::string title_of(const Incident& incident);

/// By time; a packet stands before what it has caused. The same packet is often told by several events, and
/// stands here once.
std::vector<Moment> timeline_of(std::span<const Incident> incidents);

}  // namespace ajar::explain
