// Captures written byte by byte, so that a test says what stands in the file and no library repairs it.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>

namespace ajar::replay::test {

/// A file that is gone after the test.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& content) {
        const int fd = mkstemp(path_.data());
        std::FILE* f = fdopen(fd, "wb");
        std::fwrite(content.data(), 1, content.size(), f);
        std::fclose(f);
    }
    ~TemporaryFile() { std::remove(path_.c_str()); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_ = "/tmp/ajar-replay-XXXXXX";
};

enum class Order : std::uint8_t { little, big };

/// Builds a pcap file, in either byte order and resolution.
class PcapText {
public:
    explicit PcapText(std::uint32_t link_type, bool nanoseconds = false, Order order = Order::little)
        : order_(order) {
        u32(nanoseconds ? 0xa1b23c4dU : 0xa1b2c3d4U).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(link_type);
    }
    PcapText& frame(std::uint32_t seconds, std::uint32_t fraction, const std::string& bytes,
                    std::uint32_t wire_length = 0) {
        u32(seconds).u32(fraction).u32(static_cast<std::uint32_t>(bytes.size()));
        u32(wire_length != 0 ? wire_length : static_cast<std::uint32_t>(bytes.size()));
        text_ += bytes;
        return *this;
    }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    PcapText& u16(std::uint32_t v) { return put(v, 2); }
    PcapText& u32(std::uint32_t v) { return put(v, 4); }
    PcapText& put(std::uint32_t v, unsigned bytes) {
        for (unsigned i = 0; i < bytes; ++i) {
            const unsigned shift = 8 * (order_ == Order::little ? i : bytes - 1 - i);
            text_.push_back(static_cast<char>((v >> shift) & 0xffU));
        }
        return *this;
    }

    Order order_;
    std::string text_;
};

/// A pcapng block: type, body, and the two lengths around it.
inline std::string block(std::uint32_t type, std::string body) {
    const auto word = [](std::uint32_t v) {
        return std::string(reinterpret_cast<const char*>(&v), 4);  // tests run on little endian
    };
    while (body.size() % 4 != 0) body.push_back('\0');
    const auto length = static_cast<std::uint32_t>(body.size() + 12);
    return word(type) + word(length) + body + word(length);
}

inline std::string section_header() {
    return block(0x0a0d0d0aU,
                 std::string("\x4d\x3c\x2b\x1a\x01\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff", 16));
}

/// `resolution` is the if_tsresol option: 6 = micro-, 9 = nanoseconds.
inline std::string interface_block(std::uint8_t link_type, char resolution) {
    std::string body{static_cast<char>(link_type), 0, 0, 0, 0, 0, 4, 0};
    body += std::string("\x09\x00\x01\x00", 4) + resolution + std::string(3, '\0') + std::string(4, '\0');
    return block(1, body);
}

inline std::string packet_block(std::uint32_t interface, std::uint64_t stamp, const std::string& bytes) {
    std::string body;
    const auto n = static_cast<std::uint32_t>(bytes.size());
    for (const std::uint32_t v :
         {interface, static_cast<std::uint32_t>(stamp >> 32U), static_cast<std::uint32_t>(stamp), n, n})
        body += std::string(reinterpret_cast<const char*>(&v), 4);
    return block(6, body + bytes);
}

}  // namespace ajar::replay::test
