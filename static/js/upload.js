/* Uploads evidence file by file, with progress and retries, and shrinks photos first. Without this file the same button submits the form.

   <form data-upload>
     <input type="hidden" name="csrf_token"> <input type="hidden" name="upload_token">   the token; each file sends it with "-1", "-2", …
                                                                                         so that a repeat is stored once
     <div data-slot="kind">
       <input type="file" data-photo="photo">     "photo": about 300 KB; "document": a photographed page, larger and grey; "": as it is
       <button formaction="…" name="slot" value="kind" data-upload-send>
       any other named fields of the slot         sent along (document date, number, caption), then emptied
                                                  a photo that was made smaller is sent with the day it was taken (`taken_on`)
       <ul class="queue">                         one line a file: name, size before and after, progress, what went wrong
   <div id="evidence-list">                       replaced by the answer, whose root has the same id

   Choosing files sends them; while one is under way or has failed, the form itself waits. A refusal (4xx) shows the answer's own sentence beside its file; a lost line or a 5xx is tried again. */

const LIMIT = 10 * 60_000;
const WAITS = [2_000, 5_000, 15_000, 30_000, 60_000, 60_000];
const SHAPES = {
  photo: { side: 1600, target: 300_000, grey: false },
  document: { side: 2400, target: 900_000, grey: true },
};
const QUALITIES = [0.82, 0.7, 0.58, 0.46];

const queue = [];
const pending = new Set();
let busy = false;
let counter = 0;

function size(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")} MB`;
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function toBlob(canvas, quality) {
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}

/* Return a smaller JPEG of a photo, or the file itself where that is no gain or the browser cannot. */
async function shrink(file, kind) {
  const shape = SHAPES[kind];
  if (!shape || !/^image\/(jpeg|png)$/.test(file.type) || file.size <= shape.target || !window.createImageBitmap) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, shape.side / Math.max(picture.width, picture.height));
    const canvas = element("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    if (shape.grey) context.filter = "grayscale(1)";
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    let blob = null;
    for (const quality of QUALITIES) {
      blob = await toBlob(canvas, quality);
      if (!blob || blob.size <= shape.target) break;
    }
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file;
  }
}

/* Return the day that a photo says it was taken ("2026-03-12"), or "": a smaller copy says nothing of it any more. */
async function takenOn(file) {
  if (file.type !== "image/jpeg") return "";
  const head = new TextDecoder("latin1").decode(await file.slice(0, 131_072).arrayBuffer());
  const [, year, month, day] = head.match(/((?:19|20)\d\d):(\d\d):(\d\d) \d\d:\d\d:\d\d/) ?? [];
  return year ? `${year}-${month}-${day}` : "";
}

class Upload {
  constructor(form, slot, input, button, file) {
    Object.assign(this, { form, slot, input, button, file, failures: 0, done: false });
    counter += 1;
    this.token = `${form.querySelector("input[name=upload_token]")?.value ?? ""}-${counter}`;
    this.fields = [...slot.querySelectorAll("input[name], textarea[name], select[name]")]
      .filter((field) => field.type !== "file" && (!["checkbox", "radio"].includes(field.type) || field.checked))
      .map((field) => [field.name, field.value]);
    this.note = element("span", { className: "meta", textContent: size(file.size) });
    this.bar = element("progress", { max: 1, value: 0 });
    this.bar.setAttribute("aria-label", `Mengunggah ${file.name}`);
    this.words = element("span", { textContent: "menunggu giliran" });
    this.actions = element("span", { className: "row" });
    this.line = element("li", {}, element("div", { className: "tight" }, element("strong", { textContent: file.name }), " ", this.note, this.bar, this.words, this.actions));
    slot.querySelector(".queue")?.append(this.line);
    this.offer(["Batal unggah", () => this.drop()]);
    pending.add(this);
  }

  offer(...pairs) {
    this.actions.replaceChildren(
      ...pairs.map(([label, act]) => {
        const button = element("button", { type: "button", className: "quiet", textContent: label });
        button.addEventListener("click", act);
        return button;
      }),
    );
  }

  say(words, trouble = false) {
    this.words.textContent = words;
    this.words.className = trouble ? "errors" : "hint";
  }

  drop() {
    this.done = true;
    clearTimeout(this.timer);
    this.request?.abort();
    this.line.remove();
    pending.delete(this);
    this.release?.();
  }

