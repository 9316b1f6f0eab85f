// Given the language, whether it is dark, and what only the other language says, it returns what
// anybody would complain of who looks at this page.
({ lang, dark, others }) => {
  const flaws = [];
  const shown = (e) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const name = (e) => `<${e.localName} ${[...e.attributes].map((a) => `${a.name}="${a.value.slice(0, 40)}"`).join(" ")}>`;

  if (document.documentElement.lang !== lang) flaws.push(`the page is in ${document.documentElement.lang}`);
  if (document.documentElement.scrollWidth > innerWidth) flaws.push(`it is ${document.documentElement.scrollWidth} pixels wide`);

  // The ground is as dark or as light as it should be.
  const [r, g, b] = getComputedStyle(document.documentElement).backgroundColor.match(/[\d.]+/g).map(Number);
  const page = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
  const ground = page[3] === 0 ? [r, g, b] : page;
  const light = (0.2126 * ground[0] + 0.7152 * ground[1] + 0.0722 * ground[2]) / 255;
  if (dark ? light > 0.3 : light < 0.7) flaws.push(`its ground is ${ground}`);

  // No text is in the other language, unless it says so or is a program's.
  const foreign = new Set(others);
  const marked = (e) => { const l = e.closest("[lang]"); return l !== document.documentElement && l.lang !== lang; };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim();
    if (foreign.has(text) && !marked(walk.currentNode.parentElement) && !walk.currentNode.parentElement.closest("code, pre")) flaws.push(`it says ${JSON.stringify(text)}`);
  }
  for (const e of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
    for (const a of ["aria-label", "title", "placeholder", "alt"]) {
      if (foreign.has(e.getAttribute(a)) && !marked(e)) flaws.push(`${name(e)} is named ${JSON.stringify(e.getAttribute(a))}`);
    }
  }

  // No text is cut off: in a field that shows a choice or a hint, or in what hides what does not fit.
  const pen = document.createElement("canvas").getContext("2d");
  const room = (e) => { const s = getComputedStyle(e); return e.clientWidth - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight); };
  const length = (e, text) => { pen.font = getComputedStyle(e).font; return pen.measureText(text).width; };
  for (const e of document.querySelectorAll("main select, main input[placeholder]")) {
    const text = e.localName === "select" ? e.selectedOptions[0]?.text ?? "" : e.value || e.placeholder;
    const arrow = e.localName === "select" ? 14 : 0;
    const typed = e.localName === "input" && e.value;
    if (shown(e) && !typed && length(e, text) + arrow > room(e) + 1) flaws.push(`${name(e)} cuts ${JSON.stringify(text)}`);
  }
  for (const e of document.querySelectorAll("main button, main .button, main .state, main h1, main h2, main summary, nav a")) {
    if (shown(e) && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible") flaws.push(`${name(e)} is cut`);
  }

  // What is pressed is large enough for a finger or has room around it (WCAG 2.2, 2.5.8).
  for (const e of document.querySelectorAll("main button, main select, main input:not([type=hidden]), main summary")) {
    const box = (e.closest("label") ?? e).getBoundingClientRect();
    if (shown(e) && (box.width < 24 || box.height < 24)) flaws.push(`${name(e)} is ${Math.round(box.width)} by ${Math.round(box.height)} pixels`);
  }

  // Every picture is there, and nothing moved while the page came.
  for (const e of document.images) {
    if (shown(e) && e.complete && e.naturalWidth === 0) flaws.push(`${name(e)} is no picture`);
  }
  const moves = new PerformanceObserver(() => {});
  moves.observe({ type: "layout-shift", buffered: true });
  const foot = (m) => m.sources.every((s) => s.node?.parentElement?.closest(".site-footer") || s.node?.matches?.(".site-footer"));
  const shifts = moves.takeRecords().filter((m) => !m.hadRecentInput && !foot(m)); // the foot gives way to what is found
  const moved = shifts.reduce((sum, m) => sum + m.value, 0);
  if (moved > 0.02) {
    const parts = shifts.flatMap((m) => m.sources.map((s) => s.node?.localName ? name(s.node) : s.node?.data));
    flaws.push(`its parts moved by ${moved.toFixed(3)}: ${[...new Set(parts)].join(" ")}`);
  }
  return flaws;
}
