/* The projector: looks for news every few seconds, and turns pages by the arrows or by a presenter's remote.

   <div id="screen" data-screen="/rapat/…/layar?agenda=2" data-stamp="12-0">   replaced by the answer; 204 where nothing is new
     <a rel="prev">, <a rel="next">   the arrows to the left and right; page up and down where there is nothing to scroll */

const LOOK = 5_000;
const TURNS = { ArrowLeft: "prev", PageUp: "prev", ArrowRight: "next", PageDown: "next" };

async function look() {
  const place = document.getElementById("screen");
  if (document.visibilityState === "hidden") return;
  try {
    const answer = await fetch(`${place.dataset.screen}&sejak=${place.dataset.stamp}`, { headers: { "HX-Request": "true", "HX-Request-Type": "partial" } });
    if (answer.status !== 200) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("screen");
    if (!fresh) return;
    const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute("rel") : "";
    place.replaceWith(fresh);
    if (focused) fresh.querySelector(`[rel=${focused}]`)?.focus();
  } catch {
    // No line: asked again.
  }
}

document.addEventListener("keydown", (event) => {
  const way = TURNS[event.key];
  if (!way || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const root = document.documentElement;
  const room = way === "next" ? root.scrollTop + root.clientHeight < root.scrollHeight - 2 : root.scrollTop > 2;
  if (event.key.startsWith("Page") && room) return;
  const link = document.querySelector(`#screen a[rel=${way}]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});

setInterval(look, LOOK);
