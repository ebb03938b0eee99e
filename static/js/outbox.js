// What was typed and has not reached the server. Each answer is kept on this device until it has, under the
// person and the page it belongs to, so that another who signs in here neither sees nor sends it. Whatever
// cannot be sent is shown at the top of every page: nothing waits in silence.

const KEPT_FOR = 30 * 24 * 60 * 60 * 1000;
const GIVES_UP_AFTER = 20_000;
const ANSWERS = [200, 400, 404, 409, 410, 422]; // all else is a line or a server that failed
const TRIES_AGAIN_AFTER = [3_000, 10_000, 30_000, 60_000];

const person = document.body.dataset.person;
const prefix = `chua-gui:${person}:`;
const replies = new Map(); // what the server said about an entry that it did not take
let why = ""; // nothing could be sent the last time
let failures = 0;
let timer = 0;
let running = null;

// --- What is kept ---------------------------------------------------------------------------------

const memory = new Map(); // where a browser lets nothing be kept

function readAll() {
  const found = new Map(memory);
  try {
    for (const key of Object.keys(localStorage).filter((each) => each.startsWith(prefix))) {
      found.set(key, JSON.parse(localStorage.getItem(key)));
    }
  } catch {
    // then what this page remembers is all there is
  }
  return [...found].map(([key, entry]) => ({ ...entry, key })).sort((one, other) => one.at - other.at);
}

export const keyOf = (address, name) => `${prefix}${address}#${name}`;

/** An answer: address, name, value, seen (the value it changes), called and words for people to read. */
export function keep(entry) {
  const key = keyOf(entry.address, entry.name);
  const kept = { ...entry, at: Date.now() };
  delete kept.key;
  replies.delete(key);
  try {
    localStorage.setItem(key, JSON.stringify(kept));
    memory.delete(key);
  } catch {
    memory.set(key, kept);
  }
}

export function drop(key) {
  replies.delete(key);
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // it was not there
  }
}

export const waiting = (address) => readAll().filter((entry) => !address || entry.address === address);
export const forget = () => waiting().forEach((entry) => drop(entry.key));

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
      signal: AbortSignal.timeout(GIVES_UP_AFTER),
      headers: { Accept: "application/json", "X-CSRFToken": token(), ...more },
    });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    return { status: response.status, said: isJson ? await response.json() : null };
  } catch {
    return null;
  }
}

/** Sends what waits, one after the other. Returns why it stopped, or "" where everything was answered. */
export function send() {
  running ??= sendAll().finally(() => {
    running = null;
  });
  return running;
}

async function sendAll() {
  clearTimeout(timer);
  for (;;) {
    const entry = readAll().find((each) => !replies.has(each.key));
    if (!entry) break;
    why = await sendOne(entry);
    if (why) {
      timer = setTimeout(send, TRIES_AGAIN_AFTER[Math.min(failures, TRIES_AGAIN_AFTER.length - 1)]);
      failures += 1;
      show();
      return why;
    }
    failures = 0;
  }
  why = "";
  show();
  return "";
}

async function sendOne(entry) {
  const { address, name, value, seen, version } = entry;
  const answer = await ask(address, new URLSearchParams({ version, seen, [name]: value }));
  if (answer?.status === 401) return "signed-out";
  const taken = answer?.status === 200;
  if (!answer || !ANSWERS.includes(answer.status)) return "line";
  const now = readAll().find((each) => each.key === entry.key);
  if (now?.value === value) {
    if (taken || Date.now() - entry.at > KEPT_FOR) drop(entry.key);
    else replies.set(entry.key, { status: answer.status, ...answer.said });
  } else if (now && taken) {
    keep({ ...now, seen: value }); // typed on while it was sent
  }
  tell("answered", { entry, taken, reply: answer.said ?? {} });
  return "";
}

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`outbox:${name}`, { detail }));

// --- What is shown --------------------------------------------------------------------------------

/** Entries a page shows by itself are left to it. */
let leftToPage = () => false;
export function leave(test) {
  leftToPage = test;
}

const copy = (id, selector) =>
  document.getElementById(id).content.querySelector(selector).cloneNode(true);

function write(element, values) {
  for (const [what, words] of Object.entries(values)) {
    if (words === undefined) continue;
    for (const each of element.querySelectorAll(`[data-${what}]`)) each.textContent = words;
  }
}

export function show(more = "") {
  const entries = readAll().filter((entry) => !leftToPage(entry));
  const listed = why || more ? entries : entries.filter((entry) => replies.has(entry.key));
  const before = document.getElementById("chua-gui");
  if (listed.length === 0) {
    before?.remove();
  } else {
    const box = copy("khung-chua-gui", "section");
    write(box, { count: listed.length });
    const reasons = [why || (listed.some((entry) => replies.has(entry.key)) && "choose"), more];
    for (const each of box.querySelectorAll("[data-why]")) each.hidden = !reasons.includes(each.dataset.why);
    const signIn = box.querySelector("[data-sign-in]");
    signIn.hidden = why !== "signed-out";
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
  const reply = replies.get(entry.key);
  const there = reply?.status === 409 ? reply.answers[entry.name] : null;
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
    drop(entry.key);
    tell("dropped", { entry, there });
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
  addEventListener("storage", (event) => event.key?.startsWith(prefix) && show());
  document.addEventListener("visibilitychange", () => !document.hidden && waiting().length && send());
  for (const form of document.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", (event) => signOut(event, form));
  }
  // Who takes what stands elsewhere no longer wants what stood here.
  for (const button of document.querySelectorAll("button[name=discard]")) {
    button.addEventListener("click", () => waiting(location.pathname).forEach((entry) => drop(entry.key)));
  }
  if (waiting().length) send();
}

async function signOut(event, form) {
  if (form.dataset.asked || waiting().length === 0) return forget();
  event.preventDefault();
  await send();
  form.dataset.asked = "yes";
  if (waiting().length === 0) return setTimeout(() => form.requestSubmit());
  show("leaving");
  document.getElementById("chua-gui").focus();
}
