// Starting and joining the thread of the control socket.
#include "dataplane/control_socket.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <rte_lcore.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <system_error>

#include "control/server.hpp"
#include "control/socket.hpp"
#include "dataplane/gate.hpp"
#include "put_line.hpp"

namespace ajar::dataplane {
namespace {

constexpr const char* kThreadName = "ajar-control";
/// Where it shares a CPU with a lane, the lane goes first.
constexpr int kNice = 10;

control::ServerOptions options_of(const Config& config) {
    control::ServerOptions out;
    out.clients = config.control_clients;
    out.history = config.control_history;
    out.log = [](const std::string& line) { put_line(stderr, "ajar: " + line); };
    return out;
}

}  // namespace

struct ControlSocket::Impl {
    Impl(Descriptor fd, std::string path, const Config& config, LiveBox& of)
        : box(of), server(std::move(fd), std::move(path), options_of(config), of) {}

    static void* serve(void* self) {
        const auto id = static_cast<id_t>(syscall(SYS_gettid));
        setpriority(PRIO_PROCESS, id, kNice);
        static_cast<Impl*>(self)->gate.wait();
        static_cast<Impl*>(self)->server.run();
        return nullptr;
    }

    LiveBox& box;
    control::Server server;
    Gate gate;
    pthread_t thread{};
};

std::string socket_path(const Config& config) {
    return config.control_socket == "auto" ? control::default_socket() : config.control_socket;
}

Result<std::unique_ptr<ControlSocket>> ControlSocket::open(const Config& config, LiveBox& box) {
    const auto path = socket_path(config);
    if (path.empty()) return std::unique_ptr<ControlSocket>();
    auto listening = control::listen_at(path, config.control_group);
    if (listening.taken != control::Taken::fine) {
        const bool wanted = config.control_socket != "auto" || !config.control_group.empty();
        if (wanted) return Error{listening.error};
        put_line(stderr, fmt::format("ajar: no control socket: {}", listening.error));
        return std::unique_ptr<ControlSocket>();
    }
    std::unique_ptr<Impl> impl;
    try {
        impl = std::make_unique<Impl>(std::move(listening.fd), path, config, box);
    } catch (const std::system_error& why) {
        return Error{fmt::format("no control socket: {}", why.what())};
    }
    if (const int why = rte_ctrl_thread_create(&impl->thread, kThreadName, nullptr, Impl::serve, impl.get());
        why != 0)
        return Error{fmt::format("no thread for the control socket: {}", std::strerror(-why))};
    return std::unique_ptr<ControlSocket>(new ControlSocket(std::move(impl)));
}

ControlSocket::ControlSocket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

void ControlSocket::begin() { impl_->gate.open(); }

ControlSocket::~ControlSocket() {
    impl_->box.close();
    impl_->server.stop();
    impl_->gate.open();
    pthread_join(impl_->thread, nullptr);
}

}  // namespace ajar::dataplane
