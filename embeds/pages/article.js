// The article's script: it turns figures into players, in place. A figure is
// known by its shape alone, a link to a watch page of ours that holds a picture,
// so that what a content system has laundered still works, and it is looked for
// as long as the page lives. Until the server has answered it stays what it is.

// Addresses under which this installation has been published, and where this script
// is: a copy of it beside published files needs no telling.
const bases = BASES;
if (document.currentScript) bases.push(new URL('.', document.currentScript.src).href.slice(0, -1));
const watchPath = /^\/v\/([0-9a-hjkmnp-tv-z]{12})(\.html)?([?#]|$)/i;
const nearby = '400px'; // before a figure scrolls into view its record is read, so that one tap is enough
const met = new WeakSet();
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

// addressOf reads where a link leads, if it is a watch page of ours.
function addressOf(link) {
  for (const base of bases) {
    const path = link.href.startsWith(base) && watchPath.exec(link.href.slice(base.length));
    if (path) return { base, id: path[1].toLowerCase(), query: new URL(link.href).searchParams };
  }
}

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    enliven(target).catch(() => {}); // it is still a captioned, linked picture
  }
}, { rootMargin: nearby });

function find(within) {
  const pictures = within.matches?.('a[href] img') ? [within] : within.querySelectorAll('a[href] img');
  for (const picture of pictures) {
    const link = picture.closest('a');
    if (met.has(link) || !addressOf(link)) continue;
    met.add(link);
    near.observe(link);
  }
}

async function enliven(link) {
  const { base, id, query } = addressOf(link);
  const around = link.closest('[lang]');
  if (!query.has('lang') && around) query.set('lang', around.lang);
  const [from, data] = await read(base, id, query);
  if (!data || !link.isConnected) return;
  // Published files name each other by the way from one to the other.
  const at = (address) => address && new URL(address, from).href;
  data.poster = at(data.poster);
  for (const one of data.candidates) {
    one.address = at(one.address);
    for (const track of one.tracks || []) track.src = at(track.src);
  }
  const picture = link.querySelector('img');
  const host = make('div', { lang: data.lang, dir: 'ltr' }); // as all of our languages are written; the newsroom's words go their own way
  host.style.cssText = 'display:block;margin:0';
  // A picture narrower than its column stays as wide as it was.
  const width = picture.getBoundingClientRect().width, column = link.parentElement.clientWidth;
  if (width > 0 && width < column - 1) host.style.maxWidth = width + 'px';
  const shadow = host.attachShadow({ mode: 'open' });
  shadow.adoptedStyleSheets = [sheet];
  const root = make('div', { className: 'stage' });
  shadow.append(root);
  root.dataset.theme = data.theme || '';
  const plays = data.candidates.length;
  if (!plays) root.append(card(data, data.card.reason, data.withdrawn ? 'p' : ''));
  if (!plays && !data.withdrawn) return link.after(host); // the picture stays the link that it is
  link.replaceWith(host);
  if (plays) stage(root, data, picture, '');
}

// An article may carry the script more than once.
if (!window.videotecaEmbeds) {
  window.videotecaEmbeds = bases;
  find(document);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node.querySelectorAll) find(node);
    }
  }).observe(document, { childList: true, subtree: true });
}
