// An IPFIX file (RFC 5655): messages one after another, never a part of one.
#pragma once

#include "descriptor.hpp"
#include "export/ipfix/transport.hpp"

namespace ajar::exporting::ipfix {

class FileTransport final : public Transport {
public:
    static Result<std::unique_ptr<Transport>> open(const std::string& path, Begin begin);

    [[nodiscard]] std::uint16_t most_bytes() const override { return 32'768; }
    void send(std::span<const std::uint8_t> message, std::uint32_t flows) override;
    void look(bool) override {}
    /// The new file is a new session. If that fails the old file stays in use.
    Result<bool> reopen() override;

private:
    explicit FileTransport(std::string path) : path_(std::move(path)) {}
    int take(Begin begin);

    std::string path_;
    Descriptor fd_;
};

}  // namespace ajar::exporting::ipfix
