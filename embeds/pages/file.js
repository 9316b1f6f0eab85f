// A published page is a file. What its address asks for is done here, before the
// stage is built from what the page carries, and another language is another file.
{
  const page = document.documentElement, query = new URLSearchParams(location.search), lang = spoken(query.get('lang'));
  const path = /^(.*\/[ev]\/[0-9a-hjkmnp-tv-z]{12})(\.[a-z-]+)?(\.html|\/(index\.html)?)?$/i.exec(location.pathname);
  if (lang && lang !== page.lang.toLowerCase() && path) {
    const file = `${path[1]}.${lang}.html`;
    if (file !== location.pathname) location.replace(file + location.search + location.hash);
  }
  const carried = document.getElementById('player-data');
  const stage = asked(carried ? JSON.parse(carried.textContent) : { candidates: [], meta: [] }, query);
  if (carried) carried.textContent = JSON.stringify(stage);
  if (stage.theme) page.dataset.theme = stage.theme;
  const shape = { '16 / 9': 'wide', '9 / 16': 'tall', '4 / 3': 'classic', '1 / 1': 'square' }[stage.ratio];
  const around = document.getElementById('stage');
  if (around && shape) around.className = around.className.replace(/wide|tall|classic|square/, shape);
  const poster = document.querySelector('.embed a.facade'); // which leads to the watch page
  if (poster) poster.search = location.search;
}
