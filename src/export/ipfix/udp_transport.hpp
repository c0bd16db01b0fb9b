// One message, one datagram.
#pragma once

#include <chrono>

#include "export/ipfix/endpoint.hpp"
#include "export/ipfix/transport.hpp"

namespace ajar::exporting::ipfix {

class UdpTransport final : public Transport {
public:
    /// With Begin::anew it goes slowly enough for a collector to follow: UDP itself never says that it does
    /// not.
    static Result<std::unique_ptr<Transport>> open(const Collector& collector, Begin begin);
    ~UdpTransport() override;

    /// Beside IPv6 and UDP headers within the 1500 bytes of nearly every path (RFC 7011 10.3.3 says 512 where
    /// nothing is known of it).
    [[nodiscard]] std::uint16_t most_bytes() const override { return 1400; }
    void send(std::span<const std::uint8_t> message, std::uint32_t flows) override;
    void look(bool) override {}
    Result<bool> reopen() override {
        news_ = News::templates;
        return true;
    }
    [[nodiscard]] bool forgets() const override { return true; }

private:
    UdpTransport(int fd, Begin begin) : fd_(fd), begin_(begin) {}
    void was_refused();

    int fd_;
    Begin begin_;
    std::uint32_t latest_ = 0;  // flows of the last datagram that left
    std::uint64_t datagrams_ = 0;
};

}  // namespace ajar::exporting::ipfix
