/* Saves what is typed in forms while it is typed, and keeps it in this browser until the server has it.

   <form data-draft="user.follow-up.round">     the key under which the browser keeps the text
     <input type="hidden" name="draft_no">      what this page last saw saved; kept up to date here
     <input type="hidden" name="draft_base">    fingerprints of the words that this page was shown; kept up to date from data-draft-base,
                                                so that what this person did not touch is never taken for a change
     <input type="hidden" name="draft_tab">     which tab writes; filled here, so that a repeated save is no conflict with itself
     <button formaction="…" data-draft-save>    Simpan konsep: the address that is posted to, and what works without this file
   With <form data-draft-place="12"> its places are draft-status-12 and draft-conflict-12: a page may have many such forms.
     <p id="draft-status">                      replaced by the answer, whose root has the same id and data-draft-no
     <div id="draft-conflict">                  on 409 replaced by the answer, whose root has the same id; it shows both texts and has
                                                data-draft-no and buttons data-draft-keep="mine" and data-draft-keep="saved"

   Sent: every field but files and buttons, one request at a time; what was typed meanwhile goes with the next one.
   Kept: the same without hidden fields, with the draft_no that it was typed over, so that an old text never silently wins. Once the server
   has it all, the draft_no of that instead: a page that was answered before that save, and shown after it, is asked for anew.
   htmx may bring forms and take them away. A form of the same key that replaces one is given the words that were not saved yet; where a
   block with such forms is morphed (hx-swap="outerMorph", each form with an id), a form that somebody writes in is left as it is. */

const PAUSE = 1_000;
const LONGEST = 5_000; // of typing without a pause
const LIMIT = 30_000;
const WAITS = [2_000, 5_000, 15_000, 30_000, 60_000];
const MONTH = 30 * 24 * 3_600_000;
const PREFIX = "gugus.draft.";

const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // A browser without a store has nothing to remove.
    }
  },
  keys(prefix) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  },
};

function tabName() {
  try {
    let name = sessionStorage.getItem("gugus.tab");
    if (!name) {
      name = Math.random().toString(36).slice(2, 10);
      sessionStorage.setItem("gugus.tab", name);
    }
    return name;
  } catch {
    return Math.random().toString(36).slice(2, 10);
  }
}

function clock(time) {
  const at = new Date(time);
  return `${String(at.getHours()).padStart(2, "0")}.${String(at.getMinutes()).padStart(2, "0")}`;
}

class Draft {
  constructor(form) {
    this.form = form;
    this.button = form.querySelector("[data-draft-save]");
    this.tab = tabName();
    this.key = `${PREFIX}${form.dataset.draft}.${this.tab}`;
    this.place = form.dataset.draftPlace ? `-${form.dataset.draftPlace}` : "";
    this.failures = 0;
    this.sending = null;
    this.timer = null;
    this.held = false; // a conflict or another person's sign-in: nothing leaves until somebody has decided
    this.begin();
    this.recover();
  }

  // The form shows what the server had when it answered.
  begin() {
    this.form.dataset.draftWatched = ""; // morphing the form takes this away
    this.form.autocomplete = "off"; // going back, the browser would put older words over those that the server has
    this.setField("draft_tab", this.tab);
    this.saved = this.fingerprint();
  }

  // What is in the form

  pairs() {
    return [...new FormData(this.form)].filter(([, value]) => typeof value === "string");
  }

  text() {
    const hidden = new Set([...this.form.querySelectorAll("input[type=hidden]")].map((field) => field.name));
    return this.pairs().filter(([name]) => !hidden.has(name));
  }

  files() {
    return [...this.form.querySelectorAll("input[type=file]")].some((field) => field.files.length);
  }

  fingerprint(pairs = this.text()) {
    return JSON.stringify(pairs);
  }

  // What the page has seen of the working copy: kept with the words that were typed over it.
  seen() {
    const value = (name) => this.form.querySelector(`input[name="${name}"]`)?.value ?? "";
    return { number: value("draft_no"), base: value("draft_base") };
  }

  setSeen({ number, base }) {
    if (number !== undefined) this.setField("draft_no", number);
    if (base !== undefined) this.setField("draft_base", base);
  }

  learn(root) {
    this.setSeen({ number: root?.dataset.draftNo, base: root?.dataset.draftBase });
  }

  setField(name, value) {
    for (const field of this.form.querySelectorAll(`input[name="${name}"]`)) field.value = value;
  }

  fill(pairs) {
    const values = new Map();
    for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
    for (const control of this.form.elements) {
      const { name, type } = control;
      if (!name || type === "file" || type === "submit" || type === "hidden") continue;
      const given = values.get(name) ?? [];
      if (type === "checkbox" || type === "radio") control.checked = given.includes(control.value);
      else if (type === "select-multiple") for (const option of control.options) option.selected = given.includes(option.value);
      else if (given.length) control.value = given.shift();
    }
  }

