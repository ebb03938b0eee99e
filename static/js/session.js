// Says in time that the session is about to end, on a page that stays open. One press lets it last anew: here
// without leaving the page. All tabs know of it.
import { get, put } from "./device.js";
import { ask } from "./outbox.js";

const notice = document.getElementById("sap-dang-xuat");
const LONGEST = 60_000; // a device that slept looks again soon
let endsAt = 0;
let timer = 0;

function lasts(seconds) {
  endsAt = Math.max(Date.now() + seconds * 1_000, get("session")?.endsAt ?? 0);
  put("session", "", { endsAt });
}

function look() {
  clearTimeout(timer);
  endsAt = Math.max(endsAt, get("session")?.endsAt ?? 0);
  const saidAt = endsAt - notice.dataset.saidBefore * 1_000;
  const isNear = Date.now() >= saidAt;
  if (isNear) {
    const time = { hour: "2-digit", minute: "2-digit" };
    notice.querySelector("[data-at]").textContent = new Date(endsAt).toLocaleTimeString("vi-VN", time);
  }
  notice.hidden = !isNear;
  timer = setTimeout(look, Math.min(LONGEST, Math.max(1_000, saidAt - Date.now())));
}

async function stay(event) {
  event.preventDefault();
  const button = event.currentTarget;
  const answer = await ask(button.formAction, new URLSearchParams());
  if (answer?.status === 200) {
    lasts(answer.said.left);
    look();
  } else if (answer?.status === 401 && !answer.said?.another) {
    button.removeEventListener("click", stay);
    button.click(); // leads to sign-in and back, with what is typed here
  }
}

export function begin() {
  if (!notice) return;
  lasts(Number(notice.dataset.left));
  notice.querySelector("button").addEventListener("click", stay);
  look();
}
