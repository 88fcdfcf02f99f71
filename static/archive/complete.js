// Names and headlines while a reader types; without it the box works as ever. A chosen one leads to its page.
const box = document.querySelector(".searchbox input[name=q]");
const list = document.createElement("datalist");
list.id = "completions";
box.after(list);
box.setAttribute("list", list.id);
let timer = 0;
let found = [];

box.addEventListener("input", (event) => {
  const chosen = found.find((one) => one.label === box.value);
  if (chosen && event.inputType !== "insertText") {
    location.assign(chosen.url);
    return;
  }
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const typed = box.value;
    const response = await fetch(`${box.dataset.completions}?q=${encodeURIComponent(typed)}`);
    if (!response.ok || typed !== box.value) return;
    found = (await response.json()).completions;
    list.replaceChildren(...found.map((one) => {
      const option = document.createElement("option");
      option.value = one.label;
      option.label = one.kind === "article" ? "article" : `${one.kind}, ${one.count} articles`;
      return option;
    }));
  }, 120);
});
