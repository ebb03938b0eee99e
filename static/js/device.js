// What this device keeps for whoever is signed in: under the person, so that another who signs in here neither
// sees nor sends it, for thirty days at most, and none of it after signing out.

const KEPT_FOR = 30 * 24 * 60 * 60 * 1000;
const ours = "hoc-tap:";
const own = `${ours}${document.body.dataset.person}:`;
const memory = new Map(); // where a browser lets nothing be kept

function attempt(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}

// What found no room is newer than what stands there.
const read = (key) => memory.get(key) ?? attempt(() => JSON.parse(localStorage.getItem(key)));
const keys = (start) => [
  ...new Set([...memory.keys(), ...(attempt(() => Object.keys(localStorage)) ?? [])]),
].filter((key) => key.startsWith(start));

function away(key) {
  memory.delete(key);
  attempt(() => localStorage.removeItem(key));
}

export const all = (kind) => keys(`${own}${kind}:`).map(read).filter(Boolean);
export const get = (kind, id = "") => read(`${own}${kind}:${id}`);
export const remove = (kind, id = "") => away(`${own}${kind}:${id}`);
export const forget = () => keys(own).forEach(away);

/** Tells the other tabs of this person, as they hear it: nothing where a browser has no such line. */
const line = globalThis.BroadcastChannel ? new BroadcastChannel(own) : null;
export const tellTabs = (said) => line?.postMessage(said);
export const hearTabs = (listen) => line?.addEventListener("message", ({ data }) => listen(data));

/** One tab of this person after the other; past `most` milliseconds without the others, for one may be asleep. */
export async function oneTabAtATime(work, most) {
  let begun = false;
  const begin = () => {
    begun = true;
    return work();
  };
  try {
    return await navigator.locks.request(own, { signal: AbortSignal.timeout(most) }, begin);
  } catch (error) {
    if (begun) throw error;
    return work(); // a browser without such locks, or nothing is kept here and so shared
  }
}

/** Whether something of the kind is kept by this page alone, and gone when it is closed. */
export const isFleeting = (kind) => [...memory.keys()].some((key) => key.startsWith(`${own}${kind}:`));

export function put(kind, id, value) {
  const key = `${own}${kind}:${id}`;
  const kept = { ...value, at: Date.now() };
  memory.set(key, kept);
  attempt(() => {
    localStorage.setItem(key, JSON.stringify(kept));
    memory.delete(key);
  });
}

for (const key of keys(ours)) if (Date.now() - (read(key)?.at ?? 0) > KEPT_FOR) away(key);
