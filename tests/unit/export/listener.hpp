// Somebody who listens on a UNIX socket, and reads when told.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>

namespace ajar::exporting {

class Listener {
public:
    Listener(const std::string& path, int type) : path_(path), type_(type), fd_(::socket(AF_UNIX, type, 0)) {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        path.copy(at.sun_path, sizeof at.sun_path - 1);
        EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
        if (type == SOCK_STREAM) {
            EXPECT_EQ(::listen(fd_, 4), 0);
        }
    }
    ~Listener() {
        if (peer_ >= 0) ::close(peer_);
        ::close(fd_);
        ::unlink(path_.c_str());
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Everything that waits; a datagram ends with '|'.
    std::string taken() {
        if (type_ == SOCK_STREAM && peer_ < 0) {
            pollfd calls{fd_, POLLIN, 0};
            if (::poll(&calls, 1, 0) == 1) peer_ = ::accept(fd_, nullptr, nullptr);
        }
        const int from = type_ == SOCK_STREAM ? peer_ : fd_;
        std::string out;
        std::string piece(1U << 20U, '\0');
        for (ssize_t n = 0; from >= 0 && (n = ::recv(from, piece.data(), piece.size(), MSG_DONTWAIT)) > 0;) {
            out.append(piece, 0, static_cast<std::size_t>(n));
            if (type_ == SOCK_DGRAM) out += '|';
        }
        return out;
    }

private:
    std::string path_;
    int type_;
    int fd_;
    int peer_ = -1;
};

}  // namespace ajar::exporting
