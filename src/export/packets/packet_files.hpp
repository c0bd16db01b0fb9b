// Files of frames that grow up to a size, and a number of them that are kept: what is named in an event keeps
// its name as long as it is there.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "ajar/result.hpp"
#include "descriptor.hpp"
#include "export/packets/pcapng.hpp"

namespace ajar::exporting {

/// One thread. FOLDER/flagged-20231114T221320Z-0001.pcapng and so on, by the time of the start (UTC).
class PacketFiles {
public:
    struct Limits {
        std::uint64_t file_bytes = 0;
        std::uint32_t files = 0;  ///< of this run; older ones are removed
        std::uint32_t snap = 0;
    };

    /// The folder must be there, and writable. `interfaces`: the appliance's ports, Ethernet.
    static Result<PacketFiles> open(const std::string& folder, const Limits& limits,
                                    std::vector<std::string> interfaces, Time start);
    PacketFiles(PacketFiles&& from) noexcept;
    PacketFiles& operator=(PacketFiles&&) = delete;
    ~PacketFiles();

    /// The next frame of so many bytes will be in current().
    void make_room(std::size_t bytes);
    [[nodiscard]] const std::string& current() const { return names_.back(); }
    void write(std::uint32_t interface, Time time, std::span<const std::uint8_t> bytes,
               std::uint32_t wire_length, std::string_view comment);
    /// To the disk's cache.
    void flush();

    [[nodiscard]] std::uint64_t written() const { return written_; }
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

private:
    PacketFiles(std::string stem, const Limits& limits, std::vector<std::string> interfaces)
        : stem_(std::move(stem)), limits_(limits), interfaces_(std::move(interfaces)) {}
    int begin_file();
    void next_file();

    std::string stem_;
    Limits limits_;
    std::vector<std::string> interfaces_;
    std::deque<std::string> names_;  // that are kept, the current one last
    std::uint32_t number_ = 0;
    Descriptor fd_;
    std::string buffer_;
    std::uint64_t size_ = 0;  // of the current file, the buffer included
    std::uint64_t waiting_ = 0, written_ = 0, lost_ = 0;
    bool told_ = false;
};

}  // namespace ajar::exporting
