// Can any line crash the reading of requests, or be answered by something that is no line of JSON?
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "control/answer.hpp"
#include "control/blocks.hpp"
#include "control/filter.hpp"
#include "control/flow_name.hpp"
#include "control/follower.hpp"
#include "control/request.hpp"
#include "control/scan.hpp"
#include "control/value.hpp"

namespace {

using namespace ajar::control;

void require(bool holds) {
    if (!holds) std::abort();
}

/// One line, JSON, printable.
void require_line(const std::string& line) {
    require(line.find('\n') == line.size() - 1 && parse_value(line, {16, 10'000}).ok());
    for (const char c : line) require(c == '\n' || (c >= 0x20 && c < 0x7f));
}

/// What serving it would look at.
void compile(const Request& request) {
    static_cast<void>(Filter::of(request));
    static_cast<void>(FlowName::parse(request.text("flow")));
    if (request.verb().id == VerbId::events) static_cast<void>(Follower::of(request));
    if (const auto cursor = Cursor::parse(request.text("cursor")))
        require(Cursor::parse(cursor->text()).has_value());
    Blocks blocks;
    if (blocks.add(request.text("prefix"), std::nullopt))
        require_line(answer_line({}, ",\"all\":" + blocks.json()));
    for (const auto& option : request.verb().options) {
        static_cast<void>(request.count("limit", 0));
        if (option.takes == Takes::duration && option.read_by == ReadBy::server)
            static_cast<void>(request.duration(option.name));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto line = text.substr(0, text.find('\n'));
    std::string id;
    Fault fault;
    const auto request = Request::parse(line, id, fault);
    if (request) {
        compile(*request);
        require_line(answer_line({1, id}, ""));
    } else {
        require(!fault.text.empty());
        require_line(fault_line({1, id}, fault));
    }
    return 0;
}
