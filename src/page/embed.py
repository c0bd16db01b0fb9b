#!/usr/bin/env python3
"""Writes the style sheet and the script as C++, with the hashes by which a browser knows them again.

usage: embed.py CSS JS OUTPUT
"""
import base64
import hashlib
import sys

css, js = (open(path, encoding="utf-8").read() for path in sys.argv[1:3])
for text, end in ((css, "</style"), (js, "</script")):
    if end in text.lower():
        sys.exit(f"embed.py: {end} would end its element")


def hash_of(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def literal(text):
    # Pieces: compilers need not take string literals of more than 64 KiB.
    pieces = [text[i:i + 8000] for i in range(0, len(text), 8000)]
    return "\n".join(f'R"~~~~({piece})~~~~"' for piece in pieces)


policy = (f"default-src 'none'; style-src {hash_of(css)}; script-src {hash_of(js)}; "
          "base-uri 'none'; form-action 'none'")
with open(sys.argv[3], "w", encoding="utf-8") as out:
    out.write(f"""// Written by src/page/embed.py from src/page/assets.
#include "page/assets.hpp"

namespace ajar::page {{
namespace {{

constexpr std::string_view kStyle = {literal(css)};
constexpr std::string_view kScript = {literal(js)};

}}  // namespace

Markup Assets::style() {{
    Markup out;
    out.open("style");
    out.text_ += kStyle;
    return out.close();
}}

Markup Assets::script() {{
    Markup out;
    out.open("script");
    out.text_ += kScript;
    return out.close();
}}

std::string_view Assets::policy() {{ return R"~~~~({policy})~~~~"; }}

}}  // namespace ajar::page
""")
