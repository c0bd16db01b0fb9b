// libfixbuf at work: two templates, IPv4 and IPv6, of a biflow; messages into a buffer of ours.
//
// Reverse elements stand before their forward ones: nfdump 1.7.1 keeps one value of flags and TOS for both,
// the last, and that is to be the initiator's.
#include "export/ipfix/encoder.hpp"

#include <fixbuf/public.h>

#include <algorithm>
#include <string>
#include <type_traits>
#include <vector>

namespace ajar::exporting::ipfix {
namespace {

constexpr std::uint16_t kTemplateV4 = 256, kTemplateV6 = 257;  // the first that may be (RFC 7011 3.4.1)

/// A data record as libfixbuf reads it: host byte order, in the order of elements().
template <typename Address>
struct Row {
    std::uint64_t first_ms, last_ms, id;
    std::uint64_t reverse_bytes, bytes, reverse_packets, packets;
    Address source, destination;
    std::uint32_t ingress, egress;
    std::uint16_t source_port, destination_port;
    std::uint16_t reverse_control_bits, control_bits;
    std::uint16_t vlan;
    std::uint8_t reverse_service_class, service_class;
    std::uint8_t protocol, end_reason, direction;
    std::uint8_t padding[3];  // to a multiple of 8: no byte of the record is the compiler's
};
using Address4 = std::uint32_t;
struct Address6 {
    std::uint8_t bytes[16];
};
static_assert(sizeof(Row<Address4>) == 96 && sizeof(Row<Address6>) == 120);

std::vector<fbInfoElementSpec_t> elements(bool v6, bool internal) {
    const auto e = [](const char* name, std::uint16_t bytes) {
        return fbInfoElementSpec_t{const_cast<char*>(name), bytes,
                                   0};  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    };
    std::vector<fbInfoElementSpec_t> out = {
        e("flowStartMilliseconds", 8),
        e("flowEndMilliseconds", 8),
        e("flowId", 8),
        e("reverseOctetDeltaCount", 8),
        e("octetDeltaCount", 8),
        e("reversePacketDeltaCount", 8),
        e("packetDeltaCount", 8),
        v6 ? e("sourceIPv6Address", 16) : e("sourceIPv4Address", 4),
        v6 ? e("destinationIPv6Address", 16) : e("destinationIPv4Address", 4),
        e("ingressInterface", 4),
        e("egressInterface", 4),
        e("sourceTransportPort", 2),
        e("destinationTransportPort", 2),
        e("reverseTcpControlBits", 2),
        e("tcpControlBits", 2),
        e("vlanId", 2),
        e("reverseIpClassOfService", 1),
        e("ipClassOfService", 1),
        e("protocolIdentifier", 1),
        e("flowEndReason", 1),
        e("biflowDirection", 1),
    };
    if (internal) out.push_back(e("paddingOctets", 3));
    out.push_back(FB_IESPEC_NULL);
    return out;
}

void put(Address4& to, const Ipv6Address& from) {
    to = std::uint32_t{from[0]} << 24U | std::uint32_t{from[1]} << 16U | std::uint32_t{from[2]} << 8U |
         from[3];
}
void put(Address6& to, const Ipv6Address& from) { std::copy(from.begin(), from.end(), to.bytes); }

template <typename Address>
Row<Address> row_of(const Flow& f) {
    constexpr std::uint8_t kTcp = 6, kInitiator = 1;
    Row<Address> row{};
    row.first_ms = f.first_ms;
    row.last_ms = f.last_ms;
    row.id = f.id;
    row.bytes = f.bytes[0];
    row.reverse_bytes = f.bytes[1];
    row.packets = f.packets[0];
    row.reverse_packets = f.packets[1];
    put(row.source, f.address[0]);
    put(row.destination, f.address[1]);
    row.ingress = f.interface[0];
    row.egress = f.interface[1];
    row.source_port = f.port[0];
    row.destination_port = f.port[1];
    row.control_bits = f.control_bits[0];
    row.reverse_control_bits = f.control_bits[1];
    row.vlan = f.vlan;
    row.service_class = f.service_class[0];
    row.reverse_service_class = f.service_class[1];
    row.protocol = kTcp;
    row.end_reason = static_cast<std::uint8_t>(f.end);
    row.direction = kInitiator;
    return row;
}

/// libfixbuf's word for what went wrong, and its memory.
class Fault {
public:
    Fault() = default;
    ~Fault() { g_clear_error(&error_); }
    Fault(const Fault&) = delete;
    Fault& operator=(const Fault&) = delete;

