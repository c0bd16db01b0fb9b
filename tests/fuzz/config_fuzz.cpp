// Can any text, read as a configuration, crash the reader, or give one that does not print and read back the
// same?
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/eal_args.hpp"
#include "config/load.hpp"
#include "config/print.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto config = ajar::config::load_text(text, "fuzz");
    if (!config) {
        if (config.error().empty()) std::abort();
        return 0;
    }
    const auto printed = ajar::config::print(*config);
    const auto again = ajar::config::load_text(printed, "printed");
    if (!again || ajar::config::print(*again) != printed) std::abort();
    (void)ajar::config::eal_arguments(*config, {{0, 1}, 0});
    return 0;
}
