// The stage of a running meeting: the clock of the item, and editors that save while one types and lose nothing.
// What is typed is kept in this window (as keeper.js does, wiped at logout) until the server has it.
const PREFIX = "kreisrund.kept:";
const PAUSE = 1_500; // after the last key
const AGAIN = 5_000; // after a failure
const user = document.body.dataset.user;
const started = new WeakMap();
const known = new WeakSet();

// The clock: seconds since the call as the server counted them; this device's own time of day does not matter.

function clock(total) {
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, "0")}`;
}

function tick() {
  for (const timer of document.querySelectorAll("[data-timer]")) {
    if (!started.has(timer)) started.set(timer, performance.now());
    const total = Number(timer.dataset.elapsed) + Math.floor((performance.now() - started.get(timer)) / 1000);
    const isOver = total >= Number(timer.dataset.limit);
    const words = timer.querySelector("[data-timer-now]");
    // Only what changes: this is watched below.
    if (words.textContent !== clock(total)) words.textContent = clock(total);
    timer.querySelector("[data-timer-over]").hidden = !isOver;
    timer.classList.toggle("is-over", isOver);
  }
}

// What this window keeps: the typed text and the version it was typed over.

const keyOf = (form) => `${PREFIX}${user}:stage:${form.id}`;

function keep(form, text) {
  try {
    if (text === null) sessionStorage.removeItem(keyOf(form));
    else sessionStorage.setItem(keyOf(form), JSON.stringify({ text, expected: form.elements.expected.value, sent: false }));
  } catch {
    // Storage is blocked: the text is on the screen only.
  }
}

function kept(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

class Editor {
  constructor(form) {
    this.form = form;
    this.field = form.elements.text;
    this.state = form.querySelector("[data-editor-state]");
    this.saving = false;
    form.addEventListener("input", () => this.typed());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    this.field.addEventListener("blur", () => this.isDirty && !this.box && this.save());
    addEventListener("online", () => this.isDirty && !this.box && this.save());
    this.restore();
  }

  get isDirty() {
    return this.field.value !== this.field.defaultValue;
  }

  get box() {
    return this.form.querySelector(".kr-conflict");
  }

  restore() {
    const entry = kept(keyOf(this.form));
    if (!entry || entry.text === this.field.value) {
      keep(this.form, null);
      return;
    }
    this.form.elements.expected.value = entry.expected;
    this.field.value = entry.text;
    this.plan(0);
  }

  typed() {
    keep(this.form, this.field.value);
    if (this.box) return;
    this.say(this.state.dataset.typing);
    this.plan(PAUSE);
  }

  plan(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.form.isConnected && this.save(), pause);
  }

  say(words, isWrong = false) {
    this.state.textContent = words;
    this.state.classList.toggle("kr-wrong", isWrong);
  }

  async save() {
    clearTimeout(this.timer);
    if (this.saving) return;
    this.saving = true;
    const text = this.field.value;
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        body: new FormData(this.form),
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(10_000),
      });
      await this.take(answer, text);
    } catch {
      this.say(this.state.dataset.failedWords, true);
      this.plan(AGAIN);
    } finally {
      this.saving = false;
    }
  }

  async take(answer, text) {
    if (answer.redirected || [401, 403, 404].includes(answer.status)) {
      this.say(this.state.dataset.over, true);
      return;
    }
    const said = await answer.json();
    if (answer.ok) this.saved(said, text);
    else if (answer.status === 409 && "text" in said) this.differ(said, text);
    else this.say(said.message, true);
  }

  saved(said, text) {
    this.field.defaultValue = text;
    this.form.elements.expected.value = said.version;
    keep(this.form, this.isDirty ? this.field.value : null);
    this.say(said.message);
    if (this.isDirty) this.plan(PAUSE);
    document.dispatchEvent(new Event("live:ask"));
  }

  // Both versions side by side; until one has chosen, nothing is saved and nothing is overwritten.
  differ(said, text) {
    this.box?.remove();
    const box = document.querySelector("template[data-editor-conflict]").content.cloneNode(true).firstElementChild;
    box.querySelector("[data-message]").textContent = said.message;
    box.querySelector("[data-mine]").textContent = text;
    box.querySelector("[data-theirs]").textContent = said.text;
    const take = { mine: () => this.field.value, theirs: () => said.text, merged: () => said.merged };
    for (const button of box.querySelectorAll("[data-take]")) {
      button.addEventListener("click", () => this.choose(box, said, take[button.dataset.take]()));
    }
    this.say("");
    this.form.append(box);
  }

  choose(box, said, text) {
    box.remove();
    this.field.defaultValue = said.text;
    this.field.value = text;
    this.form.elements.expected.value = said.version;
    keep(this.form, this.isDirty ? text : null);
    if (this.isDirty) this.save();
    this.field.focus();
  }
}

// A text whose item was left or taken away before it could be saved: shown, to be copied.

function showLeft() {
  const place = document.querySelector("[data-editors-left]");
  if (!place || !user) return;
  for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith(`${PREFIX}${user}:stage:`))) {
    const id = key.split(":").at(-1);
    if (document.getElementById(id) || place.querySelector(`[data-of="${id}"]`)) continue;
    const entry = kept(key);
    if (!entry) continue;
    const box = document.querySelector("template[data-editor-left]").content.cloneNode(true).firstElementChild;
    box.dataset.of = id;
    box.querySelector("[data-text]").textContent = entry.text;
    box.querySelector("[data-drop]").addEventListener("click", () => {
      sessionStorage.removeItem(key);
      box.remove();
    });
    place.append(box);
  }
}

function look() {
  for (const form of document.querySelectorAll("form[data-editor]")) {
    if (known.has(form)) continue;
    known.add(form);
    new Editor(form);
  }
  try {
    showLeft();
  } catch {
    // Storage is blocked: nothing was kept.
  }
  tick();
}

look();
setInterval(tick, 1_000);
const stage = document.getElementById("stage");
if (stage) new MutationObserver(look).observe(stage, { childList: true, subtree: true });
