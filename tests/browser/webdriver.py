"""Chromium driven over WebDriver (W3C) by nothing but Python's standard library."""
import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--disable-dev-shm-usage", "--hide-scrollbars"]


def missing():
    """What of it is not installed."""
    return [program for program in ("chromium", "chromedriver") if shutil.which(program) is None]


class Browser:
    """One chromedriver with one window; as a context it is stopped at the end."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="ajar-browser.")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, start_new_session=True)
        self.session = None

    def __enter__(self):
        try:
            self._await_driver()
            options = {"binary": shutil.which("chromium"), "args": ARGUMENTS + [f"--user-data-dir={self.profile}"]}
            wanted = {"alwaysMatch": {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}
            self.session = self._ask("POST", "/session", {"capabilities": wanted})["sessionId"]
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        try:
            if self.session:
                self._ask("DELETE", f"/session/{self.session}")
        except OSError:
            pass
        self.driver.terminate()
        try:
            self.driver.wait(10)
        except subprocess.TimeoutExpired:
            self.driver.kill()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _await_driver(self):
        for _ in range(150):
            try:
                if self._ask("GET", "/status")["ready"]:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise OSError("chromedriver does not answer")

    def _ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def _of_session(self, path, body):
        return self._ask("POST", f"/session/{self.session}{path}", body)

    def open(self, url):
        self._of_session("/url", {"url": url})

    def run(self, script, *arguments):
        """Of a function's body, in the page; what it returns."""
        return self._of_session("/execute/sync", {"script": script, "args": list(arguments)})

    def devtools(self, command, **parameters):
        return self._of_session("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def console(self):
        """What the page has complained of since the last call."""
        return [entry["message"] for entry in self._of_session("/se/log", {"type": "browser"})]

    def screen(self, width, height, mobile=False):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=2 if mobile else 1, mobile=mobile)

    def media(self, scheme="light", kind=""):
        self.devtools("Emulation.setEmulatedMedia", media=kind,
                      features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self):
        """Of the whole page, as PNG."""
        return base64.b64decode(self.devtools("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def paper(self):
        """As PDF."""
        return base64.b64decode(self._of_session("/print", {"background": True}))
