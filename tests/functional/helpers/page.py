"""The live page of an appliance in a real browser, as whoever opens it has it.

usage: page.py PORT FOLDER PID
FOLDER/restart is made where the appliance is to be started anew, and FOLDER/restarted is waited for. Where
AJAR_SCREENSHOTS names a folder, pictures are left there. Exit status 0: nothing is wrong with it.
"""
import os
import pathlib
import re
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "browser"))
import webdriver  # noqa: E402
from readable import BADLY_LAID, FAINT  # noqa: E402

PORT, FOLDER, PID = int(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
URL = f"http://127.0.0.1:{PORT}/"
PICTURES = os.environ.get("AJAR_SCREENSHOTS")
faults = []


def expect(holds, what):
    if not holds:
        faults.append(str(what))
        print("#", what, flush=True)


def keep(name, data):
    if PICTURES:
        os.makedirs(PICTURES, exist_ok=True)
        pathlib.Path(PICTURES, name).write_bytes(data)


def soon(condition, seconds=8):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def status(browser):
    return browser.run("return document.querySelector('[data-live=status]').innerText")


def fits(browser, where):
    wide = browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    expect(wide <= 0, f"{where}: the page is {wide} px too wide")
    bad = browser.run(BADLY_LAID)
    expect(not bad, f"{where}: {bad}")


def lives(browser):
    """News come, and change what is there without touching anything else."""
    browser.run("""window.mark = document.querySelector("#now dl");
        document.querySelector("#connections details").open = true;""")
    seen = {status(browser)}
    expect(soon(lambda: seen.add(status(browser)) or len(seen) >= 4), f"nothing changes: {seen}")
    kept = browser.run("""return [window.mark === document.querySelector("#now dl"),
        document.querySelector("#connections details").open, document.querySelectorAll("#now dd").length];""")
    expect(kept == [True, True, 12], f"it was replaced: {kept}")
    drawn = soon(lambda: browser.run("return document.querySelectorAll('#time figure > svg').length") == 4, 20)
    expect(drawn, "nothing is drawn over time")


def stands_still_while_read(browser):
    stories = browser.run("return document.querySelectorAll('#flagged details.story').length")
    expect(stories > 0, "nothing flagged")
    browser.run("document.querySelector('#flagged details.story').open = true")
    time.sleep(2)
    words = browser.run("return document.querySelector('#flagged details.story[open] .words').innerText")
    expect("What each end knows now" in words, f"no explanation: {words}")
    expect(browser.run("return document.querySelector('#flagged .ladder svg') !== null"), "no ladder")
    keep("story.png", browser.picture())
    browser.run("document.querySelector('#flagged details.story').open = false")
    expect(soon(lambda: browser.run("return document.querySelector('#flagged .held').hidden")), "it stands still for ever")


def fetches_nothing_else(browser):
    names = browser.run("return performance.getEntriesByType('resource').map(entry => entry.name)")
    expect(all(name == URL + "events" for name in names), names)
    complaints = [line for line in browser.console() if URL in line]
    expect(not complaints, complaints)


def can_be_read(browser):
    for scheme in ("light", "dark"):
        browser.media(scheme)
        faint = browser.run(FAINT)
        expect(not faint, f"{scheme}: {faint}")
        keep(f"page-{scheme}.png", browser.picture())
    browser.media("light")
    for width, height, mobile in ((320, 640, True), (390, 844, True), (820, 1180, True), (1280, 900, False)):
        browser.screen(width, height, mobile)
        fits(browser, f"{width} px")
        keep(f"page-{width}.png", browser.picture())
    paper = browser.paper()
    keep("page.pdf", paper)
    expect(paper.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", paper)) <= 12, "paper")
    heads = browser.run("""return [...document.querySelectorAll("table")].every(table =>
        table.querySelectorAll("th[scope=col]").length === table.rows[0].cells.length)""")
    expect(heads, "a table without a head")
    silent = browser.run("""return [...document.querySelectorAll("main svg:not([aria-hidden])")].filter(svg =>
        !(svg.getAttribute("role") === "img" && svg.getAttribute("aria-label").length > 10)).length""")
    expect(silent == 0, f"{silent} pictures say nothing")


def needs_no_script(browser):
    browser.devtools("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(URL)
        tables, cells, pictures, words = browser.run("""return [document.querySelectorAll("table").length,
            document.querySelectorAll("td").length, document.querySelectorAll("main figure > svg").length,
            document.body.innerText];""")
        expect(tables >= 6 and cells > 40 and pictures >= 3, (tables, cells, pictures))
        expect("fetched anew every 5 seconds" in words, words[:300])
        before = status(browser)
        expect(soon(lambda: status(browser) != before, 12), "it is not fetched anew")
    finally:
        browser.devtools("Emulation.setScriptExecutionDisabled", value=False)


def link(browser):
    return browser.run("const link = document.getElementById('link'); return link.hidden ? '' : link.innerText")


def says_that_it_hears_nothing(browser):
    browser.open(URL)
    os.kill(PID, signal.SIGSTOP)
    try:
        expect(soon(lambda: link(browser).startswith("No news since ")), f"silence is not told: {link(browser)}")
        keep("page-lost.png", browser.picture())
    finally:
        os.kill(PID, signal.SIGCONT)
    expect(soon(lambda: link(browser) == ""), "it still says that it hears nothing")


def connects_again(browser):
    browser.run("window.mark = true")
    (FOLDER / "restart").touch()
    expect(soon((FOLDER / "restarted").exists, 30), "the appliance did not come back")
    before = status(browser)
    expect(soon(lambda: status(browser) != before and link(browser) == "", 15), "it does not connect again")
    expect(browser.run("return window.mark === true"), "it was loaded anew")


with webdriver.Browser() as the_browser:
    the_browser.screen(1280, 900)
    the_browser.media("light")
    the_browser.open(URL)
    the_browser.run("return 0")
    for check in (lives, stands_still_while_read, fetches_nothing_else, can_be_read, needs_no_script,
                  says_that_it_hears_nothing, connects_again):
        try:
            check(the_browser)
        except Exception as error:  # of the browser: the next check may still say something
            expect(False, f"{check.__name__}: {type(error).__name__}: {error}")
sys.exit(1 if faults else 0)
