// JSON read by its events, so that a bound is met before memory is.
#include "control/value.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "export/text.hpp"

namespace ajar::control {
namespace {

const Value kNull;
const std::string kNoText;
const Value::List kNoList;
const Value::Object kNoObject;

/// Builds the tree; each event returns whether to go on.
class Builder : public nlohmann::json_sax<nlohmann::json> {
public:
    Builder(Value& root, ValueLimits limits) : limits_(limits), open_{&root} {}

    [[nodiscard]] const std::string& fault() const { return fault_; }

    bool null() override { return put({}); }
    bool boolean(bool v) override { return put({v}); }
    bool number_integer(std::int64_t v) override { return put({v}); }
    bool number_unsigned(std::uint64_t v) override { return put({v}); }
    bool number_float(double v, const std::string& /*text*/) override { return put({v}); }
    bool string(std::string& v) override { return put({std::move(v)}); }
    bool binary(nlohmann::json::binary_t& /*v*/) override { return false; }
    bool start_object(std::size_t /*n*/) override { return begin({Value::Object{}}); }
    bool start_array(std::size_t /*n*/) override { return begin({Value::List{}}); }
    bool key(std::string& name) override {
        name_ = std::move(name);
        return true;
    }
    bool end_object() override { return end(); }
    bool end_array() override { return end(); }
    bool parse_error(std::size_t at, const std::string& /*token*/,
                     const nlohmann::detail::exception& /*why*/) override {
        fault_ = fmt::format("no JSON from byte {} on", at);
        return false;
    }

private:
    bool refuse(std::string why) {
        fault_ = std::move(why);
        return false;
    }

    /// Where the next value goes. The first one is the root.
    Value* place() {
        Value& in = *open_.back();
        if (!begun_) return begun_ = true, &in;
        if (auto* list = std::get_if<Value::List>(&in.is)) return &list->emplace_back();
        auto& object = std::get<Value::Object>(in.is);
        return &object.emplace_back(Member{std::move(name_), {}}).value;
    }
    Value* add(Value value) {
        if (++values_ > limits_.values)
            return refuse(fmt::format("more than {} values", limits_.values)), nullptr;
        Value* const at = place();
        *at = std::move(value);
        return at;
    }
    bool put(Value value) { return add(std::move(value)) != nullptr; }
    bool begin(Value value) {
        if (++depth_ > limits_.depth)
            return refuse(fmt::format("more than {} lists and objects inside each other", limits_.depth));
        Value* const at = add(std::move(value));
        if (at != nullptr) open_.push_back(at);
        return at != nullptr;
    }
    bool end() {
        --depth_;
        open_.pop_back();
        return true;
    }

    ValueLimits limits_;
    std::vector<Value*> open_;  // what lies within the last one grows, so what lies above it stays in place
    std::string name_, fault_;
    std::size_t values_ = 0, depth_ = 0;
    bool begun_ = false;
};

void put_value(exporting::Text& out, const Value& value);

void put_list(exporting::Text& out, const Value::List& list) {
    out.push_back('[');
    for (const auto& one : list) {
        if (&one != &list.front()) out.push_back(',');
        put_value(out, one);
    }
    out.push_back(']');
}

void put_object(exporting::Text& out, const Value::Object& object) {
    out.push_back('{');
    for (const auto& one : object) {
        if (&one != &object.front()) out.push_back(',');
        exporting::put_quoted(out, one.name);
        out.push_back(':');
        put_value(out, one.value);
    }
    out.push_back('}');
}

template <typename... F>
struct Cases : F... {
    using F::operator()...;
};
template <typename... F>
Cases(F...) -> Cases<F...>;

void put_value(exporting::Text& out, const Value& value) {
    std::visit(Cases{[&](std::monostate) { exporting::put(out, "null"); },
                     [&](bool v) { exporting::put(out, v ? "true" : "false"); },
                     [&](const std::string& v) { exporting::put_quoted(out, v); },
                     [&](const Value::List& v) { put_list(out, v); },
                     [&](const Value::Object& v) { put_object(out, v); },
                     [&](auto number) { fmt::format_to(std::back_inserter(out), "{}", number); }},
               value.is);
}

template <typename T>
const T& get_or(const Value& value, const T& other) {
    const auto* const found = std::get_if<T>(&value.is);
    return found != nullptr ? *found : other;
}

}  // namespace

bool Value::flag() const { return get_or(*this, false); }
std::uint64_t Value::count() const { return get_or(*this, std::uint64_t{0}); }
double Value::real() const {
    if (const auto* v = std::get_if<std::uint64_t>(&is)) return static_cast<double>(*v);
    if (const auto* v = std::get_if<std::int64_t>(&is)) return static_cast<double>(*v);
    return get_or(*this, 0.0);
}
const std::string& Value::text() const { return get_or(*this, kNoText); }
const Value::List& Value::list() const { return get_or(*this, kNoList); }
const Value::Object& Value::members() const { return get_or(*this, kNoObject); }

const Value& Value::operator[](std::string_view name) const {
    for (const auto& member : members())
        if (member.name == name) return member.value;
    return kNull;
}

Result<Value> parse_value(std::string_view text, ValueLimits limits) {
    Value root;
    Builder builder(root, limits);
    if (nlohmann::json::sax_parse(text, &builder)) return root;
    return Error{builder.fault()};
}

std::string text_of(const Value& value) {
    exporting::Text out;
    put_value(out, value);
    return fmt::to_string(out);
}

}  // namespace ajar::control