  // Keeping and finding

  keep() {
    return store.write(this.key, { at: Date.now(), ...this.seen(), pairs: this.text() });
  }

  recover() {
    const mine = store.read(this.key);
    if (this.isBehind(mine)) return;
    if (mine?.pairs && this.fingerprint(mine.pairs) !== this.saved) {
      const before = { ...this.seen(), pairs: this.text() };
      this.fill(mine.pairs);
      this.setSeen(mine);
      this.say(`Tulisan pukul ${clock(mine.at)} yang belum tersimpan dipulihkan. `, true, [
        ["Buang", () => this.discard(this.key, before)],
      ]);
      this.plan(PAUSE * 3);
      return;
    }
    store.remove(this.key);
    for (const key of store.keys(`${PREFIX}${this.form.dataset.draft}.`)) {
      const other = store.read(key);
      if (!other?.pairs || this.fingerprint(other.pairs) === this.saved) continue;
      this.say(`Ada tulisan pukul ${clock(other.at)} yang belum tersimpan dari tab lain. `, true, [
        ["Pulihkan", () => this.adopt(key, other)],
        ["Buang", () => this.discard(key)],
      ]);
      return;
    }
  }

  // The form left the page. What was not saved is in the store, and a save on its way no longer tells anything here.
  stop() {
    this.gone = this.stopped = this.held = true;
    clearTimeout(this.timer);
    this.sending?.abort();
  }

  get isBusy() {
    return this.held || this.sending !== null || this.fingerprint() !== this.saved || this.form.contains(document.activeElement);
  }

  // The last page's save was acknowledged after the server had answered this page, or this page comes back from the browser's memory.
  isBehind(mine) {
    if (!(mine?.acknowledged > Number(this.seen().number))) return false;
    store.remove(this.key); // once: never a page that loads itself again and again
    location.reload();
    return true;
  }

  acknowledge() {
    store.write(this.key, { at: Date.now(), acknowledged: Number(this.seen().number) });
  }

  adopt(key, other) {
    this.fill(other.pairs);
    this.setSeen(other);
    store.remove(key);
    this.changed();
  }

  discard(key, before) {
    if (before) {
      this.fill(before.pairs);
      this.setSeen(before);
    }
    store.remove(key);
    clearTimeout(this.timer);
    this.say("Tulisan yang belum tersimpan dibuang.");
  }

  // Sending

  changed() {
    this.renewed = false;
    this.since ??= Date.now();
    this.keep();
    this.plan(Math.min(PAUSE, Math.max(0, this.since + LONGEST - Date.now())));
  }

  plan(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  retryNow() {
    this.failures = 0;
    this.save();
  }

  async save() {
    clearTimeout(this.timer);
    if (this.sending || this.held || !this.button) return;
    const text = this.text();
    const print = this.fingerprint(text);
    if (print === this.saved) return;
    this.since = null;
    this.keep();
    this.sending = new AbortController();
    const limit = setTimeout(() => this.sending?.abort(), LIMIT);
    try {
      const answer = await fetch(this.button.formAction, {
        method: "POST",
        body: new URLSearchParams(this.pairs()),
        headers: { "HX-Request": "true", "HX-Request-Type": "partial" },
        keepalive: document.visibilityState === "hidden",
        signal: this.sending.signal,
      });
      await this.take(answer, print);
    } catch {
      if (!this.stopped) this.failed();
    } finally {
      clearTimeout(limit);
      this.sending = null;
    }
    if (!this.held && !this.failures && this.fingerprint() !== this.saved) this.plan(PAUSE);
  }

  async take(answer, print) {
    const html = await answer.text();
    if (this.gone) return;
    if (answer.ok) {
      this.saved = print;
      this.failures = 0;
      this.renewed = false;
      this.refused = false;
      this.learn(this.swap("draft-status", html));
      // Newer words than those that were saved stay in the store until they are saved too.
      if (this.fingerprint() === print) this.acknowledge();
    } else if (answer.status === 409 && this.swap("draft-conflict", html)) {
      this.held = true;
      this.say("Belum tersimpan: ada yang menyimpan lebih dahulu. Pilih tulisan yang dipakai.", true);
    } else if (answer.status === 401 || (answer.status === 400 && !this.renewed)) {
      this.failures += 1;
      this.say("Belum tersimpan: perlu masuk lagi. Tulisan aman di gawai ini. ", true, [], answer.headers.get("HX-Redirect") || "/masuk");
      if (this.renewed) this.plan(WAITS.at(-1));
      else document.dispatchEvent(new CustomEvent("gugus:session-lost"));
    } else if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
      this.failed();
    } else {
      // Refused for good (too long, no longer open): said once, tried again only after a change.
      this.saved = print;
      this.renewed = false;
      this.refused = true;
      if (!this.swap("draft-status", html)) this.say("Belum tersimpan: isian ditolak. Muat ulang halaman ini untuk melihat sebabnya.", true);
    }
  }

