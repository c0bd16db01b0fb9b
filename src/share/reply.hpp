// Redis' protocol (RESP2) by hiredis: commands into bytes, bytes into replies, within bounds.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ajar::share {

struct Reply {
    enum class Kind : std::uint8_t { nil, text, status, error, integer, list };
    Kind kind = Kind::nil;
    std::string text;
    std::int64_t integer = 0;
    std::vector<Reply> items;
};

/// One connection's, in one thread.
class Replies {
public:
    static constexpr std::size_t kMostBytes = std::size_t{8} << 20U;  ///< of one reply
    static constexpr std::size_t kMostItems = 64 * 1024;              ///< likewise, at all depths
    static constexpr std::size_t kMostDepth = 6;                      ///< lists in lists; XREAD's has five

    Replies();
    ~Replies();
    Replies(Replies&&) noexcept;
    Replies& operator=(Replies&&) noexcept;

    /// What has come. After a fault() nothing is read any more.
    void feed(std::string_view bytes);
    /// The next whole reply. False: it is not there yet, or there was a fault.
    bool next(Reply& out);
    /// What is wrong with what came; empty: nothing.
    [[nodiscard]] const std::string& fault() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Appends it. (Without hiredis, config::can_share(), none of this does anything.)
void put_command(std::string& out, std::span<const std::string> words);

}  // namespace ajar::share
