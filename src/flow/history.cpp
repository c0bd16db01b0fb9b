// The letters of a history in brief.
#include "ajar/flow/history.hpp"

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

unsigned length(const Warm& warm) {
    unsigned n = 0;
    while (n < kHistoryLength && step(warm, n) != 0) ++n;
    return n;
}

/// A full history keeps its beginning.
void append(const Conn& conn, Warm& warm, Side s, char letter) {
    const unsigned n = length(warm);
    if (n == kHistoryLength) return;
    const std::uint64_t code = kLetters.find(letter);
    set_step(warm, n, s == conn.originator() ? code : code | kResponder);
}

void append_once(const Conn& conn, Warm& warm, Side s, std::uint8_t bit, char letter) {
    std::uint8_t& letters = warm.sent[s].letters;
    if ((letters & bit) != 0) return;
    letters = static_cast<std::uint8_t>(letters | bit);
    append(conn, warm, s, letter);
}

struct Told {
    std::uint8_t bit;
    char letter;
};

Told told_by(const Packet& packet) {
    const TcpFlags f = packet.flags;
    const int controls = (f.syn() ? 1 : 0) + (f.fin() ? 1 : 0) + (f.rst() ? 1 : 0);
    if (controls > 1) return {Letter::kOdd, f.fin() && f.rst() ? 'I' : 'Q'};
    if (f.syn()) return {Letter::kSyn, f.ack() ? 'H' : 'S'};
    if (f.fin()) return {Letter::kFin, 'F'};
    if (f.rst()) return {Letter::kRst, 'R'};
    return {detail::letter_of(packet), packet.payload != 0 ? 'D' : 'A'};
}

}  // namespace

void begin(Warm& warm, bool flipped) {
    warm.steps_low = flipped ? kLetters.find('^') : 0;
    warm.steps_high = 0;
    warm.sent[0].letters = warm.sent[1].letters = 0;
}

void note(const Conn& conn, Warm& warm, const Packet& packet) {
    const Side s = packet.side;
    if (packet.checksum == Checksum::bad) return append_once(conn, warm, s, Letter::kOdd, 'C');
    const Told told = told_by(packet);
    append_once(conn, warm, s, told.bit, told.letter);
    if (packet.window == 0 && !packet.flags.rst()) append_once(conn, warm, s, Letter::kWindow, 'W');
    const bool again = conn.last_side() == s && conn.repeats != 0 && packet.payload != 0;
    if (again) append_once(conn, warm, s, Letter::kRepeat, 'T');
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
