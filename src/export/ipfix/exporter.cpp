// Encoder and transport put together.
#include "export/ipfix/exporter.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ajar::exporting::ipfix {
namespace {

constexpr auto kFlushEvery = std::chrono::seconds(1);

}  // namespace

Result<std::unique_ptr<Exporter>> Exporter::open(const Options& options, Begin begin,
                                                 const Patience& patience) {
    const auto collector = parse_collector(options.collector);
    if (!collector) return Error{collector.error()};
    if (auto trial = Encoder::make(options.domain, 1400, [](auto, auto) {}); !trial)
        return Error{fmt::format("cannot export to {}: {}", options.collector, trial.error())};
    auto transport = open_transport(*collector, begin, patience);
    if (!transport) return Error{transport.error()};
    std::unique_ptr<Exporter> out(new Exporter(options, std::move(*transport)));
    out->begin_session();
    return out;
}

Exporter::~Exporter() { finish(); }

void Exporter::begin_session() {
    static_cast<void>(transport_->take_news());
    if (encoder_) transport_->lose(encoder_->waiting(), "the connection has ended");
    auto encoder = Encoder::make(options_.domain, transport_->most_bytes(),
                                 [this](auto message, auto flows) { transport_->send(message, flows); });
    encoder_ = std::move(*encoder);  // as it was made before
    greeted_ = false;
}

void Exporter::say_templates() {
    encoder_->templates(now());
    greeted_ = true;
    next_templates_ = Clock::now() + options_.template_interval;
}

Time Exporter::now() const {
    return options_.packet_time ? latest_
                                : std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

void Exporter::heed_news() {
    switch (transport_->take_news()) {
        case Transport::News::session:
            return begin_session();
        case Transport::News::templates:
            greeted_ = false;
            break;
        default:
            break;
    }
    if (transport_->forgets() && Clock::now() >= next_templates_) greeted_ = false;
}

void Exporter::add(const Event& end) {
    if (!transport_->is_ready()) {
        transport_->lose(1, "there is no connection to the collector");
        return tell_first_loss();
    }
    latest_ = end.time;
    if (!greeted_) say_templates();
    Flow flow = flow_of(end);
    if (!options_.interfaces) flow.interface = {};
    encoder_->add(flow, now());
}

void Exporter::look() {
    transport_->look(false);
    heed_news();
    if (const auto now = Clock::now(); now >= next_flush_) {
        next_flush_ = now + kFlushEvery;
        encoder_->flush();
    }
    tell_first_loss();
}

void Exporter::finish() {
    encoder_->flush();
    transport_->look(true);
    tell_first_loss();
}

Result<bool> Exporter::reopen() {
    encoder_->flush();
    auto done = transport_->reopen();
    heed_news();
    told_ = false;
    return done;
}

void Exporter::tell_first_loss() {
    if (told_ || counts().lost == 0) return;
    told_ = true;
    const auto text = fmt::format("ajar: cannot export to {}: {}; flows are lost and counted from here on\n",
                                  options_.collector, transport_->fault());
    std::fputs(text.c_str(), stderr);
}

}  // namespace ajar::exporting::ipfix
