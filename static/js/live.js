/* Minutes by the keyboard alone, over a bad line, with somebody else writing too. Without this file every form has its own button.

   <div id="minutes" data-live="/rapat/…/notulen" data-stamp="12-0" data-queue="user.meeting">   the page: its address, what it has seen
     <section data-section>           an agenda item; Alt+K, Alt+T and Alt+N go to its new decision, its new action item, its notes
       <ol id="k12-list">             what there is; each row's number stands in [data-number="decision|action"],
                                      what an action item rests on in [data-decision]
       <form data-add="k12">          one line that is added by Enter: it is in the list at once, the field is empty again, and the line is
                                      kept in this browser until the server has it. [data-keep] keeps its value, [data-add-error] says
                                      what is wrong
       <textarea data-line>           Enter sends, Shift+Enter begins a new line
     <div id="changes">               what others changed, asked for every 20 seconds while the page is looked at
   A line is sent with a token of its own: sent twice, it is one. Lines leave one at a time, in the order in which they were written. */

const LOOK = 20_000;
const LIMIT = 30_000;
const WAITS = [2_000, 5_000, 15_000, 30_000];
const PARTIAL = { "HX-Request": "true", "HX-Request-Type": "partial" };
const KEYS = { KeyK: "[data-add^=k] [data-line]", KeyT: "[data-add^=t] [data-line]", KeyN: "[data-notes]" };

const page = () => document.getElementById("minutes");
const name = `gugus.lines.${page().dataset.queue}`;
const typedName = `gugus.typed.${page().dataset.queue}`;

