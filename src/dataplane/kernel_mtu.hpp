// The MTU of a kernel interface that a device sits on: what it was before we came.
#pragma once

#include <net/if.h>

#include <array>
#include <optional>

namespace ajar::dataplane {

/// net_af_packet and net_af_xdp set the interface's own MTU, which others go on using after us.
class KernelMtu {
public:
    /// Of the interface with this index; nothing where there is none.
    static std::optional<KernelMtu> of(unsigned interface);
    /// Sets it again to what it was, if it has changed.
    void restore() const;

private:
    std::array<char, IF_NAMESIZE> name_{};
    int mtu_ = 0;
};

}  // namespace ajar::dataplane
