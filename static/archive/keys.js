// One-key shortcuts. Any reader can turn them off (WCAG 2.1.4): the choice stays in this browser.
const KEYS = { "/": "go to the search box", j: "next article", k: "previous article", o: "open it", n: "next in the list", p: "previous in the list", "?": "show these keys" };
const BESIDE = { n: "next", p: "prev" };
const STORED = "keys";
const links = [...document.querySelectorAll(".hits h2 a, .articles h3 a")];
const isOn = () => localStorage.getItem(STORED) !== "off";

const dialog = document.createElement("dialog");
dialog.className = "keys";
const heading = document.createElement("h2");
heading.id = "keys-heading";
heading.textContent = "Keys";
dialog.setAttribute("aria-labelledby", heading.id);
const rows = document.createElement("dl");
for (const [key, meaning] of Object.entries(KEYS)) {
  const term = document.createElement("dt");
  const kbd = document.createElement("kbd");
  kbd.textContent = key;
  term.append(kbd);
  const description = document.createElement("dd");
  description.textContent = meaning;
  rows.append(term, description);
}
const toggle = document.createElement("button");
const close = document.createElement("button");
close.textContent = "Close";
const label = () => { toggle.textContent = isOn() ? "Turn the keys off" : "Turn the keys on"; };
toggle.addEventListener("click", () => {
  localStorage.setItem(STORED, isOn() ? "off" : "on");
  label();
});
close.addEventListener("click", () => dialog.close());
label();
dialog.append(heading, rows, toggle, close);

const opener = document.createElement("button");
opener.className = "keys-opener";
opener.textContent = "Keys";
opener.addEventListener("click", () => dialog.showModal());
document.querySelector(".foot").append(opener, dialog);

function move(step) {
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
  links[next]?.focus();
}

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input, textarea, select, [contenteditable]");
  if (writing || dialog.open || !isOn() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") document.querySelector(".searchbox input").focus();
  else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "o" && links.includes(document.activeElement)) document.activeElement.click();
  else if (BESIDE[event.key]) document.querySelector(`main a[rel=${BESIDE[event.key]}]`)?.click();
  else if (event.key === "?") dialog.showModal();
  else return;
  event.preventDefault();
});
