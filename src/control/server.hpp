// The control socket: many clients, one thread, poll().
//
//     client --- line ---> Connection --> Request --> Service --> scanner, workers, main
//     client <-- lines --- Connection <--------------- Post <------------'
//
// A client's next request is read when the one before it is answered, so nobody makes more work than he waits
// for. Who does not read what he has asked for, or does not end a line, is sent away and counted; who asks
// for nothing gives way when all places are taken. Whatever bytes come, they end as a request that the verb
// table knows, or as an error object.
//
// Lines that wait for slow clients are bounded for all of them together: beyond it no look at the tables
// begins, and followers lose lines, which they are told.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "ajar/result.hpp"
#include "control/box.hpp"
#include "control/socket.hpp"

namespace ajar::control {

struct ServerOptions {
    std::size_t clients = 64;  ///< at once
    std::size_t history = 4096;
    std::size_t room = std::size_t{64} << 20U;  ///< bytes of answers that wait to be read; of streams as many
    std::chrono::milliseconds patience = std::chrono::seconds(10);  ///< with who does not read, or write on
    std::function<void(const std::string&)> log{};  ///< takes a line about who has changed what
};

class Server {
public:
    /// `fd` listens at `path`, and the file goes with the server. `box` outlives it.
    Server(Descriptor fd, std::string path, const ServerOptions& options, Box& box);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Serves until stop(): the thread that calls it is the server's.
    void run();
    /// Any thread.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ajar::control
