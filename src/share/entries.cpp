// Writing entries, and reading what may be anybody's.
#include "share/entries.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "ajar/policy/pressure.hpp"
#include "config/listen.hpp"
#include "config/prefixes.hpp"
#include "config/redis_server.hpp"
#include "export/text.hpp"

namespace ajar::share {
namespace {

constexpr std::string_view kVersion = "1";
constexpr std::array<std::string_view, 4> kDeeds = {"add", "still", "end", "remove"};

Words begin_entry(const Box& box) {
    return {"v", std::string(kVersion), "box", box.name, "run", fmt::format("{:016x}", box.run)};
}

void put(Words& out, std::string_view name, std::string value) {
    out.emplace_back(name);
    out.push_back(std::move(value));
}

std::string address_text(const CountKey& name) {
    exporting::Text text;
    exporting::put_address(text, name.family, name.address);
    return fmt::to_string(text);
}

/// The zone's parts.
std::string zone_text(Zone zone) {
    return fmt::format("{}/{}/{}", port_pair_of(zone), zone >> 12U & 0xfffU, zone & 0xfffU);
}

std::string text_of(const CountKey& name, std::uint32_t count) {
    const auto address = address_text(name);
    if (name.kind != CountKind::service) return fmt::format("{} {} {}", count, address, zone_text(name.zone));
    const bool v6 = name.family == Family::ipv6;
    return fmt::format("{} {}{}{}:{} {}", count, v6 ? "[" : "", address, v6 ? "]" : "", name.port.value(),
                       zone_text(name.zone));
}

/// The whole text is a number, of its base, at most `most`.
template <typename N>
std::optional<N> number_of(std::string_view text, N most, int base = 10) {
    N out = 0;
    const auto* const end = text.data() + text.size();
    const auto [at, fault] = std::from_chars(text.data(), end, out, base);
    if (fault != std::errc() || at != end || out > most) return std::nullopt;
    return out;
}

/// Up to the separator, which must be there; `text` is what comes behind it.
std::optional<std::string_view> cut(std::string_view& text, char at) {
    const auto place = text.find(at);
    if (place == std::string_view::npos) return std::nullopt;
    const auto head = text.substr(0, place);
    text.remove_prefix(place + 1);
    return head;
}

std::optional<std::uint32_t> count(std::string_view& text) {
    const auto digits = cut(text, ' ');
    const auto n = digits ? number_of<std::uint64_t>(*digits, ~std::uint64_t{0}) : std::nullopt;
    if (!n) return std::nullopt;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(*n, kMostCount));
}

std::optional<Zone> zone(std::string_view text) {
    const auto pair = cut(text, '/'), outer = cut(text, '/');
    if (!pair || !outer) return std::nullopt;
    const auto p = number_of<std::uint8_t>(*pair, 255);
    const auto o = number_of<std::uint16_t>(*outer, 0xfff), i = number_of<std::uint16_t>(text, 0xfff);
    if (!p || !o || !i) return std::nullopt;
    return zone_of(*p, *o, *i);
}

std::optional<CountKey> key_of(CountKind kind, const std::string& address, Zone where, std::uint16_t port) {
    std::array<std::uint8_t, 16> bytes{};
    const bool v6 = address.find(':') != std::string::npos;
    if (inet_pton(v6 ? AF_INET6 : AF_INET, address.c_str(), bytes.data()) != 1) return std::nullopt;
    return count_key(kind, v6 ? Family::ipv6 : Family::ipv4, bytes, where, be16::of(port));
}

/// "N ADDRESS:PORT ZONE", "N ADDRESS ZONE".
bool read_name(CountKind kind, std::string_view text, Pending& out) {
    const auto n = count(text);
    const auto name = cut(text, ' ');
    const auto where = zone(text);
    if (!n || !name || !where || *n == 0) return false;
    std::optional<CountKey> key;
    if (kind == CountKind::destination) {
        key = key_of(kind, std::string(*name), *where, 0);
    } else if (const auto at = config::parse_listen(*name)) {
        key = key_of(kind, at->address, *where, at->port);
    }
    return key && out.names.size() < kMostNames && out.names.emplace(*key, *n).second;
}

bool read_named(std::string_view text, Pending& out) {
    const auto n = count(text);
    if (!n || *n == 0 || text.empty() || text.size() > kMostServiceName) return false;
    return out.services.size() < kMostServices && out.services.emplace(std::string(text), *n).second;
}

bool read_flag(std::string_view text, bool& out) {
    out = text == "1";
    return out || text == "0";
}

template <typename N>
bool read_number(std::string_view text, N most, N& out) {
    const auto n = number_of<N>(text, most);
    if (n) out = *n;
    return n.has_value();
}

/// What is missing or wrong twice shows in the end: a name is empty, a version is not ours.
struct Head {
    bool version = false;
    std::optional<std::uint64_t> run;
    std::string_view box;

