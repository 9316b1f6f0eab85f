// read fetches a video's record where records are files, one a language beside the
// one in the video's own, and returns its stage with the address from which it came.
async function read(base, id, query) {
  const get = (address) => fetch(address, { credentials: 'omit' });
  const lang = spoken(query.get('lang')), file = `${base}/e/${id}`;
  // A server that has no such file may also refuse to be read by the article.
  let answer = lang && await get(`${file}.${lang}.json`).catch(() => null);
  if (!answer?.ok) answer = await get(`${file}.json?${query}`);
  const { stage } = await answer.json();
  // Few figures ask for more than a language, so what that takes is a file of its own;
  // where it cannot be had, the video plays as it is.
  const more = stage && /(^|&)(?!lang=)./.test(query) && await import(new URL('../asked.js', answer.url)).catch(() => 0);
  return [answer.url, more ? more.asked(stage, query) : stage];
}
