// What was typed and has not reached the server. Each answer is kept on this device until it has, under the
// person and the page it belongs to. Whatever cannot be sent is shown at the top of every page: nothing waits
// in silence.
import { all, forget, isFleeting, oneTabAtATime, put, remove, tellTabs } from "./device.js";

const GIVES_UP_AFTER = 20_000;
const ANSWERS = [200, 400, 404, 409, 410, 422]; // all else is a line or a server that failed
const SAID = [200, 409, 422]; // come with words of ours, or are somebody else's: a hotel's page for signing in
const TRIES_AGAIN_AFTER = [3_000, 10_000, 30_000, 60_000];

const replies = new Map(); // what the server said about an entry that it did not take
let why = ""; // nothing could be sent the last time
let failures = 0;
let timer = 0;
let running = null;

// --- What is kept ---------------------------------------------------------------------------------

const KIND = "answer";
const idOf = ({ address, name }) => `${address}#${name}`;
export const waiting = (address) =>
  all(KIND)
    .filter((entry) => !address || entry.address === address)
    .sort((one, other) => one.at - other.at);
const same = (one) => waiting().find((entry) => idOf(entry) === idOf(one));

/** An answer: address, name, value, seen (the value it changes), called and words for people to read. */
export function keep(entry) {
  replies.delete(idOf(entry));
  put(KIND, idOf(entry), entry);
}

export function drop(entry) {
  replies.delete(idOf(entry));
  remove(KIND, idOf(entry));
}

// --- Sending --------------------------------------------------------------------------------------

export function token() {
  return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

/** Asks the portal as its scripts do. Returns the response and what it holds, or null where no answer came. */
export async function ask(address, body, more = {}) {
  try {
    const response = await fetch(address, {
      method: "POST",
      body,
      redirect: "manual",
      signal: AbortSignal.timeout?.(GIVES_UP_AFTER),
      headers: {
        Accept: "application/json",
        "X-CSRFToken": token(),
        // Somebody else may have signed in meanwhile.
        "X-Page-Of": document.querySelector("[name=page_of]")?.value ?? "",
        ...more,
      },
    });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    const status = response.type === "opaqueredirect" ? 302 : response.status;
    return isJson || !SAID.includes(status) ? { status, said: isJson ? await response.json() : null } : null;
  } catch {
    return null;
  }
}

/** Sends what waits, one after the other. Returns why it stopped, or "" where everything was answered. */
export function send() {
  running ??= oneTabAtATime(sendAll, GIVES_UP_AFTER).finally(() => {
    running = null;
  });
  return running;
}

async function sendAll() {
  clearTimeout(timer);
  const failed = new Map(); // one that the server cannot take now keeps no other back
  for (;;) {
    const entry = waiting().find((each) => !replies.has(idOf(each)) && !failed.has(idOf(each)));
    if (!entry) break;
    const { stopped, isForAll } = await sendOne(entry);
    if (stopped) failed.set(idOf(entry), stopped);
    else failures = 0;
    if (isForAll) break;
  }
  why = [...failed.values()].pop() ?? "";
  if (why) {
    timer = setTimeout(send, TRIES_AGAIN_AFTER[Math.min(failures, TRIES_AGAIN_AFTER.length - 1)]);
    failures += 1;
  }
  show();
  return why;
}

async function sendOne(entry) {
  const { address, name, value, seen, version } = entry;
  const answer = await ask(address, new URLSearchParams({ version, seen, [name]: value }));
  if (!answer) return { stopped: "line", isForAll: true };
  if (answer.status === 401) return { stopped: whoIsOut(answer), isForAll: true };
  if (!ANSWERS.includes(answer.status)) return { stopped: "line" };
  const taken = answer.status === 200;
  const now = same(entry);
  if (now?.value === value) {
    if (taken) drop(entry);
    else replies.set(idOf(entry), { status: answer.status, ...answer.said });
  } else if (now && taken) {
    keep({ ...now, seen: value }); // typed on while it was sent
  }
  tell("answered", { entry, taken, reply: answer.said ?? {} });
  if (taken) tellTabs({ address, reply: answer.said });
  return {};
}

/** Whether nobody is signed in any more, or somebody else is. */
export const whoIsOut = (answer) => (answer.said?.another ? "another" : "signed-out");

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`outbox:${name}`, { detail }));

// --- What is shown --------------------------------------------------------------------------------

