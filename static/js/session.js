/* Renews the page's form tokens after the sign-in was lost, so that what was typed can still be sent.

   Other modules dispatch "gugus:session-lost" on document when an answer was 400 or 401. This one asks for the page anew, at once and
   each time the page is looked at again (someone has signed in in another tab), takes the token of that page into every
   csrf_token field here, and answers:
     "gugus:session-renewed"   the same person is signed in: send again
     "gugus:session-other"     another person is signed in here now: do not send
   Who is signed in stands in <body data-user>. */

let lost = false;
let asking = false;
let again = false; // looked at anew while asking: what is being asked may have left before the sign-in

function tell(name) {
  document.dispatchEvent(new CustomEvent(`gugus:session-${name}`));
}

async function renew() {
  if (!lost || document.visibilityState === "hidden") return;
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const user = page.body.dataset.user;
    const token = page.querySelector("input[name=csrf_token]")?.value;
    if (!user || !token) return;
    lost = false;
    if (user !== document.body.dataset.user) {
      tell("other");
      return;
    }
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
    tell("renewed");
  } catch {
    // No line: the next look at the page, or the line coming back, asks again.
  } finally {
    asking = false;
    if (again) setTimeout(renew);
    again = false;
  }
}

document.addEventListener("gugus:session-lost", () => {
  lost = true;
  renew();
});
document.addEventListener("visibilitychange", renew);
addEventListener("focus", renew);
addEventListener("online", renew);
