// Is a file rotated in time and between lines, with as many old ones as wanted, and never for nothing?
#include <fcntl.h>
#include <sys/stat.h>

#include "export/line_writer.hpp"
#include "temporary_folder.hpp"

namespace ajar::exporting {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class RotationTest : public TemporaryFolder {
protected:
    std::unique_ptr<LineWriter> writer(Rotation rotation) {
        rotation.now = [this] { return now_; };
        auto writer = LineWriter::open(path_of("a"), Begin::append, always, rotation);
        EXPECT_TRUE(writer) << writer.error();
        return std::move(*writer);
    }
    static void line(LineWriter& writer, std::string_view text) {
        put(writer.text(), text);
        writer.text().push_back('\n');
        writer.committed();
        writer.flush();
    }
    void written_at(Time t) const {
        const timespec at{std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count(), 0};
        const timespec times[] = {at, at};
        ASSERT_EQ(utimensat(AT_FDCWD, path_of("a").c_str(), times, 0), 0);
    }

    Time now_ = Time(hours(24 * 19'000) + hours(23));
};

TEST_F(RotationTest, NoFileIsLongerThanItMay) {
    const auto out = writer({.bytes = 12, .keep = 2});
    for (const char* text : {"one..", "two..", "three", "four.", "five."}) line(*out, text);
    EXPECT_EQ(content_of("a"), "five.\n");
    EXPECT_EQ(content_of("a.1"), "three\nfour.\n");
    EXPECT_EQ(content_of("a.2"), "one..\ntwo..\n");
    for (const char* text : {"six..", "seven"}) line(*out, text);
    EXPECT_EQ(content_of("a.2"), "three\nfour.\n");
    EXPECT_FALSE(exists("a.3"));
    EXPECT_EQ(out->written(), 7U);
}

TEST_F(RotationTest, ManyLinesAtOnceAreSharedOut) {
    const auto out = writer({.bytes = 12, .keep = 9});
    for (const char* text : {"one..\n", "two..\n", "three\n", "a long line of its own\n", "five.\n"}) {
        put(out->text(), text);
        out->committed();
    }
    out->flush();
    EXPECT_EQ(content_of("a.3"), "one..\ntwo..\n");
    EXPECT_EQ(content_of("a.2"), "three\n");
    EXPECT_EQ(content_of("a.1"), "a long line of its own\n");
    EXPECT_EQ(content_of("a"), "five.\n");
    EXPECT_EQ(out->written(), 5U);
}

TEST_F(RotationTest, ALineLongerThanAFileHasOneOfItsOwn) {
    const auto out = writer({.bytes = 4, .keep = 3});
    line(*out, "a long line");
    line(*out, "b");
    EXPECT_EQ(content_of("a.1"), "a long line\n");
    EXPECT_EQ(content_of("a"), "b\n");
    EXPECT_FALSE(exists("a.2"));
}

TEST_F(RotationTest, WhatAFormerRunLeftCounts) {
    line(*writer({}), "12345");
    line(*writer({.bytes = 8}), "6789");
    EXPECT_EQ(content_of("a.1"), "12345\n");
}

TEST_F(RotationTest, MidnightComesByItselfAndOnlyOnce) {
    const auto out = writer({.every = hours(24), .keep = 3});
    line(*out, "before");
    now_ += minutes(59);
    line(*out, "still");
    now_ += minutes(1);
    out->flush();  // nothing new: the old file is ready all the same
    EXPECT_EQ(content_of("a.1"), "before\nstill\n");
    EXPECT_EQ(content_of("a"), "");
    now_ += hours(48);
    out->flush();
    EXPECT_FALSE(exists("a.2"));  // an empty file is no day's
    line(*out, "after");
    EXPECT_EQ(content_of("a"), "after\n");
    EXPECT_FALSE(exists("a.2"));
}

TEST_F(RotationTest, ARestartAfterMidnightRotatesWhatIsOfYesterday) {
    line(*writer({.every = hours(24)}), "yesterday");
    written_at(now_);
    now_ += hours(2);
    line(*writer({.every = hours(24)}), "today");
    EXPECT_EQ(content_of("a.1"), "yesterday\n");
    written_at(now_);
    now_ += hours(2);
    line(*writer({.every = hours(24)}), "too");
    EXPECT_EQ(content_of("a"), "today\ntoo\n");
}

TEST_F(RotationTest, WhereItCannotBeDoneTheFileGrowsOnAndThatIsSaidOnce) {
    std::filesystem::create_directory(path_of("a.1"));
    const auto out = writer({.bytes = 4});
    testing::internal::CaptureStderr();
    for (const char* text : {"one", "two", "three"}) line(*out, text);
    EXPECT_EQ(testing::internal::GetCapturedStderr(),
              "ajar: cannot rotate " + path_of("a") + ": Is a directory; it goes on growing\n");
    EXPECT_EQ(content_of("a"), "one\ntwo\nthree\n");
    std::filesystem::remove(path_of("a.1"));
    ASSERT_TRUE(out->reopen());
    line(*out, "four");
    EXPECT_EQ(content_of("a.1"), "one\ntwo\nthree\n");
}

TEST_F(RotationTest, WhatIsNoFileIsLeftAlone) {
    ASSERT_EQ(mkfifo(path_of("a").c_str(), 0600), 0);
    const int reader = ::open(path_of("a").c_str(), O_RDONLY | O_NONBLOCK);
    {
        const auto out = writer({.bytes = 4, .every = minutes(1)});
        for (const char* text : {"one", "two", "three"}) {
            line(*out, text);
            now_ += minutes(2);
        }
    }
    ::close(reader);
    EXPECT_FALSE(exists("a.1"));
}

}  // namespace
}  // namespace ajar::exporting
