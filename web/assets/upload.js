// Sends the newsroom's files in pieces, so that a lost connection or a closed page costs nothing that has come.
// Without scripts the forms send them whole.
import { drop, look, persist, Refused, upload } from "./resumable.js";

const longestMemory = 2 * 24 * 60 * 60 * 1000; // milliseconds: longer than any upload lives
const prefix = "videoteca-upload ";

// memory keeps an upload's id under a key, past the page where the browser lets it.
function memory(key) {
  let held;
  const store = (work) => {
    try {
      return work(localStorage);
    } catch {
      return undefined; // nothing may be kept: it goes on while the page is open
    }
  };
  const forget = () => {
    held = undefined;
    store((kept) => kept.removeItem(key));
  };
  return {
    get() {
      const { id, at } = store((kept) => JSON.parse(kept.getItem(key))) ?? {};
      if (id && Date.now() - at > longestMemory) forget();
      else held ??= id;
      return held;
    },
    set(id) {
      held = id;
      store((kept) => kept.setItem(key, JSON.stringify({ id, at: Date.now() })));
    },
    forget,
  };
}

function keysOf(start) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(start));
  } catch {
    return [];
  }
}

// alone does the work if no other page of this browser is at work on the same, else resolves to undefined. Where the
// browser has no locks, as without https, the newest page takes over.
const alone = (key, work) => (navigator.locks ? navigator.locks.request(key, { ifAvailable: true }, (lock) => lock && work()) : work());

// busy reports whether another page is at work on the same. To ask the server how far it is would take it over.
const busy = async (key) => (await navigator.locks?.query())?.held.some(({ name }) => name === key) ?? false;

function prepare(form) {
  const box = form.querySelector(".sending"), bar = box.querySelector("progress"), share = box.querySelector("[data-share]");
  const said = box.querySelector("[role=status]"), keep = form.querySelector("button:not([type])"), chosen = form.elements.file;
  const [pause, resume, cancel] = ["pause", "resume", "cancel"].map((name) => box.querySelector(`[data-${name}]`));
  const start = prefix + form.dataset.video + " " + form.dataset.upload + " ";
  const keyOf = (file) => start + [file.name, file.size, file.lastModified].join(" ");
  let running, current, hinting;

  const say = (what, values = {}) => {
    box.hidden = false;
    said.textContent = Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), said.dataset[what] ?? form.dataset[what] ?? what);
  };
  const show = (bytes, size) => {
    bar.value = (100 * bytes) / size;
    share.textContent = Math.floor(bar.value) + " %";
  };
  const percent = (bytes, size) => Math.floor((100 * bytes) / size);
  const buttons = ({ sending = false, paused = false, cancellable = sending || paused }) => {
    // Whoever pressed one that goes away is led to the one in its place.
    const focused = [pause, resume, cancel].includes(document.activeElement);
    pause.hidden = !sending;
    resume.hidden = !paused;
    cancel.hidden = !cancellable;
    keep.disabled = sending || paused;
    if (focused && document.activeElement.hidden) [pause, resume, keep].find((button) => !button.hidden && !button.disabled)?.focus();
  };

  // about is what is said of a file before it is sent. Rights and language are there to be looked at: the form keeps
  // them, whole, when all has come, and headers are short.
  const stated = ["rights", "language"];
  const longestStated = 500; // characters
  const about = () => {
    const said = { purpose: form.dataset.upload, video: form.dataset.video };
    for (const name of stated) if (form.elements[name]) said[name] = form.elements[name].value.slice(0, longestStated);
    return said;
  };

  // finish asks the page's own form to keep what has come, so that its answer is the page's too.
  const finish = (id, signal) => persist(async () => {
    const data = new FormData(form);
    data.delete("file");
    data.append("upload", id);
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: data, signal });
    } catch {
      throw new Refused(0);
    }
    if (!answer.ok && answer.status !== 422) throw new Refused([404, 409].includes(answer.status) ? 410 : answer.status);
    return answer;
  }, { signal, waiting: (seconds, { status }) => say(status === 423 ? "keeping" : "waiting", { seconds }) }); // 423: it is at it already

  async function run() {
    const file = chosen.files[0], key = keyOf(file), remembered = memory(key);
    current = { remembered };
    keep.disabled = true;
    await hinting;
    const stop = (running = new AbortController());
    buttons({ sending: true });
    show(0, file.size);
    const told = {
      sending: () => say("sending"),
      resumed: (bytes) => say("resumed", { share: percent(bytes, file.size) }),
      waiting: (seconds) => say("waiting", { seconds }),
      progress: (bytes) => show(bytes, file.size),
    };
    try {
      const answer = await alone(key, async () => {
        const id = await upload(file, about(), remembered, told, stop.signal);
        show(1, 1);
        say("keeping");
        buttons({ cancellable: false });
        keep.disabled = true;
        return finish(id, stop.signal);
      });
      if (!answer) return ended("elsewhere");
      if (answer.ok) {
        remembered.forget();
        location.assign(answer.url);
        return;
      }
      // The server's page says which field is wrong, and the form goes on there.
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      ended(page.querySelector(".problem[role=alert]")?.textContent ?? "failed");
    } catch (error) {
      if (stop.signal.aborted) return; // whoever pressed a button has been told
      failed(error, remembered);
    }
  }

  // failed tells why it does not go on by itself. Where it can go on later what has come is not forgotten.
  function failed(error, remembered) {
    const status = error instanceof Refused ? error.status : undefined;
    const why = { 401: "signedout", 403: "forbidden", 429: "toomany", 507: "room" }[status];
    if (why) {
      say(why);
      buttons({ paused: true });
      return;
    }
    if (error.name === "NotReadableError" || error.name === "NotFoundError") return ended("unreadable");
    remembered.forget();
    const wrong = stated.find((name) => error.field?.endsWith("." + name));
    ended(wrong ?? (status === 413 || status === 422 ? "refused" : "failed"));
  }

  function ended(what) {
    buttons({});
    say(what);
  }

  // hint says of what is unfinished how far it had come: of the file that is chosen, else of any.
  async function hint() {
    const file = chosen.files[0];
    for (const key of file ? [keyOf(file)] : keysOf(start)) {
      const remembered = memory(key), id = remembered.get();
      if (!id) continue;
      if (await busy(key)) continue;
      const offset = await look(id).catch(() => null);
      if (offset === undefined) remembered.forget();
      if (offset === null || offset === undefined) continue;
      if (running || chosen.files[0] !== file) return; // meanwhile somebody went on
      const [size, name] = [Number(key.split(" ").at(-2)), key.slice(start.length).split(" ").slice(0, -2).join(" ")];
      current = { remembered };
      show(offset, size);
      say(file ? "here" : "stopped", { name, share: percent(offset, size) });
      buttons({ cancellable: true });
      return;
    }
    if (!running) box.hidden = true;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!keep.disabled) run();
  });
  chosen.addEventListener("change", () => {
    if (running?.signal.aborted === false && keep.disabled) return;
    running = undefined;
    buttons({});
    hinting = hint();
  });
  pause.addEventListener("click", () => {
    running.abort();
    say("paused");
    buttons({ paused: true });
  });
  resume.addEventListener("click", run);
  cancel.addEventListener("click", async () => {
    running?.abort();
    const id = current.remembered.get();
    current.remembered.forget();
    share.textContent = "";
    bar.value = 0;
    ended("cancelled");
    if (id) await drop(id);
  });
  hinting = hint();
}

for (const form of document.querySelectorAll("[data-upload]")) prepare(form);
