#!/usr/bin/env python3
"""Writes the style sheet and the scripts as C++, with the hashes by which a browser knows them again.

usage: embed.py CSS JS LIVE_JS OUTPUT
"""
import base64
import hashlib
import sys

css, js, live = (open(path, encoding="utf-8").read() for path in sys.argv[1:4])
for text, end in ((css, "</style"), (js, "</script"), (live, "</script")):
    if end in text.lower():
        sys.exit(f"embed.py: {end} would end its element")


def hash_of(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def literal(text):
    # Pieces: compilers need not take string literals of more than 64 KiB.
    pieces = [text[i:i + 8000] for i in range(0, len(text), 8000)]
    return "\n".join(f'R"~~~~({piece})~~~~"' for piece in pieces)


def policy(script, more=""):
    return (f"default-src 'none'; style-src {hash_of(css)}; script-src {hash_of(script)}; {more}"
            "base-uri 'none'; form-action 'none'")


def element(function, name, text):
    return f"""
Markup Assets::{function}() {{
    static constexpr std::string_view kText = {literal(text)};
    Markup out;
    out.open("{name}");
    out.text_ += kText;
    return out.close();
}}
"""


with open(sys.argv[4], "w", encoding="utf-8") as out:
    out.write(f"""// Written by src/page/embed.py from src/page/assets.
#include "page/assets.hpp"

namespace ajar::page {{
{element("style", "style", css)}{element("script", "script", js)}{element("live_script", "script", live)}
std::string_view Assets::policy() {{ return R"~~~~({policy(js)})~~~~"; }}

std::string_view Assets::live_policy() {{
    return R"~~~~({policy(live, "connect-src 'self'; img-src data:; ")})~~~~";
}}

}}  // namespace ajar::page
""")
