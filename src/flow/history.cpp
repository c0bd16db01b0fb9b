// The letters of a history in brief.
#include "ajar/flow/history.hpp"

#include <bit>

namespace ajar::history {
namespace {

constexpr std::string_view kLetters = "?SHADFRCTWIQ^";  // by code; 0 is no step
constexpr unsigned kBits = 5;
constexpr std::uint64_t kResponder = 0x10;
constexpr unsigned kInLow = 64 / kBits;  // whole steps in the low word

std::uint64_t step(const Warm& warm, unsigned i) {
    if (i < kInLow) return (warm.steps_low >> (kBits * i)) & 0x1fU;
    const unsigned high = kBits * (i - kInLow);
    // Four bits of the low word are left over, and begin the high part.
    const std::uint64_t rest = (warm.steps_low >> (kBits * kInLow)) | (std::uint64_t{warm.steps_high} << 4U);
    return (rest >> high) & 0x1fU;
}

void set_step(Warm& warm, unsigned i, std::uint64_t code) {
    if (i < kInLow) {
        warm.steps_low |= code << (kBits * i);
        return;
    }
    const std::uint64_t rest = code << (kBits * (i - kInLow));
    warm.steps_low |= (rest & 0xfU) << (kBits * kInLow);
    warm.steps_high = static_cast<std::uint16_t>(warm.steps_high | (rest >> 4U));
}

/// No step before the last one is 0, so the highest bit that is set lies in the last one.
unsigned length(const Warm& warm) {
    const auto low = static_cast<unsigned>(std::bit_width(warm.steps_low));
    const auto high = static_cast<unsigned>(std::bit_width(warm.steps_high));
    return ((high != 0 ? 64 + high : low) + kBits - 1) / kBits;
}

consteval std::uint8_t code_of(char letter) { return static_cast<std::uint8_t>(kLetters.find(letter)); }

/// A full history keeps its beginning, a translated flow has no room for one.
void append(const Conn& conn, Warm& warm, Side s, std::uint64_t code) {
    if (conn.mark(Conn::kTranslated)) return;
    const unsigned n = length(warm);
    if (n == kHistoryLength) return;
    set_step(warm, n, s == conn.originator() ? code : code | kResponder);
}

void append_once(const Conn& conn, Warm& warm, Side s, std::uint8_t bit, std::uint64_t code) {
    std::uint8_t& letters = warm.sent[s].letters;
    if ((letters & bit) != 0) return;
    letters = static_cast<std::uint8_t>(letters | bit);
    append(conn, warm, s, code);
}

struct Told {
    std::uint8_t bit, code;
};

constexpr Told told_by(TcpFlags f, bool payload) {
    const int controls = (f.syn() ? 1 : 0) + (f.fin() ? 1 : 0) + (f.rst() ? 1 : 0);
    if (controls > 1) return {Letter::kOdd, f.fin() && f.rst() ? code_of('I') : code_of('Q')};
    if (f.syn()) return {Letter::kSyn, f.ack() ? code_of('H') : code_of('S')};
    if (f.fin()) return {Letter::kFin, code_of('F')};
    if (f.rst()) return {Letter::kRst, code_of('R')};
    return payload ? Told{Letter::kData, code_of('D')} : Told{Letter::kAck, code_of('A')};
}

// By the flags that matter, and whether there is a payload in place of PSH, which does not.
constexpr std::uint8_t kFlagsTold = TcpFlags::kFin | TcpFlags::kSyn | TcpFlags::kRst | TcpFlags::kAck;
constexpr std::uint8_t kPayload = TcpFlags::kPsh;
constexpr auto kTold = [] {
    std::array<Told, 2 * TcpFlags::kAck> told{};
    for (unsigned i = 0; i < told.size(); ++i)
        told[i] = told_by({static_cast<std::uint8_t>(i & kFlagsTold)}, (i & kPayload) != 0);
    return told;
}();

Told told_by(const Packet& packet) {
    return kTold[(packet.flags.bits & kFlagsTold) | (packet.payload != 0 ? kPayload : 0U)];
}

}  // namespace

void begin(Warm& warm, bool flipped) {
    warm.steps_low = flipped ? code_of('^') : 0;
    warm.steps_high = 0;
    warm.sent[0].letters = warm.sent[1].letters = 0;
}

void note(const Conn& conn, Warm& warm, const Packet& packet) {
    const Side s = packet.side;
    if (packet.checksum == Checksum::bad) return append_once(conn, warm, s, Letter::kOdd, code_of('C'));
    const Told told = told_by(packet);
    append_once(conn, warm, s, told.bit, told.code);
    if (packet.window == 0 && !packet.flags.rst()) append_once(conn, warm, s, Letter::kWindow, code_of('W'));
    const bool again = conn.last_side() == s && conn.repeats != 0 && packet.payload != 0;
    if (again) append_once(conn, warm, s, Letter::kRepeat, code_of('T'));
}

HistoryText text(const Warm& warm) {
    HistoryText out;
    const unsigned n = length(warm);
    for (unsigned i = 0; i < n; ++i) {
        const std::uint64_t code = step(warm, i);
        const char letter = kLetters[code & 0xfU];
        out.letters[i] = (code & kResponder) != 0 ? static_cast<char>(letter - 'A' + 'a') : letter;
    }
    out.length = static_cast<std::uint8_t>(n);
    return out;
}

}  // namespace ajar::history
