// Escape sequences, termios and signals.
#include "client/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace ajar::client {
namespace {

constexpr char kEnter[] = "\x1b[?1049h\x1b[?25l", kLeave[] = "\x1b[0m\x1b[?25h\x1b[?1049l";
constexpr std::array kAsk = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
constexpr std::array kKill = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

termios g_before;
std::atomic<bool> g_end{false};
static_assert(std::atomic<bool>::is_always_lock_free);

// write() and tcsetattr() are what a handler may call.
void put(const char* bytes, std::size_t n) {
    while (n > 0) {
        const auto done = write(STDOUT_FILENO, bytes, n);
        if (done < 0 && errno != EINTR) return;
        bytes += std::max<ssize_t>(done, 0);
        n -= static_cast<std::size_t>(std::max<ssize_t>(done, 0));
    }
}

void enter() {
    termios raw = g_before;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    put(kEnter, sizeof kEnter - 1);
}
void leave() {
    put(kLeave, sizeof kLeave - 1);
    tcsetattr(STDIN_FILENO, TCSANOW, &g_before);
}

void on_ask(int /*number*/) { g_end.store(true); }
void on_kill(int number) {
    leave();
    signal(number, SIG_DFL);
    raise(number);
}
void on_stop(int /*number*/) {
    leave();
    raise(SIGSTOP);
    enter();  // here it goes on
}
void on_resize(int /*number*/) {}  // ends poll()

void handle(int number, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigaction(number, &action, nullptr);  // no SA_RESTART: what waits is to look
}

/// Bytes of an escape sequence at the front: "\x1b[1m"; 0 where there is none.
std::size_t style_at(std::string_view text) {
    if (!text.starts_with("\x1b[")) return 0;
    const auto end = text.find('m');
    return end == std::string_view::npos ? text.size() : end + 1;
}

std::string cut(std::string_view line, std::size_t columns) {
    std::string out;
    for (std::size_t shown = 0; !line.empty();) {
        const auto style = style_at(line);
        if (style == 0 && shown++ == columns) break;
        out += line.substr(0, std::max<std::size_t>(style, 1));
        line.remove_prefix(std::max<std::size_t>(style, 1));
    }
    return out + "\x1b[0m";
}

}  // namespace

std::string screen_of(const std::vector<std::string>& lines, std::size_t columns, std::size_t rows) {
    std::string out = "\x1b[H";
    const std::size_t shown = std::min(lines.size(), rows);
    for (std::size_t i = 0; i < shown; ++i) {
        out += cut(lines[i], columns);
        out += "\x1b[K";
        if (i + 1 < shown) out += "\r\n";
    }
    return out + "\x1b[J";
}

std::string keys_of(std::string_view typed) {
    constexpr char kEscape = '\x1b';
    std::string out;
    while (!typed.empty()) {
        const bool sequence = typed.front() == kEscape && typed.size() > 1;
        if (!sequence) {
            out += typed.front();
            typed.remove_prefix(1);
            continue;
        }
        std::size_t end = 2;                       // of a key with Alt
        if (typed[1] == '[' || typed[1] == 'O') {  // "\x1b[1;5A", "\x1bOP": up to a letter or '~'
            while (end < typed.size() && typed[end] < '@') ++end;
            end = std::min(end + 1, typed.size());
        }
        typed.remove_prefix(end);
    }
    return out;
}

Screen::Screen() {
    tcgetattr(STDIN_FILENO, &g_before);
    g_end.store(false);
    for (const int number : kAsk) handle(number, on_ask);
    for (const int number : kKill) handle(number, on_kill);
    handle(SIGTSTP, on_stop);
    handle(SIGWINCH, on_resize);
    enter();
}

Screen::~Screen() {
    leave();
    for (const int number : kAsk) handle(number, SIG_DFL);
    for (const int number : kKill) handle(number, SIG_DFL);
    handle(SIGTSTP, SIG_DFL);
    handle(SIGWINCH, SIG_DFL);
}

Screen::Size Screen::size() {
    winsize size{};
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
    return known ? Size{size.ws_col, size.ws_row} : Size{80, 24};
}

void Screen::draw(const std::vector<std::string>& lines) {
    const auto [columns, rows] = size();
    const auto bytes = screen_of(lines, columns, rows);
    put(bytes.data(), bytes.size());
}

int Screen::wait(std::chrono::milliseconds time) {
    if (g_end.load()) return kEnd;
    if (!keys_.empty()) {
        const auto first = static_cast<unsigned char>(keys_.front());
        keys_.erase(0, 1);
        return first;
    }
    pollfd key{STDIN_FILENO, POLLIN, 0};
    const int some = poll(&key, 1, static_cast<int>(time.count()));
    if (g_end.load()) return kEnd;
    if (some <= 0) return 0;
    std::array<char, 64> bytes{};
    const auto n = read(STDIN_FILENO, bytes.data(), bytes.size());
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) return kEnd;  // the terminal is gone
    keys_ = keys_of({bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(n, 0))});
    return keys_.empty() ? 0 : wait(time);
}

bool Screen::ending() { return g_end.load(); }

bool Screen::present() { return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1; }

}  // namespace ajar::client
