# SPDX-License-Identifier: Apache-2.0
"""Chromium without a window, spoken to over pipes in the protocol of its developer tools; the standard library is enough.

Not covered: other browsers.
"""
import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

# Virtual key codes of keys that write nothing.
KEY_CODES = {"ArrowDown": 40, "ArrowUp": 38, "ArrowLeft": 37, "ArrowRight": 39, "Home": 36, "End": 35}
PATIENCE = 60  # seconds for an answer, on a machine that builds meanwhile


def find_chromium():
    """The program, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """One page. `problems` has what it complained of: errors on the console, exceptions, requests for other pages."""

    def __init__(self, program, size=(1400, 1000)):
        self.problems = []
        self._next = 0
        self._events = []
        self._buffer = b""
        self._home = tempfile.mkdtemp(prefix="hpfuzz-browser-")
        # The browser reads at 3 and writes at 4.
        read_end, self._to = os.pipe()
        self._from, write_end = os.pipe()
        theirs = [fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (read_end, write_end)]
        os.close(read_end)
        os.close(write_end)

        def place():
            os.dup2(theirs[0], 3)
            os.dup2(theirs[1], 4)

        arguments = [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions",
                     "--disable-background-networking", "--disable-dev-shm-usage", "--disable-component-update",
                     f"--user-data-dir={self._home}", f"--window-size={size[0]},{size[1]}", "--remote-debugging-pipe",
                     "about:blank"]
        self._process = subprocess.Popen(arguments, preexec_fn=place, pass_fds=(3, 4), stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for fd in theirs:
            os.close(fd)
        self._session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self):
        try:
            self._session = None
            self.call("Browser.close")
            self._process.wait(10)
        except (OSError, EOFError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._to)
        os.close(self._from)
        shutil.rmtree(self._home, ignore_errors=True)

    def call(self, method, **parameters):
        """The result of a command; what happens meanwhile is kept."""
        self._next += 1
        message = {"id": self._next, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._next:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self._note(answer)

    def wait_for(self, event):
        while True:
            for i, seen in enumerate(self._events):
                if seen["method"] == event:
                    del self._events[i]
                    return
            self._note(self._receive())

    def _receive(self):
        while b"\0" not in self._buffer:
            self._buffer += self._read()
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)

    def _read(self):
        ready, _, _ = select.select([self._from], [], [], PATIENCE)
        if not ready:
            raise EOFError("the browser does not answer")
        part = os.read(self._from, 1 << 20)
        if not part:
            raise EOFError("the browser ended")
        return part

    def _note(self, event):
        name, what = event.get("method"), event.get("params", {})
        self._events.append(event)
        if name == "Runtime.exceptionThrown":
            self.problems.append(str(what["exceptionDetails"].get("exception", {}).get("description", what)))
        elif name == "Runtime.consoleAPICalled" and what["type"] in ("error", "warning", "assert"):
            self.problems.append(f"console: {what['args']}")
        elif name == "Log.entryAdded" and what["entry"]["level"] in ("error", "warning"):
            self.problems.append(f"log: {what['entry']['text']}")
        elif name == "Network.requestWillBeSent" and not what["documentURL"] == what["request"]["url"]:
            self.problems.append(f"request: {what['request']['url']}")

    def open(self, url):
        """Seconds until the page is there and drawn."""
        self.call("Page.navigate", url="about:blank")
        self.wait_for("Page.loadEventFired")
        start = time.monotonic()
        self.call("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")
        self.value("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")
        return time.monotonic() - start

    def value(self, expression):
        """Of an expression in the page, a promise or not."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def press(self, key):
        press = {"key": key, "windowsVirtualKeyCode": KEY_CODES.get(key) or ord(key.upper())}
        if key not in KEY_CODES:
            press["text"] = key
        self.call("Input.dispatchKeyEvent", type="keyDown", **press)
        self.call("Input.dispatchKeyEvent", type="keyUp", **press)

    def click(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def point(self, x, y):
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def dark(self, is_dark):
        scheme = "dark" if is_dark else "light"
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self):
        """A PNG of what the window shows."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def print(self):
        """A PDF of the page."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=False)["data"])
