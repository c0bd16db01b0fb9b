// The loop of `ajar top`, and its keys.
#include "client/top.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <thread>
#include <utility>

#include "client/terminal.hpp"
#include "exit_code.hpp"
#include "put_line.hpp"

namespace ajar::client {
namespace {

using control::Value;
using Clock = std::chrono::steady_clock;

constexpr int kEscape = 0x1b, kBackspace = 0x7f, kControlH = 0x08, kEnterKey = '\n', kReturnKey = '\r';
constexpr std::size_t kLongestFilter = 40;

/// A key while the filter is written.
void type(TopView& view, int key) {
    if (key == kEnterKey || key == kReturnKey) view.typing = false;
    if (key == kEscape) {
        view.typing = false;
        view.filter.clear();
    }
    if ((key == kBackspace || key == kControlH) && !view.filter.empty()) view.filter.pop_back();
    if (key >= 0x20 && key < 0x7f && view.filter.size() < kLongestFilter)
        view.filter += static_cast<char>(key);
}

/// Two looks, the earlier of which the screen has shown.
class Looker {
public:
    explicit Looker(Session& session) : session_(session) {}

    /// Why it could not; empty where it could.
    std::string look(TopView& view) {
        const auto stats = session_.ask({{"ages", {true}}, {"talkers", {true}}}, "stats");
        if (!stats) return stats.error();
        const auto posture = session_.ask({}, "posture");
        if (!posture) return posture.error();
        if (!stats->code.empty() || !posture->code.empty()) return stats->text + posture->text;
        const auto now = Clock::now();
        view.seconds = view.now.null() ? 0 : std::chrono::duration<double>(now - last_).count();
        view.before = std::exchange(view.now, stats->value);
        view.posture = posture->value;
        last_ = now;
        return {};
    }

private:
    Session& session_;
    Clock::time_point last_{};
};

std::string without_styles(const std::string& line) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\x1b') {
            i = std::min(line.find('m', i), line.size());
        } else {
            out += line[i];
        }
    }
    return out;
}

int print_once(Looker& looker, TopView& view, std::chrono::milliseconds every) {
    auto trouble = looker.look(view);
    std::this_thread::sleep_for(every);
    if (trouble.empty()) trouble = looker.look(view);
    if (!trouble.empty()) return put_line(stderr, "ajar top: " + trouble), kFailed;
    for (const auto& line : top_lines(view)) put_line(stdout, without_styles(line));
    return kGood;
}

/// Waits until the next look is due; keys change the screen at once. False: the end.
bool dwell(Screen& screen, TopView& view, Clock::time_point until) {
    while (true) {
        const auto size = Screen::size();
        view.columns = size.columns;
        view.rows = size.rows;
        screen.draw(top_lines(view));
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0) return true;
        const int key = screen.wait(left);
        if (key == Screen::kEnd || (key != 0 && !press(view, key))) return false;
    }
}

}  // namespace

bool press(TopView& view, int key) {
    if (view.typing) return type(view, key), true;
    switch (key) {
        case 'q':
            return false;
        case 'p':
        case ' ':
            view.paused = !view.paused;
            break;
        case 's':
            view.sort =
                static_cast<TopSort>((static_cast<std::size_t>(view.sort) + 1) % kTopSortNames.size());
            break;
        case 't':
            view.kind = (view.kind + 1) % kTalkerKinds.size();
            break;
        case '/':
            view.typing = true;
            view.filter.clear();
            break;
        case kEscape:
            view.filter.clear();
            break;
        case 'h':
        case '?':
            view.help = !view.help;
            break;
        default:
            break;
    }
    return true;
}

int top(Session& session, std::chrono::milliseconds every, bool once) {
    Looker looker(session);
    TopView view;
    if (once) return print_once(looker, view, every);
    if (!Screen::present()) {
        put_line(stderr, "ajar top: this is no terminal; --once prints one screen");
        return kUsage;
    }
    std::string trouble;
    {
        Screen screen;
        session.give_up_if(Screen::ending);
        for (bool goes_on = true; goes_on;) {
            const auto next = Clock::now() + every;
            if (!view.paused) trouble = looker.look(view);
            if (Screen::ending()) trouble.clear();
            if (!trouble.empty() || Screen::ending()) break;
            goes_on = dwell(screen, view, next);
        }
    }
    if (trouble.empty()) return kGood;
    put_line(stderr, "ajar top: " + trouble);
    return kFailed;
}

}  // namespace ajar::client
