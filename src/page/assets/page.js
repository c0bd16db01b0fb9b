// Sorting of tables and filtering of connections: what a page can do without it is read, print and search.
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // A column sorts by what its cells say they are worth, or else by their text.
  const worth = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  const sort = (table, column, heading) => {
    const down = heading.getAttribute("aria-sort") === "descending" ||
      (heading.getAttribute("aria-sort") === null && !heading.classList.contains("n"));
    all("th", table).forEach(th => th.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", down ? "ascending" : "descending");
    const body = table.tBodies[0];
    [...body.rows]
      .sort((a, b) => (down ? 1 : -1) * compare(worth(a, column), worth(b, column)))
      .forEach(row => body.append(row));
  };
  for (const table of all("table")) {
    if (table.tBodies[0].rows.length < 2) continue;
    all("th", table).forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = heading.textContent;
      button.addEventListener("click", () => sort(table, column, heading));
      heading.replaceChildren(button);
    });
  }

  // Groups of connections, and what of them is looked for.
  const stories = all("details.story");
  const controls = document.querySelector(".controls");
  if (controls && stories.length > 1) {
    const words = stories.map(story => story.textContent.toLowerCase());
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = "Filter: address, port, reason …";
    input.setAttribute("aria-label", "Filter the connections");
    const found = document.createElement("span");
    found.className = "soft";
    found.setAttribute("role", "status");
    const filter = () => {
      const wanted = input.value.toLowerCase().split(/\s+/).filter(word => word);
      let shown = 0;
      stories.forEach((story, i) => {
        story.hidden = !wanted.every(word => words[i].includes(word));
        shown += story.hidden ? 0 : 1;
      });
      for (const group of all(".group"))
        group.hidden = all("details.story", group).every(story => story.hidden);
      found.textContent = wanted.length ? `${shown} of ${stories.length}` : "";
    };
    input.addEventListener("input", filter);
    const button = (label, open) => {
      const out = document.createElement("button");
      out.type = "button";
      out.textContent = label;
      out.addEventListener("click", () => stories.forEach(story => { story.open = open && !story.hidden; }));
      return out;
    };
    controls.append(input, button("Open all", true), button("Close all", false), found);
  }

  // A link to a connection opens it.
  const open = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.matches("details.story")) target.open = true;
  };
  addEventListener("hashchange", open);
  open();
})();
