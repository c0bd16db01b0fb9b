// In a build without hiredis.
#include "share/reply.hpp"

namespace ajar::share {

struct Replies::Impl {
    std::string fault = "built without hiredis";
};

Replies::Replies() : impl_(std::make_unique<Impl>()) {}
Replies::~Replies() = default;
Replies::Replies(Replies&&) noexcept = default;
Replies& Replies::operator=(Replies&&) noexcept = default;
void Replies::feed(std::string_view) {}
bool Replies::next(Reply&) { return false; }
const std::string& Replies::fault() const { return impl_->fault; }
void put_command(std::string&, std::span<const std::string>) {}
}  // namespace ajar::share
