// Naming, filling and removing.
#include "export/packets/packet_files.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace ajar::exporting {
namespace {

constexpr std::size_t kFlushAt = std::size_t{64} << 10U;

std::string stem_of(const std::string& folder, Time start) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(start.time_since_epoch()).count();
    return fmt::format("{}/flagged-{:%Y%m%dT%H%M%S}Z", folder,
                       fmt::gmtime(static_cast<std::time_t>(seconds)));
}

}  // namespace

Result<PacketFiles> PacketFiles::open(const std::string& folder, const Limits& limits,
                                      std::vector<std::string> interfaces, Time start) {
    PacketFiles out(stem_of(folder, start), limits, std::move(interfaces));
    if (const int error = out.begin_file(); error != 0)
        return Error{
            fmt::format("cannot write packets to {}: {}; give a folder that exists and may be written to",
                        out.current(), std::strerror(error))};
    return out;
}

PacketFiles::PacketFiles(PacketFiles&&) noexcept = default;

PacketFiles::~PacketFiles() {
    if (fd_.get() >= 0) flush();
}

int PacketFiles::begin_file() {
    names_.push_back(fmt::format("{}-{:04}.pcapng", stem_, ++number_));
    fd_ = Descriptor(::open(current().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
    if (fd_.get() < 0) return errno;
    pcapng::put_section(buffer_, "Ajar");
    for (const auto& name : interfaces_)
        pcapng::put_interface(buffer_, LinkType::ethernet, name, limits_.snap);
    size_ = buffer_.size();
    return 0;
}

void PacketFiles::next_file() {
    flush();
    static_cast<void>(begin_file());  // frames that find none are counted
    for (; names_.size() > limits_.files; names_.pop_front()) ::unlink(names_.front().c_str());
}

void PacketFiles::make_room(std::size_t bytes) {
    constexpr std::size_t kBlock = 320;  // around a frame, with a comment
    if (size_ + bytes + kBlock > limits_.file_bytes) next_file();
}

void PacketFiles::write(std::uint32_t interface, Time time, std::span<const std::uint8_t> bytes,
                        std::uint32_t wire_length, std::string_view comment) {
    make_room(bytes.size());
    const auto before = buffer_.size();
    pcapng::put_frame(buffer_, interface, time, bytes, wire_length, comment);
    size_ += buffer_.size() - before;
    ++waiting_;
    if (buffer_.size() >= kFlushAt) flush();
}

void PacketFiles::flush() {
    std::string_view rest = buffer_;
    const auto whole = fd_.get() < 0 ? 0 : ::lseek(fd_.get(), 0, SEEK_END);
    int error = fd_.get() < 0 ? EBADF : 0;
    while (error == 0 && !rest.empty()) {
        const auto n = ::write(fd_.get(), rest.data(), rest.size());
        if (n >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno != EINTR) {
            error = errno;
        }
    }
    buffer_.clear();
    (error == 0 ? written_ : lost_) += std::exchange(waiting_, 0);
    if (error == 0) return;
    if (fd_.get() >= 0)
        static_cast<void>(::ftruncate(fd_.get(), whole));  // a full disk took the beginning of a block
    if (!std::exchange(told_, true)) {
        const auto text =
            fmt::format("ajar: cannot write packets to {}: {}; they are lost and counted from here on\n",
                        current(), std::strerror(error));
        std::fputs(text.c_str(), stderr);
    }
}

}  // namespace ajar::exporting
