// System calls that an appliance never makes once it runs, refused by the kernel (seccomp).
//
// A list of what is denied, not of what is allowed: drivers of DPDK, libibverbs and glibc make whatever calls
// they like, other ones with the next version, and a box that stands in line must not go down over one. What
// is denied fails with EPERM: whoever tries it by mistake goes on, and an intruder gets nothing. It cannot be
// taken back. Of clone() only new namespaces are denied, and clone3() is not there (ENOSYS).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "ajar/result.hpp"

namespace ajar::confine {

std::span<const std::string_view> denied_calls();

/// For all threads of the process, and those to come; `but` are left out. Says how many calls are denied: a
/// kernel or a libseccomp may not know all. Needs no privilege.
Result<std::size_t> deny(std::span<const std::string_view> but = {});

}  // namespace ajar::confine
