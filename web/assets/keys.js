// Shortcuts of one key, for who wants them: never while somebody types, and switched off for good with one tick
// (WCAG 2.1.4). Without scripts there are none, and no button for them.
const sheet = document.querySelector("#keys");
const open = document.querySelector("[data-keys-open]");
const on = sheet.querySelector("[data-keys-on]");
const kept = "videoteca.keys";

on.checked = remembered() !== "off";
open.hidden = false;
open.addEventListener("click", () => sheet.showModal());
on.addEventListener("change", () => {
  try {
    localStorage.setItem(kept, on.checked ? "on" : "off");
  } catch {
    // Nothing may be kept here: the choice holds for this page.
  }
});

function remembered() {
  try {
    return localStorage.getItem(kept);
  } catch {
    return null;
  }
}

// typing reports whether a key belongs to what has the focus.
function typing(target) {
  return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
}

// nav follows a link of the site's navigation, where there is one to that page.
const nav = (path) => () => {
  const link = document.querySelector(`.site-header nav a[href^="${path}?"]`);
  link?.click();
  return !!link;
};

// use acts on an element as a click would, or goes to the field.
function use(element) {
  if (!element) return false;
  if (element.matches("input, textarea")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
    const target = element.hash && document.querySelector(element.hash);
    if (target) reach(target);
  }
  return true;
}

// reach moves the focus into a part of the page, to the first of its controls.
function reach(part) {
  const place = part.closest("section") ?? part;
  place.querySelector("input:not([type=hidden]), textarea, select, button, a[href]")?.focus();
}

const rows = () => [...document.querySelectorAll("[data-row]")];
const current = () => document.activeElement?.closest("[data-row]");

function step(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(current());
  const next = at < 0 ? all[by > 0 ? 0 : all.length - 1] : all[Math.min(all.length - 1, Math.max(0, at + by))];
  next.querySelector("[data-open]").focus();
  return true;
}

// select ticks the row's box, or takes the tick away.
function select() {
  const box = current()?.querySelector('input[name="video"]');
  box?.click();
  return !!box;
}

// part opens one of the pages of the row's video, or of the video whose page this is.
const part = (key, path) => () => {
  const row = current();
  if (!row) return use(document.querySelector(`[data-key="${key}"]`));
  const address = new URL(row.querySelector("[data-open]").href);
  address.pathname += path;
  location.assign(address);
  return true;
};

function search() {
  return use(document.querySelector('[data-key="/"]')) || nav("/videos")();
}

const keys = {
  "?": () => (sheet.showModal(), true),
  "/": search,
  j: () => step(1),
  k: () => step(-1),
  x: select,
  n: nav("/new"),
  e: part("e", "/evidence"),
  a: part("a", "/activity"),
  t: part("t", "/takedown"),
  v: () => use(document.querySelector('[data-key="v"]')),
  b: () => use(document.querySelector('[data-key="b"]')) || use(document.querySelector(".bulk:not([hidden]) input, .bulk:not([hidden]) button")),
  c: () => use(document.querySelector('[data-key="c"]:not([hidden])')),
  w: () => use(document.querySelector('[data-key="w"]')),
  "g h": nav("/home"),
  "g v": nav("/videos"),
  "g a": nav("/audit"),
};

let first = ""; // of a shortcut of two keys
let forget;

addEventListener("keydown", (event) => {
  if (!on.checked || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && current()) {
    if (step(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
    return;
  }
  const act = keys[first + event.key];
  clearTimeout(forget);
  first = "";
  if (act) {
    if (act()) event.preventDefault();
  } else if (event.key === "g") {
    first = "g ";
    forget = setTimeout(() => { first = ""; }, 1500); // milliseconds: long enough for two presses with one finger
  }
});