  async run() {
    const grey = this.slot.querySelector("[data-photo-document]")?.checked;
    const before = this.file;
    if (!this.ready) {
      this.say("menyiapkan");
      this.ready = await shrink(before, grey ? "document" : this.input.dataset.photo);
      if (this.ready !== before) this.fields.push(["taken_on", await takenOn(before).catch(() => "")]);
      if (this.ready !== before) this.note.textContent = `${size(before.size)} menjadi ${size(this.ready.size)}`;
    }
    while (!this.done) {
      const answer = await this.send();
      if (this.done) return;
      if (!this.judge(answer)) return;
      const wait = WAITS[this.failures];
      this.failures += 1;
      if (wait === undefined) {
        this.stop("Belum terunggah: sambungan terputus. Berkas masih di sini.");
        return;
      }
      this.say(`Sambungan terputus, dicoba lagi dalam ${wait / 1000} detik.`, true);
      await this.pause(wait);
    }
  }

  pause(wait) {
    return new Promise((resolve) => {
      this.release = resolve;
      this.timer = setTimeout(resolve, wait);
      addEventListener("online", resolve, { once: true });
    });
  }

  send() {
    return new Promise((resolve) => {
      const body = new FormData();
      body.append("csrf_token", this.form.querySelector("input[name=csrf_token]")?.value ?? "");
      body.append("upload_token", this.token);
      for (const [name, value] of this.fields) body.append(name, value);
      if (this.button.name) body.append(this.button.name, this.button.value);
      body.append(this.input.name, this.ready, this.ready.name);
      const request = new XMLHttpRequest();
      this.request = request;
      request.open("POST", this.button.formAction);
      request.timeout = LIMIT;
      request.setRequestHeader("HX-Request", "true");
      request.setRequestHeader("HX-Request-Type", "partial");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) this.bar.value = event.loaded / event.total;
      });
      this.say("mengunggah");
      request.addEventListener("loadend", () => resolve(request));
      request.send(body);
    });
  }

  /* Take an answer; tell whether to try again. */
  judge(request) {
    const { status } = request;
    if (status >= 200 && status < 300) {
      this.succeed(request.responseText);
      return false;
    }
    if (status === 0 || status >= 500 || status === 408 || status === 429) return true;
    if ((status === 401 || status === 400) && !this.asked) {
      this.asked = true;
      const link = element("a", { href: request.getResponseHeader("HX-Redirect") || "/masuk", target: "_blank", rel: "noopener", textContent: "Masuk (tab baru)" });
      this.stop("Belum terunggah: perlu masuk lagi. Berkas masih di sini.");
      this.actions.prepend(link);
      document.addEventListener("gugus:session-renewed", () => this.again(), { once: true });
      document.dispatchEvent(new CustomEvent("gugus:session-lost"));
      return false;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const sentence = page.querySelector(".errors, [role=alert]")?.textContent.replace(/\s+/g, " ").trim();
    this.stop(sentence || (status === 413 ? "Berkas terlalu besar." : "Berkas tidak dapat diterima."));
    return false;
  }

  succeed(html) {
    this.done = true;
    this.line.remove();
    pending.delete(this);
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("evidence-list");
    const place = document.getElementById("evidence-list");
    if (!fresh || !place) return;
    // What is being typed into the list (captions, dates) is newer than what the server sent.
    for (const field of place.querySelectorAll("input[name]:not([type=hidden], [type=file], [type=checkbox], [type=radio]), textarea[name]")) {
      const same = fresh.querySelector(`[name="${CSS.escape(field.name)}"]`);
      if (same) same.value = field.value;
    }
    place.replaceWith(fresh);
    window.htmx?.process?.(fresh);
  }

  stop(words) {
    this.stopped = true;
    this.say(words, true);
    this.offer(["Coba lagi", () => this.again()], ["Buang", () => this.drop()]);
  }

  again() {
    if (this.done) return;
    this.failures = 0;
    this.stopped = false;
    this.offer(["Batal unggah", () => this.drop()]);
    queue.push(this);
    work();
  }
}

async function work() {
  if (busy) return;
  busy = true;
  while (queue.length) await queue.shift().run();
  busy = false;
}

function take(input) {
  const slot = input.closest("[data-slot]");
  const button = slot?.querySelector("button[data-upload-send]");
  if (!button || !input.files.length) return;
  for (const file of input.files) queue.push(new Upload(input.form, slot, input, button, file));
  input.value = "";
  for (const field of slot.querySelectorAll("input[name]:not([type=file], [type=hidden], [type=checkbox], [type=radio]), textarea[name]")) field.value = "";
  work();
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("form[data-upload] [data-slot] input[type=file]")) take(target);
});

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.matches("form[data-upload]")) return;
  const [first] = [...pending].filter((upload) => upload.form === event.target);
  if (!first) return;
  event.preventDefault();
  first.say(first.stopped ? "Belum terunggah: coba lagi atau buang berkas ini, kemudian kirim." : "Masih diunggah: tunggu sampai selesai, kemudian kirim lagi.", true);
  first.line.scrollIntoView({ block: "center" });
});

// Choosing sends, so the button has nothing left to do.
for (const button of document.querySelectorAll("form[data-upload] [data-slot] button[data-upload-send]")) button.hidden = true;
