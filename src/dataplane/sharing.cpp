// Starting and joining the courier's thread.
#include "dataplane/sharing.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <rte_lcore.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "config/redis_server.hpp"
#include "dataplane/gate.hpp"
#include "share/courier.hpp"

namespace ajar::dataplane {
namespace {

/// Where it shares a CPU with a lane, the lane goes first.
constexpr int kCourierNice = 10;

Result<std::uint64_t> draw_run() {
    std::uint64_t out = 0;
    if (getrandom(&out, sizeof out, 0) == ssize_t{sizeof out}) return out;
    return Error{fmt::format("no random number: {}", std::strerror(errno))};
}

}  // namespace

struct Sharing::Impl {
    explicit Impl(share::Options options) : courier(std::move(options), desk) {}

    static void* run(void* self) {
        setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kCourierNice);
        static_cast<Impl*>(self)->gate.wait();
        static_cast<Impl*>(self)->courier.run();
        return nullptr;
    }

    share::Desk desk;
    share::Courier courier;
    Gate gate;
    pthread_t thread{};
    bool started = false;
};

share::Wishes wishes_of(const Config& config) {
    return {config.share_events, config.share_sums, config.share_blocks, config.share_keep};
}

Result<std::unique_ptr<Sharing>> Sharing::open(const Config& config) {
    if (config.share_server.empty()) return std::unique_ptr<Sharing>();
    auto server = config::parse_redis_server(config.share_server);
    if (!server) return Error{"[share] server: " + config.share_server + " is none"};
    share::Options options{config.share_server, std::move(*server),
                           config.share_user,   {},
                           config.share_prefix, {config::box_name(config.share_name), 0}};
    if (!config.share_password_file.empty()) {
        auto password = config::read_password(config.share_password_file);
        if (!password) return Error{"[share] password_file: " + password.error()};
        options.password = std::move(*password);
    }
    const auto run = draw_run();
    if (!run) return Error{run.error()};
    options.box.run = *run;
    auto impl = std::make_unique<Impl>(std::move(options));
    share::Own own;
    own.wishes = wishes_of(config);
    impl->desk.put(std::move(own));
    return std::unique_ptr<Sharing>(new Sharing(std::move(impl)));
}

Result<bool> Sharing::start() {
    const int why = rte_ctrl_thread_create(&impl_->thread, "ajar-share", nullptr, Impl::run, impl_.get());
    if (why != 0) return Error{fmt::format("no thread for sharing: {}", std::strerror(-why))};
    return impl_->started = true;
}

void Sharing::begin() { impl_->gate.open(); }

share::Desk& Sharing::desk() { return impl_->desk; }

Sharing::Sharing(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Sharing::~Sharing() {
    impl_->desk.stop();
    impl_->gate.open();
    if (impl_->started) pthread_join(impl_->thread, nullptr);
}

}  // namespace ajar::dataplane
