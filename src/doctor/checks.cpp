// The rows of the table.
#include "doctor/checks.hpp"

#include <array>

namespace ajar::doctor {
namespace {

constexpr std::array kChecks = {
    Check{"configuration", "is it right, and is there what it names?", look_at_configuration},
    Check{"ports", "are the devices there, and which driver has them?", look_at_ports},
    Check{"other nics", "which network cards are not Ajar's?", look_at_other_nics},
    Check{"iommu", "may a card reach only the memory that is its own?", look_at_iommu},
    Check{"hugepages", "are there enough, on the right nodes?", look_at_hugepages},
    Check{"memory lock", "may as much be pinned as devices need?", look_at_memory_lock},
    Check{"cpus", "has each thread one of its own?", look_at_cpus},
    Check{"isolation", "does the scheduler leave the lanes' alone?", look_at_isolation},
    Check{"hyperthreads", "do two lanes share a core?", look_at_hyperthreads},
    Check{"clock rate", "do governors slow the lanes down?", look_at_clock_rate},
    Check{"numa", "are cards, lanes and memory on one node?", look_at_numa},
    Check{"rss", "does each packet come to the worker that has its flow?", look_at_rss},
    Check{"offloads", "does the kernel hand over frames as they were on the wire?", look_at_offloads},
    Check{"forwarding", "does the kernel forward between the same interfaces?", look_at_kernel_forwarding},
    Check{"conntrack", "does the kernel judge the same connections?", look_at_kernel_conntrack},
    Check{"when down", "what passes while no process runs?", look_at_when_down},
    Check{"control", "where is the socket, and who may connect?", look_at_control},
    Check{"privileges", "who is the process once it runs?", look_at_privileges},
    Check{"seccomp", "which system calls are denied to it?", look_at_seccomp},
};

}  // namespace

std::span<const Check> checks() { return kChecks; }

}  // namespace ajar::doctor
