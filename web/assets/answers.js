// Asks the server for JSON, and says in the page's words why there is no answer: the page carries them in a template.

// Unanswered says with which status there is no answer; 0: nobody was reached.
export class Unanswered extends Error {
  constructor(status) {
    super("answered with " + status);
    this.status = status;
  }

  // ends reports whether to ask on would be answered in the same way.
  get ends() {
    return ends(this.status);
  }
}

// ends reports whether a status means that whoever asks is not let in, or may not.
export const ends = (status) => status === 401 || status === 403;

// send sends the values of a form and resolves to what the server says of them, whether it did what was asked or not.
export async function send(address, body) {
  let answer;
  try {
    answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" }, body });
  } catch {
    throw new Unanswered(0);
  }
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Unanswered(answer.status);
  return answer.json().catch(() => { throw new Unanswered(0); }); // it broke off midway
}

// explained is what people are told of a status, as nodes.
export function explained(status) {
  const words = document.querySelector("template[data-answers]").content;
  const found = words.querySelector(`[data-status="${status}"]`) ?? words.querySelector('[data-status="other"]');
  return [...found.cloneNode(true).childNodes];
}
