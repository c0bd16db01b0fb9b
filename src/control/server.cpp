// The loop, and who comes and goes.
#include "control/server.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <vector>

#include "control/connection.hpp"
#include "control/journal.hpp"
#include "control/service.hpp"

namespace ajar::control {
namespace {

using Clock = Connection::Clock;

constexpr int kHousekeepingMs = 1000, kOrdersMs = 1;
constexpr auto kNoDescriptors = std::chrono::milliseconds(100);  // a pause where the process has none left
constexpr int kAcceptsARound = 64;  // who connects without end keeps nobody else waiting
constexpr std::size_t kLeastStream = std::size_t{64} << 10U, kMostStream = std::size_t{4} << 20U;

}  // namespace

struct Server::Impl {
    Impl(Descriptor listening, std::string at, const ServerOptions& wanted, Box& of)
        : fd(std::move(listening)),
          path(std::move(at)),
          file(file_at(path)),
          options(wanted),
          stream_room(std::clamp(wanted.room / wanted.clients, kLeastStream, kMostStream)),
          box(of),
          journal(wanted.log),
          service(of, post, wanted.history, outlet()) {
        box.on_news([to = post] { to->wake(); });
    }

    Service::Outlet outlet() {
        return {
            [this](const Ticket& ticket, const std::string& line, bool last) { send(ticket, line, last); },
            [this](const Ticket& ticket, const std::string& line) { return stream(ticket, line); },
            [this] { return owed < options.room; },
            [this] {
                ServerFacts out = counted;
                out.clients = clients.size();
                return out;
            }};
    }

    Connection* client(const Ticket& ticket) {
        const auto at = clients.find(ticket.client);
        return at == clients.end() ? nullptr : &at->second;
    }
    void send(const Ticket& ticket, const std::string& line, bool last) {
        auto* const to = client(ticket);
        if (to == nullptr) return;
        to->push(line);
        owed += line.size();
        if (last) to->end_answer();
    }
    bool stream(const Ticket& ticket, const std::string& line) {
        auto* const to = client(ticket);
        if (to == nullptr || to->owed() >= stream_room) return false;
        to->push(line);
        return true;
    }

    void accept_some();
    void welcome(Descriptor descriptor);
    bool make_place();
    void serve(std::uint64_t number, Connection& client);
    void take(std::uint64_t number, Connection& client, const Connection::Line& line);
    [[nodiscard]] std::vector<pollfd> wanted() const;
    [[nodiscard]] int patience(bool more) const;
    void heed(const std::vector<pollfd>& ready);
    void look_after();
    void drop(std::uint64_t number);

