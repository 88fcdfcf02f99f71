// Two ends of a timeline chosen by dragging over its bars, or by Shift and the arrow keys; the form beside it is sent.
// Without it every bar is a link and the form does the rest. With it the bars are one stop of the Tab key.
for (const figure of document.querySelectorAll(".timeline")) {
  const form = figure.querySelector("form.span");
  const bars = [...figure.querySelectorAll("svg a")];
  const dated = bars.filter((bar) => bar.dataset.end !== "unknown");
  if (!form || !bars.length) continue;
  figure.classList.add("brushable");
  const says = document.createElement("output");
  says.className = "brush";
  figure.querySelector("figcaption").append(says);
  let anchor = null;
  let span = [];

  const counted = (bar) => Number(bar.getAttribute("aria-label").replace(/^.*: /, "").replace(/\D/g, ""));
  const named = (bar) => bar.getAttribute("aria-label").replace(/: .*$/, "");

  function brush(from, to) {
    const [first, last] = [dated.indexOf(from), dated.indexOf(to)].sort((a, b) => a - b);
    span = first < 0 ? [] : dated.slice(first, last + 1);
    for (const bar of bars) bar.classList.toggle("brushed", span.length > 1 && span.includes(bar));
    const total = span.reduce((sum, bar) => sum + counted(bar), 0).toLocaleString("en");
    says.textContent = span.length > 1 ? `${named(span[0])} to ${named(span.at(-1))}: ${total}. Enter narrows to it.` : "";
  }

  function narrow() {
    form.elements.from.value = span[0].dataset.start;
    form.elements.to.value = span.at(-1).dataset.end;
    form.requestSubmit();
  }

  function stop(at) {
    for (const bar of bars) bar.setAttribute("tabindex", bar === at ? "0" : "-1");
  }
  stop(bars.find((bar) => bar.classList.contains("on")) ?? bars[0]);

  figure.querySelector("svg").addEventListener("keydown", (event) => {
    const at = bars.indexOf(event.target.closest("a"));
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bars.length - 1 }[event.key];
    if (event.key === "Enter" && span.length > 1) {
      narrow();
    } else if (event.key === "Escape" && span.length) {
      anchor = null;
      brush(null, null);
    } else if (to !== undefined && bars[to]) {
      stop(bars[to]);
      bars[to].focus();
      anchor = event.shiftKey ? anchor ?? bars[at] : null;
      brush(anchor, anchor && bars[to]);
    } else {
      return;
    }
    event.preventDefault();
  });

  // A drag from bar to bar; one that ends where it began is a click on a link.
  const under = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest?.(".timeline svg a");
  let dragged = false;
  figure.addEventListener("dragstart", (event) => event.preventDefault());
  figure.querySelector("svg").addEventListener("pointerdown", (event) => {
    anchor = event.button === 0 ? event.target.closest("a") : null;
    dragged = false;
  });
  figure.querySelector("svg").addEventListener("pointermove", (event) => {
    const bar = anchor && event.buttons === 1 && under(event);
    if (!bar || !bars.includes(bar) || (bar === anchor && !dragged)) return;
    dragged = true;
    brush(anchor, bar);
  });
  figure.querySelector("svg").addEventListener("click", (event) => {
    if (!dragged) return;
    event.preventDefault();
    dragged = false;
  });
  document.addEventListener("pointerup", () => {
    if (dragged && span.length > 1) narrow();
    anchor = null;
  });
}
