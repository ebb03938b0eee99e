// Lets the browser read a criterion aloud. The buttons stay hidden where the device has no Vietnamese voice.

const speech = window.speechSynthesis;
const buttons = document.querySelectorAll("button[data-reads]");
let speaking = null;

function vietnameseVoice() {
  return speech.getVoices().find((voice) => /^vi\b/i.test(voice.lang));
}

function offer() {
  if (vietnameseVoice()) buttons.forEach((button) => { button.hidden = false; });
}

function show(button, isSpeaking) {
  button.querySelector("[data-start]").hidden = isSpeaking;
  button.querySelector("[data-stop]").hidden = !isSpeaking;
}

function stop() {
  if (speaking) show(speaking, false);
  speaking = null;
  speech.cancel();
}

function start(button) {
  stop();
  speaking = button;
  show(button, true);
  const parts = document.getElementById(button.dataset.reads).querySelectorAll("[data-aloud]");
  // A sentence at a time: some browsers fall silent in the middle of a long one.
  const sentences = [...parts].flatMap((part) => part.textContent.trim().split(/(?<=[.?!:]”?)\s+/));
  sentences.forEach((sentence, place) => {
    const words = new SpeechSynthesisUtterance(sentence);
    words.lang = "vi-VN";
    words.voice = vietnameseVoice();
    words.rate = 0.9;
    if (place === sentences.length - 1) words.onend = () => { if (speaking === button) stop(); };
    speech.speak(words);
  });
}

if (speech && buttons.length) {
  buttons.forEach((button) => {
    button.addEventListener("click", () => (speaking === button ? stop() : start(button)));
  });
  offer(); // some browsers know their voices at once, others tell later
  speech.addEventListener?.("voiceschanged", offer);
  window.addEventListener("pagehide", stop);
}