/** Entries a page shows by itself are left to it. */
let leftToPage = () => false;
export function leave(test) {
  leftToPage = test;
}

const copy = (id, selector) =>
  document.importNode(document.getElementById(id).content.querySelector(selector), true);

function write(element, values) {
  for (const [what, words] of Object.entries(values)) {
    if (words === undefined) continue;
    for (const each of element.querySelectorAll(`[data-${what}]`)) each.textContent = words;
  }
}

export function show(more = "") {
  const entries = waiting().filter((entry) => !leftToPage(entry));
  const listed = why || more ? entries : entries.filter((entry) => replies.has(idOf(entry)));
  if (more === "leaving") listed.push(...all("evidence"));
  const before = document.getElementById("chua-gui");
  if (listed.length === 0) {
    before?.remove();
  } else {
    const box = copy("khung-chua-gui", "section");
    write(box, { count: listed.length });
    const reasons = [why || (listed.some((entry) => replies.has(idOf(entry))) && "choose"), more];
    const fleeting = isFleeting(KIND);
    if (fleeting) reasons[0] = "fleeting";
    for (const each of box.querySelectorAll("[data-why]")) each.hidden = !reasons.includes(each.dataset.why);
    const signIn = box.querySelector("[data-sign-in]");
    signIn.hidden = why !== "signed-out";
    signIn.target = fleeting ? "_blank" : "";
    signIn.search = new URLSearchParams({ next: location.pathname + location.search });
    box.querySelector("[data-again]").hidden = why !== "line";
    box.querySelector("[data-again]").addEventListener("click", send);
    box.querySelector("[data-list]").append(...listed.map(item));
    if (before?.outerHTML !== box.outerHTML) {
      if (before) before.replaceWith(box);
      else document.querySelector("main").prepend(box);
    }
  }
  tell("shown", { why });
}

function item(entry) {
  const reply = replies.get(idOf(entry));
  const there = reply?.status === 409 ? reply.answers?.[entry.name] : null;
  const kind = there ? "elsewhere" : reply ? "refused" : "waiting";
  const line = copy("cau-chua-gui", `[data-kind=${kind}]`);
  const called = line.querySelector("[data-called]");
  called.href = `${entry.address}#${entry.place}`;
  write(line, {
    called: entry.called,
    here: reply?.here ?? entry.words,
    there: there?.words,
    problem: reply?.problem,
  });
  line.querySelector("[data-drop]")?.addEventListener("click", () => {
    drop(entry);
    tell("dropped", { entry, there });
    if (there) tellTabs({ address: entry.address, reply });
    show();
  });
  line.querySelector("[data-keep]")?.addEventListener("click", () => {
    keep({ ...entry, seen: there.value });
    send();
  });
  return line;
}

// --- When -----------------------------------------------------------------------------------------

export function begin() {
  addEventListener("online", send);
  const isAtRisk = () => isFleeting(KIND) || isFleeting("evidence");
  addEventListener("beforeunload", (event) => !letsGo && isAtRisk() && event.preventDefault());
  addEventListener("storage", () => show());
  document.addEventListener("visibilitychange", () => !document.hidden && waiting().length && send());
  for (const form of document.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", (event) => signOut(event, form));
  }
  for (const form of document.querySelectorAll("form[data-after-answers]")) {
    form.addEventListener("submit", holdBack);
  }
  // Who takes what stands elsewhere no longer wants what stood here.
  for (const button of document.querySelectorAll("button[name=discard]")) {
    button.addEventListener("click", () => waiting(location.pathname).forEach((entry) => drop(entry)));
  }
  if (waiting().length) send();
}

let letsGo = false;
/** The page is left by a form that takes along what is typed. */
export function letGo() {
  letsGo = true;
}

async function signOut(event, form) {
  const isEmpty = () => waiting().length + all("evidence").length === 0;
  if (form.dataset.asked || isEmpty()) return forget(); // a shared device keeps nothing
  event.preventDefault();
  await send();
  form.dataset.asked = "yes";
  if (isEmpty()) {
    forget();
    return form.submit();
  }
  show("leaving");
  document.getElementById("chua-gui").focus();
}

/** A record is not sent while an answer to it is still here. */
async function holdBack(event) {
  if (waiting().length === 0) return;
  event.preventDefault();
  await send();
  if (waiting().length === 0) return location.reload(); // first one sees what they come to
  show(why || "choose");
  document.getElementById("chua-gui").focus();
}
