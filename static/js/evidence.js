// A file on its way over a bad line: a picture is made small on the telephone, which leaves behind where it was
// taken, then goes in pieces, each from where the server says that it stands. What is typed beside it is kept
// on the device until it is saved. Without this file the same form is sent as it is.
import { get, hearTabs, isFleeting, put, remove, tellTabs } from "./device.js";
import { ask, letGo, whoIsOut } from "./outbox.js";

const LONGEST_SIDE = 1600;
const QUALITY = 0.85;
const PICTURES = /^image\/(jpeg|png|webp|hei[cf])$/;
const LEAST = 16 * 1024;
const MOST = 1024 * 1024;
const FAST = 2_000;
const TRIES_AGAIN_AFTER = 5_000;
const KIND = "evidence";

const form = document.getElementById("minh-chung");
const { file } = form.elements;
const WRITTEN = ["text", "url", "none"];
const WAITS = ["waiting", "signed-out", "another"];
const here = location.pathname;
const notice = document.getElementById("dang-gui");
let busy = false;
let wanted = null; // the button that is to be pressed as soon as the line is back
let timer = 0;

// --- The file -------------------------------------------------------------------------------------

async function small(original) {
  if (!PICTURES.test(original.type)) return original;
  try {
    const picture = await createImageBitmap(original, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const drawing = canvas.getContext("2d");
    drawing.fillStyle = "white";
    drawing.fillRect(0, 0, canvas.width, canvas.height);
    drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    const name = original.name.replace(/\.\w+$/, "") + ".jpg";
    return blob ? new File([blob], name, { type: "image/jpeg" }) : original;
  } catch {
    return original; // the server can read more kinds
  }
}

async function sumOf(blob) {
  const sum = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends what the server has not got yet. Returns the name it knows the file by, or why it stopped. */
async function arrive(blob) {
  const named = `${await sumOf(blob)}-${blob.size}`;
  let piece = 64 * 1024;
  let offset = null; // asked first
  while (offset !== blob.size) {
    const body = offset === null ? new Blob() : blob.slice(offset, offset + piece);
    const began = Date.now();
    const address = form.dataset.arrives.replace("ten/0/", `${named}/${offset ?? 0}/`);
    const answer = await ask(address, body, { "Content-Type": "application/octet-stream" });
    if (answer?.status !== 200) return { why: whyOf(answer), problem: answer?.said?.problem };
    offset = answer.said.offset;
    say("sending", { part: Math.floor((100 * offset) / blob.size) });
    piece = Math.min(MOST, Math.max(LEAST, Date.now() - began < FAST ? piece * 2 : piece / 2));
  }
  return { named };
}

/** What waits for a better moment: the line, the server, or that one signs in again in another tab. */
function whyOf(answer) {
  if (answer?.status === 401) return whoIsOut(answer);
  return !answer || answer.status >= 500 ? "waiting" : "page";
}

// --- What is said ---------------------------------------------------------------------------------

function say(state, words = {}) {
  notice.hidden = false;
  notice.dataset.said = state;
  for (const each of notice.querySelectorAll("[data-state]")) each.hidden = each.dataset.state !== state;
  for (const [what, told] of Object.entries(words)) {
    for (const each of notice.querySelectorAll(`[data-${what}]`)) each.textContent = told;
  }
  notice.querySelector("progress").value = words.part ?? 0;
  notice.querySelector("progress").hidden = state !== "sending";
}

const sizeWords = (bytes) =>
  `${(bytes / 1024 / 1024).toLocaleString("vi-VN", { maximumFractionDigits: 1 })} MB`;

// --- Sending --------------------------------------------------------------------------------------

async function submit(event) {
  const button = event.submitter;
  if (button?.hasAttribute("formaction")) return;
  if (button?.name === "discard") return remove(KIND, here);
  event.preventDefault();
  wanted = button;
  if (!busy) await send();
}

async function send() {
  busy = true;
  clearTimeout(timer);
  const why = await sendAll().catch(() => "unreadable"); // a file that was changed or taken away meanwhile
  busy = false;
  if (why !== "unreadable" && !WAITS.includes(why)) return;
  const isNew = notice.dataset.said !== why;
  say(why);
  if (isNew) notice.focus();
  if (WAITS.includes(why)) timer = setTimeout(send, TRIES_AGAIN_AFTER);
}

async function sendAll() {
  const chosen = file.files[0];
  if (chosen) {
    const found = await sendFile(chosen);
    if (!found.named) return found.why;
    form.elements.arrived.value = found.named;
    form.elements.arrived_name.value = found.name;
    file.value = "";
  }
  const typed = new FormData(form);
  for (const name of ["file", "csrfmiddlewaretoken"]) typed.delete(name); // the cookie's token is the newest
  if (wanted?.name) typed.set(wanted.name, wanted.value);
  const answer = await ask(form.action, new URLSearchParams(typed));
  if (answer?.status !== 200) return whyOf(answer) === "page" ? leave() : whyOf(answer);
  remove(KIND, here);
  tellTabs({ written: here });
  location.assign(answer.said.next);
  return "";
}

async function sendFile(chosen) {
  if (!chosen.size) return { why: leave() };
  say("sending");
  notice.scrollIntoView({ block: "center" }); // the button stands a screen below
  const blob = await small(chosen);
  const heavy = blob.size > Number(form.dataset.most);
  const found = heavy ? { why: "heavy" } : await arrive(blob);
  if (heavy) say("heavy", { name: chosen.name, size: sizeWords(blob.size) });
  else if (found.problem) say("refused", { problem: found.problem });
  else if (found.why === "page") leave();
  if (heavy || found.problem) notice.focus();
  return { name: blob.name, ...found, why: found.problem ? "refused" : found.why };
}

/** The page itself says what is wrong, or leads to sign-in and back. */
function leave() {
  form.removeEventListener("submit", submit);
  letGo();
  setTimeout(() => form.requestSubmit(wanted));
  return "page";
}

// --- What is typed --------------------------------------------------------------------------------

const also = () => [...form.querySelectorAll("[name=also]")];

const wordsHere = () => WRITTEN.map((name) => form.elements[name].value.trim()).find(Boolean);

function keepTyped() {
  const written = Object.fromEntries(WRITTEN.map((name) => [name, form.elements[name].value]));
  const words = wordsHere();
  if (!words) remove(KIND, here);
  else keepWords(written, words);
  warn("fleeting", isFleeting(KIND));
}

function keepWords(written, words) {
  const ticked = also().filter((box) => box.checked).map((box) => box.value);
  const called = document.querySelector("h1").textContent;
  put(KIND, here, { ...written, also: ticked, address: here, name: KIND, place: "", called, words });
}

/** Said while it is so, where nothing else is told just now. */
function warn(state, isSo) {
  if (isSo && notice.hidden) say(state);
  else if (!isSo && notice.dataset.said === state) hush();
}

function hush() {
  notice.hidden = true;
  notice.dataset.said = "";
}

/** The device keeps one text a page: that of the tab typed in last. */
function typedInAnotherTab() {
  const kept = get(KIND, here);
  const differs = (name) => (kept[name] ?? "") !== form.elements[name].value;
  warn("two", Boolean(kept && wordsHere() && WRITTEN.some(differs)));
}

function takeUp() {
  const kept = get(KIND, here);
  if (!kept || WRITTEN.some((name) => form.elements[name].value)) return;
  const plain = (words) => words.replace(/\s+/g, " ").trim();
  const told = [...document.querySelectorAll("ul.evidence .told, ul.evidence .name")];
  // The form without this file saved it.
  const isSaved = (words) => words === plain(kept.words) || words.endsWith(`: ${plain(kept.words)}`);
  if (told.some((each) => isSaved(plain(each.textContent)))) return remove(KIND, here);
  for (const name of WRITTEN) {
    form.elements[name].value = kept[name] ?? "";
    if (kept[name]) (form.elements[name].closest("details") ?? {}).open = true;
  }
  for (const box of also()) box.checked = kept.also?.includes(box.value) ?? false;
  say("found");
}

const goOn = () => !busy && wanted && WAITS.includes(notice.dataset.said) && send();

function begin() {
  takeUp();
  form.addEventListener("input", keepTyped);
  form.addEventListener("submit", submit);
  addEventListener("storage", typedInAnotherTab);
  hearTabs(({ written }) => written === here && wordsHere() && keepTyped()); // what that tab saved was its own
  addEventListener("online", goOn);
  document.addEventListener("visibilitychange", () => !document.hidden && goOn());
}

// Old browsers, and a portal without TLS, send the form as it is.
if (globalThis.crypto?.subtle && form.requestSubmit) begin();
