// The embed page and the watch page: the stage where the server wrote its poster,
// and, in a frame, what the page around wants to know of its height.

const root = document.getElementById('stage');
const data = parsed((document.getElementById('player-data') || {}).textContent || 'null');
const framedByOthers = parent !== self;

// WordPress frames what oEmbed gives it without an origin and without the right
// to open windows, and gives it a word by which to speak to the page around.
const secret = (/[#?&]secret=([0-9A-Za-z]{1,64})$/.exec(location.hash) || [])[1];
const tellWordPress = (message, value) => secret && parent.postMessage({ message, value, secret }, '*');

if (data && self.origin !== 'null') {
  stage(root, data, root.querySelector('img'), document.body.classList.contains('embed') ? 'h1' : '');
} else if (secret && framedByOthers) {
  // A platform's player refuses to work without an origin: the poster stays the
  // link that it is without a script. It goes through the page around, which
  // follows links to our own pages alone, and so does the card's.
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a');
    if (!link || link.host !== location.host) return;
    event.preventDefault();
    tellWordPress('link', link.href);
  });
}

if (framedByOthers && document.body.classList.contains('embed')) {
  let told = 0;
  const tellHeight = () => {
    document.body.classList.add('measured');
    const height = Math.min(Math.max(Math.ceil(document.body.scrollHeight), 200), 4000);
    document.body.classList.remove('measured');
    if (height === told) return;
    told = height;
    tellWordPress('height', height);
    parent.postMessage({ sentinel: 'amp', type: 'embed-size', height }, '*');
    parent.postMessage(JSON.stringify({ src: location.href, context: 'iframe.resize', height }), '*');
  };
  addEventListener('load', tellHeight);
  // A page around that was not there yet when we spoke asks again.
  addEventListener('message', ({ source, data }) => {
    if (!secret || source !== parent || Object(data).message !== 'ready' || data.secret !== secret) return;
    told = 0;
    tellHeight();
  });
  new ResizeObserver(tellHeight).observe(document.body.firstElementChild);
}
