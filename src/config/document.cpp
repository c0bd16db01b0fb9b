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
            return "an array of something other than texts and numbers";
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
    if (array == nullptr) return Foreign{kind_of(node)};
    std::vector<std::string> texts;
    for (const auto& element : *array) {
        if (const auto* text = element.as_string()) {
            texts.push_back(text->get());
        } else if (const auto* number = element.as_integer()) {
            texts.push_back(fmt::format("{}", number->get()));
        } else {
            return Foreign{kind_of(node)};
        }
    }
    return texts;
}

Setting setting_of(std::string_view section, const toml::key& key, const toml::node& node) {
    return {std::string(section), std::string(key.str()), value_of(node), place_of(key.source()),
            place_of(node.source())};
}

void append_table(std::string_view section, const toml::table& table, std::vector<Setting>& out) {
    for (const auto& [key, node] : table) out.push_back(setting_of(section, key, node));
}

void append_blocks(std::string_view name, const toml::array& blocks, std::vector<Block>& out) {
    for (const auto& block : blocks) {
        out.push_back({place_of(block.source()), {}});
        append_table(name, *block.as_table(), out.back().settings);
    }
}

Document flatten(const toml::table& root) {
    Document out;
    for (const auto& [key, node] : root) {
        const auto* array = node.as_array();
        const bool blocks = array != nullptr && array->is_array_of_tables();
        if (blocks && key.str() == "ports")
            append_blocks("ports", *array, out.ports);
        else if (blocks && key.str() == "services")
            append_blocks("services", *array, out.services);
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
