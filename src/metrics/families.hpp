// Facts as metric families: names, help and labels as Prometheus has them.
//
// Names are ajar_<what>_<unit>, counters end in _total; sums over label values mean something. Labels are
// bounded: worker, port, queue, table, family, state, age, stage, reason, cause and their kin, never an
// address, whoever attacks. Each group has a file of rows (box, flows, reasons, defence, share, workers,
// tables, ports).
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "metrics/view.hpp"

namespace ajar::metrics {

using Families = std::vector<prometheus::MetricFamily>;

/// All of them, in one order, whatever they count; those without a sample are left out.
Families families_of(const View& view);

}  // namespace ajar::metrics
