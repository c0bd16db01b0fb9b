// Whose is an open file descriptor, and who closes it?
#pragma once

#include <unistd.h>

#include <utility>

namespace ajar {

/// Its owner's: closed with it. Negative: none.
class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(Descriptor&& from) noexcept : fd_(std::exchange(from.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& from) noexcept {
        std::swap(fd_, from.fd_);
        return *this;
    }
    [[nodiscard]] int get() const { return fd_; }
    /// Somebody else closes it from here on.
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_;
};

}  // namespace ajar