function read(store, key, otherwise) {
  try {
    return JSON.parse(store.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function keep(store, key, value) {
  try {
    store.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// -- Lines on their way

let lines = read(localStorage, name, []);
let sending = false;
let failures = 0;
let timer = null;
let stopped = false; // signed out, or somebody else is signed in here now

function formOf(line) {
  return page().querySelector(`form[data-add="${line.place}"]`);
}

function rowOf(line) {
  return document.getElementById(`line-${line.token}`);
}

function forget(line) {
  lines = lines.filter((other) => other !== line);
  keep(localStorage, name, lines);
  rowOf(line)?.remove();
}

function say(line, words, ...buttons) {
  const place = rowOf(line)?.querySelector(".saved");
  if (!place) return;
  place.replaceChildren(words, ...buttons);
  place.dataset.tone = "late";
}

function show(line) {
  const list = document.getElementById(`${line.place}-list`);
  if (!list || rowOf(line)) return;
  const row = make("li", { id: `line-${line.token}`, className: "entry" });
  row.dataset.pending = "";
  const status = make("p", { className: "saved", textContent: "menyimpan …" });
  status.setAttribute("role", "status");
  row.append(make("p", { className: "pre", textContent: line.fields.map(([, text]) => text).filter(Boolean).join(" · ") }), status);
  list.append(row);
}

function pressed(label, act) {
  const button = make("button", { type: "button", textContent: label });
  button.addEventListener("click", act);
  return button;
}

function putBack(line) {
  const form = formOf(line);
  for (const [field, text] of line.fields) if (form.elements[field]) form.elements[field].value = text;
  forget(line);
  form.querySelector("[data-line]").focus();
}

function plan(wait) {
  clearTimeout(timer);
  timer = setTimeout(send, wait);
}

async function send() {
  const line = lines.find((one) => !one.refused);
  if (!line || sending || stopped) return;
  const form = formOf(line);
  if (!form) {
    say(line, "Belum tersimpan: bagiannya sudah tidak ada. ", pressed("Buang", () => forget(line)));
    line.refused = true;
    return plan(0);
  }
  sending = true;
  const limit = new AbortController();
  const late = setTimeout(() => limit.abort(), LIMIT);
  try {
    const body = new URLSearchParams(line.fields);
    body.set("agenda", form.elements.agenda.value);
    body.set("form_token", line.token);
    body.set("csrf_token", form.elements.csrf_token.value);
    const answer = await fetch(form.action, { method: "POST", body, headers: PARTIAL, signal: limit.signal });
    await take(line, answer);
  } catch {
    failed(line);
  } finally {
    clearTimeout(late);
    sending = false;
  }
  if (!failures && !stopped) plan(0);
}

async function take(line, answer) {
  const html = await answer.text();
  if (answer.ok) {
    failures = 0;
    const row = new DOMParser().parseFromString(html, "text/html").querySelector("li");
    const place = rowOf(line);
    if (row && place && !document.getElementById(row.id)) {
      place.before(row);
      settle(row);
    }
    forget(line);
    renumber();
  } else if (answer.status === 401 || answer.status === 400) {
    stopped = true;
    say(line, "Belum tersimpan: perlu masuk lagi. Tulisan aman di gawai ini. ", make("a", { href: answer.headers.get("HX-Redirect") || "/masuk", target: "_blank", rel: "noopener", textContent: "Masuk (tab baru)" }));
    document.dispatchEvent(new CustomEvent("gugus:session-lost"));
  } else if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
    failed(line);
  } else {
    failures = 0;
    line.refused = true;
    const why = new DOMParser().parseFromString(html, "text/html").getElementById("refused-line")?.textContent ?? "Bagian ini sudah berubah. Muat ulang halaman.";
    say(line, `Belum tersimpan: ${why} `, pressed("Ubah", () => putBack(line)), " ", pressed("Buang", () => forget(line)));
  }
}

function failed(line) {
  const kept = keep(localStorage, name, lines);
  say(line, kept ? "Belum tersimpan: tersimpan di gawai ini, dicoba lagi." : "Belum tersimpan, dicoba lagi. Jangan tutup halaman ini.");
  plan(WAITS[Math.min(failures, WAITS.length - 1)]);
  failures += 1;
}

// A row that has come is as if htmx had brought it: its form is a working copy like the others.
function settle(row) {
  window.htmx?.process(row);
  document.dispatchEvent(new CustomEvent("htmx:after:swap"));
}

function renumber() {
  for (const kind of ["decision", "action"]) page().querySelectorAll(`[data-number=${kind}]`).forEach((place, at) => (place.textContent = at + 1));
  for (const basis of page().querySelectorAll("[data-decision]")) {
    const number = document.querySelector(`#keputusan-${basis.dataset.decision} [data-number]`)?.textContent;
    if (number && basis.value === basis.defaultValue) basis.value = basis.defaultValue = number;
  }
}

function add(form) {
  const first = form.querySelector("[data-line]");
  const error = form.querySelector("[data-add-error]");
  if (!first.value.trim()) {
    error.textContent = first.name === "words" ? "Tuliskan keputusannya." : "Tuliskan apa yang dikerjakan.";
    first.focus();
    return;
  }
  error.textContent = "";
  const controls = [...form.elements].filter((control) => control.name && !["hidden", "submit"].includes(control.type));
  const line = { token: Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join(""), place: form.dataset.add, fields: controls.map((control) => [control.name, control.value]) };
  lines.push(line);
  keep(localStorage, name, lines);
  show(line);
  for (const control of controls) if (!("keep" in control.dataset)) control.value = "";
  keepTyped();
  first.focus();
  send();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-add]")) return;
  event.preventDefault();
  add(event.target);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("[data-line]")) {
    event.preventDefault();
    add(event.target.form);
  }
});

// -- Lines that are not finished: they come back after the page was loaded anew

function keepTyped() {
  const typed = {};
  for (const form of document.querySelectorAll("form[data-add]")) {
    const fields = [...form.elements].filter((control) => control.value && control.name && !("keep" in control.dataset) && !["hidden", "submit"].includes(control.type));
    if (fields.length) typed[form.dataset.add] = Object.fromEntries(fields.map((control) => [control.name, control.value]));
  }
  keep(sessionStorage, typedName, typed);
}

function bringBack() {
  for (const [place, fields] of Object.entries(read(sessionStorage, typedName, {}))) {
    const form = formOf({ place });
    for (const [field, text] of Object.entries(fields)) if (form?.elements[field] && !form.elements[field].value) form.elements[field].value = text;
  }
  lines.forEach(show);
  renumber();
}

document.addEventListener("input", ({ target }) => target.closest("form[data-add]") && keepTyped());

// -- Keys

function section() {
  const focused = document.activeElement.closest("[data-section]");
  if (focused) return focused;
  const all = [...page().querySelectorAll("[data-section]")];
  return all.findLast((one) => one.getBoundingClientRect().top < innerHeight / 3) ?? all[0];
}

document.addEventListener("keydown", (event) => {
  const wanted = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && KEYS[event.code];
  const field = wanted && section()?.querySelector(wanted);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.scrollIntoView({ block: "center" });
});

// -- What others changed

async function look() {
  if (document.visibilityState === "hidden" || stopped) return;
  try {
    const answer = await fetch(`${page().dataset.live}?sejak=${page().dataset.stamp}`, { headers: PARTIAL });
    if (answer.status !== 200) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("changes");
    const place = document.getElementById("changes");
    if (!fresh || place.textContent === fresh.textContent) return;
    place.replaceChildren(...fresh.childNodes);
    window.htmx?.process(place);
  } catch {
    // No line: asked again.
  }
}

// The page is morphed: what is being typed or was opened stays as it is.
document.addEventListener("htmx:before:swap", () => {
  for (const form of document.querySelectorAll("form[data-add]")) {
    const isTyped = [...form.elements].some((control) => control.value && control.name && !("keep" in control.dataset) && !["hidden", "submit"].includes(control.type));
    form.toggleAttribute("hx-morph-skip", isTyped || form.contains(document.activeElement));
  }
  for (const row of document.querySelectorAll(".entry")) row.toggleAttribute("hx-morph-skip", Boolean(row.querySelector("details[open]")));
});

document.addEventListener("htmx:after:swap", (event) => {
  const swapped = event.detail?.ctx?.target?.id;
  if (!swapped) return;
  lines.forEach(show);
  renumber();
  page().dataset.liveReady = "";
  const place = document.getElementById(swapped);
  if (document.activeElement === document.body) (place?.querySelector("[aria-invalid=true], [aria-pressed]") ?? place)?.focus();
});

addEventListener("online", () => {
  failures = 0;
  send();
});
document.addEventListener("gugus:session-renewed", () => {
  stopped = false;
  send();
});
document.addEventListener("visibilitychange", look);

page().dataset.liveReady = "";
bringBack();
send();
setInterval(look, LOOK);
