// read asks the server for a video's record, and returns its stage with the address
// from which it came.
async function read(base, id, query) {
  const answer = await fetch(`${base}/e/${id}.json?${query}`, { credentials: 'omit' });
  return [answer.url, (await answer.json()).stage];
}
