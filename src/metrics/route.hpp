// The page /metrics.
#pragma once

#include "http/http.hpp"
#include "metrics/sampler.hpp"

namespace ajar::metrics {

/// Adds it. `sampler` outlives the server's run().
void serve(http::Http& http, Sampler& sampler);

}  // namespace ajar::metrics
