// Starting and joining the threads of the HTTP server.
#include "dataplane/web.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <rte_lcore.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "config/listen.hpp"
#include "dataplane/gate.hpp"
#include "http/listen.hpp"
#include "live/live.hpp"
#include "metrics/route.hpp"
#include "put_line.hpp"

namespace ajar::dataplane {
namespace {

/// Where they share a CPU with a lane, the lane goes first.
constexpr int kWebNice = 10;

std::string host_name() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 && name[0] != 0 ? name.data() : "Ajar";
}

bool is_local(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

}  // namespace

struct Web::Impl {
    Impl(Descriptor fd, const http::Options& options, metrics::Sampler& of, const control::Box& box,
         const live::Notes& notes)
        : sampler(of), live(sampler, box, notes, host_name()), http(std::move(fd), options) {
        metrics::serve(http, sampler);
        live::serve(http, live);
    }

    // Its helpers inherit CPUs and niceness.
    static void* serve(void* self) {
        setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kWebNice);
        static_cast<Impl*>(self)->gate.wait();
        static_cast<Impl*>(self)->http.run();
        return nullptr;
    }

    metrics::Sampler& sampler;
    live::Live live;
    http::Http http;
    Gate gate;
    pthread_t thread{};
};

Result<std::unique_ptr<Web>> Web::open(const Config& config, metrics::Sampler& sampler,
                                       const control::Box& box, live::Notes& notes) {
    if (config.http_listen.empty()) return std::unique_ptr<Web>();
    const bool any = config.http_listen == "auto";
    const auto at = config::parse_listen(any ? config::kDefaultListen : config.http_listen);
    auto listening = http::listen_at(*at);  // the option table lets nothing else pass
    if (!listening.error.empty()) {
        if (!any) return Error{listening.error};
        put_line(stderr, fmt::format("ajar: no HTTP server: {}", listening.error));
        return std::unique_ptr<Web>();
    }
    http::Options options;
    options.local = is_local(at->address);
    auto impl = std::make_unique<Impl>(std::move(listening.fd), options, sampler, box, notes);
    notes.open();
    if (const int why = rte_ctrl_thread_create(&impl->thread, "ajar-http", nullptr, Impl::serve, impl.get());
        why != 0)
        return Error{fmt::format("no thread for the HTTP server: {}", std::strerror(-why))};
    return std::unique_ptr<Web>(new Web(std::move(impl)));
}

Web::Web(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

void Web::begin() { impl_->gate.open(); }

Web::~Web() {
    impl_->sampler.stop();
    impl_->http.stop();
    impl_->gate.open();
    pthread_join(impl_->thread, nullptr);
}

}  // namespace ajar::dataplane
