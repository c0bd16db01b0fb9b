// [[services]]: what a file says of each, and the table that the tracker gets.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ajar/config.hpp"
#include "config/document.hpp"

namespace ajar::config {

struct BlockFault {
    Place place;
    std::string path, text;
};

/// One [[services]] block. Faults come on top of those that are there.
ServiceBlock read_service(const Block& block, std::vector<BlockFault>& faults);

/// What only all of them together show: names given twice, too many, too many kinds.
std::vector<std::string> service_clashes(const Config& config);

/// Fills policy.services and policy.sources. With the table of a running appliance, its living flows keep
/// what holds for them (assign_terms()), and where nothing has changed the table stays the same.
void resolve_services(Config& config, const std::shared_ptr<const Services>& running = nullptr);

/// The blocks as a file has them; an example where there are none.
std::string print_services(const Config& config);

}  // namespace ajar::config
