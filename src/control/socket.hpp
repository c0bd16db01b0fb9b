// Where the socket of an appliance is, and how both ends get at it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "ajar/result.hpp"
#include "descriptor.hpp"

namespace ajar::control {

/// What `[control] socket = "auto"` means, and what a client tries: ajar.sock in $RUNTIME_DIRECTORY; else for
/// root in /run/ajar, for others in $XDG_RUNTIME_DIR/ajar, or in a folder of their own in /tmp.
std::string default_socket();

enum class Taken : std::uint8_t {
    fine,
    by_other,  ///< a living process listens there
    failed,
};
struct Listening {
    Taken taken = Taken::failed;
    Descriptor fd{};
    std::string error{};  ///< where it is not fine
};
/// A socket file of a process that is gone is replaced. Mode 0660; `group` owns it, if not empty. The folder
/// of a default path is made.
Listening listen_at(const std::string& path, const std::string& group);
/// Who has connected: "user 1000, process 4711".
std::string peer_of(int fd);

/// Which file stands at a path; no number: none.
struct FileId {
    std::uint64_t device = 0, number = 0;
    friend bool operator==(const FileId&, const FileId&) = default;
};
FileId file_at(const std::string& path);

/// Nobody there, no right to, or nobody who takes the call within `patience`: the error says what to do.
Result<Descriptor> connect_to(const std::string& path,
                              std::chrono::milliseconds patience = std::chrono::seconds(15));

}  // namespace ajar::control
