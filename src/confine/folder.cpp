// By descriptors.
#include "confine/folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "descriptor.hpp"

namespace ajar::confine {
namespace {

constexpr mode_t kPassable = 0755, kPrivate = 0700;
constexpr gid_t kItsGroup = static_cast<gid_t>(-1);

Descriptor open_folder(int at, const std::string& name) {
    return Descriptor(openat(at, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

Error folder_fault(const std::string& path, const char* doing) {
    return {fmt::format("{}: {}: {}", path, doing, std::strerror(errno))};
}

struct Entry {
    std::string name;
    struct stat about;
};

std::vector<Entry> entries_of(int folder) {
    std::vector<Entry> out;
    auto own = open_folder(folder, ".");
    const std::unique_ptr<DIR, int (*)(DIR*)> list(fdopendir(own.get()), closedir);
    if (!list) return out;
    own.release();  // the list closes it
    while (const dirent* const next = readdir(list.get())) {
        Entry entry{next->d_name, {}};
        if (entry.name == "." || entry.name == "..") continue;
        if (fstatat(folder, next->d_name, &entry.about, AT_SYMLINK_NOFOLLOW) == 0) out.push_back(entry);
    }
    return out;
}

/// As DPDK's first process locks what it shares with others.
bool is_locked(int folder, const Entry& file) {
    if (!S_ISREG(file.about.st_mode)) return false;
    const Descriptor fd(openat(folder, file.name.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return fd.get() >= 0 && fcntl(fd.get(), F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

bool is_in_use(int folder, const std::vector<Entry>& entries) {
    for (const auto& entry : entries)
        if (is_locked(folder, entry)) return true;
    return false;
}

bool is_link(const struct stat& about) {
    return S_ISLNK(about.st_mode) || (S_ISREG(about.st_mode) && about.st_nlink > 1);
}

bool clear(int folder, bool files) {
    const auto entries = entries_of(folder);
    const bool all = files && !is_in_use(folder, entries);
    for (const auto& [name, about] : entries)
        if (!S_ISDIR(about.st_mode) && (all || is_link(about)) && unlinkat(folder, name.c_str(), 0) != 0 &&
            errno != ENOENT)
            return false;
    return true;
}

/// First it becomes root's, then it is looked into: nobody else lays anything there in between.
Result<bool> take(int folder, const std::string& path, mode_t mode, bool files) {
    struct stat about {};
    if (fstat(folder, &about) != 0) return folder_fault(path, "stat");
    if ((about.st_mode & S_ISVTX) != 0)
        return Error{
            fmt::format("{} is everybody's: $RUNTIME_DIRECTORY has to be a folder of its own", path)};
    if (fchown(folder, 0, kItsGroup) != 0) return folder_fault(path, "cannot become root's");
    if (fchmod(folder, mode) != 0) return folder_fault(path, "cannot be closed to others");
    if (!clear(folder, files)) return folder_fault(path, "cannot be rid of the links in it");
    return true;
}

bool is_listened_to_by_me(int socket_file) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    fmt::format_to_n(address.sun_path, sizeof address.sun_path - 1, "/proc/self/fd/{}", socket_file);
    const Descriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    ucred who{};
    socklen_t length = sizeof who;
    return connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
           getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &who, &length) == 0 && who.pid == getpid();
}

}  // namespace

Result<bool> take_back(const std::string& path, const std::vector<std::string>& inside) {
    if (mkdir(path.c_str(), kPassable) != 0 && errno != EEXIST) return folder_fault(path, "cannot be made");
    std::string at = path;
    auto folder = std::make_unique<Descriptor>(open_folder(AT_FDCWD, path));
    if (folder->get() < 0) return folder_fault(path, "cannot be opened as a folder");
    if (auto done = take(folder->get(), at, kPassable, false); !done) return done;
    for (const auto& name : inside) {
        at += "/" + name;
        auto next = std::make_unique<Descriptor>(open_folder(folder->get(), name));
        if (next->get() < 0) {
            if (errno == ENOENT) return true;
            return folder_fault(at, "cannot be opened as a folder; take it away");
        }
        folder = std::move(next);
        if (auto done = take(folder->get(), at, kPrivate, &name == &inside.back()); !done) return done;
    }
    return true;
}

// From the inside out: as long as it is worked at, nobody else is in there.
Result<bool> hand_over(const std::string& path, const std::vector<std::string>& inside, const User& user) {
    std::vector<Descriptor> folders;
    folders.push_back(open_folder(AT_FDCWD, path));
    for (const auto& name : inside)
        if (folders.back().get() >= 0) folders.push_back(open_folder(folders.back().get(), name));
    if (folders.back().get() < 0 && errno != ENOENT) return folder_fault(path, "cannot be handed over");
    const bool whole = folders.size() == inside.size() + 1 && folders.back().get() >= 0 && !inside.empty();
    const int last = folders.back().get();
    if (whole)
        for (const auto& entry : entries_of(last))
            if (fchownat(last, entry.name.c_str(), user.uid, kItsGroup, AT_SYMLINK_NOFOLLOW) != 0 &&
                errno != ENOENT)
                return folder_fault(path + ": " + entry.name, "cannot be handed over");
    for (auto it = folders.rbegin(); it != folders.rend(); ++it)
        if (it->get() >= 0 && fchown(it->get(), user.uid, kItsGroup) != 0)
            return folder_fault(path, "cannot be handed over");
    return true;
}

std::optional<uid_t> owner_of(const std::string& path) {
    struct stat about {};
    if (lstat(path.c_str(), &about) != 0 || !S_ISDIR(about.st_mode)) return std::nullopt;
    return about.st_uid;
}

Result<bool> hand_over_socket(const std::string& path, const User& user) {
    if (path.empty()) return true;
    const Descriptor file(open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (file.get() < 0 || !is_listened_to_by_me(file.get())) return true;
    if (fchownat(file.get(), "", user.uid, kItsGroup, AT_EMPTY_PATH) != 0)
        return folder_fault(path, "cannot be handed over");
    return true;
}

}  // namespace ajar::confine
