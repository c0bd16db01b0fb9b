// Waiting by poll().
#include "export/patience.hpp"

#include <poll.h>

namespace ajar::exporting {

bool Wait::for_room(int fd) const {
    pollfd room{fd, POLLOUT, 0};
    while (::poll(&room, 1, 0) <= 0) {
        if (!may_go_on()) return false;
        ::poll(&room, 1, kLookMs);
    }
    return true;
}

}  // namespace ajar::exporting
