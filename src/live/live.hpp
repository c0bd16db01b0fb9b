// The live page of an appliance: GET / has it whole, /events tells what has changed.
//
//     Sampler (main, tables) --.
//     Notes (main) ------------+--> Scene --> parts --> page, or those parts that have changed
//     Box (samples of asks) ---'
//
// One rendering serves everybody, as long as the sampler has nothing newer; nobody watches, none is made.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "control/box.hpp"
#include "http/http.hpp"
#include "live/notes.hpp"
#include "live/parts.hpp"
#include "metrics/sampler.hpp"

namespace ajar::live {

class Live {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr auto kFirst = std::chrono::milliseconds(300);  ///< between two looks, for rates at once
    static constexpr auto kSpan = std::chrono::milliseconds(900);   ///< that rates are over, at least
    static constexpr auto kForgotten = std::chrono::seconds(15);    ///< a look so old says nothing of now

    /// All outlive it. `host`: how the machine is called.
    Live(metrics::Sampler& sampler, const control::Box& box, const Notes& notes, std::string host)
        : sampler_(sampler), box_(box), notes_(notes), host_(std::move(host)) {}

    // Any thread; waits for main.
    /// The whole page; 503 where main does not answer.
    http::Reply page();
    /// By one at a time.
    http::News news();

private:
    using Look = std::shared_ptr<const metrics::View>;
    struct Seen {
        Look view;
        Clock::time_point at;
    };
    struct Story {
        std::size_t events = 0;
        page::Markup markup;
    };
    /// Of a look.
    using Parts = std::shared_ptr<const std::vector<Part>>;

    Parts parts();
    Look look();
    [[nodiscard]] Scene scene();
    std::vector<page::Markup> tell(const std::vector<Flagged>& flagged);

    metrics::Sampler& sampler_;
    const control::Box& box_;
    const Notes& notes_;
    std::string host_;
    std::mutex lock_;                               // of the next; held during a rendering
    std::deque<Seen> seen_;                         // the latest last, the first is what rates are against
    Parts parts_;                                   // of seen_.back()
    std::map<std::uint64_t, Story> stories_;        // by Flagged::number: to tell one is half the work
    std::map<std::string_view, std::string> told_;  // news()' own: what followers know, by part
};

/// Adds both.
void serve(http::Http& http, Live& live);

/// An event of a stream (WHATWG HTML, 9.2.6).
std::string event_text(std::string_view name, std::string_view data);

}  // namespace ajar::live
