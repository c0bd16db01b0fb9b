// TOML to a Document: the only place that knows toml++.
#define TOML_EXCEPTIONS 1
#include <fmt/format.h>
#include <toml++/toml.h>

#include "config/document.hpp"

#include "config/bare_text.hpp"

namespace ajar::config {
namespace {

Place place_of(const toml::source_region& region) { return {region.begin.line, region.begin.column}; }

std::string_view kind_of(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "an array of something other than strings";
        case toml::node_type::date:
        case toml::node_type::time:
        case toml::node_type::date_time:
            return "a date or time";
        default:
            return "something else";
    }
}

Value value_of(const toml::node& node) {
    if (const auto* v = node.as_boolean()) return v->get();
    if (const auto* v = node.as_integer()) return v->get();
    if (const auto* v = node.as_floating_point()) return v->get();
    if (const auto* v = node.as_string()) return v->get();
    const auto* array = node.as_array();
    if (array == nullptr || !(array->empty() || array->is_homogeneous<std::string>()))
        return Foreign{kind_of(node)};
    std::vector<std::string> texts;
    for (const auto& element : *array) texts.push_back(element.as_string()->get());
    return texts;
}

Setting setting_of(std::string_view section, const toml::key& key, const toml::node& node) {
    return {std::string(section), std::string(key.str()), value_of(node), place_of(key.source()),
            place_of(node.source())};
}

void append_table(std::string_view section, const toml::table& table, std::vector<Setting>& out) {
    for (const auto& [key, node] : table) out.push_back(setting_of(section, key, node));
}

void append_ports(const toml::array& blocks, std::vector<PortsBlock>& out) {
    for (const auto& block : blocks) {
        out.push_back({place_of(block.source()), {}});
        append_table("ports", *block.as_table(), out.back().settings);
    }
}

Document flatten(const toml::table& root) {
    Document out;
    for (const auto& [key, node] : root) {
        const auto* array = node.as_array();
        if (key.str() == "ports" && array != nullptr && array->is_array_of_tables())
            append_ports(*array, out.ports);
        else if (const auto* table = node.as_table())
            append_table(key.str(), *table, out.settings);
        else
            out.settings.push_back(setting_of("", key, node));
    }
    return out;
}

}  // namespace

Result<Document> parse_document(std::string_view text, std::string_view name) try {
    if (const auto at = bare_foreign_text(text))
        return Error{fmt::format("{}:{}:{}: only quoted text and comments may hold letters beyond ASCII",
                                 name, at->line, at->column)};
    return flatten(toml::parse(text, name));
} catch (const toml::parse_error& error) {
    const auto at = place_of(error.source());
    return Error{fmt::format("{}:{}:{}: {}", name, at.line, at.column, error.description())};
}

}  // namespace ajar::config
