// How full the tables are, by worker: the sum over workers is the appliance's.
#include "metrics/book.hpp"

namespace ajar::metrics {
namespace {

struct Place {
    const char* table;
    const char* family;  ///< null: of both
    Occupancy::Places places;
};

std::array<Place, 6> places_of(const Occupancy& t) {
    return {{{"confirmed", "ipv4", t.confirmed[0]},
             {"confirmed", "ipv6", t.confirmed[1]},
             {"embryonic", "ipv4", t.embryonic[0]},
             {"embryonic", "ipv6", t.embryonic[1]},
             {"tombstones", nullptr, t.tombstones},
             {"directory", nullptr, t.directory}}};
}

void put_places(Book& book, const control::Facts& facts, std::uint64_t Occupancy::Places::*value) {
    for (std::size_t w = 0; w < facts.workers.size(); ++w)
        for (const Place& place : places_of(facts.workers[w].tables)) {
            Labels labels = {{"worker", std::to_string(w)}, {"table", place.table}};
            if (place.family != nullptr) labels.push_back({"family", place.family});
            book.add(place.places.*value, std::move(labels));
        }
}

}  // namespace

void put_tables(Book& book, const control::Facts& facts) {
    book.family("table_used", Kind::gauge, "Places of a table that are taken.");
    put_places(book, facts, &Occupancy::Places::used);
    book.family("table_capacity", Kind::gauge, "Places that a table has.");
    put_places(book, facts, &Occupancy::Places::all);
    const auto by_worker = [&](auto&& value) {
        for (std::size_t w = 0; w < facts.workers.size(); ++w)
            book.add(std::uint64_t{value(facts.workers[w].tables)}, {{"worker", std::to_string(w)}});
    };
    book.family("directory_two_line_flows", Kind::gauge,
                "Flows whose look-up reads two cache lines, the others' one.");
    by_worker([](const Occupancy& t) { return t.strays; });
    book.family("directory_kicks", Kind::counter, "Flows moved by inserts.");
    by_worker([](const Occupancy& t) { return t.kicks; });
    book.family("directory_longest_path", Kind::gauge, "The most flows that one insert has moved.");
    by_worker([](const Occupancy& t) { return t.longest_path; });
}

}  // namespace ajar::metrics
