// The bytes of a segment: one frame, or the fragments of a datagram longer than the conversation's MTU.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "generate/conversation.hpp"

namespace ajar::gen {

/// Frames one behind the other in one buffer.
class Frames {
public:
    void clear() { bytes_.clear(), ends_.clear(); }
    std::vector<std::uint8_t>& buffer() { return bytes_; }
    /// What was appended to the buffer since the last call is a frame.
    void close() { ends_.push_back(bytes_.size()); }
    [[nodiscard]] std::size_t size() const { return ends_.size(); }
    [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }
    std::span<const std::uint8_t> operator[](std::size_t i) const {
        const auto begin = i == 0 ? 0 : ends_[i - 1];
        return std::span(bytes_).subspan(begin, ends_[i] - begin);
    }

private:
    std::vector<std::uint8_t> bytes_;
    std::vector<std::size_t> ends_;
};

class Encoder {
public:
    /// Replaces `out` by the frames of `step`, checksums filled. `id` identifies the datagram.
    void encode(const Conversation& c, const Step& step, std::uint32_t id, Frames& out);
    /// An ARP request or reply between the two routers: no TCP, but the time of it counts.
    static void arp(bool reply, Frames& out);

private:
    void encode_unreachable(const Conversation& c, const Step& s, std::uint32_t id, Frames& out) const;
    void write_segment(const Conversation& c, const Step& step);

    std::vector<std::uint8_t> segment_;  ///< TCP header and payload
};

}  // namespace ajar::gen
