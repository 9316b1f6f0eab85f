// The stage: a poster that becomes a player when its button is pressed, falls
// over to the next source when a player says that it cannot, and ends in what
// the archive keeps. Nothing is loaded from anybody before the click.

const slowAfter = 10_000; // ms without a word from the player until readers are told

// One plays, the others pause: in this page, and in the frames of an article
// that are of our origin.
const stages = new Set();
const others = self.origin !== 'null' && self.BroadcastChannel && new BroadcastChannel('videoteca');
if (others) others.onmessage = () => stages.forEach((one) => one.rest());

const outward = (properties) => make('a', { target: '_blank', rel: 'noopener', ...properties });
const phrase = (tag, { text, lang }, properties) => make(tag, { textContent: text, lang: lang || '', dir: 'auto', ...properties });

// stage builds into root. The picture is the page's own, taken along; heading is
// the tag that the title gets, or nothing where it stands beside the stage already.
function stage(root, data, picture, heading) {
  const status = make('p', { className: 'unseen' });
  status.setAttribute('role', 'status');
  const button = make('button', { type: 'button', className: 'play' });
  button.setAttribute('aria-label', data.play);
  const facade = make('div', { className: 'facade' }, ...cover(data, picture, heading), button);
  const screen = make('div', { className: 'screen', hidden: true });
  const noteText = make('span'), noteOpen = outward(), noteNext = make('button', { type: 'button' });
  const note = make('div', { className: 'note', hidden: true }, noteText, noteOpen, noteNext);

  let current = 0, retried = false, player = null, slow = 0;
  const me = { rest() { if (player) player.pause ? player.pause() : reset(); } };

  const say = (text) => { status.textContent = text; };
  const held = () => root.contains(root.getRootNode().activeElement);

  function halt() {
    clearTimeout(slow);
    player?.stop();
    player = null;
    note.hidden = true;
  }

  function reset() {
    halt();
    screen.hidden = true;
    facade.hidden = false;
  }

  function tell(text, candidate) {
    const next = data.candidates[current + 1];
    noteText.textContent = text;
    noteOpen.hidden = !candidate.page;
    noteOpen.textContent = candidate.goto;
    noteOpen.href = candidate.page || '';
    noteNext.hidden = !next;
    noteNext.textContent = next ? next.next : '';
    note.hidden = false;
    say(text);
  }

  function play(index, again, focus = held()) {
    halt();
    const candidate = data.candidates[index];
    if (!candidate) return end(focus);
    if (!again) {
      retried = false;
      say(index > current ? candidate.trying : candidate.loading);
    }
    current = index;
    facade.hidden = true;
    screen.hidden = false;
    let heard = false, mine = null;
    const ready = () => {
      if (heard || mine !== player) return;
      heard = true;
      clearTimeout(slow);
      note.hidden = true;
      say(candidate.playing);
    };
    slow = setTimeout(() => tell(candidate.slow, candidate), slowAfter);
    mine = player = players[candidate.kind]({ allow: data.allow, poster: data.poster, ...candidate }, {
      ready,
      playing() {
        ready();
        stages.forEach((one) => one === me || one.rest());
        if (others) others.postMessage(0);
      },
      fail: (how, code) => mine === player && fail(candidate, how, code),
    });
    screen.replaceChildren(player.node);
    if (focus) player.node.focus();
  }

  // fail gives what may pass a second try; after that, and for what is final,
  // the next source takes over.
  function fail(candidate, how, code) {
    if (how === 'retry' && !retried) {
      retried = true;
      return play(current, true);
    }
    if (data.report) navigator.sendBeacon(data.report, JSON.stringify({ source: candidate.source, code }));
    if (how === 'out') return leadOut(candidate);
    play(current + 1);
  }

  // leadOut puts the poster back as a link to the source's own page, which works
  // where the player would not be started on this one.
  function leadOut(candidate) {
    const focus = held();
    reset();
    if (candidate.page) {
      const open = outward({ className: 'play', href: candidate.page });
      open.setAttribute('aria-label', data.open);
      button.replaceWith(open);
      if (focus) open.focus();
    }
    tell(candidate.refused, candidate);
  }

  function end(focus) {
    reset();
    button.remove();
    const box = card(data, data.card.failed, heading);
    root.classList.add('ended');
    root.append(box);
    say(data.card.failed);
    if (focus) box.focus();
  }

  button.onclick = () => play(0, false, true);
  noteNext.onclick = () => play(current + 1, false, true);
  root.style.setProperty('--ratio', data.ratio);
  root.replaceChildren(facade, screen, note, status);
  stages.add(me);
}

// cover is what lies on the facade: the picture, a warning before the button, and
// what is known of the video.
function cover(data, picture, heading) {
  const parts = [];
  if (picture) {
    picture.removeAttribute('style'); // which was for where it stood
    picture.addEventListener('error', () => picture.remove());
    if (!picture.complete || picture.naturalWidth) parts.push(picture);
  }
  parts.push(...warned(data));
  const shade = make('div', { className: 'shade' });
  if (heading) shade.append(phrase(heading, data.title, { className: 'title' }));
  shade.append(make('p', { className: 'meta' }, ...data.meta.map((text) => make('span', { textContent: text }))));
  parts.push(shade);
  return parts;
}

const warned = ({ warning }) => warning ? [make('p', { className: 'warning' }, make('b', { textContent: warning.label + ' ' }), phrase('span', warning))] : [];

// card is what is left when nothing can be played.
function card(data, reason, heading) {
  const { text, facts, links } = data.card;
  const box = make('section', { className: 'card', tabIndex: -1 });
  box.setAttribute('aria-label', data.title.text);
  if (heading) box.append(phrase(heading, data.title));
  box.append(...warned(data), make('p', { textContent: reason }));
  if (heading && text) box.append(...text.paragraphs.map((one) => phrase('p', { text: one, lang: text.lang }, { className: 'said' })));
  if (facts) {
    box.append(make('dl', {}, ...facts.map(({ term, text, time }) => make('div', {}, make('dt', { textContent: term }),
      make('dd', { dir: 'auto' }, time ? make('time', { dateTime: time, textContent: text }) : text)))));
  }
  if (links) {
    box.append(make('ul', {}, ...links.map(({ label, url, gone }) => make('li', {}, outward({ href: url, textContent: label, className: gone ? 'gone' : '' })))));
  }
  return box;
}
