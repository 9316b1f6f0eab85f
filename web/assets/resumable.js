// Sends a file in pieces, by the tus protocol, and goes on wherever it stopped: https://tus.io/protocols/resumable-upload.
const uploads = "/api/v1/uploads";
const version = { "Tus-Resumable": "1.0.0" };
const largestPiece = 8 << 20; // bytes: what is sent again at most where a proxy keeps pieces back until they are whole
const smallestPiece = 256 << 10; // bytes: there are proxies that let through no more than one megabyte
const longestWait = 30; // seconds

// Refused says with which status the server, or something on the way to it, did not do what was asked; 0: nobody answered.
export class Refused extends Error {
  constructor(status, field = "") {
    super("refused with " + status);
    this.status = status;
    this.field = field; // that is wrong, as the API names it
  }
}

async function ask(method, address, headers, signal) {
  let answer;
  try {
    answer = await fetch(address, { method, headers: { ...version, ...headers }, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw new Refused(0);
  }
  if (!answer.ok) throw new Refused(answer.status, fieldOf(await answer.text().catch(() => "")));
  return answer;
}

function fieldOf(problem) {
  try {
    return JSON.parse(problem).errors[0].location;
  } catch {
    return "";
  }
}

// look tells how many bytes of an upload have come; undefined: there is no such upload any more.
export async function look(id, signal) {
  try {
    return Number((await ask("HEAD", uploads + "/" + id, {}, signal)).headers.get("Upload-Offset"));
  } catch (error) {
    if (error.status === 404 || error.status === 410) return undefined;
    throw error;
  }
}

// drop gives an upload up. If the server cannot be reached it ends there by itself.
export const drop = (id) => ask("DELETE", uploads + "/" + id, {}).catch(() => {});

async function begin(file, about, signal) {
  const metadata = Object.entries({ ...about, filename: file.name }).map(([name, value]) => name + " " + base64(value)).join(",");
  const answer = await ask("POST", uploads, { "Upload-Length": String(file.size), "Upload-Metadata": metadata }, signal);
  return answer.headers.get("Location").split("/").pop();
}

const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

// send puts one piece at its place and resolves to where the upload ends then. It is no fetch, which tells nobody how much has gone.
function send(id, offset, piece, gone, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    const settle = (settled) => (value) => {
      signal.removeEventListener("abort", stop);
      settled(value);
    };
    const done = settle(resolve), failed = settle(reject);
    request.upload.addEventListener("progress", ({ loaded }) => gone(offset + loaded));
    request.addEventListener("error", () => failed(new Refused(0)));
    request.addEventListener("abort", () => failed(signal.reason));
    request.addEventListener("load", () => {
      const at = Number(request.getResponseHeader("Upload-Offset"));
      if (request.status === 204 && at > offset) done(at);
      else failed(Object.assign(new Refused(request.status, fieldOf(request.responseText)), { piece: true }));
    });
    signal.addEventListener("abort", stop);
    request.open("PATCH", uploads + "/" + id);
    for (const [name, value] of Object.entries({ ...version, "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" })) request.setRequestHeader(name, value);
    request.send(piece);
  });
}

// again reports whether what was refused may go well later. A missing upload is begun anew.
const again = ({ status }) => [0, 404, 408, 409, 423].includes(status) || (status >= 500 && status !== 501 && status !== 507);

// persist does the work until it is done, with growing pauses after failures that pass.
export async function persist(work, { signal, waiting }) {
  for (let wait = 1; ; wait = Math.min(2 * wait, longestWait)) {
    try {
      return await work(() => { wait = 0.5; }); // whoever gets on may fail again as if for the first time
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Refused) || !again(error)) throw error;
      waiting(Math.max(1, wait), error);
      await pause(Math.max(1, wait), signal);
    }
  }
}

// pause ends early when the machine is back on a network.
function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, 1000 * seconds);
    addEventListener("online", end);
    signal.addEventListener("abort", end);
  });
}

// upload brings a whole file to the server and resolves to the upload's id. Remembered holds the id from one
// visit of the page to the next. Told is called with what people want to know.
export function upload(file, about, remembered, told, signal) {
  let piece = largestPiece, known = -1;
  const goOn = async (progressed) => {
    let id = remembered.get();
    let offset = id ? await look(id, signal) : undefined;
    if (offset === undefined) {
      id = await begin(file, about, signal);
      remembered.set(id);
      offset = 0;
    }
    if (known < 0 && offset > 0) told.resumed(offset);
    else told.sending();
    if (known >= 0 && offset > known) progressed();
    for (known = offset; known < file.size; progressed()) {
      told.progress(known);
      known = await send(id, known, file.slice(known, known + piece), told.progress, signal);
    }
    return id;
  };
  return persist(async (progressed) => {
    try {
      return await goOn(progressed);
    } catch (error) {
      if (error.piece && error.status === 413 && piece > smallestPiece) {
        piece /= 2;
        throw new Refused(409); // the same again, in smaller pieces
      }
      if (error.status === 0) await file.slice(0, 1).arrayBuffer(); // fails if the file has been changed or moved
      throw error;
    }
  }, { signal, waiting: told.waiting });
}
