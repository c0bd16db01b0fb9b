// What an appliance can be asked: one row a verb, from which the server's dispatch, the client's options,
// help, completion and manual pages come.
//
// A request is one line of JSON. `v` is the version of this protocol, `id` comes back with every line of the
// answer, `do` names a verb, all other members are options by their names, as a person writes them:
//
//     {"v":1,"id":7,"do":"list","state":"SYN_SENT","src":"10.0.0.0/8","age":">5s","limit":100}
//
// An answer is one line with the same `v` and `id`: `"ok":true` and what the verb's row says under `reply`,
// or
// `"ok":false` and an `error` with a `code` (control/request.hpp) and a `text` for people. A stream
// (`events`) has more lines after the first.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace ajar::control {

inline constexpr std::uint64_t kProtocol = 1;

enum class VerbId : std::uint8_t {
    list,
    get,
    explain,
    evict,
    flush,
    events,
    stats,
    top,
    posture,
    block,
    unblock,
    reload,
    profile,
    config,
};

/// What an option's value is.
enum class Takes : std::uint8_t {
    nothing,   ///< true, or left out
    text,      ///< checked by whoever needs it
    count,     ///< "100", "1M"
    duration,  ///< "5s"
    span,      ///< ">5s", "<1m"; without a sign at least so long
    words,     ///< one or several of `choices`, with commas, in any case
};

/// Who needs it.
enum class ReadBy : std::uint8_t { server, client };

struct VerbOption {
    std::string_view name;  ///< of the member, and behind "--"
    Takes takes;
    std::string_view value;  ///< what stands for the value in help: "PREFIX"
    std::string_view help;
    std::span<const std::string_view> choices{};
    bool argument = false;  ///< stands without its name on a command line
    ReadBy read_by = ReadBy::server;
};

/// Where a verb's work is done, which says what it may touch.
enum class Runs : std::uint8_t {
    scan,    ///< reads shards, beside the server's thread: changes nothing
    server,  ///< the server's own thread and memory
    orders,  ///< the server orders, workers carry out between bursts
    main,    ///< the appliance's main thread, between two epochs
    client,  ///< no request of its own
};

struct Verb {
    VerbId id;
    std::string_view name;
    std::string_view help;  ///< one line
    std::string_view about;
    std::string_view examples;
    std::string_view reply;  ///< members of the answer
    Runs runs;
    std::span<const VerbOption> options{};
    bool filters = false;  ///< takes filter_options() too
    bool changes = false;  ///< the appliance; who asks for it is told in its log
};

std::span<const Verb> verbs();
/// Null where there is none of that name.
const Verb* verb_named(std::string_view name);
const Verb& verb(VerbId id);

/// Which flows are meant. (Options of every verb with Verb::filters.)
std::span<const VerbOption> filter_options();
/// Of every verb: where the appliance is, and how the answer is printed.
std::span<const VerbOption> client_options();

/// Of a verb or, where it filters, of filters. Null where there is none. Not those of client_options().
const VerbOption* option_named(const Verb& verb, std::string_view name);

/// By what a list can be sorted.
inline constexpr std::array<std::string_view, 9> kSortNames = {"age", "idle", "packets", "bytes", "state",
                                                               "src", "dst",  "sport",   "dport"};
inline constexpr std::array<std::string_view, 4> kOutputNames = {"table", "json", "csv", "conntrack"};

}  // namespace ajar::control
