// Markup read back, strictly: each element closed by its own name, attributes quoted and said once, entities
// known.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ajar::page::test {

struct Element {
    std::string name;
    std::map<std::string, std::string> attributes;  ///< unescaped
    std::string text;                               ///< of its own, unescaped
    std::vector<Element> children;

    /// Of all below and itself.
    template <typename Visit>
    void each(Visit&& visit) const {
        visit(*this);
        for (const Element& child : children) child.each(visit);
    }
    [[nodiscard]] std::vector<const Element*> all(std::string_view wanted) const {
        std::vector<const Element*> out;
        each([&](const Element& e) {
            if (e.name == wanted) out.push_back(&e);
        });
        return out;
    }
    [[nodiscard]] std::string attribute(const std::string& wanted) const {
        const auto at = attributes.find(wanted);
        return at == attributes.end() ? std::string() : at->second;
    }
    [[nodiscard]] double number(const std::string& wanted) const { return std::stod(attribute(wanted)); }
};

/// A root without a name around all of it; nothing where it is not well formed, and `fault` says why. What
/// stands in <style> and <script> is taken as it is.
std::optional<Element> parsed(std::string_view markup, std::string& fault);

}  // namespace ajar::page::test
