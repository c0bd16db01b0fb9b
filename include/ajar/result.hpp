// A value or the error that stands in its place: what set-up and control code returns. (std::expected is
// C++23.)
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace ajar {

/// What went wrong, where, why, and what to do next, in one text for a person.
struct Error {
    std::string text;
};

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::move(value)) {}      // NOLINT: a value is a result
    Result(Error error) : state_(std::move(error)) {}  // NOLINT: so is an error
    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }
    T& operator*() { return std::get<0>(state_); }
    const T& operator*() const { return std::get<0>(state_); }
    T* operator->() { return &std::get<0>(state_); }
    const T* operator->() const { return &std::get<0>(state_); }
    [[nodiscard]] const std::string& error() const { return std::get<1>(state_).text; }

private:
    std::variant<T, Error> state_;
};

}  // namespace ajar