    /// False: another field, or a wrong value of one of these.
    enum class Read : std::uint8_t { taken, other, wrong };
    Read read(std::string_view name, std::string_view value) {
        if (name == "v") {
            version = value == kVersion;
            return version ? Read::taken : Read::wrong;
        }
        if (name == "box") {
            box = value;
            return config::is_plain_name(value) ? Read::taken : Read::wrong;
        }
        if (name != "run") return Read::other;
        run = value.size() == 16 ? number_of<std::uint64_t>(value, ~std::uint64_t{0}, 16) : std::nullopt;
        return run ? Read::taken : Read::wrong;
    }
    [[nodiscard]] bool whole() const { return version && run && !box.empty(); }
    [[nodiscard]] Box from() const { return {std::string(box), *run}; }
};

bool read_field(std::string_view name, std::string_view value, Sums& out) {
    State& s = out.state;
    if (name == "service") return read_name(CountKind::service, value, out.pending);
    if (name == "destination") return read_name(CountKind::destination, value, out.pending);
    if (name == "named") return read_named(value, out.pending);
    if (name == "stages") return read_number<std::uint8_t>(value, (1U << kRungCount) - 1, s.rungs);
    if (name == "half_open") return read_number<std::uint64_t>(value, ~std::uint64_t{0}, s.half_open);
    if (name == "every") return read_flag(value, s.every_service);
    if (name == "bye") return read_flag(value, out.bye);
    if (name == "mode") {
        s.enforces = value == "enforce";
        return s.enforces || value == "observe";
    }
    return true;
}

bool read_deed(std::string_view value, Deed& out) {
    const auto* const at = std::find(kDeeds.begin(), kDeeds.end(), value);
    if (at == kDeeds.end()) return false;
    out = static_cast<Deed>(at - kDeeds.begin());
    return true;
}

struct Block {
    BlockNews news;
    bool deed = false, prefix = false;
};

bool read_field(std::string_view name, std::string_view value, Block& out) {
    if (name == "do") return out.deed = read_deed(value, out.news.deed);
    if (name == "prefix") {
        const auto prefix = value.size() <= 64 ? config::parse_prefix(value) : Error{""};
        if (prefix) out.news.prefix = *prefix;
        return out.prefix = prefix.ok();
    }
    if (name == "by") {
        out.news.by_hand = value == "hand";
        return out.news.by_hand || value == "defence";
    }
    if (name == "left_ms") {
        constexpr std::uint64_t kYear = std::uint64_t{366} * 24 * 3600 * 1000;
        const auto n = number_of<std::uint64_t>(value, kYear);
        if (n) out.news.left = std::chrono::milliseconds(*n);
        return n.has_value();
    }
    return true;
}

template <typename T>
std::optional<Box> read(Fields fields, T& out) {
    Head head;
    for (const auto& [name, value] : fields) {
        const auto read = head.read(name, value);
        if (read == Head::Read::wrong) return std::nullopt;
        if (read == Head::Read::other && !read_field(name, value, out)) return std::nullopt;
    }
    if (!head.whole()) return std::nullopt;
    return head.from();
}

}  // namespace

Words sums_entry(const Box& box, const Sums& sums) {
    Words out = begin_entry(box);
    if (sums.bye) {
        put(out, "bye", "1");
        return out;
    }
    put(out, "mode", sums.state.enforces ? "enforce" : "observe");
    put(out, "stages", std::to_string(sums.state.rungs));
    put(out, "every", sums.state.every_service ? "1" : "0");
    put(out, "half_open", std::to_string(sums.state.half_open));
    for (const auto& [name, n] : sums.pending.names)
        put(out, name.kind == CountKind::service ? "service" : "destination", text_of(name, n));
    for (const auto& [name, n] : sums.pending.services) put(out, "named", fmt::format("{} {}", n, name));
    return out;
}

Words block_entry(const Box& box, const BlockNews& news) {
    Words out = begin_entry(box);
    put(out, "do", std::string(kDeeds[static_cast<std::size_t>(news.deed)]));
    put(out, "prefix", config::format_prefix(news.prefix));
    put(out, "by", news.by_hand ? "hand" : "defence");
    if (news.left)
        put(out, "left_ms",
            std::to_string(
                std::chrono::ceil<std::chrono::milliseconds>(std::max(*news.left, Duration{})).count()));
    return out;
}

Words event_entry(const Box& box, std::string eve) {
    Words out = begin_entry(box);
    put(out, "eve", std::move(eve));
    return out;
}

std::optional<Told<Sums>> read_sums(Fields fields) {
    Sums sums;
    auto box = read(fields, sums);
    if (!box) return std::nullopt;
    return Told<Sums>{std::move(*box), std::move(sums)};
}

std::optional<Told<BlockNews>> read_block(Fields fields) {
    Block block;
    auto box = read(fields, block);
    if (!box || !block.deed || !block.prefix) return std::nullopt;
    return Told<BlockNews>{std::move(*box), block.news};
}

}  // namespace ajar::share
