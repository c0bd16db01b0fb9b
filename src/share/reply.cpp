// hiredis' reader over our own values, so that each that it wants can be refused: more items or lists within
// lists than any answer of ours has, and what RESP3 has beside RESP2 (hiredis 1.0 reads it unasked).
#include "share/reply.hpp"

#include <hiredis/hiredis.h>

#include <utility>

namespace ajar::share {
namespace {

/// What one reply may have, and why it was refused. A refusal is a null, which the reader takes for a want of
/// memory.
struct Bounds {
    std::size_t items = Replies::kMostItems;
    const char* why = "no memory";

    void* refuse(const char* reason) {
        why = reason;
        return nullptr;
    }
};
Bounds& bounds_of(const redisReadTask* task) { return *static_cast<Bounds*>(task->privdata); }

/// The types of RESP2 are the first six, in all versions.
bool is_resp2(const redisReadTask* task) { return task->type <= REDIS_REPLY_ERROR; }
constexpr const char* kNotAsked = "a reply is RESP3, which nobody asked for";

std::size_t depth_of(const redisReadTask* task) {
    std::size_t out = 1;
    for (; task->parent != nullptr; task = task->parent) ++out;
    return out;
}

/// Where a value belongs: a place of the list that it is in, or a tree of its own.
Reply* place_of(const redisReadTask* task) {
    if (task->parent == nullptr) return new Reply;
    auto& items = static_cast<Reply*>(task->parent->obj)->items;
    return &items[static_cast<std::size_t>(task->idx)];
}

void* make_text(const redisReadTask* task, char* text, std::size_t size) {
    if (!is_resp2(task)) return bounds_of(task).refuse(kNotAsked);
    Reply* const out = place_of(task);
    out->kind = task->type == REDIS_REPLY_ERROR    ? Reply::Kind::error
                : task->type == REDIS_REPLY_STATUS ? Reply::Kind::status
                                                   : Reply::Kind::text;
    out->text.assign(text, size);
    return out;
}

template <typename Size>
void* make_list(const redisReadTask* task, Size size) {
    auto& bounds = bounds_of(task);
    const auto wanted = static_cast<std::size_t>(size);
    if (!is_resp2(task)) return bounds.refuse(kNotAsked);
    if (wanted > bounds.items) return bounds.refuse("a reply is too large");
    if (depth_of(task) > Replies::kMostDepth) return bounds.refuse("a reply has lists too deep in lists");
    bounds.items -= wanted;
    Reply* const out = place_of(task);
    out->kind = Reply::Kind::list;
    out->items.resize(wanted);
    return out;
}

void* make_integer(const redisReadTask* task, long long value) {
    Reply* const out = place_of(task);
    out->kind = Reply::Kind::integer;
    out->integer = value;
    return out;
}

void* make_nil(const redisReadTask* task) { return place_of(task); }

/// Numbers with a point and truths: RESP3's.
template <typename... Values>
void* make_nothing(const redisReadTask* task, Values...) {
    return bounds_of(task).refuse(kNotAsked);
}

/// For what nobody makes, the reader of hiredis 1.0 and later hands on its type as if it were an address.
template <typename Functions>
void refuse_others(Functions& f) {
    if constexpr (requires { f.createDouble; }) f.createDouble = make_nothing;
    if constexpr (requires { f.createBool; }) f.createBool = make_nothing;
}

/// Only ever the whole tree.
void destroy(void* tree) { delete static_cast<Reply*>(tree); }

redisReplyObjectFunctions* functions() {
    static redisReplyObjectFunctions own = [] {
        redisReplyObjectFunctions f{};
        f.createString = make_text;
        f.createArray = make_list;  // takes its size as int or size_t, by the version
        f.createInteger = make_integer;
        f.createNil = make_nil;
        f.freeObject = destroy;
        refuse_others(f);
        return f;
    }();
    return &own;
}

struct Free {
    void operator()(redisReader* reader) const { redisReaderFree(reader); }
};

}  // namespace

struct Replies::Impl {
    std::unique_ptr<redisReader, Free> reader{redisReaderCreateWithFunctions(functions())};
    Bounds bounds;          // of the reply under way
    std::size_t bytes = 0;  // fed since the last whole one
    std::string fault;
};

Replies::Replies() : impl_(std::make_unique<Impl>()) {
    if (impl_->reader) {
        impl_->reader->privdata = &impl_->bounds;
    } else {
        impl_->fault = "no memory";
    }
}
Replies::~Replies() = default;
Replies::Replies(Replies&&) noexcept = default;
Replies& Replies::operator=(Replies&&) noexcept = default;

void Replies::feed(std::string_view bytes) {
    if (!impl_->fault.empty()) return;
    impl_->bytes += bytes.size();
    if (impl_->bytes > kMostBytes) {
        impl_->fault = "a reply is too long";
    } else if (redisReaderFeed(impl_->reader.get(), bytes.data(), bytes.size()) != REDIS_OK) {
        impl_->fault = impl_->reader->errstr;
    }
}

bool Replies::next(Reply& out) {
    if (!impl_->fault.empty()) return false;
    void* tree = nullptr;
    if (redisReaderGetReply(impl_->reader.get(), &tree) != REDIS_OK) {
        impl_->fault = impl_->reader->err == REDIS_ERR_OOM ? impl_->bounds.why : impl_->reader->errstr;
        return false;
    }
    if (tree == nullptr) return false;
    const std::unique_ptr<Reply> whole(static_cast<Reply*>(tree));
    out = std::move(*whole);
    impl_->bounds = {};
    impl_->bytes = impl_->reader->len - impl_->reader->pos;
    return true;
}

const std::string& Replies::fault() const { return impl_->fault; }

void put_command(std::string& out, std::span<const std::string> words) {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const auto& word : words) {
        texts.push_back(word.data());
        sizes.push_back(word.size());
    }
    char* bytes = nullptr;
    const auto size =
        redisFormatCommandArgv(&bytes, static_cast<int>(words.size()), texts.data(), sizes.data());
    if (size <= 0) return;
    out.append(bytes, static_cast<std::size_t>(size));
    redisFreeCommand(bytes);
}

}  // namespace ajar::share
