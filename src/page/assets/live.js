// Keeps a live page as its server says it is. Each event bears the name of a part and its new markup; the page that
// is there is changed only where it differs, so that what is open, marked or scrolled stays so.
"use strict";
(() => {
  const silence = 5000, pause = 3000;
  const { events, version } = document.body.dataset;
  const parts = [...document.querySelectorAll("[data-live]")];
  const note = document.getElementById("link");
  const held = new Map();  // by part: its markup, which waits until nothing is open any more
  let source = null, again = 0, latest = Date.now();

  const like = (a, b) => a.nodeName === b.nodeName && (a.id || "") === (b.id || "");
  const attributes = (there, wanted) => {
    for (const { name } of [...there.attributes])
      if (name !== "open" && !wanted.hasAttribute(name)) there.removeAttribute(name);
    for (const { name, value } of wanted.attributes)
      if (name !== "open" && there.getAttribute(name) !== value) there.setAttribute(name, value);
  };
  const become = (there, wanted) => {
    if (there.nodeType !== Node.ELEMENT_NODE) {
      if (there.data !== wanted.data) there.data = wanted.data;
      return;
    }
    attributes(there, wanted);
    children(there, wanted);
  };
  const children = (there, wanted) => {
    let at = there.firstChild;
    for (const child of [...wanted.childNodes]) {
      const known = child.id ? [...there.children].find(one => one.id === child.id) : at;
      if (known && like(known, child)) {
        if (known === at) at = at.nextSibling;
        else there.insertBefore(known, at);
        become(known, child);
      } else {
        there.insertBefore(document.importNode(child, true), at);
      }
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
  };
  const fill = (part, markup) => children(part, new DOMParser().parseFromString(markup, "text/html").body);

  // A connection that somebody reads does not move away under the eyes.
  const reading = part => part.querySelector("details.story[open]") !== null;
  const put = (part, markup) => {
    if (!reading(part)) return fill(part, markup);
    held.set(part, markup);
    const hint = part.querySelector(".held");
    if (hint) hint.hidden = false;
  };
  const release = part => {
    if (!held.has(part) || reading(part)) return;
    fill(part, held.get(part));
    held.delete(part);
  };

  const heard = () => { latest = Date.now(); };
  const close = () => {
    clearTimeout(again);
    if (source) source.close();
    source = null;
  };
  const connect = () => {
    close();
    source = new EventSource(events);
    source.addEventListener("beat", heard);
    source.addEventListener("version", event => { if (event.data !== version) location.reload(); });
    for (const part of parts) {
      source.addEventListener(part.dataset.live, event => {
        heard();
        put(part, event.data);
      });
    }
    // A lost connection is made again by the browser; a refused one is not.
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) again = setTimeout(connect, pause);
    });
  };

  const watch = () => {
    const silent = Date.now() - latest > silence;
    if (silent === !note.hidden) return;
    if (silent) {
      const since = new Date(latest).toISOString().slice(11, 19);
      note.textContent = `No news since ${since} UTC: what stands here is of then. Trying again.`;
    }
    note.hidden = !silent;
  };

  for (const part of parts) part.addEventListener("toggle", () => release(part), true);
  // Nobody looks at a page in the background: it asks for nothing.
  document.addEventListener("visibilitychange", () => {
    heard();
    document.hidden ? close() : connect();
  });
  addEventListener("pagehide", close);
  setInterval(() => document.hidden || watch(), 500);
  if (!document.hidden) connect();
})();
