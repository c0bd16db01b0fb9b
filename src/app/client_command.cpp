// The verbs that talk to a running appliance: their options come from the verb table.
#include <algorithm>
#include <deque>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "client/client.hpp"
#include "control/socket.hpp"
#include "control/verbs.hpp"

namespace ajar::app {
namespace {

using control::ReadBy;
using control::Takes;
using control::VerbOption;
using std::chrono::milliseconds;

/// What was given of one option.
struct Given {
    const VerbOption* option;
    std::string text{};
    bool flag = false;
};

/// What is the client's own.
struct Own {
    std::string socket;  // empty: where an appliance opens it by default
    std::string output = "table";
    Duration patience = std::chrono::seconds(15);
    Duration every{};
    bool once = false;
};

void declare(CommandLine& line, Given& given) {
    const auto& option = *given.option;
    const auto name = "--" + std::string(option.name);
    if (option.argument)
        return line.argument(option.value, given.text, option.help, option.name != "name", option.choices);
    if (option.takes == Takes::nothing) return line.flag(name, given.flag, option.help);
    if (option.takes == Takes::words)
        return line.words(name, given.text, option.value, option.choices, option.help);
    line.text(name, given.text, option.value, option.help);
}

void declare(CommandLine& line, const VerbOption& option, Own& own) {
    if (option.name == "socket") line.text("--socket", own.socket, option.value, option.help);
    if (option.name == "output") line.choice("-o,--output", own.output, option.choices, option.help);
    if (option.name == "timeout") line.duration("--timeout", own.patience, option.help);
    if (option.name == "watch") line.duration("--watch", own.every, option.help);
    if (option.name == "interval") line.duration("--interval", own.every, option.help);
    if (option.name == "once") line.flag("--once", own.once, option.help);
}

/// A day is as good as for ever to whoever waits, and poll() can count it.
milliseconds whole(Duration d) {
    return std::clamp<milliseconds>(std::chrono::duration_cast<milliseconds>(d), milliseconds(1),
                                    std::chrono::hours(24));
}

client::Form form_of(const std::string& output) {
    const auto& names = control::kOutputNames;
    return static_cast<client::Form>(std::find(names.begin(), names.end(), output) - names.begin());
}

client::Call call_of(const control::Verb& verb, const std::deque<Given>& given, const Own& own) {
    client::Call call;
    call.verb = &verb;
    call.socket = own.socket.empty() ? control::default_socket() : own.socket;
    call.form = form_of(own.output);
    call.patience = whole(own.patience);
    call.once = own.once;
    if (own.every != Duration::zero()) call.every = whole(own.every);
    for (const auto& [option, text, flag] : given) {
        if (flag) call.options.push_back({std::string(option->name), {true}});
        if (!text.empty()) call.options.push_back({std::string(option->name), {text}});
    }
    return call;
}

}  // namespace

int client_command(int argc, char** argv) {
    const auto& verb = *control::verb_named(argv[0]);
    std::deque<Given> given;
    Own own;
    if (verb.id == control::VerbId::top) own.every = std::chrono::seconds(1);
    CommandLine line(verb.name, verb.about, verb.examples);
    const auto declare_all = [&](std::span<const VerbOption> options) {
        for (const auto& option : options)
            option.read_by == ReadBy::client ? declare(line, option, own)
                                             : declare(line, given.emplace_back(Given{&option}));
    };
    declare_all(verb.options);
    if (verb.filters) declare_all(control::filter_options());
    declare_all(control::client_options());
    if (const auto code = line.parse(argc, argv)) return *code;
    return client::call(call_of(verb, given, own));
}

int explain_running(const std::string& flow, const std::string& socket, bool json) {
    client::Call call;
    call.verb = &control::verb(control::VerbId::explain);
    call.socket = socket.empty() ? control::default_socket() : socket;
    call.form = json ? client::Form::json : client::Form::table;
    call.options.push_back({"flow", {flow}});
    return client::call(call);
}

}  // namespace ajar::app