  failed() {
    const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
    this.failures += 1;
    this.say(this.keep() ? "Belum tersimpan: tersimpan di gawai ini, dicoba lagi." : "Belum tersimpan, dicoba lagi. Jangan tutup halaman ini.", true);
    this.plan(wait);
  }

  onSubmit(event) {
    if (event.submitter && event.submitter === this.button && !this.refused && !this.files()) {
      event.preventDefault();
      if (this.fingerprint() === this.saved) this.say("Sudah tersimpan.");
      else this.retryNow();
      return;
    }
    if (navigator.onLine === false) {
      event.preventDefault();
      this.keep();
      this.say("Tidak ada sambungan. Tulisan aman di gawai ini; kirim lagi setelah tersambung.", true);
      return;
    }
    setTimeout(() => {
      if (event.defaultPrevented) return;
      // The whole form goes now; an autosave on its way would only compete with it.
      clearTimeout(this.timer);
      this.keep();
      this.stopped = true;
      this.sending?.abort();
      setTimeout(() => (this.stopped = false), LIMIT);
    });
  }

  resolve(keep) {
    const conflict = document.getElementById(`draft-conflict${this.place}`);
    if (keep === "saved") {
      store.remove(this.key);
      location.reload();
      return;
    }
    this.learn(conflict);
    conflict?.replaceWith(Object.assign(document.createElement("div"), { id: conflict.id }));
    this.held = false;
    this.retryNow();
  }

  // Saying

  swap(name, html) {
    const id = `${name}${this.place}`;
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(id);
    const place = document.getElementById(id);
    if (!fresh || !place) return null;
    place.replaceWith(fresh);
    return fresh;
  }

  say(words, trouble = false, actions = [], signIn = "") {
    const place = document.getElementById(`draft-status${this.place}`);
    if (!place) return;
    place.replaceChildren(words);
    place.setAttribute("role", trouble ? "alert" : "status");
    if (trouble) place.dataset.tone = "late";
    else delete place.dataset.tone;
    for (const [label, act] of actions) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
      button.addEventListener("click", act);
      place.append(button, " ");
    }
    if (signIn) place.append(Object.assign(document.createElement("a"), { href: signIn, target: "_blank", rel: "noopener", textContent: "Masuk (tab baru)" }));
  }
}

// All the forms of the page share the listeners of the page.

const drafts = new Map();

function each(act) {
  for (const draft of drafts.values()) act(draft);
}

function listen(type, act) {
  document.addEventListener(type, (event) => {
    const draft = drafts.get(event.target.closest?.("form"));
    if (draft) act(draft, event);
  });
}

function scan() {
  each((draft) => {
    if (!draft.form.isConnected) {
      draft.stop();
      drafts.delete(draft.form);
    } else if (!("draftWatched" in draft.form.dataset)) {
      draft.form.reset(); // controls that were typed in show what was morphed into them only then
      draft.begin();
    }
  });
  for (const form of document.querySelectorAll("form[data-draft]")) if (!drafts.has(form)) drafts.set(form, new Draft(form));
}

listen("input", (draft, event) => event.target.type !== "file" && draft.changed());
listen("focusout", (draft) => draft.save());
listen("submit", (draft, event) => draft.onSubmit(event));
listen("click", (draft, event) => {
  const choice = event.target.closest("[data-draft-keep]");
  if (choice) draft.resolve(choice.dataset.draftKeep);
});
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && each((draft) => draft.save()));
addEventListener("online", () => each((draft) => draft.retryNow()));
addEventListener("pageshow", (event) => event.persisted && each((draft) => draft.isBehind(store.read(draft.key))));
document.addEventListener("gugus:session-renewed", () =>
  each((draft) => {
    draft.renewed = true;
    draft.retryNow();
  }),
);
document.addEventListener("gugus:session-other", () =>
  each((draft) => {
    draft.held = true;
    draft.say("Sekarang masuk sebagai pengguna lain. Tulisan ini tetap tersimpan di gawai ini dan tidak dikirim.", true);
  }),
);
document.addEventListener("htmx:before:swap", () => each((draft) => draft.form.toggleAttribute("hx-morph-skip", draft.isBusy)));
document.addEventListener("htmx:after:swap", scan);

for (const key of store.keys(PREFIX)) if (Date.now() - (store.read(key)?.at ?? 0) > MONTH) store.remove(key);
scan();
