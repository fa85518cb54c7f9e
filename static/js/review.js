/* Helps an officer through the review page. Without this file every link opens and every field works by itself.

   <a href="…" data-preview="image|pdf">   on a wide screen opens in <aside id="preview"> beside the question instead of leaving the page;
                                           the first one opens by itself where the aside has data-preview-first
   <input type="checkbox" data-sentence>   ticking puts its sentence into the form's <textarea data-sentences>, unticking takes it out again
                                           as long as nobody has changed it
   data-shortcut="n"                       Alt+n presses this link or button; the keys are written on it. Alt+J and Alt+K walk through the
                                           files. Always with Alt, so that nothing happens while typing. */

const WIDE = matchMedia("(min-width: 64em)");
const pane = document.getElementById("preview");

function files() {
  return [...document.querySelectorAll("a[data-preview]")];
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function show(link) {
  const name = link.textContent.trim();
  for (const other of files()) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  const head = make("header", {}, make("strong", { textContent: name }), make("a", { href: link.href, target: "_blank", rel: "noopener", textContent: "Buka di tab baru" }));
  if (files().length > 1) head.append(make("span", { className: "keys hint" }, make("kbd", { textContent: "Alt J" }), " ", make("kbd", { textContent: "Alt K" }), " berkas lain"));
  const body =
    link.dataset.preview === "image"
      ? make("div", { className: "image", tabIndex: 0 }, make("img", { src: link.href, alt: name }))
      : make("iframe", { src: `${link.href}#navpanes=0&view=FitH`, title: name });
  pane.replaceChildren(head, body);
  pane.hidden = false;
}

function step(by) {
  const all = files();
  if (!all.length) return;
  const at = all.findIndex((link) => link.getAttribute("aria-current"));
  show(all[(at + by + all.length) % all.length]);
}

if (pane) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-preview]");
    if (!link || !WIDE.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(link);
  });
  if (WIDE.matches && "previewFirst" in pane.dataset && files().length) show(files()[0]);
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches("input[type=checkbox][data-sentence]")) return;
  const area = target.form?.querySelector("textarea[data-sentences]");
  const sentence = target.dataset.sentence.trim();
  if (!area || !sentence) return;
  const lines = area.value.split("\n");
  const at = lines.findIndex((line) => line.trim() === sentence);
  if (target.checked && at < 0) area.value = [...lines.filter((line, index) => line.trim() || index < lines.length - 1), sentence].join("\n");
  else if (!target.checked && at >= 0) area.value = lines.filter((_, index) => index !== at).join("\n");
  else return;
  area.dispatchEvent(new Event("input", { bubbles: true }));
});

for (const place of document.querySelectorAll("[data-shortcut]")) {
  place.append(make("kbd", { className: "keys", textContent: `Alt ${place.dataset.shortcut.toUpperCase()}` }));
}

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !WIDE.matches) return;
  const key = event.code.replace("Key", "").toLowerCase();
  if (pane && !pane.hidden && (key === "j" || key === "k")) {
    event.preventDefault();
    step(key === "j" ? 1 : -1);
    return;
  }
  const place = [...document.querySelectorAll("[data-shortcut]")].find((one) => one.dataset.shortcut === key && !one.disabled);
  if (!place) return;
  event.preventDefault();
  place.click();
});
