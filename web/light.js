// Makes a light page nicer where there is script: errors come without a new page,
// a token from the link goes into its field, and the console loads while the person
// types. Without it the form is a plain form.
"use strict";

const form = document.forms[0];
const button = form.querySelector("button");

// A one-time token arrives in the fragment, which no server and no log sees. It
// leaves the address at once; in the browser's own history it stays, spent by then.
// Its field is for those who have it on paper: nobody else needs to see one.
function takeToken() {
  const fragment = location.hash.slice(1);
  if (!fragment) return;
  history.replaceState(null, "", location.pathname + location.search);
  const field = form.elements.token;
  if (!field) return; // a spent set-up link: browsers carry its fragment on to sign-in
  field.value = new URLSearchParams(fragment).get("token") ?? fragment;
  field.closest(".stack").hidden = true;
  form.querySelector("input:invalid")?.focus();
}

// The worker's install fetches the whole console; where there is no worker, the
// HTTP cache takes the WASM.
async function warm() {
  if (!(await keysteadPage.registerWorker())) fetch("@@app.wasm@@").catch(() => {});
}

// tellConsoles has the consoles of other tabs ask whether anyone is still signed in.
function tellConsoles() {
  const consoles = new BroadcastChannel("keystead-session");
  consoles.postMessage("asked to sign in");
  consoles.close();
}

// say puts a sentence at the field that is meant, or above the button.
function say(sentence, name) {
  const field = name && form.elements[name];
  for (const input of form.querySelectorAll("input:not([type=hidden])")) {
    const bad = input === field;
    if (bad) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    input.parentElement.toggleAttribute("data-bad", bad);
    if (bad) input.closest(".stack").hidden = false;
    document.getElementById(input.name + "-error").textContent = bad ? sentence : "";
  }
  document.getElementById("form-error").textContent = field ? "" : sentence;
  field?.focus();
}

// Empty fields that may be empty are left out.
function typed() {
  const members = {};
  for (const input of form.querySelectorAll("input:not([type=hidden])")) {
    if (input.value || input.required) members[input.name] = input.value;
  }
  return members;
}

// next is the path to go on to: of this origin, or the console's start.
function next() {
  const wanted = URL.parse(form.elements.next?.value || "/", location.origin);
  return wanted?.origin === location.origin ? wanted.pathname + wanted.search : "/";
}

async function submit(event) {
  event.preventDefault();
  say("");
  button.disabled = true;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.dataset.api, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(typed()),
    });
    if (answer.ok) {
      location.replace(next());
      return;
    }
    const problem = await answer.json().catch(() => ({}));
    release();
    say(problem.detail || "The server could not do this. Try again.", problem.field);
  } catch {
    release();
    say("The server can’t be reached. Check the connection and try again.");
  }
}

function release() {
  button.disabled = false;
  form.removeAttribute("aria-busy");
}

takeToken();
tellConsoles();
form.addEventListener("input", warm, { once: true });
form.addEventListener("submit", submit);
window.addEventListener("pageshow", release); // back from the console: the form is live again
window.addEventListener("hashchange", takeToken);