    GError** out() {
        g_clear_error(&error_);
        return &error_;
    }
    [[nodiscard]] bool message_is_full() const {
        return g_error_matches(error_, FB_ERROR_DOMAIN, FB_ERROR_EOM) != 0;
    }
    [[nodiscard]] std::string text() const { return error_ == nullptr ? "unknown" : error_->message; }

private:
    GError* error_ = nullptr;
};

struct FreeModel {
    void operator()(fbInfoModel_t* model) const { fbInfoModelFree(model); }
};
struct FreeBuffer {
    void operator()(fBuf_t* buffer) const { fBufFree(buffer); }  // its session and exporter, too
};

class FixbufEncoder final : public Encoder {
public:
    FixbufEncoder(std::uint16_t most_bytes, Deliver deliver)
        : bytes_(most_bytes), deliver_(std::move(deliver)), model_(fbInfoModelAlloc()) {}

    /// Empty where all went well.
    std::string begin(std::uint32_t domain) {
        fbSession_t* const session = fbSessionAlloc(model_.get());
        fbSessionSetDomain(session, domain);
        std::string fault;
        for (const bool v6 :
             {false, true})  // without a buffer yet: a session that has one exports them at once
            for (const bool internal : {true, false})
                if (fault.empty()) fault = add_template(session, v6, internal);
        exporter_ = fbExporterAllocBuffer(bytes_.data(), static_cast<std::uint16_t>(bytes_.size()));
        buffer_.reset(fBufAllocForExport(session, exporter_));
        fBufSetAutomaticMode(buffer_.get(), FALSE);  // messages leave by our hand
        return fault;
    }

    /// libfixbuf wants a message of their own for them.
    void templates(Time now) override {
        flush();
        set_time(now);
        const auto say = [&](GError** fault) {
            return fbSessionExportTemplates(fBufGetSession(buffer_.get()), fault);
        };
        if (in_a_new_message(say)) emit();
    }

    void add(const Flow& flow, Time now) override {
        if (flow.family == Family::ipv4) {
            add_row(kTemplateV4, row_of<Address4>(flow), now);
        } else {
            add_row(kTemplateV6, row_of<Address6>(flow), now);
        }
    }

    void flush() override {
        if (flows_ != 0) emit();
    }
    [[nodiscard]] std::uint32_t waiting() const override { return flows_; }

private:
    /// Under libfixbuf's own numbers for internal ones, which lie beside those on the wire.
    std::string add_template(fbSession_t* session, bool v6, bool internal) {
        Fault fault;
        fbTemplate_t* const t = fbTemplateAlloc(model_.get());
        auto specs = elements(v6, internal);
        const std::uint16_t id = v6 ? kTemplateV6 : kTemplateV4;
        if (fbTemplateAppendSpecArray(t, specs.data(), UINT32_MAX, fault.out()) == 0) {
            fbTemplateFreeUnused(t);
            return fault.text();
        }
        return fbSessionAddTemplate(session, internal ? TRUE : FALSE, id, t, fault.out()) == 0 ? fault.text()
                                                                                               : "";
    }

    void set_time(Time now) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
        fBufSetExportTime(buffer_.get(), static_cast<std::uint32_t>(std::max<std::int64_t>(seconds, 1)));
    }

    template <typename Address>
    void add_row(std::uint16_t id, Row<Address> row, Time now) {
        fBuf_t* const b = buffer_.get();
        if (flows_ == 0) set_time(now);
        const auto append = [&](GError** fault) {
            return fBufSetInternalTemplate(b, id, fault) != 0 && fBufSetExportTemplate(b, id, fault) != 0 &&
                   fBufAppend(b, reinterpret_cast<std::uint8_t*>(&row), sizeof row, fault) != 0;
        };
        Fault fault;
        if (append(fault.out())) {
            ++flows_;
            return;
        }
        flush();
        set_time(now);
        if (in_a_new_message(append)) ++flows_;
    }

    /// Until one has begun, or after another's templates, libfixbuf calls the message full: to emit nothing
    /// begins the next.
    template <typename Act>
    bool in_a_new_message(Act&& act) {
        Fault fault;
        if (act(fault.out())) return true;
        if (!fault.message_is_full()) return false;
        fBufEmit(buffer_.get(), fault.out());
        return act(fault.out());
    }

    void emit() {
        Fault fault;
        if (fBufEmit(buffer_.get(), fault.out()) != 0)
            deliver_({bytes_.data(), fbExporterGetMsgLen(exporter_)}, flows_);
        flows_ = 0;
    }

    std::vector<std::uint8_t> bytes_;
    Deliver deliver_;
    std::unique_ptr<fbInfoModel_t, FreeModel> model_;
    fbExporter_t* exporter_ = nullptr;  // buffer_'s
    std::unique_ptr<fBuf_t, FreeBuffer> buffer_;
    std::uint32_t flows_ = 0;  // in the message under way
};

}  // namespace

bool is_built() { return true; }

Result<std::unique_ptr<Encoder>> Encoder::make(std::uint32_t domain, std::uint16_t most_bytes,
                                               Deliver deliver) {
    auto out = std::make_unique<FixbufEncoder>(most_bytes, std::move(deliver));
    if (auto fault = out->begin(domain); !fault.empty()) return Error{"libfixbuf: " + fault};
    return std::unique_ptr<Encoder>(std::move(out));
}

}  // namespace ajar::exporting::ipfix
