// A connection to a collector that is looked for as long as there is none, and a bounded queue of what it has
// not taken yet.
//
//   away --connect()--> calling --writable--> connected --error, end--> away
//
// Each connection is a transport session of its own. What was queued for the one before is lost with it: its
// templates and numbers mean nothing to the next.
#pragma once

#include <chrono>
#include <deque>
#include <vector>

#include "export/ipfix/endpoint.hpp"
#include "export/ipfix/transport.hpp"

namespace ajar::exporting::ipfix {

class TcpTransport final : public Transport {
public:
    static constexpr std::size_t kQueueBytes = std::size_t{4} << 20U;

    static Result<std::unique_ptr<Transport>> open(const Collector& collector, Begin begin,
                                                   const Patience& patience);
    ~TcpTransport() override;

    [[nodiscard]] std::uint16_t most_bytes() const override { return 8192; }
    void send(std::span<const std::uint8_t> message, std::uint32_t flows) override;
    void look(bool last) override;
    Result<bool> reopen() override { return true; }
    [[nodiscard]] bool is_ready() const override { return state_ == State::connected; }

private:
    using Clock = std::chrono::steady_clock;
    enum class State : std::uint8_t { away, calling, connected };
    struct Message {
        std::vector<std::uint8_t> bytes;
        std::uint32_t flows;
    };

    TcpTransport(const Endpoint& to, Begin begin, Patience patience)
        : to_(to), begin_(begin), patience_(std::move(patience)) {}
    void call();
    void answer();
    void push();
    void hang_up(int error);
    void await(bool (TcpTransport::*done)() const);
    [[nodiscard]] bool has_room() const {
        return queued_ + most_bytes() <= kQueueBytes || state_ != State::connected;
    }
    [[nodiscard]] bool is_empty() const { return queue_.empty() || state_ != State::connected; }

    Endpoint to_;
    Begin begin_;
    Patience patience_;
    int fd_ = -1;
    State state_ = State::away;
    Clock::time_point next_call_{};
    std::deque<Message> queue_;
    std::size_t queued_ = 0;  // bytes
    std::size_t offset_ = 0;  // of the first message, that have left
};

}  // namespace ajar::exporting::ipfix
