// The dynamic mbuf field that strings the frames of a datagram together.
#include "dataplane/frame.hpp"

namespace ajar::dataplane {

int FrameString::offset_ = -1;

bool FrameString::register_field() {
    const rte_mbuf_dynfield field = {// NOLINTNEXTLINE(bugprone-sizeof-expression): the field holds a pointer
                                     .name = "ajar_dynfield_next",
                                     .size = sizeof(rte_mbuf*),
                                     .align = alignof(rte_mbuf*),
                                     .flags = 0};
    offset_ = rte_mbuf_dynfield_register(&field);
    return offset_ >= 0;
}

}  // namespace ajar::dataplane
