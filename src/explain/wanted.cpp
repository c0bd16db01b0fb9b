// Uids, numbers and pairs of ends, told apart by their characters.
#include "explain/wanted.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "export/text.hpp"

namespace ajar::explain {
namespace {

constexpr std::size_t kUidLength = 18, kMostDigits = 16;  // 2^53 has 16
constexpr std::string_view kBetweenEnds = "->, \t";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool is_uid(std::string_view text) {
    return text.size() == kUidLength && text.front() == 'C' &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_letter(c); });
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= kMostDigits && std::all_of(text.begin(), text.end(), is_digit);
}

std::optional<std::uint16_t> port_in(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return port;
}

std::optional<Endpoint> end_of(std::string_view address, std::string_view port) {
    Endpoint end;
    const auto number = port_in(port);
    if (!number) return std::nullopt;
    end.port = *number;
    const std::string text(address);
    if (inet_pton(AF_INET, text.c_str(), end.address.data()) == 1) return end;
    end.family = Family::ipv6;
    if (inet_pton(AF_INET6, text.c_str(), end.address.data()) == 1) return end;
    return std::nullopt;
}

std::optional<Endpoint> bracketed(std::string_view text) {
    const auto close = text.find("]:");
    if (close == std::string_view::npos) return std::nullopt;
    return end_of(text.substr(1, close - 1), text.substr(close + 2));
}

/// Behind the last dot stands a port in tcpdump's way, where what is before it is an address.
std::optional<Endpoint> parse_end(std::string_view text) {
    if (text.starts_with('[')) return bracketed(text);
    const bool v6 = std::count(text.begin(), text.end(), ':') > 1;
    const auto at = v6 ? text.rfind('.') : text.find_last_of(":.");
    if (at == std::string_view::npos) return std::nullopt;
    return end_of(text.substr(0, at), text.substr(at + 1));
}

std::string quoted_address(const Endpoint& end) {
    exporting::Text text;
    text.push_back('"');
    exporting::put_address(text, end.family, end.address);
    text.push_back('"');
    return fmt::to_string(text);
}

Error no_connection(std::string_view text) {
    const bool bare_v6 = std::count(text.begin(), text.end(), ':') > 2;
    return {fmt::format("\"{}\" names no connection; write 10.0.0.1:4711-10.0.0.2:80, {}, or a uid", text,
                        bare_v6 ? "IPv6 in brackets ([2001:db8::1]:4711-[2001:db8::2]:80)"
                                : "[2001:db8::1]:4711-[2001:db8::2]:80")};
}

}  // namespace

Result<Wanted> Wanted::parse(std::string_view text) {
    Wanted wanted;
    wanted.text_ = text;
    if (is_uid(text)) return wanted;
    wanted.by_ = By::flow_id;
    if (is_number(text)) return wanted;
    wanted.by_ = By::ends;
    const auto gap = text.find_first_of(kBetweenEnds);
    const auto rest = gap == std::string_view::npos ? gap : text.find_first_not_of(kBetweenEnds, gap);
    if (rest == std::string_view::npos) return no_connection(text);
    const auto a = parse_end(text.substr(0, gap)), b = parse_end(text.substr(rest));
    if (!a || !b || a->family != b->family) return no_connection(text);
    wanted.ends_ = {*a, *b};
    wanted.quoted_ends_ = {quoted_address(*a), quoted_address(*b)};
    wanted.text_ = fmt::format("{}-{}", text_of(*a), text_of(*b));
    return wanted;
}

bool Wanted::may_be_in(std::string_view line) const {
    const auto has = [&](const std::string& part) { return line.find(part) != std::string_view::npos; };
    return by_ == By::ends ? has(quoted_ends_[0]) && has(quoted_ends_[1]) : has(text_);
}

bool Wanted::is(const Incident& i) const {
    if (by_ == By::uid) return i.uid == text_;
    if (by_ == By::flow_id) return i.flow_id != 0 && std::to_string(i.flow_id) == text_;
    return (i.ends[0] == ends_[0] && i.ends[1] == ends_[1]) ||
           (i.ends[0] == ends_[1] && i.ends[1] == ends_[0]);
}

bool Wanted::is_near(const Incident& i) const {
    if (by_ != By::ends || is(i)) return false;
    auto other = i.ends;
    const auto differs = [&] {
        return other[0].address == ends_[0].address && other[1].address == ends_[1].address &&
               (other[0].port == ends_[0].port || other[1].port == ends_[1].port);
    };
    if (differs()) return true;
    std::swap(other[0], other[1]);
    return differs();
}

}  // namespace ajar::explain
