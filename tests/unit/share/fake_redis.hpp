// A server that speaks Redis' protocol and says what a test wants.
#pragma once

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "share/entries.hpp"
#include "share/reply.hpp"

namespace ajar::share {

inline std::string bulk(const std::string& text) {
    return '$' + std::to_string(text.size()) + "\r\n" + text + "\r\n";
}
inline std::string list(const std::vector<std::string>& items) {
    std::string out = '*' + std::to_string(items.size()) + "\r\n";
    for (const auto& item : items) out += item;
    return out;
}
inline std::string entry(const std::string& id, const Words& words) {
    std::vector<std::string> texts;
    for (const auto& word : words) texts.push_back(bulk(word));
    return list({bulk(id), list(texts)});
}

/// Listens on a UNIX socket of its own, in a thread of its own.
class FakeRedis {
public:
    using Command = std::vector<std::string>;
    /// Bytes; empty: it says nothing.
    using Answer = std::function<std::string(const Command&)>;

    explicit FakeRedis(Answer answer) : answer_(std::move(answer)) {
        std::string pattern = "/tmp/ajar-fake-redis.XXXXXX";
        folder_ = mkdtemp(pattern.data());
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        path().copy(at.sun_path, sizeof at.sun_path - 1);
        listening_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (bind(listening_, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 || listen(listening_, 8) != 0)
            std::abort();
        thread_ = std::thread([this] { serve(); });
    }
    ~FakeRedis() {
        stop_ = true;
        thread_.join();
        for (const auto& [fd, replies] : visitors_) close(fd);
        close(listening_);
        unlink(path().c_str());
        rmdir(folder_.c_str());
    }
    FakeRedis(const FakeRedis&) = delete;
    FakeRedis& operator=(const FakeRedis&) = delete;

    [[nodiscard]] std::string path() const { return folder_ + "/s"; }
    void answers(Answer answer) {
        const std::lock_guard held(lock_);
        answer_ = std::move(answer);
    }
    /// All of that name so far.
    [[nodiscard]] std::vector<Command> heard(const std::string& name) {
        const std::lock_guard held(lock_);
        std::vector<Command> out;
        for (const auto& command : commands_)
            if (command.front() == name) out.push_back(command);
        return out;
    }

private:
    void serve() {
        while (!stop_) {
            std::vector<pollfd> fds{{listening_, POLLIN, 0}};
            for (const auto& [fd, replies] : visitors_) fds.push_back({fd, POLLIN, 0});
            if (poll(fds.data(), fds.size(), 10) <= 0) continue;
            if (fds[0].revents != 0) visitors_.emplace(accept(listening_, nullptr, nullptr), Replies());
            for (std::size_t i = 1; i < fds.size(); ++i)
                if (fds[i].revents != 0) heed(fds[i].fd);
        }
    }
    void heed(int fd) {
        char bytes[65536];
        const auto n = recv(fd, bytes, sizeof bytes, 0);
        if (n <= 0) {
            close(fd);
            visitors_.erase(fd);
            return;
        }
        auto& commands = visitors_.at(fd);
        commands.feed({bytes, static_cast<std::size_t>(n)});
        Reply command;
        while (commands.next(command)) {
            Command words;
            for (const auto& word : command.items) words.push_back(word.text);
            const std::lock_guard held(lock_);
            commands_.push_back(words);
            const auto said = answer_(words);
            if (!said.empty()) send(fd, said.data(), said.size(), MSG_NOSIGNAL);
        }
    }

    Answer answer_;
    std::string folder_;
    int listening_ = -1;
    std::map<int, Replies> visitors_;
    std::mutex lock_;  // of answer_ and commands_
    std::vector<Command> commands_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace ajar::share
