// The encoder of a program that was built without libfixbuf.
#include "export/ipfix/encoder.hpp"

namespace ajar::exporting::ipfix {

bool is_built() { return false; }

Result<std::unique_ptr<Encoder>> Encoder::make(std::uint32_t, std::uint16_t, Deliver) {
    return Error{"this ajar was built without IPFIX (libfixbuf)"};
}

}  // namespace ajar::exporting::ipfix
