// What the appliance has counted, for the control socket and whoever exports it.
#pragma once

#include "control/facts.hpp"
#include "dataplane/appliance.hpp"

namespace ajar::dataplane {

/// Main's: it asks the devices. Costs microseconds: how full the tables are is left to be filled in
/// elsewhere.
control::Facts gather(const Appliance& appliance);

}  // namespace ajar::dataplane
