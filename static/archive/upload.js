// Dumps go to the server in pieces as soon as they are chosen or dropped; the form then names them instead of carrying them.
// Without this the form carries them itself. What it speaks with: archive/desk/upload_parts.py.
const place = document.querySelector("[data-uploads]");
const form = place.closest("form");
const input = form.querySelector('input[type="file"]');
const [list, said, template] = ["ul", "[role=status]", "template"].map((each) => place.querySelector(each));
const chunk = Number(place.dataset.chunk);
const MIB = 1024 * 1024;
const TRIES = 8;
let waiting = null;
let sending = Promise.resolve();

const size = (bytes) => (bytes < MIB ? `${Math.ceil(bytes / 1024)} KB` : bytes < 1024 * MIB ? `${(bytes / MIB).toFixed(1)} MB` : `${(bytes / MIB / 1024).toFixed(2)} GB`);
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;

class Refused extends Error {}

// An answer of the server as JSON. Refused: it will not be otherwise next time; any other error may pass.
function ask(method, url, body, headers = {}, moved = () => {}, row = {}) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    row.stop = () => request.abort();
    request.open(method, url);
    request.setRequestHeader("X-CSRFToken", token());
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.onprogress = (event) => moved(event.loaded);
    request.onerror = () => failed(new Error("The server cannot be reached."));
    request.onabort = () => failed(new Refused("Removed."));
    request.onload = () => {
      const answer = request.response;
      if (request.status < 300 && answer) done(answer);
      else if (!answer && (request.status < 300 || request.status === 403)) failed(new Refused("You are signed out. Sign in in another tab, then go on here."));
      else failed(new (request.status < 500 && request.status !== 409 || request.status === 507 ? Refused : Error)(answer?.error ?? `The server answered ${request.status}.`));
    };
    request.send(body);
  });
}

// What tells this content from another of the same name and size: as archive/ingest/parts.py, where the browser can hash.
async function fingerprint(file) {
  if (!crypto.subtle) return `m${file.lastModified}`;
  const bytes = await new Blob([String(file.size), file.slice(0, MIB), file.slice(Math.max(file.size - MIB, 0))]).arrayBuffer();
  return [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

class Row {
  constructor(file) {
    this.file = file;
    this.item = template.content.firstElementChild.cloneNode(true);
    [this.bar, this.line, this.go, this.take, this.away] = ["progress", "[data-line]", "[data-go]", "[data-take]", "[data-remove]"].map((each) => this.item.querySelector(each));
    this.item.querySelector("strong").textContent = file.name;
    this.item.querySelector("[data-size]").textContent = size(file.size);
    this.bar.setAttribute("aria-label", file.name);
    this.away.setAttribute("aria-label", `Remove ${file.name}`);
    this.away.addEventListener("click", () => this.remove());
    this.go.addEventListener("click", () => this.queue());
    this.take.addEventListener("click", () => this.arrived(this.seen.dump, this.seen));
    list.append(this.item);
    if (file.size > Number(place.dataset.limit)) this.say(`Larger than ${place.dataset.limitSaid}, the most this site takes: split it.`, "failed");
    else if (!file.size) this.say("This file is empty: there is nothing to ingest in it.", "failed");
    else this.queue();
  }

  say(text, state, link) {
    this.item.dataset.state = state;
    this.bar.hidden = !["sending", "waiting"].includes(state);
    this.go.hidden = !["stopped", "seen"].includes(state);
    this.go.textContent = state === "seen" ? "Send it all the same" : "Go on";
    this.take.hidden = state !== "seen";
    this.line.textContent = text;
    if (link) this.line.append(" ", Object.assign(document.createElement("a"), { href: link, textContent: "its run" }));
    if (state !== "sending") said.textContent = `${this.file.name}: ${text}`;
    settle();
  }

  queue() {
    this.say("Waits", "waiting");
    sending = sending.then(() => this.item.isConnected && this.send());
  }

  async send() {
    for (let tries = 1; ; tries++) {
      try {
        return await this.goOn(() => (tries = 0));
      } catch (error) {
        if (!this.item.isConnected) return;
        if (error instanceof Refused || tries >= TRIES) return this.say(error.message, "stopped");
        this.say(`${error.message} Trying again …`, "sending");
        await pause(Math.min(2 ** tries / 2, 30));
      }
    }
  }

  async goOn(moved) {
    const about = { name: this.file.name, size: this.file.size, fingerprint: await fingerprint(this.file), anyway: Boolean(this.seen) };
    const begun = await ask("POST", place.dataset.begin, JSON.stringify(about), { "Content-Type": "application/json" });
    if (begun.seen) {
      this.seen = begun.seen;
      return this.say(`Very probably here already: ${begun.seen.says}.`, "seen", begun.seen.run);
    }
    this.url = begun.url;
    said.textContent = `${this.file.name}: is being sent`;
    if (!this.item.isConnected) throw new Refused("Removed.");
    const [from, since] = [begun.offset, performance.now()];
    const show = (at) => {
      const rate = (at - from) / ((performance.now() - since) / 1000) || 0;
      const left = rate ? `, ${size(rate)}/s, ${Math.ceil((this.file.size - at) / rate)} s left` : "";
      this.bar.value = at / this.file.size;
      this.say(`${Math.floor((100 * at) / this.file.size)} %${from ? " (went on)" : ""}${left}`, "sending");
    };
    for (let offset = from; ; ) {
      show(offset);
      const piece = this.file.slice(offset, offset + chunk);
      const headers = { "Upload-Offset": offset, "Content-Type": "application/octet-stream" };
      const answer = await ask("PUT", this.url, piece, headers, (bytes) => show(offset + bytes), this);
      if (answer.dump) return this.arrived(answer.dump, answer.seen);
      offset = answer.offset;
      moved();
    }
  }

  arrived(dump, seen) {
    this.url = null;
    this.item.append(Object.assign(document.createElement("input"), { type: "hidden", name: "dump", value: dump }));
    this.say(seen ? `Here already: ${seen.says}. Ingesting it again in the same way changes nothing.` : "Here, whole", "done", seen?.run);
  }

  remove() {
    const next = this.item.nextElementSibling ?? this.item.previousElementSibling;
    this.item.remove();
    this.stop?.();
    if (this.url) ask("POST", this.url).catch(() => {});
    (next?.querySelector("[data-remove]") ?? input).focus();
    settle();
  }
}

// The form goes off as it was asked to, once every file has arrived.
function settle() {
  const states = [...list.children].map((item) => item.dataset.state);
  input.required = !states.length;
  if (!waiting || states.some((state) => ["sending", "waiting"].includes(state))) return;
  const button = waiting;
  waiting = null;
  if (states.every((state) => state === "done")) form.requestSubmit(button);
  else said.textContent = "Not sent: some files did not arrive. Go on with them, or remove them.";
}

function choose(files) {
  for (const file of files) new Row(file);
}

input.addEventListener("change", () => {
  const files = [...input.files];
  input.value = "";
  choose(files);
});
form.addEventListener("submit", (event) => {
  form.elements.csrfmiddlewaretoken.value = token();
  if ([...list.children].every((item) => item.dataset.state === "done")) return;
  event.preventDefault();
  waiting = event.submitter;
  said.textContent = "Goes on by itself when the files are here.";
  settle();
});
for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    place.classList.toggle("dragged", name === "dragenter" || name === "dragover");
    if (name === "drop") choose(event.dataTransfer.files);
  });
}
place.hidden = false;
