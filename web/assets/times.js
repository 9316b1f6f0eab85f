// Times are written in the reader's own zone, in the length and order of the page's language; the exact
// value, in UTC, is on hover. Without scripts they stay as they came, in UTC, and say so.
const lang = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const day = new Intl.DateTimeFormat(lang, { day: "numeric", month: "long", year: "numeric" });
const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" });

// moment is "25 September 2019, 08:05 GMT-6", as the server writes it for UTC.
function moment(at) {
  const part = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${day.format(at)}, ${part.hour}:${part.minute} ${part.timeZoneName}`;
}

// localize does every time in a part of the page once. Days without a time of day have no zone.
export function localize(root) {
  for (const time of root.querySelectorAll('time[datetime*="T"]:not([title])')) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    time.title = time.dateTime;
    time.textContent = moment(at);
  }
}

localize(document);
new MutationObserver((changes) => {
  if (changes.some((change) => [...change.addedNodes].some((node) => node.nodeType === Node.ELEMENT_NODE))) localize(document);
}).observe(document.body, { childList: true, subtree: true });
