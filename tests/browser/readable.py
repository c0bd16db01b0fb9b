"""What makes a page hard to read, found by scripts that run in it. Each returns what is wrong."""

# Texts of a picture that lie on each other, or outside of it. A hair's breadth is allowed.
BADLY_LAID = """
const hair = 1.5, bad = [];
for (const svg of document.querySelectorAll("main svg")) {
  const frame = svg.getBoundingClientRect();
  if (frame.width === 0) continue;
  const texts = [...svg.querySelectorAll("text")].filter(text => text.textContent);
  const boxes = texts.map(text => text.getBoundingClientRect());
  boxes.forEach((a, i) => {
    const outside = a.left < frame.left - hair || a.right > frame.right + hair || a.top < frame.top - hair ||
      a.bottom > frame.bottom + hair;
    if (outside) bad.push("outside: " + texts[i].textContent);
    boxes.slice(i + 1).forEach((b, k) => {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      // A line's box is taller than its letters.
      if (across > hair && down > 0.45 * Math.min(a.height, b.height))
        bad.push("overlap: " + texts[i].textContent + " | " + texts[i + 1 + k].textContent);
    });
  });
}
return [...new Set(bad)].slice(0, 10);
"""

# Contrast of text with what is behind it (WCAG 2), the worst first.
FAINT = """
const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const parts = colour => (colour.match(/[0-9.]+/g) || []).map(Number);
const behind = element => {
  for (; element; element = element.parentElement) {
    const colour = parts(getComputedStyle(element).backgroundColor);
    if (colour.length === 3 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const faint = [];
for (const element of document.querySelectorAll("h1,h2,h3,h4,h5,p,td,th,li,summary,a,dt,dd,span,caption,svg text")) {
  if (!element.textContent.trim() || element.getBoundingClientRect().width === 0) continue;
  const style = getComputedStyle(element), svg = element.namespaceURI.endsWith("svg");
  const [a, b] = [light(parts(svg ? style.fill : style.color)), light(behind(element))];
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (contrast < 4.5 && !element.closest("svg .does, .act"))
    faint.push([contrast, (element.getAttribute("class") || "") + " " + element.textContent.slice(0, 40)]);
}
return faint.sort((x, y) => x[0] - y[0]).slice(0, 5);
"""
