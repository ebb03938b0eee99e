// The pages of scoring: each answer is saved as it is typed, one after the other, and says beside itself
// whether it is. Without this file the same form is saved by its buttons.
import { hearTabs } from "./device.js";
import { drop, keep, leave, letGo, send, show, waiting } from "./outbox.js";

const PAUSE = { radio: 300, text: 1_000 }; // after which an answer counts as typed

const form = document.getElementById("cham-diem");
const here = location.pathname;
const names = [...new Set([...form.querySelectorAll("[data-saved]")].map((control) => control.name))];
let timer = 0;
let leaving = false;

const controls = (name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
const first = (name) => controls(name)[0];
const saved = (name) => first(name).dataset.saved;
const valueOf = (name) => new FormData(form).get(name)?.trim() ?? "";
const version = () => form.elements.version;

function put(name, value) {
  for (const control of controls(name)) {
    if (control.type === "radio") control.checked = control.value === value;
    else control.value = value;
  }
}

/** What the server holds, and as what it was typed: 7.5 is kept as 7,5. */
function remember(name, value, typed = value) {
  for (const control of controls(name)) Object.assign(control.dataset, { saved: value, typed });
}

const isSaved = (name, value) => value === saved(name) || value === first(name).dataset.typed;

function wordsOf(name) {
  const chosen = controls(name).find((control) => control.type === "radio" && control.checked);
  return (chosen?.labels[0]?.textContent ?? valueOf(name)).trim();
}

// --- Beside each answer ---------------------------------------------------------------------------

const states = document.getElementById("da-luu-tung-cau").content;

const placeOf = (name) => first(name).closest("fieldset, .score, .mb-3") ?? first(name).parentElement;
const said = (name) => placeOf(name).nextElementSibling?.dataset.state;

function say(name, state, words = "") {
  const place = placeOf(name);
  if (place.nextElementSibling?.matches(".as-typed")) place.nextElementSibling.remove();
  const line = document.importNode(states.querySelector(`[data-state=${state}]`), true);
  const at = line.querySelector("[data-at]");
  if (at) at.textContent = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
  const told = line.querySelector("[data-words]");
  if (told) told.textContent = words;
  place.after(line);
}

// --- As one types ---------------------------------------------------------------------------------

function take(name) {
  const value = valueOf(name);
  const kept = waiting(here).find((entry) => entry.name === name);
  if (kept ? value === kept.value : isSaved(name, value)) return false;
  keep({
    address: here,
    name,
    value,
    seen: kept ? kept.seen : saved(name),
    version: version().value,
    called: first(name).dataset.called,
    words: wordsOf(name),
    place: first(name).closest("section")?.id ?? "",
  });
  say(name, "saving");
  return true;
}

function typed(event) {
  const { name, type } = event.target;
  if (!names.includes(name) || !take(name)) return;
  clearTimeout(timer);
  timer = setTimeout(send, PAUSE[type] ?? PAUSE.text);
}

function answered(event) {
  const { entry, taken, reply } = event.detail;
  if (entry.address !== here) return;
  if (taken) {
    remember(entry.name, reply.answers[entry.name].value, entry.value);
    if (valueOf(entry.name) === entry.value) say(entry.name, "saved");
  } else {
    say(entry.name, "failed");
  }
  if (reply.answers) catchUp(reply);
}

/** Shows what was saved elsewhere in the meantime, where nothing else is typed here. */
function catchUp(reply) {
  for (const name of names) {
    const there = reply.answers[name];
    if (!there || (there.value === saved(name) && isSaved(name, valueOf(name)))) continue;
    if (waiting(here).some((entry) => entry.name === name)) continue;
    const isShown = valueOf(name) === there.value;
    put(name, there.value);
    remember(name, there.value);
    say(name, isShown ? "saved" : "moved", there.words);
  }
  version().value = reply.version;
  form.querySelector("p.saved:not(.as-typed)").outerHTML = reply.saved;
  if (reply.total) form.querySelector("[aria-labelledby=tong]").outerHTML = reply.total;
}

/** Another tab of this device typed on: what is kept is shown here too, so that no tab sends what it replaced. */
function typedInAnotherTab() {
  for (const { name, value, words } of waiting(here)) {
    if (!names.includes(name) || valueOf(name) === value) continue;
    put(name, value);
    say(name, "moved", words);
  }
}

function dropped(event) {
  const { entry, there } = event.detail;
  if (entry.address !== here || !names.includes(entry.name)) return;
  const value = there?.value ?? saved(entry.name);
  put(entry.name, value);
  remember(entry.name, value);
  if (there) say(entry.name, "moved", there.words);
}

function shown(event) {
  if (!event.detail.why) return;
  for (const { name } of waiting(here)) if (names.includes(name) && said(name) !== "moved") say(name, "failed");
}

// --- The buttons ----------------------------------------------------------------------------------

async function submit(event) {
  const button = event.submitter;
  if (leaving || button?.hasAttribute("formaction")) return;
  event.preventDefault();
  clearTimeout(timer);
  const why = await send();
  // Whoever was signed out goes on to sign in, and comes back to these answers.
  if ((why && why !== "signed-out") || (!why && document.querySelector("#chua-gui [data-kind=elsewhere]"))) {
    show();
    document.getElementById("chua-gui").focus();
    return;
  }
  leaving = true;
  letGo();
  setTimeout(() => form.requestSubmit(button)); // not while this submit is still being told
}

/** What was typed here before and is not saved: kept on this device, or by the server over a new sign-in. */
function takeUp() {
  for (const entry of waiting(here)) if (names.includes(entry.name)) put(entry.name, entry.value);
  for (const name of names) {
    if (isSaved(name, valueOf(name))) drop({ address: here, name });
    else take(name);
  }
  if (!waiting(here).length) return;
  document.querySelector("button[name=drop-typed]")?.remove(); // it is being saved
  send();
}

if (form.hasAttribute("data-saves-as-typed")) {
  takeUp();
  form.addEventListener("input", typed);
  if (form.requestSubmit) form.addEventListener("submit", submit);
  document.addEventListener("outbox:answered", answered);
  document.addEventListener("outbox:dropped", dropped);
  document.addEventListener("outbox:shown", shown);
  addEventListener("storage", typedInAnotherTab);
  hearTabs(({ address, reply }) => {
    if (address === here && reply.version >= version().value) catchUp(reply);
  });
} else {
  // Here one chooses between this page and what was saved elsewhere.
  leave((entry) => entry.address === here);
  show();
  form.addEventListener("submit", () => {
    for (const entry of waiting(here)) keep({ ...entry, value: valueOf(entry.name) });
  });
}
