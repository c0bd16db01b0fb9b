// What a replay found to be wrong with connections: the groups of the verdict, and who is in each.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "ajar/event.hpp"
#include "causes/heavy_hitters.hpp"

namespace ajar::replay {

/// The kinds of trouble, in the order of the report. X(id, one, many): a sentence about one connection, and
/// the same about several, each after its number.
#define AJAR_FINDINGS(X)                                                                             \
    X(reopened, "connection was lost by an end, which opened it anew",                               \
      "connections were lost by an end, which opened them anew")                                     \
    X(stuck, "connection was lost by an end, and its peer did not let it open anew",                 \
      "connections were lost by an end, and their peers did not let them open anew")                 \
    X(discovered, "connection was lost by an end, and the other learned of it when it spoke",        \
      "connections were lost by an end, and the other learned of it when it spoke")                  \
    X(unheard, "connection sent the same data again and again, and nothing came back",               \
      "connections sent the same data again and again, and nothing came back")                       \
    X(unkept, "connection asked whether its peer was there, and nothing came back",                  \
      "connections asked whether their peers were there, and nothing came back")                     \
    X(mute, "connection had an end that did not answer when Ajar asked it",                          \
      "connections had an end that did not answer when Ajar asked it")                               \
    X(cut, "connection was reset in the name of an end that went on",                                \
      "connections were reset in the name of an end that went on")                                   \
    X(unfinished, "handshake was never finished: the server answered, the client did not come back", \
      "handshakes were never finished: the server answered, the client did not come back")           \
    X(unanswered, "SYN was never answered", "SYNs were never answered")                              \
    X(opening, "connection was still opening when the capture ended",                                \
      "connections were still opening when the capture ended")                                       \
    X(gave_way, "unfinished handshake had to give way to newer ones: a table was full",              \
      "unfinished handshakes had to give way to newer ones: a table was full")                       \
    X(refused, "new connection was refused: a table was full",                                       \
      "new connections were refused: a table was full")                                              \
    X(half_closed, "connection was left half closed: one end said FIN, the other fell silent",       \
      "connections were left half closed: one end said FIN, the other fell silent")                  \
    X(unacknowledged, "connection sent data that was never acknowledged: its peer may be gone",      \
      "connections sent data that was never acknowledged: their peers may be gone")                  \
    X(doubtful_reset, "connection fell silent after a RST that its receiver need not have accepted", \
      "connections fell silent after a RST that its receiver need not have accepted")                \
    X(silent, "established connection fell silent without a goodbye",                                \
      "established connections fell silent without a goodbye")                                       \
    X(half_closed_at_end, "connection was half closed when the capture ended",                       \
      "connections were half closed when the capture ended")                                         \
    X(one_way, "connection was seen from one side only, and never vouched for by the other",         \
      "connections were seen from one side only, and never vouched for by the other")

enum class Finding : std::uint8_t {
#define AJAR_FINDING_ID(id, one, many) id,
    AJAR_FINDINGS(AJAR_FINDING_ID)
#undef AJAR_FINDING_ID
};

struct FindingText {
    std::string_view name, one, many;
};
inline constexpr std::array kFindingTexts = {
#define AJAR_FINDING_ROW(id, one, many) FindingText{#id, one, many},
    AJAR_FINDINGS(AJAR_FINDING_ROW)
#undef AJAR_FINDING_ROW
};

/// Which finding an event is the evidence of, if any: a sign of having been lost, a flag, an end.
std::optional<Finding> finding_of(const Event& event);

/// A flow counts once, with what is found of it first, however often it is told. Takes all events, in their
/// order; remembers flows that have not ended, of which there are no more than the tables have room for.
class FoundOnce {
public:
    /// What the event adds, if anything.
    std::optional<Finding> take(const Event& event);

private:
    std::unordered_set<std::uint64_t> found_;  // flow ids
};

struct FindingTally {
    std::uint64_t count = 0;
    Duration timeout{};  ///< of the timer behind the first of them; 0 = none
    causes::HeavyHitters servers, clients;
};

}  // namespace ajar::replay
