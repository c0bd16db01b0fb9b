// Which lines are parsed, and what is said of those that are broken.
#include "explain/search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "explain/lines.hpp"
#include "explain/read_incident.hpp"
#include "export/human.hpp"

namespace ajar::explain {
namespace {

/// A file of which not one of so many lines is an event is none of events, nor is one that begins with a line
/// that never ends.
constexpr std::uint64_t kTrials = 100;

std::string_view trimmed(std::string_view line) {
    constexpr std::string_view kBlanks = " \t\r";
    const auto begin = line.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    return line.substr(begin, line.find_last_not_of(kBlanks) - begin + 1);
}

bool is_known(const std::vector<Incident>& all, const Incident& one) {
    return std::any_of(all.begin(), all.end(), [&](const Incident& i) { return i.uid == one.uid; });
}

/// One file, line after line.
class Scan {
public:
    Scan(std::string name, const Wanted& wanted, Found& found)
        : name_(std::move(name)), wanted_(wanted), found_(found) {}

    /// False: there is no point in going on.
    bool take(const Line& line) {
        ++number_;
        const std::string_view text = trimmed(line.text);
        if (text.empty()) return true;
        ++lines_;
        line.too_long ? note_broken("longer than any event") : read(text, line.whole);
        return events_ != 0 || (lines_ < kTrials && !line.too_long);
    }

    /// What keeps the file from being one of events; else what is odd about it becomes a warning.
    std::string finish() {
        if (lines_ == 0) return fmt::format("{} is empty: nothing has been told yet", name_);
        if (events_ == 0)
            return fmt::format(
                "{}:{}: {}; this is no file of events: `ajar replay CAPTURE --events FILE` writes one", name_,
                broken_at_, broken_);
        found_.lines += lines_;
        if (broken_lines_ != 0)
            found_.warnings.push_back(fmt::format("{}:{}: {}; left out{}", name_, broken_at_, broken_,
                                                  broken_lines_ == 1 ? "" : and_others()));
        if (cut_off_)
            found_.warnings.push_back(
                fmt::format("{}:{}: the last line is cut off (is the file still being written?); left out",
                            name_, number_));
        return {};
    }

private:
    [[nodiscard]] std::string and_others() const {
        return fmt::format(", and so {}",
                           exporting::counted(broken_lines_ - 1, "other line is", "other lines are"));
    }

    void note_broken(std::string what) {
        if (broken_lines_++ != 0) return;
        broken_ = std::move(what);
        broken_at_ = number_;
    }

    /// Most lines of a file are about others: of those it is enough that they look like an object.
    void read(std::string_view text, bool whole) {
        const bool looks_good = text.front() == '{' && text.back() == '}';
        if (looks_good && events_ != 0 && !wanted_.may_be_in(text)) return;
        auto incident = read_incident(text);
        if (incident) return keep(std::move(*incident));
        if (whole)
            note_broken(incident.error());
        else
            cut_off_ = true;
        if (!whole && events_ == 0) note_broken(incident.error());
    }

    void keep(std::optional<Incident> incident) {
        ++events_;
        if (!incident) return;
        if (wanted_.is(*incident))
            found_.kept.take(std::move(*incident));
        else if (wanted_.is_near(*incident) && found_.near.size() < Found::kNear &&
                 !is_known(found_.near, *incident))
            found_.near.push_back(std::move(*incident));
    }

    std::string name_;
    const Wanted& wanted_;
    Found& found_;
    std::uint64_t number_ = 0, lines_ = 0, events_ = 0;  // events_: lines that were read as one
    std::uint64_t broken_lines_ = 0, broken_at_ = 0;     // broken_at_: the first
    std::string broken_;
    bool cut_off_ = false;
};

/// The fault, or nothing.
std::string scan(std::FILE* stream, const std::string& name, const Wanted& wanted, Found& found) {
    Scan file(name, wanted, found);
    Lines lines(stream);
    while (const auto line = lines.next())
        if (!file.take(*line)) break;
    if (std::ferror(stream) != 0) return fmt::format("cannot read {}: {}", name, std::strerror(errno));
    return file.finish();
}

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

std::string scan_file(const std::string& path, const Wanted& wanted, Found& found) {
    if (path == "-") return scan(stdin, "standard input", wanted, found);
    const File file(std::fopen(path.c_str(), "re"));
    if (!file) return fmt::format("cannot read {}: {}", path, std::strerror(errno));
    return scan(file.get(), path, wanted, found);
}

}  // namespace

Result<Found> search(std::span<const std::string> files, const Wanted& wanted) {
    Found found;
    for (const auto& path : files)
        if (auto fault = scan_file(path, wanted, found); !fault.empty()) return Error{std::move(fault)};
    found.kept.finish();
    return found;
}

Result<Found> search_text(std::string_view text, const std::string& name, const Wanted& wanted) {
    Found found;
    if (text.empty()) return Error{Scan(name, wanted, found).finish()};
    std::string own(text);  // fmemopen() takes what it could write to
    const File stream(fmemopen(own.data(), own.size(), "r"));
    if (auto fault = scan(stream.get(), name, wanted, found); !fault.empty()) return Error{std::move(fault)};
    found.kept.finish();
    return found;
}

}  // namespace ajar::explain
