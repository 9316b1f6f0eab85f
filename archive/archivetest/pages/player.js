// A player that speaks the IFrame API's postMessage protocol: JSON strings,
// nothing before the page around it says "listening", state changes and errors
// only to who subscribed to them with addEventListener.
(() => {
  'use strict';

  const data = JSON.parse(document.getElementById('data').textContent);
  const unstarted = -1, ended = 0, playing = 1, paused = 2, buffering = 3, cued = 5;
  const tick = 250; // ms between two infoDelivery messages

  const element = (id) => document.getElementById(id);
  const screen = element('screen'), begin = element('begin'), controls = element('controls');

  let state = unstarted, muted = false;
  let listener = null; // the id by which the page around us calls us
  const subscribed = new Set();
  let from = data.start, since = 0; // position when play began, and when that was

  const position = () => (state === playing ? Math.min(from + (performance.now() - since) / 1000, data.end) : from);

  // To the page around.

  function send(event, info) {
    if (listener === null || data.silent || parent === self) return;
    parent.postMessage(JSON.stringify({ event, info, id: listener, channel: 'widget' }), data.origin);
  }

  function tell(event, info) {
    if (subscribed.has(event)) send(event, info);
  }

  const info = () => ({
    currentTime: position(), duration: data.duration, playerState: state, muted, volume: 100,
    videoData: { video_id: data.id, title: data.title },
  });

  function change(next) {
    state = next;
    document.documentElement.dataset.state = next;
    tell('onStateChange', next);
    send('infoDelivery', info());
    show();
  }

  // From the page around.

  function receive(event) {
    if (event.source !== parent || parent === self || !data.api) return;
    if (data.origin !== '*' && event.origin !== data.origin) return;
    const message = parsed(event.data);
    if (!message) return;
    if (message.event === 'listening') return listen(message.id ?? 1);
    if (message.event === 'command') command(message.func, message.args || []);
  }

  function parsed(text) {
    if (typeof text !== 'string') return null;
    try { return JSON.parse(text); } catch { return null; }
  }

  function listen(id) {
    if (listener !== null) return;
    listener = id;
    send('initialDelivery', info());
    send('onReady', null);
  }

  function command(name, args) {
    switch (name) {
      case 'addEventListener': return subscribe(args[0]);
      case 'removeEventListener': return subscribed.delete(args[0]);
      case 'playVideo': return play();
      case 'pauseVideo': return pause();
      case 'stopVideo': return stop();
      case 'seekTo': return seek(Number(args[0]) || 0);
      case 'mute': return mute(true);
      case 'unMute': return mute(false);
    }
  }

  function subscribe(event) {
    const first = !subscribed.has(event);
    subscribed.add(event);
    if (first && event === 'onError' && data.error) tell('onError', data.error);
  }

  // Playing.

  function play() {
    if (data.error || data.waits || state === playing) return;
    if (state === ended) from = data.start;
    change(buffering);
    since = performance.now();
    change(playing);
    requestAnimationFrame(animate);
  }

  function pause() {
    if (state !== playing) return;
    from = position();
    change(paused);
  }

  function stop() {
    if (data.error || data.waits) return;
    from = data.start;
    change(cued);
  }

  function seek(to) {
    if (data.error || data.waits) return;
    from = Math.max(0, Math.min(to, data.end));
    since = performance.now();
    if (state === ended) change(paused);
    send('infoDelivery', info());
    show();
  }

  function mute(silent) {
    muted = silent;
    send('infoDelivery', info());
    show();
  }

  setInterval(() => {
    if (state !== playing) return;
    if (position() >= data.end) {
      from = data.end;
      return change(ended);
    }
    send('infoDelivery', info());
    show();
  }, tick);

  addEventListener('message', receive);
  if (!screen) return; // there is an error, and nothing to draw

  // Drawing: the outlines of the thumbnail, with a camera that drifts.

  const pen = screen.getContext('2d');
  const shapes = data.scene.shapes.map((s) => ({ path: new Path2D(s.d), fill: s.fill, depth: s.depth }));
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;

  function animate() {
    draw();
    if (state === playing) requestAnimationFrame(animate);
  }

  function draw() {
    const now = position();
    pen.resetTransform();
    pen.fillStyle = '#0b0d10';
    pen.fillRect(0, 0, 1280, 720);
    pen.save();
    if (data.vertical) {
      pen.beginPath();
      pen.rect(437, 0, 405, 720);
      pen.clip();
    }
    paintRoom(still ? 0 : Math.sin(now / 4));
    paintLight(now);
    pen.restore();
  }

  function paintRoom(camera) {
    const wall = pen.createLinearGradient(0, 0, 0, 720);
    wall.addColorStop(0, data.scene.top);
    wall.addColorStop(1, data.scene.bottom);
    pen.fillStyle = wall;
    pen.fillRect(0, 0, 1280, 720);
    for (const shape of shapes) {
      if (data.vertical) pen.setTransform(0.56, 0, 0, 0.56, 282, 250);
      else pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.translate(-camera * 36 * shape.depth, 0);
      pen.fillStyle = shape.fill;
      pen.fill(shape.path);
    }
    pen.resetTransform();
  }

  // A patch of daylight wanders through the room, so that one sees it play.
  function paintLight(now) {
    const x = ((now * 46) % 1900) - 400;
    pen.fillStyle = '#ffffff1c';
    pen.beginPath();
    pen.moveTo(x, 0);
    pen.lineTo(x + 170, 0);
    pen.lineTo(x + 330, 720);
    pen.lineTo(x + 80, 720);
    pen.fill();
  }

  const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, '0')}`;

  function show() {
    if (!screen) return;
    if (state !== playing) draw();
    if (!controls) return;
    const runs = state === playing;
    begin.hidden = state !== unstarted && state !== cued;
    element('toggle').textContent = runs ? data.texts.pause : data.texts.play;
    element('sound').textContent = muted ? data.texts.unmute : data.texts.mute;
    element('seek').value = Math.floor(position());
    element('time').textContent = `${clock(position())} / ${clock(data.duration)}`;
  }

  // For hands and keyboards.

  const flip = () => (state === playing ? pause() : play());

  if (controls) {
    element('seek').max = Math.floor(data.end);
    element('seek').addEventListener('input', (event) => seek(Number(event.target.value)));
    element('toggle').addEventListener('click', flip);
    element('sound').addEventListener('click', () => mute(!muted));
    begin.addEventListener('click', () => { play(); screen.focus(); });
    screen.addEventListener('click', flip);
    addEventListener('keydown', (event) => {
      if (event.code !== 'Space' || event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      flip();
    });
  }
  document.documentElement.dataset.state = state;
  show();
  if (data.autoplay) play();
})();
