// Blocks and options.
#include "export/packets/pcapng.hpp"

namespace ajar::exporting::pcapng {
namespace {

enum BlockType : std::uint32_t { kSection = 0x0a0d0d0a, kInterface = 1, kEnhancedPacket = 6 };
enum OptionCode : std::uint16_t {
    kEndOfOptions = 0,
    kComment = 1,
    kInterfaceName = 2,
    kApplication = 4,
    kResolution = 9
};

template <typename T>
void put(std::string& out, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<char>(value >> (8U * i) & 0xffU));
}

void pad(std::string& out, std::size_t length) { out.append((4 - length % 4) % 4, '\0'); }

void put_option(std::string& out, OptionCode code, std::string_view value) {
    put<std::uint16_t>(out, code);
    put(out, static_cast<std::uint16_t>(value.size()));
    out.append(value);
    pad(out, value.size());
}

void end_options(std::string& out) { put<std::uint32_t>(out, kEndOfOptions); }

/// A block around what `body` appends: its length stands at both ends.
template <typename Body>
void put_block(std::string& out, BlockType type, Body&& body) {
    const std::size_t begin = out.size();
    put<std::uint32_t>(out, type);
    put<std::uint32_t>(out, 0);
    body();
    const auto length = static_cast<std::uint32_t>(out.size() - begin + 4);
    put(out, length);
    std::string text;
    put(text, length);
    out.replace(begin + 4, 4, text);
}

}  // namespace

void put_section(std::string& out, std::string_view application) {
    put_block(out, kSection, [&] {
        put<std::uint32_t>(out, 0x1a2b3c4d);
        put<std::uint16_t>(out, 1);
        put<std::uint16_t>(out, 0);
        put<std::uint64_t>(out, ~std::uint64_t{0});  // its length is not known
        put_option(out, kApplication, application);
        end_options(out);
    });
}

void put_interface(std::string& out, LinkType link, std::string_view name, std::uint32_t snap) {
    put_block(out, kInterface, [&] {
        put(out, static_cast<std::uint16_t>(link));
        put<std::uint16_t>(out, 0);
        put(out, snap);
        if (!name.empty()) put_option(out, kInterfaceName, name);
        put_option(out, kResolution, "\x09");  // 10^-9 s
        end_options(out);
    });
}

void put_frame(std::string& out, std::uint32_t interface, Time time, std::span<const std::uint8_t> bytes,
               std::uint32_t wire_length, std::string_view comment) {
    const auto ns = static_cast<std::uint64_t>(time.time_since_epoch().count());
    put_block(out, kEnhancedPacket, [&] {
        put(out, interface);
        put(out, static_cast<std::uint32_t>(ns >> 32U));
        put(out, static_cast<std::uint32_t>(ns));
        put(out, static_cast<std::uint32_t>(bytes.size()));
        put(out, wire_length);
        out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        pad(out, bytes.size());
        if (comment.empty()) return;
        put_option(out, kComment, comment);
        end_options(out);
    });
}

}  // namespace ajar::exporting::pcapng
