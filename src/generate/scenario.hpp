// The scenarios by name, and what one is given to write a conversation.
#pragma once

#include <span>
#include <string_view>

#include "ajar/result.hpp"
#include "generate/conversation.hpp"
#include "generate/gen.hpp"
#include "generate/rng.hpp"
#include "generate/script.hpp"

namespace ajar::gen {

struct Draw {
    const GenOptions& options;
    std::uint64_t n;  ///< how many conversations of this kind came before
    Rng& rng;
    Conversation& out;
};

struct Scenario {
    std::string_view name;
    std::string_view help;
    void (*write)(Draw&);
};

[[nodiscard]] std::span<const Scenario> scenarios();

/// One kind of a mix and its share of the conversations, out of the sum of all.
struct Share {
    std::uint8_t kind;  ///< index into scenarios()
    std::uint32_t weight;
};

/// "handshake=70,flood=20" as shares; an error names the scenarios there are.
Result<std::vector<Share>> parse_weights(std::string_view text);
/// The shares that `options` ask for: one scenario, or a mix by its weights.
Result<std::vector<Share>> shares_of(const GenOptions& options);

// What scenarios share.
Family draw_family(Draw& d);
/// A client and a server whose pair of addresses and ports no other conversation has.
void set_endpoints(Draw& d, Family family, std::uint64_t n);
void set_endpoints(Draw& d);
/// The same with a spoofed client: any unicast address but those of the other scenarios.
void set_spoofed(Draw& d);
/// A client that always wants the same service, at `port` of its own server.
void set_customer(Draw& d, std::uint16_t port);
/// The client `which` meets the host `host`, of some 65000, at `port`.
void set_prober(Draw& d, std::uint32_t which, std::uint64_t host, std::uint16_t port);
/// A scanner: one client address, every server and port in turn. `which` tells scanners apart.
void set_scanner(Draw& d, std::uint32_t which);
Script make_script(Draw& d);
/// Requests and responses, with thinking in between.
void exchange(Draw& d, Script& s);

}  // namespace ajar::gen
