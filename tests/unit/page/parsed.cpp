// A small strict parser, for tests.
#include "unit/page/parsed.hpp"

#include <array>
#include <cctype>

namespace ajar::page::test {
namespace {

class Parser {
public:
    Parser(std::string_view markup, std::string& fault) : rest_(markup), fault_(fault) {}

    bool content(Element& into) {
        while (!rest_.empty()) {
            if (rest_.starts_with("</")) return true;
            if (rest_.front() == '<' ? !element(into) : !character(into.text, "<")) return false;
        }
        return true;
    }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    bool fail(std::string what) {
        fault_ = std::move(what) + " before: " + std::string(rest_.substr(0, 80));
        return false;
    }

private:
    bool take(std::string_view wanted) {
        if (!rest_.starts_with(wanted)) return false;
        rest_.remove_prefix(wanted.size());
        return true;
    }

    std::string name() {
        std::size_t n = 0;
        while (n < rest_.size() &&
               (std::isalnum(static_cast<unsigned char>(rest_[n])) != 0 || rest_[n] == '-'))
            ++n;
        std::string out(rest_.substr(0, n));
        rest_.remove_prefix(n);
        return out;
    }

    bool character(std::string& into, std::string_view forbidden) {
        static constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
            {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}}};
        for (const auto& [entity, meaning] : kEntities)
            if (take(entity)) return into += meaning, true;
        const char c = rest_.front();
        if (c == '&' || c == '>' || forbidden.find(c) != std::string_view::npos)
            return fail("a bare character");
        rest_.remove_prefix(1);
        into += c;
        return true;
    }

    bool attribute(Element& of) {
        const auto key = name();
        if (key.empty() || !take("=\"")) return fail("no attribute");
        std::string value;
        while (!rest_.empty() && rest_.front() != '"')
            if (!character(value, "<")) return false;
        if (!take("\"")) return fail("an open attribute");
        return of.attributes.emplace(key, value).second || fail("an attribute twice");
    }

    bool raw(Element& of) {
        const auto end = rest_.find("</" + of.name);
        if (end == std::string_view::npos) return fail("no end of " + of.name);
        of.text = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return true;
    }

    bool element(Element& into) {
        rest_.remove_prefix(1);
        Element e;
        e.name = name();
        if (e.name.empty()) return fail("no element");
        while (take(" "))
            if (!attribute(e)) return false;
        if (take("/>")) return into.children.push_back(std::move(e)), true;
        if (!take(">")) return fail("an open tag of " + e.name);
        const bool is_raw = e.name == "style" || e.name == "script";
        if (!(is_raw ? raw(e) : content(e))) return false;
        if (!take("</" + e.name + ">")) return fail(e.name + " is not closed");
        into.children.push_back(std::move(e));
        return true;
    }

    std::string_view rest_;
    std::string& fault_;
};

}  // namespace

std::optional<Element> parsed(std::string_view markup, std::string& fault) {
    constexpr std::string_view kType = "<!DOCTYPE html>\n";
    if (markup.starts_with(kType)) markup.remove_prefix(kType.size());
    Parser parser(markup, fault);
    Element root;
    if (!parser.content(root)) return std::nullopt;
    if (!parser.at_end()) return parser.fail("an end without its beginning"), std::nullopt;
    return root;
}

}  // namespace ajar::page::test
