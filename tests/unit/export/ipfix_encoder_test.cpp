// Do messages follow RFC 7011 and 5103, as a reader sees who knows nothing else?
#include <gtest/gtest.h>

#include "events.hpp"
#include "export/ipfix/encoder.hpp"
#include "ipfix_message.hpp"

namespace ajar::exporting::ipfix {
namespace {

constexpr Time kEncoded = Time(std::chrono::seconds(1'700'000'100));

class IpfixEncoder : public testing::Test {
protected:
    void SetUp() override {
        if (!is_built()) GTEST_SKIP() << "built without libfixbuf";
        auto made = Encoder::make(42, 1400, [this](std::span<const std::uint8_t> m, std::uint32_t flows) {
            EXPECT_LE(m.size(), 1400U);
            messages_.push_back(reader_.read(m));
            EXPECT_EQ(messages_.back().data.size(), flows);
        });
        ASSERT_TRUE(made) << made.error();
        encoder_ = std::move(*made);
    }
    static Flow flow(Family family = Family::ipv4) {
        Flow f;
        f.family = family;
        f.address = {v4(10, 0, 0, 1), v4(192, 0, 2, 7)};
        f.port = {40000, 80};
        f.first_ms = 1'700'000'000'123;
        f.last_ms = 1'700'000'060'456;
        f.id = 0xfedcba9876543210ULL;
        f.bytes = {0x123456789abcULL, 4321};
        f.packets = {7, 0xfedcba98U};
        f.control_bits = {0x13, 0x12};
        f.service_class = {0x10, 0x20};
        f.interface = {1, 2};
        f.vlan = 4094;
        f.end = EndReason::end_of_flow;
        return f;
    }

    Reader reader_;
    std::vector<Message> messages_;
    std::unique_ptr<Encoder> encoder_;
};

TEST_F(IpfixEncoder, EachFieldStandsUnderItsNumber) {
    encoder_->templates(kEncoded);
    encoder_->add(flow(), kEncoded);
    EXPECT_EQ(encoder_->waiting(), 1U);
    encoder_->flush();
    ASSERT_EQ(messages_.size(), 2U);
    EXPECT_EQ(messages_[0].templates, 2U);
    EXPECT_EQ(messages_[0].sequence, 0U);
    const Message& m = messages_[1];
    EXPECT_EQ(m.export_time, 1'700'000'100U);
    EXPECT_EQ(m.domain, 42U);
    EXPECT_EQ(m.sequence, 0U);
    ASSERT_EQ(m.data.size(), 1U);
    const Data& d = m.data[0];
    EXPECT_EQ(d.fields.size(), 21U);
    EXPECT_EQ(d.number(152), 1'700'000'000'123U);  // flowStartMilliseconds
    EXPECT_EQ(d.number(153), 1'700'000'060'456U);  // flowEndMilliseconds
    EXPECT_EQ(d.number(148), 0xfedcba9876543210U);
    EXPECT_EQ(d.bytes(8), (Bytes{10, 0, 0, 1}));
    EXPECT_EQ(d.bytes(12), (Bytes{192, 0, 2, 7}));
    EXPECT_EQ(d.number(7), 40000U);
    EXPECT_EQ(d.number(11), 80U);
    EXPECT_EQ(d.number(4), 6U);
    EXPECT_EQ(d.number(1), 0x123456789abcU);
    EXPECT_EQ(d.number(1, kReverse), 4321U);
    EXPECT_EQ(d.number(2), 7U);
    EXPECT_EQ(d.number(2, kReverse), 0xfedcba98U);
    EXPECT_EQ(d.number(6), 0x13U);
    EXPECT_EQ(d.number(6, kReverse), 0x12U);
    EXPECT_EQ(d.number(5), 0x10U);
    EXPECT_EQ(d.number(5, kReverse), 0x20U);
    EXPECT_EQ(d.number(10), 1U);
    EXPECT_EQ(d.number(14), 2U);
    EXPECT_EQ(d.number(58), 4094U);
    EXPECT_EQ(d.number(136), 3U);  // flowEndReason
    EXPECT_EQ(d.number(239), 1U);  // biflowDirection: initiator
}

TEST_F(IpfixEncoder, BothFamiliesShareASession) {
    Flow six = flow(Family::ipv6);
    six.address[0] = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9};
    encoder_->templates(kEncoded);
    for (const auto& f : {flow(), six, six, flow()}) encoder_->add(f, kEncoded);
    encoder_->flush();
    ASSERT_EQ(messages_.size(), 2U);
    ASSERT_EQ(messages_[1].data.size(), 4U);
    EXPECT_EQ(messages_[1].data[1].bytes(27),
              (Bytes{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}));
    EXPECT_EQ(messages_[1].data[2].number(136), 3U);
    EXPECT_EQ(messages_[1].data[3].bytes(8), (Bytes{10, 0, 0, 1}));
}

TEST_F(IpfixEncoder, FullMessagesLeaveAndNumbersCountRecords) {
    encoder_->templates(kEncoded);
    for (int i = 0; i < 1000; ++i) encoder_->add(flow(i % 3 == 0 ? Family::ipv6 : Family::ipv4), kEncoded);
    encoder_->flush();
    encoder_->flush();  // nothing waits, nothing leaves
    std::size_t records = 0;
    for (const Message& m : messages_) {
        EXPECT_EQ(m.sequence, records);
        EXPECT_NE(m.data.empty(), m.templates == 0);
        records += m.data.size();
    }
    EXPECT_EQ(records, 1000U);
    EXPECT_GT(messages_.size(), 60U);
    EXPECT_LT(messages_.size(), 110U);  // they are filled
}

TEST_F(IpfixEncoder, TemplatesAreSaidAgainAndNumbersGoOn) {
    encoder_->templates(kEncoded);
    encoder_->add(flow(), kEncoded);
    encoder_->templates(kEncoded + std::chrono::seconds(1));
    encoder_->add(flow(), kEncoded);
    encoder_->flush();
    encoder_->templates(kEncoded);
    encoder_->flush();                // nothing waits
    ASSERT_EQ(messages_.size(), 5U);  // templates, a flow, templates, a flow, templates
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(messages_[i].templates, i % 2 == 0 ? 2U : 0U);
        EXPECT_EQ(messages_[i].data.size(), i % 2);
        EXPECT_EQ(messages_[i].sequence, i / 2);
        EXPECT_EQ(messages_[i].unknown, 0U);
    }
    EXPECT_EQ(messages_[2].export_time, 1'700'000'101U);
}

}  // namespace
}  // namespace ajar::exporting::ipfix
