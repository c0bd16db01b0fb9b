// Which lines were written, and which were lost.
#include "export/line_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace ajar::exporting {
namespace {

std::uint64_t lines_of(std::string_view bytes) {
    return static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
}

const char* reason_for(int error) {
    if (error == EAGAIN) return "its reader does not keep up";
    if (error == ENXIO) return "nobody reads it";
    return std::strerror(error);
}

}  // namespace

Result<std::unique_ptr<LineWriter>> LineWriter::open(const std::string& target, Begin begin,
                                                     Patience patience, Rotation rotation) {
    const auto where = parse_target(target);
    if (!where) return Error{fmt::format("cannot write {}: {}", target, where.error())};
    auto outlet = open_outlet(*where, begin, std::move(patience), std::move(rotation));
    if (!outlet) return Error{outlet.error()};
    return std::unique_ptr<LineWriter>(new LineWriter(std::move(*outlet)));
}

LineWriter::~LineWriter() { flush(); }

void LineWriter::flush() {
    const std::string_view bytes(buffer_.data(), buffer_.size());
    std::string_view rest = bytes;
    const int error = outlet_->write(rest);
    const auto whole = error == 0 ? pending_ : lines_of(bytes.substr(0, bytes.size() - rest.size()));
    const auto gone = outlet_->take_lost();  // perhaps of an earlier flush
    written_ += whole;
    written_ -= gone;
    if (gone != 0) lose(gone, error == 0 ? EMSGSIZE : error);
    if (whole != pending_) lose(pending_ - whole, error);
    buffer_.clear();
    pending_ = 0;
}

void LineWriter::lose(std::uint64_t lines, int error) {
    lost_ += lines;
    if (told_) return;
    told_ = true;
    const auto text = fmt::format("ajar: cannot write to {}: {}; lines are lost and counted from here on\n",
                                  outlet_->name(), reason_for(error));
    std::fputs(text.c_str(), stderr);  // fmt::print() would throw where that is on the same full disk
}

Result<bool> LineWriter::reopen() {
    flush();
    auto taken = outlet_->reopen();
    if (taken) told_ = false;
    return taken;
}

}  // namespace ajar::exporting
