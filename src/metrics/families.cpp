// The groups of families, in the order in which they are told.
#include "metrics/families.hpp"

#include "metrics/book.hpp"

namespace ajar::metrics {

Families families_of(const View& view) {
    Book book;
    put_box(book, view);
    put_flows(book, view.facts.tracker, view);
    put_reasons(book, view.facts);
    put_defence(book, view.facts);
    put_share(book, view.facts.share);
    put_workers(book, view.facts);
    put_tables(book, view.facts);
    put_ports(book, view.facts);
    return book.take();
}

}  // namespace ajar::metrics
