// Asking the kernel.
#include "dataplane/kernel_mtu.hpp"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>

#include "descriptor.hpp"

namespace ajar::dataplane {
namespace {

bool ask(unsigned long request, ifreq& about) {
    const Descriptor fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    return fd.get() >= 0 && ::ioctl(fd.get(), request, &about) == 0;
}

ifreq named(const std::array<char, IF_NAMESIZE>& name) {
    ifreq out{};
    std::copy(name.begin(), name.end(), out.ifr_name);
    return out;
}

}  // namespace

std::optional<KernelMtu> KernelMtu::of(unsigned interface) {
    KernelMtu out;
    if (interface == 0 || if_indextoname(interface, out.name_.data()) == nullptr) return std::nullopt;
    ifreq about = named(out.name_);
    if (!ask(SIOCGIFMTU, about)) return std::nullopt;
    out.mtu_ = about.ifr_mtu;
    return out;
}

void KernelMtu::restore() const {
    ifreq about = named(name_);
    if (!ask(SIOCGIFMTU, about) || about.ifr_mtu == mtu_) return;
    about.ifr_mtu = mtu_;
    ask(SIOCSIFMTU, about);
}

}  // namespace ajar::dataplane
