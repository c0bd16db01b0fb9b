// Paths, rights and the difference between a stale socket file and a living one.
#include "control/socket.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <thread>

#include "config/folder.hpp"

namespace ajar::control {
namespace {

using config::folder_of;

constexpr mode_t kMode = 0660;
constexpr int kBacklog = 64;
constexpr auto kLockPause = std::chrono::milliseconds(20);
constexpr int kLockTries = 100;

std::optional<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un out{};
    out.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof out.sun_path) return std::nullopt;
    std::memcpy(out.sun_path, path.c_str(), path.size() + 1);
    return out;
}

Descriptor new_socket(int flags = 0) {
    return Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
}

/// 0, or what connect() says.
int try_connect(int fd, const sockaddr_un& address) {
    const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
    return connect(fd, generic, sizeof address) == 0 ? 0 : errno;
}

Listening fail(Taken taken, std::string text) { return {taken, Descriptor(), std::move(text)}; }
Listening fail(const std::string& path, const char* doing) {
    const int why = errno;
    return fail(Taken::failed, fmt::format("{}: {}: {}", path, doing, std::strerror(why)));
}

/// What stands at the path gives way, if it is a socket that nobody listens to.
Listening make_way(const std::string& path, const sockaddr_un& address) {
    struct stat about {};
    if (lstat(path.c_str(), &about) != 0) return {Taken::fine, Descriptor(), {}};
    if (!S_ISSOCK(about.st_mode))
        return fail(
            Taken::failed,
            fmt::format("{} is there, and no socket: nothing is overwritten; name another [control] socket",
                        path));
    const auto probe = new_socket(SOCK_NONBLOCK);  // a full queue is an answer, too
    const int answer = try_connect(probe.get(), address);
    if (answer == 0 || answer == EAGAIN)
        return fail(
            Taken::by_other,
            fmt::format("{} belongs to an appliance that runs: give this one another [control] socket",
                        path));
    if (answer != ECONNREFUSED) {
        errno = answer;
        return fail(path, "cannot tell whether anybody listens there");
    }
    if (unlink(path.c_str()) != 0 && errno != ENOENT)
        return fail(path, "cannot remove what a dead process left");
    return {Taken::fine, Descriptor(), {}};
}

/// Nothing where all is well.
std::string give_to(const std::string& path, const std::string& group) {
    // Of nothing but what stands there: the folder may be a user's who would like something else to change
    // hands.
    if (fchmodat(AT_FDCWD, path.c_str(), kMode, AT_SYMLINK_NOFOLLOW) != 0)
        return fmt::format("{}: chmod: {}", path, std::strerror(errno));
    if (group.empty()) return {};
    errno = 0;
    const auto* const entry = getgrnam(group.c_str());
    if (entry == nullptr) return fmt::format("[control] group: there is no group {}", group);
    if (lchown(path.c_str(), static_cast<uid_t>(-1), entry->gr_gid) != 0)
        return fmt::format("{}: cannot give it to group {}: {}", path, group, std::strerror(errno));
    return {};
}

/// Root's alone, so that whatever is in there was put there by root: /run is such, /tmp is not.
bool is_roots(const std::string& folder) {
    struct stat about {};
    constexpr mode_t kOthersWrite = 022;
    return lstat(folder.c_str(), &about) == 0 && S_ISDIR(about.st_mode) && about.st_uid == 0 &&
           (about.st_mode & kOthersWrite) == 0;
}

/// The folder of a default path in /tmp may be somebody else's, who waits for us there. One in /run may be
/// the appliance's, which is no longer root.
bool is_ours(const std::string& folder) {
    struct stat about {};
    if (lstat(folder.c_str(), &about) != 0) return errno == ENOENT;
    return S_ISDIR(about.st_mode) &&
           (about.st_uid == geteuid() || about.st_uid == 0 || is_roots(folder_of(folder)));
}
Error not_ours(const std::string& folder) {
    return {fmt::format("{} belongs to somebody else; name another path", folder)};
}

