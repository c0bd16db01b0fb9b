// What main does for the control socket, between two looks at its own work.
#include <fmt/format.h>

#include "ajar/policy/timeouts.hpp"
#include "config/domain.hpp"
#include "config/nearest.hpp"
#include "config/option.hpp"
#include "config/services.hpp"
#include "control/request.hpp"
#include "dataplane/control.hpp"
#include "dataplane/facts.hpp"
#include "export/block_list.hpp"
#include "export/changes.hpp"
#include "export/json.hpp"
#include "put_line.hpp"

namespace ajar::dataplane {
namespace {

using control::Answer;
using control::Errand;
using exporting::Json;

Answer refused(std::string why) { return {false, std::move(why), {}}; }

std::string list_of(const std::vector<std::string>& words) {
    Json out('[');
    for (const auto& word : words) out.item(Json::quoted(word));
    return out.text();
}

std::string reloaded_text(const Reloaded& done) {
    return fmt::format(",\"generation\":{},\"changed\":{},\"restart\":{}", done.config.policy.generation,
                       list_of(done.changed), list_of(done.waiting));
}

std::string timeouts_text(const Policy& policy) {
    Json out;
    for (std::size_t i = 0; i < kTimerClassCount; ++i) {
        if (static_cast<TimerClass>(i) == TimerClass::untimed || policy.timeouts[i] == Duration::zero())
            continue;
        exporting::Text seconds;
        exporting::put_seconds(seconds, policy.timeouts[i]);
        out.member(kTimerClassNames[i], fmt::to_string(seconds));
    }
    return out.text();
}

std::string actions_text(const Policy& policy) {
    Json out;
    for (std::size_t i = 0; i < kCauseCount; ++i)
        out.member(kCauseNames[i], Json::quoted(name(policy.actions[i])));
    return out.text();
}

}  // namespace

Answer Control::answer(const Errand& errand) {
    switch (errand.what) {
        case Errand::What::facts:
            return answer_facts();
        case Errand::What::posture:
            return answer_posture();
        case Errand::What::reload:
            return answer_reload({});
        case Errand::What::profile:
            return answer_profile(errand.word);
        case Errand::What::config:
            return answer_config(errand.word);
        case Errand::What::block:
        case Errand::What::unblock:
            return answer_block(errand);
    }
    return refused("unknown");
}

Answer Control::answer_facts() const {
    auto facts = std::make_shared<control::Facts>(gather(appliance_));
    facts->control_events_lost = box_.lost();
    for (std::size_t w = 0; w < facts->workers.size(); ++w) facts->workers[w].stalled = stalls_.stalled(w);
    facts->would = would_;
    const auto exported = writer_.exported();
    if (sharing_ != nullptr) facts->share = sharing_->desk().facts();
    facts->main = {reloads_,       reloads_refused_, writer_.written(),
                   writer_.lost(), exported.sent,    exported.lost};
    return {true, {}, std::move(facts)};
}

Answer Control::answer_posture() const {
    const auto& situation = appliance_.situation();
    return {true,
            fmt::format(
                ",\"mode\":\"{}\",\"standing\":{},\"blocked\":{},\"blocks\":{},\"fleet\":{},\"changes\":{}",
                name(config_.policy.mode), exporting::standing_json(situation),
                exporting::block_json(situation, appliance_.now()), blocks_.json(), fleet_text(),
                exporting::changes_json(situation)),
            {}};
}

Answer Control::answer_reload(const std::string& profile) {
    const auto done = reload(profile);
    if (!done) return refused(done.error());
    return {true, reloaded_text(*done), {}};
}

Answer Control::answer_profile(const std::string& profile) {
    std::string changed;
    if (!profile.empty()) {
        const auto done = reload(profile);
        if (!done) return refused(done.error());
        changed =
            fmt::format(",\"changed\":{},\"restart\":{}", list_of(done->changed), list_of(done->waiting));
    }
    return {true,
            fmt::format(",\"profile\":\"{}\",\"generation\":{},\"timeouts\":{},\"actions\":{}{}",
                        config_.profile, config_.policy.generation, timeouts_text(config_.policy),
                        actions_text(config_.policy), changed),
            {}};
}

Answer Control::answer_config(const std::string& wanted) const {
    Json values;
    std::vector<std::string_view> known;
    bool any = false;
    for (const auto& option : config::options()) {
        const auto path = config::path_of(option);
        known.push_back(option.section);
        if (!wanted.empty() && path != wanted && option.section != wanted) continue;
        any = true;
        values.member(path, Json::quoted(config::toml_value(option.field, config_)));
    }
    if (!any) {
        const auto near = config::nearest(wanted, known);
        return refused(fmt::format(
            "{} is no option and no section{}", control::shown(wanted),
            near.empty() ? "; `ajar config` has all of them" : fmt::format("; did you mean {}?", near)));
    }
    const auto services = wanted.empty() ? config::print_services(config_) : std::string();
    return {true,
            fmt::format(",\"generation\":{},\"options\":{},\"services\":{}", config_.policy.generation,
                        values.text(), Json::quoted(services)),
            {}};
}

Answer Control::answer_block(const Errand& errand) {
    const bool adds = errand.what == Errand::What::block;
    std::optional<Time> until;
    if (adds && errand.span)
        until = appliance_.now() + std::min(*errand.span, Duration(std::chrono::hours(24 * 365)));
    const auto prefix = adds ? blocks_.add(errand.word, until) : blocks_.remove(errand.word, config_);
    if (!prefix) return refused(prefix.error());
    if (sharing_ != nullptr && !adds) {
        sharing_->desk().remove(*prefix);
        next_lend_ = Clock::now() + kLendEvery;  // by then the courier lends it no longer
    }
    next_own_ = {};
    apply_blocks();
    put_line(stderr, fmt::format("ajar: {} {}, generation {}", *prefix,
                                 adds ? "is blocked by hand" : "is unblocked", config_.policy.generation));
    std::string end = "null";
    if (until) {
        exporting::Text text;
        exporting::put_iso_time(text, *until);
        end = Json::quoted(fmt::to_string(text));
    }
    return {true,
            fmt::format(",\"prefix\":{},\"until\":{},\"mode\":\"{}\",\"generation\":{}",
                        Json::quoted(*prefix), end, name(config_.policy.mode), config_.policy.generation),
            {}};
}

}  // namespace ajar::dataplane
