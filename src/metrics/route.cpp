// What a scrape gets.
#include "metrics/route.hpp"

#include "metrics/text.hpp"

namespace ajar::metrics {
namespace {

http::Reply reply(const http::Request& request, Sampler& sampler) {
    const auto view = sampler.look();
    if (!view) return {503, "text/plain; charset=utf-8", "The appliance is busy; try again.\n"};
    const auto families = families_of(*view);
    if (takes_open(request.accept)) return {200, std::string(kOpenType), open_text(families)};
    return {200, std::string(kPlainType), plain_text(families)};
}

}  // namespace

void serve(http::Http& http, Sampler& sampler) {
    sampler.watch([&http] { return http.facts(); });
    http.get("/metrics", [&sampler](const http::Request& request) { return reply(request, sampler); });
}

}  // namespace ajar::metrics
