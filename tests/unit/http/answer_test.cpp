// Is any request answered, as HTTP has it, and nothing more than was asked for?
#include "http/answer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace ajar::http {
namespace {

Routes example_routes() {
    return {{"/metrics",
             [](const Request& r) {
                 return Reply{200, "text/x; charset=utf-8", "for " + r.accept};
             }},
            {"/long",
             [](const Request&) {
                 return Reply{200, "application/octet-stream", std::string(50000, 'x')};
             }},
            {"/broken", [](const Request&) -> Reply { throw std::runtime_error("a secret"); }}};
}

std::string ask(const std::string& request, bool local = true) {
    return Answerer(example_routes(), local).answer(request).text;
}
std::string get(const std::string& path, const std::string& headers = "Host: localhost:9293\r\n") {
    return ask("GET " + path + " HTTP/1.1\r\n" + headers + "\r\n");
}
std::string status_of(const std::string& answer) { return answer.substr(0, answer.find('\r')); }
std::string body_of(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }
bool has(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

TEST(Answer, GivesWhatTheRouteGives) {
    const auto answer = get("/metrics", "Host: localhost\r\nAccept: a/b;q=1, */*\r\n");
    EXPECT_EQ(status_of(answer), "HTTP/1.1 200 OK");
    EXPECT_TRUE(has(answer, "Content-Type: text/x; charset=utf-8\r\n"));
    EXPECT_TRUE(has(answer, "Connection: close\r\n"));
    EXPECT_TRUE(has(answer, "Content-Length: 16\r\n"));
    EXPECT_EQ(body_of(answer), "for a/b;q=1, */*");
    EXPECT_EQ(body_of(get("/metrics?name=x", "")), "for ");
}

TEST(Answer, HeadHasNoBody) {
    const auto answer = ask("HEAD /long HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_TRUE(has(answer, "Content-Length: 50000\r\n"));
    EXPECT_EQ(body_of(answer), "");
}

TEST(Answer, NothingCanBeChanged) {
    for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
        const auto answer = ask(std::string(method) + " /metrics HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
        EXPECT_EQ(status_of(answer), "HTTP/1.1 405 Method Not Allowed") << method;
        EXPECT_TRUE(has(answer, "Allow: GET, HEAD\r\n"));
    }
}

TEST(Answer, AnUnknownPathSaysWhichThereAre) {
    const auto answer = get("/nothing");
    EXPECT_EQ(status_of(answer), "HTTP/1.1 404 Not Found");
    EXPECT_TRUE(has(body_of(answer), "/metrics\n"));
    EXPECT_EQ(status_of(get("/../metrics")), "HTTP/1.1 404 Not Found");
}

// A page of another site, whose name resolves to 127.0.0.1, gets nothing.
TEST(Answer, OnlyWhoAsksForThisMachineGetsAnything) {
    for (const char* here : {"localhost", "localhost:9293", "127.0.0.1:9293", "[::1]:9293", "[::1]"})
        EXPECT_EQ(status_of(get("/metrics", std::string("Host: ") + here + "\r\n")), "HTTP/1.1 200 OK")
            << here;
    for (const char* elsewhere :
         {"evil.example", "evil.example:9293", "localhost.evil.example", "127.0.0.1.x"})
        EXPECT_TRUE(get("/metrics", std::string("Host: ") + elsewhere + "\r\n").starts_with("HTTP/1.1 421 "))
            << elsewhere;
    EXPECT_EQ(status_of(ask("GET /metrics HTTP/1.1\r\nHost: box.example\r\n\r\n", false)), "HTTP/1.1 200 OK");
}

TEST(Answer, ManyRangesGiveOneBody) {
    std::string ranges = "bytes=0-";
    for (int i = 0; i < 1500; ++i) ranges += ",0-";
    EXPECT_LT(get("/long", "Host: localhost\r\nRange: " + ranges + "\r\n").size(), 52000U);
    EXPECT_LT(get("/long", "Host: localhost\r\nRange: bytes=0-1,5-9\r\n").size(), 52000U);
}

TEST(Answer, ARouteThatFailsTellsNoSecrets) {
    const auto answer = get("/broken");
    EXPECT_EQ(status_of(answer), "HTTP/1.1 500 Internal Server Error");
    EXPECT_FALSE(has(answer, "secret"));
}

TEST(Answer, NonsenseIsABadRequest) {
    for (const char* bad :
         {"GET\r\n\r\n", "\r\n\r\n", "GET /metrics HTTP/9.9\r\n\r\n", "NICE /x HTTP/1.1\r\n\r\n",
          "GET /metrics HTTP/1.1\n\n", "GET /metrics HTTP/1.1\r\nHost: localh"})
        EXPECT_EQ(status_of(ask(bad)), "HTTP/1.1 400 Bad Request") << bad;
    EXPECT_EQ(ask(""), "");
    EXPECT_TRUE(ask("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 414 "));
}

// Ten thousand of them: answered, or nothing, within bounds.
TEST(Answer, HostileBytesEndAsAnswers) {
    const std::vector<std::string> seeds = {
        "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: application/openmetrics-text\r\n\r\n",
        "HEAD /long HTTP/1.0\r\nRange: bytes=1-2,3-4\r\nAccept-Encoding: gzip, br\r\n\r\n",
        "POST /metrics HTTP/1.1\r\nContent-Length: 18446744073709551615\r\nExpect: 100-continue\r\n\r\n",
        "PUT /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"};
    const std::vector<std::string> pieces = {"%00",
                                             "%",
                                             "\r\n",
                                             std::string(1, '\0'),
                                             "\xff\xfe",
                                             ":",
                                             "/../",
                                             "HTTP/",
                                             " ",
                                             std::string(2000, 'a'),
                                             "9999999999999999999",
                                             ",0-"};
    const Answerer answerer(example_routes(), true);
    std::mt19937 random(5);
    for (int n = 0; n < 10000; ++n) {
        std::string request = seeds[random() % seeds.size()];
        for (auto changes = random() % 6; changes > 0; --changes) {
            const auto at = random() % (request.size() + 1);
            const auto& piece = pieces[random() % pieces.size()];
            if (random() % 2 == 0)
                request.insert(at, piece);
            else
                request.erase(at, random() % 9);
        }
        const auto answer = answerer.answer(request).text;
        EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 ")) << request;
        EXPECT_LT(answer.size(), 60000U) << request;
    }
}

}  // namespace
}  // namespace ajar::http
