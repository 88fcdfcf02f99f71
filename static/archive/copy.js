// A button beside everything that is there to be copied; without it the text is selected by hand.
for (const part of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy ${part.dataset.copy}`);
  const says = document.createElement("output");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(part.innerText);
    says.textContent = "Copied";
  });
  if (navigator.clipboard) part.after(" ", button, " ", says);
}
