// The stage: a poster that becomes a player when its button is pressed, falls
// over to the next source when a player says that it cannot, and ends in what
// the archive keeps. Nothing is loaded from anybody before the click.

const slowAfter = 10_000; // ms without a word from the player until readers are told

// One plays, the others pause: in this page, and in the frames of an article
// that are of our origin.
const stages = new Set();
const others = self.origin !== 'null' && self.BroadcastChannel && new BroadcastChannel('videoteca');
if (others) others.onmessage = () => stages.forEach((rest) => rest());

const outward = (href, text, className = '') => make('a', { target: '_blank', rel: 'noopener', href, className }, text);
const phrase = (tag, { text, lang }, className = '') => make(tag, { lang: lang || '', dir: 'auto', className }, text);

// stage builds into root. The picture is the page's own, taken along; heading is
// the tag that the title gets, or nothing where it stands beside the stage already.
function stage(root, data, picture, heading) {
  const status = make('p', { className: 'unseen' });
  status.setAttribute('role', 'status');
  const pressed = (className, index, text) => make('button', { type: 'button', className, onclick: () => play(index, false, true) }, text);
  const button = named(pressed('play', 0), data.play);
  const facade = make('div', { className: 'facade' }, cover(data, picture, heading), button);
  const screen = make('div', { className: 'screen', hidden: true });
  const note = make('div', { className: 'note', hidden: true });

  let current = 0, retried = false, player = null, slow = 0;
  const rest = () => player && (player.pause || reset)();

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

  function tell(text, { page, goto }) {
    const next = data.candidates[current + 1];
    note.replaceChildren(make('span', {}, text), page ? outward(page, goto) : '', next ? pressed('', current + 1, next.next) : '');
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
        stages.forEach((one) => one === rest || one());
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
      const open = named(outward(candidate.page, '', 'play'), data.open);
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

  root.style.setProperty('--ratio', data.ratio);
  root.replaceChildren(facade, screen, note, status);
  stages.add(rest);
}

// cover is what lies on the facade: the picture, a warning before the button, and
// what is known of the video.
function cover(data, picture, heading) {
  if (picture) {
    picture.removeAttribute('style'); // which was for where it stood
    picture.addEventListener('error', () => picture.remove());
  }
  return [
    picture && (!picture.complete || picture.naturalWidth) && picture,
    warned(data),
    make('div', { className: 'shade' },
      heading && phrase(heading, data.title, 'title'),
      make('p', { className: 'meta' }, data.meta.map((text) => make('span', {}, text)))),
  ];
}

const warned = ({ warning }) => warning && make('p', { className: 'warning' }, make('b', {}, warning.label + ' '), phrase('span', warning));

// card is what is left when nothing can be played.
function card(data, reason, heading) {
  const { text, facts, links } = data.card;
  return named(make('section', { className: 'card', tabIndex: -1 },
    heading && phrase(heading, data.title),
    warned(data),
    make('p', {}, reason),
    heading && text && text.paragraphs.map((one) => phrase('p', { text: one, lang: text.lang }, 'said')),
    facts && make('dl', {}, facts.map(({ term, text, time }) => make('div', {}, make('dt', {}, term),
      make('dd', { dir: 'auto' }, time ? make('time', { dateTime: time }, text) : text)))),
    links && make('ul', {}, links.map(({ label, url, gone }) => make('li', {}, outward(url, label, gone ? 'gone' : ''))))), data.title.text);
}
