// Fills in the first page of the sign-up from the QR code on an identity card. The picture is read on the
// device: it is neither sent nor kept. Whoever types needs nothing of this.

const scanner = document.getElementById("quet-the");
const form = document.getElementById("mo-tai-khoan");
const part = (name) => scanner.querySelector(`[data-${name}]`);
const MOST = 1600; // pixels of the longer side: enough for the code, little enough for an old telephone
let stream = null;

// "number|old number|name|day of birth as ddmmyyyy|gender|home|issued", as the cards since 2021 say it.
export function personOf(text) {
  const [number, , name, born, gender] = text.split("|").map((field) => field.trim());
  const day = /^(\d\d)(\d\d)(\d{4})$/.exec(born || "");
  if (!/^\d{12}$/.test(number) || !name || !day) return null;
  return {
    full_name: name.normalize("NFC"),
    birth_date: day.slice(1).join("/"),
    gender: { nam: "male", nữ: "female" }[(gender || "").normalize("NFC").toLowerCase()],
    identity_number: number,
  };
}

async function reader() {
  if ("BarcodeDetector" in window) {
    const formats = await window.BarcodeDetector.getSupportedFormats();
    if (formats.includes("qr_code")) {
      const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
      return async (canvas) => (await detector.detect(canvas))[0]?.rawValue;
    }
  }
  await import(scanner.dataset.decoder); // only where the browser reads no codes itself, and only when asked
  return async (canvas) => {
    const { width, height } = canvas;
    return window.jsQR(canvas.getContext("2d").getImageData(0, 0, width, height).data, width, height)?.data;
  };
}

function drawn(picture, width, height, canvas) {
  const scale = Math.min(1, MOST / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d", { willReadFrequently: true }).drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function tell(word) {
  part("told").textContent = scanner.dataset[word];
}

function fill(person) {
  for (const [name, value] of Object.entries(person)) {
    const fields = form.elements[name];
    if (!value || !fields) continue;
    if (name === "gender") fields.forEach((radio) => { radio.checked = radio.value === value; });
    else fields.value = value;
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// Whether the text was that of a card.
function take(text) {
  const person = text ? personOf(text) : null;
  if (person) {
    fill(person);
    tell("done");
  }
  return Boolean(person);
}

function stop() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  part("camera").hidden = true;
  part("scan").hidden = false;
}

async function scan() {
  part("told").textContent = "";
  try {
    const camera = { facingMode: "environment", width: { ideal: 1280 } };
    stream = await navigator.mediaDevices.getUserMedia({ video: camera });
  } catch {
    tell("refused");
    return;
  }
  const video = part("video");
  video.srcObject = stream;
  part("camera").hidden = false;
  part("scan").hidden = true;
  await video.play();
  const read = await reader();
  const canvas = document.createElement("canvas");
  while (stream) {
    if (video.videoWidth && take(await read(drawn(video, video.videoWidth, video.videoHeight, canvas)))) stop();
    await new Promise((done) => setTimeout(done, 200));
  }
}

async function readPhoto(event) {
  const [file] = event.target.files;
  if (!file) return;
  part("told").textContent = "";
  try {
    const picture = await createImageBitmap(file);
    const read = await reader();
    const canvas = drawn(picture, picture.width, picture.height, document.createElement("canvas"));
    if (!take(await read(canvas))) tell("none");
  } catch {
    tell("none");
  }
  event.target.value = "";
}

if (scanner && form) {
  scanner.hidden = false;
  part("scan").hidden = !navigator.mediaDevices?.getUserMedia;
  part("scan").addEventListener("click", scan);
  part("stop").addEventListener("click", stop);
  part("photo").addEventListener("change", readPhoto);
  window.addEventListener("pagehide", stop);
}
