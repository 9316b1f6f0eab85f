// Plays a video in place of its poster, and falls over to the next source when
// a player says that it cannot. Nothing is loaded from anybody before the click.
//
// A player is dead only if it says so: silence, a missing Referer and unknown
// codes are never counted as an error of the source.
(() => {
  'use strict';

  const slowAfter = 10_000; // ms without a word from the player until readers are told
  const knockEvery = 250; // ms between our "listening" messages
  const knockFor = 10_000; // ms after the frame has loaded

  const gone = [100, 101, 150]; // removed or private; embedding refused, twice
  const refused = 153; // no Referer reached the player: our fault, not the source's
  const networkError = 2; // of MediaError: the connection broke while a file was being read

  const stage = document.querySelector('[data-stage]');
  const part = (name) => stage.querySelector(`[data-${name}]`);
  const data = JSON.parse(document.getElementById('player-data').textContent);
  const facade = part('facade'), screen = part('screen'), card = part('card');
  const note = part('note'), noteText = part('note-text'), noteOpen = part('note-open'), noteNext = part('note-next');
  const open = part('open'), button = part('play'), poster = part('poster');

  let current = 0;
  let retried = false;
  let stop = () => {};

  const say = (text) => { part('status').textContent = text; };

  function tell(text, candidate) {
    noteText.textContent = text;
    noteOpen.hidden = !candidate.page;
    noteOpen.textContent = candidate.goto;
    if (candidate.page) noteOpen.href = candidate.page;
    const next = data.candidates[current + 1];
    noteNext.hidden = !next;
    noteNext.textContent = next ? next.next : '';
    note.hidden = false;
    say(text);
    // In a frame without room the line stands below the fold; only our own
    // document is scrolled, never the article around it.
    const page = document.scrollingElement;
    if (document.body.classList.contains('embed')) page.scrollTop = page.scrollHeight;
  }

  function play(index, again) {
    stop();
    stop = () => {};
    note.hidden = true;
    const candidate = data.candidates[index];
    if (!candidate) return end();
    if (!again) {
      retried = false;
      say(index > current ? candidate.trying : candidate.loading);
    }
    current = index;
    facade.hidden = true;
    screen.hidden = false;
    stop = candidate.kind === 'media' ? playFile(candidate) : playFrame(candidate);
  }

  // waiting tells readers that a player is slow, and takes that back when it is heard.
  function waiting(candidate) {
    let heard = false;
    const timer = setTimeout(() => tell(candidate.slow, candidate), slowAfter);
    return {
      heard() {
        if (heard) return;
        heard = true;
        clearTimeout(timer);
        note.hidden = true;
        say(candidate.playing);
      },
      stop() { clearTimeout(timer); },
    };
  }

  function playFrame(candidate) {
    const frame = document.createElement('iframe');
    const address = new URL(candidate.address);
    address.searchParams.set('origin', location.origin);
    frame.title = candidate.title;
    frame.allow = data.allow;
    frame.allowFullscreen = true;
    frame.referrerPolicy = 'strict-origin-when-cross-origin';
    frame.src = address.href;

    const patience = waiting(candidate);
    let knocking = 0;
    const send = (message) => frame.contentWindow.postMessage(JSON.stringify(message), candidate.origin);
    const knock = () => send({ event: 'listening', id: 1, channel: 'widget' });

    function answered() {
      if (knocking < 0) return;
      clearInterval(knocking);
      knocking = -1;
      for (const name of ['onReady', 'onStateChange', 'onError']) {
        send({ event: 'command', func: 'addEventListener', args: [name], id: 1, channel: 'widget' });
      }
    }

    function receive(event) {
      if (event.source !== frame.contentWindow || event.origin !== candidate.origin) return;
      const message = parsed(event.data);
      if (!message || typeof message.event !== 'string') return;
      if (message.event === 'onError') {
        const code = Number(message.info);
        return code === refused ? leadOut(candidate) : trouble(candidate, code, gone.includes(code));
      }
      answered();
      patience.heard();
    }

    // Before the frame has loaded it still has our own origin, and a message
    // to the player's would only end in the console.
    frame.addEventListener('load', () => {
      if (knocking !== 0) return;
      knock();
      knocking = setInterval(knock, knockEvery);
      setTimeout(() => clearInterval(knocking), knockFor);
    });
    addEventListener('message', receive);
    screen.replaceChildren(frame);
    frame.focus();
    return () => {
      removeEventListener('message', receive);
      clearInterval(knocking);
      patience.stop();
      frame.remove();
    };
  }

  function parsed(text) {
    if (typeof text !== 'string') return null;
    try { return JSON.parse(text); } catch { return null; }
  }

  function playFile(candidate) {
    const video = document.createElement('video');
    video.controls = true;
    video.playsInline = true;
    video.autoplay = true;
    video.preload = 'auto';
    video.setAttribute('aria-label', candidate.title);
    if (data.poster) video.poster = data.poster;

    const patience = waiting(candidate);
    let stopped = false;
    video.addEventListener('loadeddata', () => patience.heard());
    video.addEventListener('error', () => { 
      const code = video.error ? video.error.code : 0;
      if (!stopped) trouble(candidate, code, code !== networkError);
    });
    video.src = candidate.address;
    screen.replaceChildren(video);
    video.focus();
    video.play().catch(() => {}); // a browser that wants a second tap shows its own controls
    return () => {
      stopped = true;
      patience.stop();
      video.removeAttribute('src');
      video.load(); // lets go of the connection
      video.remove();
    };
  }

  // trouble gives what may be transient a second try; after that, and for what
  // is final, the next source takes over.
  function trouble(candidate, code, final) {
    if (!final && !retried) {
      retried = true;
      return play(current, true);
    }
    report(candidate, code);
    play(current + 1);
  }

  function report(candidate, code) {
    if (!data.report) return;
    const body = JSON.stringify({ source: candidate.source, code });
    navigator.sendBeacon(data.report, new Blob([body], { type: 'application/json' }));
  }

  // leadOut puts the poster back, as a link to the source's own page.
  function leadOut(candidate) {
    stop();
    stop = () => {};
    screen.hidden = true;
    facade.hidden = false;
    if (candidate.page && open) {
      open.href = candidate.page;
      button.hidden = true;
      open.hidden = false;
      open.focus();
    }
    tell(candidate.refused, candidate);
  }

  function end() {
    facade.hidden = true;
    screen.hidden = true;
    part('reason').textContent = data.failed;
    card.hidden = false;
    say(data.failed);
    card.focus();
  }

  // WordPress frames what oEmbed gives it without an origin and without the
  // right to open windows; a link there works through the page around it.
  function linkThroughWordPress() {
    const secret = new URLSearchParams(location.hash.slice(1).replace(/^\?/, '')).get('secret');
    if (!secret || parent === self) return;
    open.addEventListener('click', (event) => {
      event.preventDefault();
      parent.postMessage({ message: 'link', value: open.href, secret }, '*');
    });
  }

  if (poster) {
    const drop = () => poster.remove();
    poster.addEventListener('error', drop);
    if (poster.complete && poster.naturalWidth === 0) drop();
  }

  // A platform's player refuses to work in a sandbox without an origin, so
  // there the poster stays what it is without a script: a link.
  if (self.origin === 'null') {
    if (open) linkThroughWordPress();
    return;
  }
  if (open) open.hidden = true;
  button.hidden = false;
  button.addEventListener('click', () => play(0));
  noteNext.addEventListener('click', () => play(current + 1));
})();