/// Until it is closed no other appliance looks whether a path in this folder is free. Who may read a folder
/// may lock it, so nobody is waited for without end.
Descriptor lock_folder(const std::string& folder) {
    Descriptor fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0) return fd;
    for (int i = 0; i < kLockTries; ++i) {
        if (flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
        if (errno != EWOULDBLOCK && errno != EINTR) return Descriptor();
        std::this_thread::sleep_for(kLockPause);
    }
    errno = EWOULDBLOCK;
    return Descriptor();
}

/// Of connect(), which waits where the queue of the other side is full.
void be_patient(int fd, std::chrono::milliseconds patience) {
    timeval time{};
    time.tv_sec = patience.count() / 1000;
    time.tv_usec = patience.count() % 1000 * 1000;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

}  // namespace

std::string default_socket() {
    constexpr const char* kName = "/ajar.sock";
    if (const char* own = std::getenv("RUNTIME_DIRECTORY"); own != nullptr && *own == '/')
        return std::string(own).substr(0, std::string(own).find(':')) + kName;
    if (geteuid() == 0) return std::string("/run/ajar") + kName;
    if (const char* run = std::getenv("XDG_RUNTIME_DIR"); run != nullptr && *run == '/')
        return std::string(run) + "/ajar" + kName;
    return fmt::format("/tmp/ajar-{}{}", geteuid(), kName);
}

Listening listen_at(const std::string& path, const std::string& group) {
    const auto address = address_of(path);
    if (!address)
        return fail(Taken::failed,
                    fmt::format("[control] socket: {} bytes is too long a path; {} are the most", path.size(),
                                sizeof(sockaddr_un::sun_path) - 1));
    const auto folder = folder_of(path);
    if (path == default_socket()) {
        std::error_code there;
        if (std::filesystem::create_directory(folder, there))
            chmod(folder.c_str(), geteuid() == 0 ? 0755 : 0700);
        if (!is_ours(folder)) return fail(Taken::failed, not_ours(folder).text);
    }
    const auto lock = lock_folder(folder);
    if (lock.get() < 0) return fail(folder, "no folder for the control socket");
    if (auto way = make_way(path, *address); way.taken != Taken::fine) return way;
    auto fd = new_socket();
    if (fd.get() < 0) return fail(path, "socket");
    fchmod(fd.get(), kMode);  // so that nobody else gets in before the chmod() below
    if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0)
        return fail(path, "cannot listen there");
    if (auto fault = give_to(path, group); !fault.empty()) {
        unlink(path.c_str());
        return fail(Taken::failed, std::move(fault));
    }
    if (listen(fd.get(), kBacklog) != 0) return fail(path, "listen");
    const int flags = fcntl(fd.get(), F_GETFL);
    fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK);
    return {Taken::fine, std::move(fd), {}};
}

std::string peer_of(int fd) {
    ucred who{};
    socklen_t length = sizeof who;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &length) != 0) return "somebody";
    return fmt::format("user {}, process {}", who.uid, who.pid);
}

FileId file_at(const std::string& path) {
    struct stat about {};
    if (lstat(path.c_str(), &about) != 0) return {};
    return {about.st_dev, about.st_ino};
}

Result<Descriptor> connect_to(const std::string& path, std::chrono::milliseconds patience) {
    const auto address = address_of(path);
    if (!address) return Error{fmt::format("{}: too long for a socket's path", path)};
    if (path == default_socket() && !is_ours(folder_of(path))) return not_ours(folder_of(path));
    auto fd = new_socket();
    if (fd.get() >= 0) be_patient(fd.get(), patience);
    const int why = fd.get() < 0 ? errno : try_connect(fd.get(), *address);
    if (why == 0) return fd;
    const char* hint = "";
    if (why == EAGAIN) hint = "; it does not take calls: its control thread stands still, or too many wait";
    if (why == ENOENT || why == ECONNREFUSED)
        hint = "; no appliance runs there: `ajar run` opens a socket, --socket names another one";
    if (why == EACCES) hint = "; only the user who runs Ajar may, and members of [control] group";
    return Error{fmt::format("{}: {}{}", path, std::strerror(why), hint)};
}

}  // namespace ajar::control