    Descriptor fd;
    std::string path;
    FileId file;  // as it stood there at the start
    ServerOptions options;
    std::size_t stream_room;  // of one follower
    Box& box;
    std::shared_ptr<Post> post = std::make_shared<Post>();
    std::atomic<bool> stopping{false};  // relaxed: the wake that follows is the signal
    std::map<std::uint64_t, Connection> clients;
    std::uint64_t next_client = 1;
    Clock::time_point accepts_from{};
    std::size_t owed = 0;  // to all clients, streams included, as of the latest look_after() and since
    ServerFacts counted;
    Journal journal;
    Service service;  // the last: its scans end before anything else goes
};

void Server::Impl::accept_some() {
    for (int n = 0; n < kAcceptsARound; ++n) {
        Descriptor got(accept4(fd.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (got.get() >= 0) {
            welcome(std::move(got));
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            accepts_from = Clock::now() + kNoDescriptors;
        if (errno != ECONNABORTED && errno != EINTR) return;
    }
}

void Server::Impl::welcome(Descriptor descriptor) {
    if (clients.size() < options.clients || make_place()) {
        ++counted.accepted;
        clients.try_emplace(next_client++, std::move(descriptor));
        return;
    }
    ++counted.refused;
    Connection crowded(std::move(descriptor));
    crowded.push(
        fault_line({}, {Code::busy, "too many clients; [control] max_clients says how many there may be"}));
    crowded.flush();
}

/// Who has been quiet for the longest time, and for longer than a client may take for a line, gives way.
bool Server::Impl::make_place() {
    auto since = Clock::now() - options.patience;
    std::uint64_t whose = 0;
    for (const auto& [number, client] : clients) {
        const auto quiet = client.quiet_since();
        if (!quiet || *quiet >= since || service.follows(number)) continue;
        since = *quiet;
        whose = number;
    }
    if (whose == 0) return false;
    ++counted.displaced;
    drop(whose);
    return true;
}

/// A line after the other, as long as they are answered at once.
void Server::Impl::serve(std::uint64_t number, Connection& client) {
    while (const auto line = client.next_line()) take(number, client, *line);
}

void Server::Impl::take(std::uint64_t number, Connection& client, const Connection::Line& line) {
    Ticket ticket{number, "null"};
    if (line.too_long) {
        ++counted.faults;
        client.push(fault_line(ticket, {Code::too_long, "a request has 64 KiB at the most"}));
        return client.dismiss();
    }
    if (line.text.find_first_not_of(" \t\r") == std::string::npos) return;
    ++counted.requests;
    Fault fault;
    const auto request = Request::parse(line.text, ticket.id, fault);
    if (!request) {
        ++counted.faults;
        return client.push(fault_line(ticket, fault));
    }
    if (request->changes()) journal.tell(peer_of(client.fd()), line.text, Clock::now());
    client.begin_answer();
    service.serve(*request, ticket);
}

std::vector<pollfd> Server::Impl::wanted() const {
    std::vector<pollfd> out;
    out.push_back({post->fd(), POLLIN, 0});
    out.push_back({Clock::now() >= accepts_from ? fd.get() : -1, POLLIN, 0});
    for (const auto& [number, client] : clients) {
        const int events = (client.reads() ? POLLIN : 0) | (client.writes() ? POLLOUT : 0);
        out.push_back({client.fd(), static_cast<short>(events), 0});
    }
    return out;
}

int Server::Impl::patience(bool more) const {
    if (more) return 0;
    if (service.waits()) return kOrdersMs;
    return Clock::now() < accepts_from ? static_cast<int>(kNoDescriptors.count()) : kHousekeepingMs;
}

/// `ready` has the clients in the order of the map, which has not changed since.
void Server::Impl::heed(const std::vector<pollfd>& ready) {
    std::vector<std::uint64_t> broken;
    std::size_t i = 2;
    for (auto& [number, client] : clients) {
        const auto events = ready[i++].revents;
        bool good = (events & (POLLHUP | POLLERR | POLLNVAL)) == 0 || client.reads();
        if (good && (events & (POLLIN | POLLHUP)) != 0 && client.reads()) good = client.receive();
        if (!good) broken.push_back(number);
    }
    for (const auto number : broken) drop(number);
    if (ready[0].revents != 0) post->calm();
    if (ready[1].revents != 0) accept_some();
}

/// Answers out, further requests in, and farewells.
void Server::Impl::look_after() {
    const auto now = Clock::now();
    std::vector<std::uint64_t> over;
    owed = 0;
    for (auto& [number, client] : clients) {
        serve(number, client);
        const bool good = client.flush();
        owed += client.owed();
        if (!good || client.finished(service.follows(number))) {
            over.push_back(number);
        } else if (client.late(now, options.patience)) {
            ++counted.dropped_slow;
            over.push_back(number);
        }
    }
    for (const auto number : over) drop(number);
}

void Server::Impl::drop(std::uint64_t number) {
    clients.erase(number);
    service.forget(number);
}

Server::Server(Descriptor fd, std::string path, const ServerOptions& options, Box& box)
    : impl_(std::make_unique<Impl>(std::move(fd), std::move(path), options, box)) {}

Server::~Server() {
    if (file_at(impl_->path) == impl_->file) unlink(impl_->path.c_str());
}

void Server::run() {
    Impl& s = *impl_;
    bool more = false;
    while (!s.stopping.load(std::memory_order_relaxed)) {
        auto ready = s.wanted();
        if (poll(ready.data(), ready.size(), s.patience(more)) > 0) s.heed(ready);
        s.post->work();
        more = s.service.work();
        s.look_after();
    }
}

void Server::stop() {
    impl_->stopping.store(true, std::memory_order_relaxed);
    impl_->post->wake();
}

}  // namespace ajar::control
