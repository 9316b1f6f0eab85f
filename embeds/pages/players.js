// Players. Each is a function of a candidate and of what to call when the player
// tells something, and returns {node, pause, stop}.
//
//   on.ready()          the player has been heard
//   on.playing()        it plays
//   on.fail(how, code)  it says that it cannot: 'retry' where that may pass, 'next'
//                       where it is final, 'out' where the page around is at fault
//
// A player is dead only if it says so: silence and unknown words are never an
// error. A message counts only if our own frame sent it from the exact origin
// that the server named.

// make builds an element; a child may be a list of children, or nothing.
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.flat().filter((one) => one));
  return element;
};

const named = (element, name) => {
  element.setAttribute('aria-label', name);
  return element;
};

const parsed = (text) => {
  try { return JSON.parse(text); } catch { return null; }
};

const framed = (protocol) => (candidate, on) => {
  const node = make('iframe', {
    title: candidate.title, allow: candidate.allow, allowFullscreen: true,
    referrerPolicy: 'strict-origin-when-cross-origin',
  });
  const send = (message) => node.contentWindow?.postMessage(message, candidate.origin);
  const talk = protocol(send, on);
  const hearing = new AbortController();
  const hear = (on, name, told) => on.addEventListener(name, told, { signal: hearing.signal });
  hear(self, 'message', ({ source, origin, data }) => {
    if (!source || source !== node.contentWindow || origin !== candidate.origin) return;
    talk.heard(Object(typeof data === 'string' ? parsed(data) : data));
  });
  // A page whose policy forbids the player shows an empty frame and no error.
  hear(document, 'securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    if (/^(frame|child|default)-src/.test(effectiveDirective) && blockedURI.startsWith(candidate.origin)) on.fail('out', -1);
  });
  // Before the frame has loaded it still has our own origin, and a message to
  // the player's would only end in the console.
  if (talk.loaded) hear(node, 'load', talk.loaded);
  const address = new URL(candidate.address);
  if (candidate.kind === 'youtube') address.searchParams.set('origin', location.origin);
  node.src = address.href;
  return {
    node,
    pause: talk.pause,
    stop() {
      hearing.abort();
      talk.stop?.();
      node.remove();
    },
  };
};

// YouTube's player is silent until it is spoken to, and its codes are
// 100 removed or private; 101, 150 embedding refused; 153 no Referer.
const youtube = framed((send, on) => {
  const knockEvery = 250, knocks = 40; // ms; for ten seconds
  let knocking = 0, known = false;
  const say = (message) => send(JSON.stringify({ ...message, id: 1, channel: 'widget' }));
  const command = (func, ...args) => say({ event: 'command', func, args });
  const quiet = () => clearInterval(knocking);
  return {
    loaded() {
      if (known || knocking) return;
      let left = knocks;
      const knock = () => { say({ event: 'listening' }); if (!--left) quiet(); };
      knocking = setInterval(knock, knockEvery);
      knock();
    },
    heard({ event, info }) {
      if (typeof event !== 'string') return;
      if (event === 'onError') {
        const code = Number(info);
        return on.fail(code === 153 ? 'out' : [100, 101, 150].includes(code) ? 'next' : 'retry', code);
      }
      if (!known) {
        known = true;
        quiet();
        for (const name of ['onReady', 'onStateChange', 'onError']) command('addEventListener', name);
      }
      on.ready();
      if (event === 'onStateChange' && info === 1) on.playing();
    },
    pause: () => command('pauseVideo'),
    stop: quiet,
  };
});

// Vimeo's player says "ready"; what it could not do, by name.
const vimeo = framed((send, on) => ({
  heard({ event, data }) {
    if (event === 'error') {
      const { name, method } = Object(data);
      if (method === 'ready' || /^(NotFound|Privacy|Password|Unplayable)Error$/.test(name)) on.fail('next', 0);
      return;
    }
    if (event === 'ready') for (const value of ['play', 'playing', 'error']) send({ method: 'addEventListener', value });
    if (event) on.ready();
    if (event === 'play' || event === 'playing') on.playing();
  },
  pause: () => send({ method: 'pause' }),
}));

// PeerTube speaks jschannel: requests to publish are answered, or it goes on waiting.
const peertube = framed((send, on) => {
  const say = (method, more) => send(JSON.stringify({ method: 'peertube::' + method, ...more }));
  return {
    heard({ method, params }) {
      if (method === 'peertube::__ready') {
        if (Object(params).type === 'publish-request') say('__ready', { params: { type: 'publish-reply', publish: [] } });
        on.ready();
      }
      if (method === 'peertube::ready') params === false ? on.fail('next', 0) : on.ready();
      if (method === 'peertube::playbackStatusChange' && params === 'playing') on.playing();
    },
    pause: () => say('pause', { id: 1 }),
  };
});

// Dailymotion's player tells nobody anything, so that its page came is all there is.
const dailymotion = framed((send, on) => ({
  loaded: () => on.ready(),
  heard() {},
}));

const media = (candidate, on) => {
  const node = named(make('video', { controls: true, playsInline: true, autoplay: true, preload: 'auto', poster: candidate.poster || '' }), candidate.title);
  for (const track of candidate.tracks || []) captions(node, track);
  const told = (name, tell) => node.addEventListener(name, tell);
  let stopped = false, reached = 0;
  told('loadeddata', () => on.ready());
  told('play', () => on.playing());
  told('loadedmetadata', () => { if (reached) node.currentTime = reached; });
  told('error', () => {
    const code = node.error?.code || 0, cut = code === 2; // MEDIA_ERR_NETWORK
    if (stopped) return;
    // The address of a store to which a film was sent ends before a long film does:
    // asked again, the server has another, and the film goes on where it was.
    if (!cut || node.currentTime <= reached) return on.fail(cut ? 'retry' : 'next', code);
    reached = node.currentTime;
    node.autoplay = !node.paused;
    node.src = candidate.address;
  });
  node.src = candidate.address;
  setTimeout(() => node.play().catch(() => {})); // a browser that wants a second tap shows its own controls
  return {
    node,
    pause: () => node.pause(),
    stop() {
      stopped = true;
      node.removeAttribute('src');
      node.load(); // lets go of the connection
      node.remove();
    },
  };
};

// A track of another origin is taken only if the film itself is loaded as one that
// may be read, which not every store of films allows; read here it is our own.
const captions = async (node, { src, lang, label, chosen }) => {
  if (new URL(src, location).origin !== location.origin) {
    try {
      src = URL.createObjectURL(await (await fetch(src, { credentials: 'omit' })).blob());
    } catch {
      return;
    }
  }
  node.append(make('track', { kind: 'captions', src, srclang: lang, label, default: chosen }));
};

const players = { youtube, vimeo, peertube, dailymotion, media };
