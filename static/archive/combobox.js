// Names, sources and headlines while a reader types, as the combobox pattern of the ARIA Authoring Practices has it:
// a list below the box, moved through by the arrow keys, read out by aria-activedescendant. Without it the box works
// as ever. Recent searches are kept in this browser and nowhere else.
const box = document.querySelector(".searchbox input[name=q]");
const STORED_SEARCHES = "searches";
const MOST_RECENT = 8;
const FORGET = { kind: "forget", label: "Forget these searches" };

const list = document.createElement("ul");
list.id = "suggestions";
list.className = "suggestions";
list.hidden = true;
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "Suggestions");
const says = document.createElement("output");
says.className = "visually-hidden";
box.form.append(list, says);
for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
  box.setAttribute(name, value);
}

let offered = [];
let active = -1;
let waiting = 0;
let asking = null;

function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORED_SEARCHES));
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

function remember(query) {
  if (!query.trim()) return;
  const kept = [query, ...recent().filter((one) => one !== query)].slice(0, MOST_RECENT);
  localStorage.setItem(STORED_SEARCHES, JSON.stringify(kept));
}

function told(one) {
  if (one.kind === "article") return "headline";
  if (one.kind === "recent") return "searched before";
  return one.count ? `${one.kind}, ${one.count.toLocaleString("en")} article${one.count === 1 ? "" : "s"}` : one.kind;
}

function show(found) {
  offered = found;
  active = -1;
  box.removeAttribute("aria-activedescendant");
  list.replaceChildren(...found.map((one, index) => {
    const option = document.createElement("li");
    option.id = `suggestion-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.className = one.kind;
    const label = document.createElement("span");
    label.textContent = one.label;
    option.append(label);
    if (one.kind !== FORGET.kind) {
      const what = document.createElement("span");
      what.className = "what";
      what.textContent = told(one);
      option.append(" ", what);
    }
    return option;
  }));
  const open = found.length > 0 && document.activeElement === box;
  list.hidden = !open;
  box.setAttribute("aria-expanded", String(open));
  says.textContent = open ? `${found.length} suggestion${found.length === 1 ? "" : "s"}, arrow down to go to them` : "";
}

function activate(index) {
  list.children[active]?.setAttribute("aria-selected", "false");
  active = index;
  const option = list.children[active];
  if (!option) {
    box.removeAttribute("aria-activedescendant");
    return;
  }
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", option.id);
}

function choose(one) {
  if (one.kind === FORGET.kind) {
    localStorage.removeItem(STORED_SEARCHES);
    show([]);
  } else if (one.kind === "recent") {
    box.value = one.label;
    box.form.requestSubmit();
  } else {
    location.assign(one.url);
  }
}

function remembered(typed) {
  const folded = typed.trim().toLowerCase();
  return recent()
    .filter((one) => one.toLowerCase().includes(folded) && one !== typed)
    .slice(0, folded ? 3 : MOST_RECENT)
    .map((label) => ({ kind: "recent", label }));
}

async function suggest() {
  const typed = box.value;
  asking?.abort();
  if (!typed.trim()) {
    const kept = remembered("");
    show(kept.length ? [...kept, FORGET] : []);
    return;
  }
  asking = new AbortController();
  try {
    const response = await fetch(`${box.dataset.completions}?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
    const found = response.ok ? (await response.json()).completions : [];
    if (typed === box.value) show([...found, ...remembered(typed)]);
  } catch (error) {
    if (error.name !== "AbortError") show(remembered(typed));
  }
}

box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(suggest, 120);
});
box.addEventListener("click", () => { if (list.hidden && !box.value) suggest(); });
box.addEventListener("blur", () => show([]));
box.form.addEventListener("submit", () => remember(box.value));
box.addEventListener("keydown", (event) => {
  const open = !list.hidden;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!open) {
      suggest();
      return;
    }
    // Past either end the box itself is the place: nothing chosen.
    const step = event.key === "ArrowDown" ? 1 : -1;
    const places = offered.length + 1;
    activate(((active + 1 + step + places) % places) - 1);
  } else if (event.key === "Enter" && open && active >= 0) {
    event.preventDefault();
    choose(offered[active]);
  } else if (event.key === "Escape" && open) {
    event.preventDefault();
    show([]);
  }
});
// Before the box loses the focus, which would close the list.
list.addEventListener("pointerdown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const index = [...list.children].indexOf(event.target.closest("li"));
  if (index >= 0) choose(offered[index]);
});
