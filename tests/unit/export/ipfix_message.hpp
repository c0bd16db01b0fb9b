// IPFIX messages read by RFC 7011 alone: what a collector that knows no libfixbuf sees.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace ajar::exporting::ipfix {

inline constexpr std::uint32_t kReverse = 29305;  ///< the enterprise number of RFC 5103

/// Enterprise (0: IANA) and number of an information element.
using Element = std::pair<std::uint32_t, std::uint16_t>;
using Bytes = std::vector<std::uint8_t>;

class Cursor {
public:
    explicit Cursor(std::span<const std::uint8_t> bytes) : rest_(bytes) {}
    std::uint64_t number(std::size_t n) {
        std::uint64_t out = 0;
        for (const std::uint8_t b : take(n)) out = out << 8U | b;
        return out;
    }
    std::span<const std::uint8_t> take(std::size_t n) {
        if (n > rest_.size()) throw std::runtime_error("beyond the end");
        const auto out = rest_.first(n);
        rest_ = rest_.subspan(n);
        return out;
    }
    [[nodiscard]] std::size_t left() const { return rest_.size(); }

private:
    std::span<const std::uint8_t> rest_;
};

struct Data {
    std::map<Element, Bytes> fields;

    [[nodiscard]] std::uint64_t number(std::uint16_t id, std::uint32_t enterprise = 0) const {
        Cursor c(fields.at({enterprise, id}));
        return c.number(c.left());
    }
    [[nodiscard]] Bytes bytes(std::uint16_t id) const { return fields.at({0, id}); }
};

struct Message {
    std::uint32_t export_time = 0, sequence = 0, domain = 0;
    std::size_t templates = 0;
    std::vector<Data> data;
    std::size_t unknown = 0;  ///< sets whose template was never heard
};

/// One session's templates, and its messages.
class Reader {
public:
    /// Throws std::runtime_error for what is no message.
    Message read(std::span<const std::uint8_t> bytes) {
        Message out;
        Cursor c(bytes);
        if (c.number(2) != 10) throw std::runtime_error("version");
        if (c.number(2) != bytes.size()) throw std::runtime_error("length");
        out.export_time = static_cast<std::uint32_t>(c.number(4));
        out.sequence = static_cast<std::uint32_t>(c.number(4));
        out.domain = static_cast<std::uint32_t>(c.number(4));
        while (c.left() != 0) {
            const auto id = static_cast<std::uint16_t>(c.number(2));
            const auto length = c.number(2);
            read_set(id, Cursor(c.take(length - 4)), out);
        }
        return out;
    }
    /// All messages of a file.
    std::vector<Message> read_all(std::span<const std::uint8_t> bytes) {
        std::vector<Message> out;
        while (!bytes.empty()) {
            Cursor c(bytes.subspan(2));
            const auto length = c.number(2);
            out.push_back(read(bytes.first(length)));
            bytes = bytes.subspan(length);
        }
        return out;
    }

private:
    struct Field {
        Element element;
        std::uint16_t length;
    };

    void read_set(std::uint16_t id, Cursor c, Message& out) {
        if (id == 2) return read_templates(c, out);
        const auto known = templates_.find(id);
        if (id < 256 || known == templates_.end()) {
            ++out.unknown;
            return;
        }
        std::size_t size = 0;
        for (const auto& field : known->second) size += field.length;
        while (c.left() >= size) {
            Data data;
            for (const auto& [element, length] : known->second) {
                const auto bytes = c.take(length);
                data.fields[element] = Bytes(bytes.begin(), bytes.end());
            }
            out.data.push_back(std::move(data));
        }
    }

    void read_templates(Cursor c, Message& out) {
        while (c.left() > 4) {
            const auto id = static_cast<std::uint16_t>(c.number(2));
            std::vector<Field> fields(c.number(2));
            for (auto& field : fields) {
                const auto number = static_cast<std::uint16_t>(c.number(2));
                field.length = static_cast<std::uint16_t>(c.number(2));
                const std::uint32_t enterprise =
                    (number & 0x8000U) != 0 ? static_cast<std::uint32_t>(c.number(4)) : 0;
                field.element = {enterprise, static_cast<std::uint16_t>(number & 0x7fffU)};
            }
            templates_[id] = std::move(fields);
            ++out.templates;
        }
    }

    std::map<std::uint16_t, std::vector<Field>> templates_;
};

}  // namespace ajar::exporting::ipfix
