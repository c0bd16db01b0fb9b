// What main does while the lanes run: events out, links watched, people told, signals heeded.
#pragma once

#include <chrono>
#include <cstdio>
#include <optional>

#include "control/blocks.hpp"
#include "dataplane/appliance.hpp"
#include "dataplane/change_log.hpp"
#include "dataplane/drain.hpp"
#include "dataplane/link_watch.hpp"
#include "dataplane/live_box.hpp"
#include "dataplane/nic_drops.hpp"
#include "dataplane/reset_watch.hpp"
#include "dataplane/restarts.hpp"
#include "dataplane/run.hpp"
#include "dataplane/service_manager.hpp"
#include "dataplane/sharing.hpp"
#include "dataplane/stall_watch.hpp"
#include "dataplane/terminal.hpp"
#include "export/event_writer.hpp"
#include "live/notes.hpp"

namespace ajar::dataplane {

/// Who hears of what happens; all outlive it.
struct Listeners {
    exporting::EventWriter& writer;
    ChangeLog& changes;  ///< about the defence, for the log
    live::Notes& notes;  ///< for the live page
    LiveBox& box;        ///< for the control socket
    Sharing* sharing;    ///< for other appliances; may be null
    const control::WouldHave& would;
};

class Control {
public:
    /// `log` is where lines go when there is no live view.
    Control(Appliance& appliance, const Config& config, const RunFlags& flags, const Listeners& listeners,
            std::FILE* log);

    /// Until a signal, and then until what dies with the process is over (dataplane/drain.hpp); or the end of
    /// the captures.
    void loop();
    /// So long it waited for that.
    [[nodiscard]] Duration drained() const { return drained_; }
    /// As it was last reloaded.
    [[nodiscard]] const Config& config() const { return config_; }

private:
    using Clock = std::chrono::steady_clock;
    [[nodiscard]] bool over();
    [[nodiscard]] bool let_go();
    void begin_drain(std::uint64_t open);
    void end_drain(std::uint64_t open);
    void look_at_ports();
    void look_at_workers();
    void say(const std::vector<std::string>& lines);
    void heed_hangup();
    /// The file again, and what operators have ordered over it.
    Result<Reloaded> reload(const std::string& profile);
    /// What is in the configuration and what is blocked.
    void apply();
    /// The same with another list of blocks: a generation of its own.
    void apply_blocks();
    // What the control socket wants (control_answers.cpp).
    control::Answer answer(const control::Errand& errand);
    [[nodiscard]] control::Answer answer_facts() const;
    [[nodiscard]] control::Answer answer_posture() const;
    control::Answer answer_reload(const std::string& profile);
    control::Answer answer_profile(const std::string& profile);
    [[nodiscard]] control::Answer answer_config(const std::string& wanted) const;
    control::Answer answer_block(const control::Errand& errand);
    void follow_blocks();
    // What is shared with other appliances (control_share.cpp).
    void share();
    bool heed_others();
    bool lend();
    [[nodiscard]] share::Own own() const;
    [[nodiscard]] std::string fleet_text() const;
    void note();
    void tell();
    void show(Sample now);
    void tell_changes(const std::vector<std::string>& lines);

    Appliance& appliance_;
    Config config_;           // the file's
    control::Blocks blocks_;  // on top of it
    const RunFlags& flags_;
    exporting::EventWriter& writer_;
    ChangeLog& changes_;
    live::Notes& notes_;
    LiveBox& box_;
    Sharing* sharing_;
    const control::WouldHave& would_;
    std::FILE* log_;
    LinkWatch links_;
    ResetWatch resets_;
    Restarts restarts_;
    NicDrops nic_drops_;
    StallWatch stalls_;
    ServiceManager manager_;
    std::optional<Terminal> terminal_;
    share::Heard heard_;
    static constexpr auto kLendEvery = std::chrono::seconds(1);
    bool lent_anew_ = false;
    std::uint64_t lent_under_ = 0;  // the generation of the configuration
    std::uint64_t blocks_said_ = 0;
    std::uint64_t reloads_ = 0, reloads_refused_ = 0;
    Sample before_;
    Drain drain_;
    Duration drained_{};
    Clock::time_point next_look_{}, next_tell_{}, next_epoch_{}, next_own_{}, next_lend_{}, next_note_{};
};

}  // namespace ajar::dataplane
