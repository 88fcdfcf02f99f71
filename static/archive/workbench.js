// The workbench by keyboard: a key presses what carries it, in the pair in hand first. Off where the reader's keys are off.
const pairs = [...document.querySelectorAll("[data-pair]")];
const inHand = () => document.activeElement.closest("[data-pair]") ?? pairs[0];

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog");
  if (writing || localStorage.getItem("keys") === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { j: 1, k: -1 }[event.key];
  if (step) pairs[pairs.indexOf(inHand()) + (document.activeElement.closest("[data-pair]") ? step : 0)]?.focus();
  else if (/^[a-z]$/.test(event.key)) {
    const chosen = `[data-key="${event.key}"]`;
    const pressed = inHand()?.querySelector(chosen) ?? document.querySelector(`main > ${chosen}, main > form ${chosen}`);
    if (!pressed) return;
    pressed.click();
    if (pressed.hash) document.querySelector(pressed.hash)?.focus();
  } else return;
  event.preventDefault();
});

// After a judgement the pair that stands in its place now is in hand.
if (pairs.length && location.hash.startsWith("#pair-")) (document.querySelector(location.hash) ?? pairs.at(-1)).focus();

for (const button of document.querySelectorAll("[data-all]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = [...button.form.querySelectorAll('[type="checkbox"]')];
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
  });
}
