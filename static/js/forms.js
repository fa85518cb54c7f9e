/* Small helps for every form. Without this file every form works as it is.

   A POST form is sent once: its buttons rest after a submit, and wake when the page is shown again or after 30 seconds.
   A <textarea maxlength data-count> says how much of it is used.
   A <form data-unsaved> shows its [data-unsaved-mark] (hidden until then) once something in it has changed. */

const REST = 30_000;

function buttonsOf(form) {
  return [...form.elements].filter((control) => control.type === "submit");
}

function wake(form) {
  delete form.dataset.sent;
  for (const button of buttonsOf(form)) button.removeAttribute("aria-disabled");
}

function rest(form) {
  form.dataset.sent = "true";
  // Not `disabled`: the focus would be lost, and some browsers remember it over a reload.
  for (const button of buttonsOf(form)) button.setAttribute("aria-disabled", "true");
  setTimeout(() => wake(form), REST);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const submitter = event.submitter;
  if ((submitter?.formMethod || form.method) !== "post" || (submitter?.formTarget || form.target) === "_blank") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  // After the event, so that the pressed button's own value is still sent; a form that htmx or another module has taken is theirs.
  setTimeout(() => {
    if (!event.defaultPrevented) rest(form);
  });
});

addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(wake));

function count(area) {
  let counter = area.nextElementSibling;
  if (!counter?.classList.contains("counter")) {
    counter = document.createElement("span");
    counter.className = "counter";
    area.after(counter);
  }
  const number = new Intl.NumberFormat("id-ID");
  counter.textContent = `${number.format(area.value.length)} dari ${number.format(area.maxLength)} huruf`;
  // Told aloud only when it begins to matter.
  counter.setAttribute("aria-live", area.value.length > area.maxLength * 0.9 ? "polite" : "off");
}

document.addEventListener("input", ({ target }) => {
  if (target.matches("textarea[data-count][maxlength]")) count(target);
  const form = target.form?.closest("[data-unsaved]");
  const mark = form?.querySelector("[data-unsaved-mark]");
  if (mark) mark.hidden = false;
});

document.querySelectorAll("textarea[data-count][maxlength]").forEach(count);
