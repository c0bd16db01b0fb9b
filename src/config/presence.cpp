// Looking at the machine.
#include "config/presence.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "config/cpus.hpp"
#include "config/device.hpp"
#include "config/domain.hpp"
#include "config/folder.hpp"
#include "config/redis_server.hpp"
#include "confine/user.hpp"
#include "export/ipfix/collector.hpp"
#include "export/ipfix/encoder.hpp"
#include "export/target.hpp"

namespace ajar::config {
namespace {

namespace fs = std::filesystem;
using Clashes = std::vector<Clash>;

void absent_cpus(const Config& config, Clashes& out) {
    const auto cpus = parse_cpus(config.cpus);
    if (!cpus) return;
    std::string missing;
    for (const unsigned cpu : *cpus)
        if (!may_run_on(cpu)) missing += fmt::format("{}{}", missing.empty() ? "" : ", ", cpu);
    if (missing.empty()) return;
    out.push_back({"appliance.cpus",
                   fmt::format("no thread may run on CPU {} here; `nproc --all` tells how many there are, a "
                               "cpuset or container may grant fewer",
                               missing)});
}

void absent_captures(const Config& config, Clashes& out) {
    for (const auto& pair : config.ports)
        for (const auto* port : {&pair.a, &pair.b})
            for (const auto& file : capture_files(*port))
                if (access(file.c_str(), R_OK) != 0)
                    out.push_back(
                        {"ports", fmt::format("{}: capture {}: {}", config::in_quotes(device_name(*port)),
                                              config::in_quotes(file), std::strerror(errno))});
}

const char* refuse_folder(const std::string& folder) {
    return faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0 ? nullptr : std::strerror(errno);
}

/// To rename it, and to begin another.
std::string refuse_rotation(const Config& config, const std::string& text) {
    const bool rotates = config.rotate_size != 0 || config.rotate_every != Duration(0);
    const auto target = exporting::parse_target(text);
    std::error_code none;
    if (!rotates || !target || is_shareable(*target) || !fs::is_regular_file(target->path, none)) return {};
    const auto folder = folder_of(target->path);
    const auto* const why = refuse_folder(folder);
    return why == nullptr ? std::string() : fmt::format("cannot rotate {}: {}: {}", text, folder, why);
}

/// A socket may come later: it is looked for as long as the appliance runs.
const char* refuse_records(const std::string& text) {
    const auto target = exporting::parse_target(text);
    if (!target) return "no such target";
    if (!is_shareable(*target)) return refuse_output(text);
    std::error_code none;
    const bool other = fs::exists(target->path, none) && !fs::is_socket(target->path, none);
    return other ? "it is no socket" : nullptr;
}

void unwritable_outputs(const Config& config, Clashes& out) {
    for (const auto& [path, file] :
         {std::pair("events.file", &config.events_file), std::pair("events.flows", &config.flows_file)}) {
        if (const auto* why = refuse_records(*file))
            out.push_back({path, fmt::format("cannot write {}: {}; give a file in a directory that exists "
                                             "and may be written to, or a socket",
                                             *file, why)});
        if (auto why = refuse_rotation(config, *file); !why.empty()) out.push_back({path, std::move(why)});
    }
}

void unwritable_folder(const Config& config, Clashes& out) {
    const std::string& folder = config.capture_folder;
    if (folder.empty()) return;
    std::error_code none;
    const char* why = fs::is_directory(folder, none) ? nullptr : "it is no folder";
    if (why == nullptr) why = refuse_folder(folder);
    if (why != nullptr) out.push_back({"capture.folder", fmt::format("cannot write to {}: {}", folder, why)});
}

void unreachable_collector(const Config& config, Clashes& out) {
    using exporting::ipfix::Collector;
    if (config.ipfix_collector.empty()) return;
    if (!exporting::ipfix::is_built())
        out.push_back({"ipfix.collector",
                       "this ajar was built without IPFIX; leave it empty, or install libfixbuf "
                       "and build again"});
    const auto collector = exporting::ipfix::parse_collector(config.ipfix_collector);
    if (!collector) return out.push_back({"ipfix.collector", collector.error()});
    if (collector->kind != Collector::Kind::file) return;
    if (const auto* why = refuse_output(collector->host))
        out.push_back({"ipfix.collector", fmt::format("cannot write {}: {}", collector->host, why)});
}

void unreadable_password(const Config& config, Clashes& out) {
    if (config.share_server.empty()) return;
    if (!can_share())
        out.push_back({"share.server",
                       "this ajar was built without sharing; leave it empty, or install libhiredis and build "
                       "again"});
    if (config.share_password_file.empty()) return;
    if (const auto password = read_password(config.share_password_file); !password)
        out.push_back({"share.password_file", password.error()});
}

/// A socket may come later; the one that is there must take who connects to it again and again.
void unreachable_server(const Config& config, Clashes& out) {
    const auto server = parse_redis_server(config.share_server);
    if (!server || server->path.empty()) return;
    if (faccessat(AT_FDCWD, server->path.c_str(), W_OK, AT_EACCESS) == 0 || errno == ENOENT) return;
    const int why = errno;
    out.push_back({"share.server",
                   fmt::format("{} cannot be connected to{}{}: {}; `adduser {} redis` lets it, where that "
                               "group may",
                               server->path, config.user.empty() ? "" : " as ", config.user,
                               std::strerror(why), config.user.empty() ? "USER" : config.user)});
}

}  // namespace

const char* refuse_output(const std::string& path) {
    if (path.empty() || path == "-") return nullptr;
    std::error_code none;
    if (fs::is_directory(path, none)) return "it is a directory";
    const bool there = fs::exists(path, none);
    if (!there) return refuse_folder(folder_of(path));
    return faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0 ? nullptr : std::strerror(errno);
}

std::optional<confine::User> user_of(const Config& config) {
    const auto user = confine::find_user(config.user, config.group);
    return user ? *user : std::nullopt;
}

Clashes absent(const Config& config) {
    Clashes out;
    absent_cpus(config, out);
    absent_captures(config, out);
    unreadable_password(config, out);
    const auto user = confine::find_user(config.user, config.group);
    if (!user) out.push_back({"appliance.user", user.error()});
    const confine::AsUser as(user ? *user : std::nullopt);
    for (auto* find : {unwritable_outputs, unwritable_folder, unreachable_collector, unreachable_server})
        find(config, out);
    return out;
}

}  // namespace ajar::config
