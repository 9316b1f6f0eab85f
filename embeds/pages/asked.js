// What the address of an embed asks for, where nobody is there to be asked: a file
// answers every query alike. It does what the server does elsewhere (asked.go,
// address.go); a value that cannot be read is left out.

const asked = (() => {
  const longest = 28 * 24 * 60 * 60; // seconds
  const clips = { youtube: ['start', 'end'], dailymotion: ['startTime', ''], peertube: ['start', 'stop'] };
  const subtitles = { youtube: 'cc_lang_pref', vimeo: 'texttrack', dailymotion: 'subtitles-default', peertube: 'subtitle' };
  const seconds = (text) => (/^\d+$/.test(text) && text <= longest ? Number(text) : 0);
  const base = (tag) => tag.split('-')[0].toLowerCase();

  // part is the address with another part of the video to be played.
  function part({ kind, address }, start, end) {
    if (kind === 'media') return address.replace(/#t=[\d,]*$/, '') + '#t=' + start + (end ? ',' + end : '');
    const url = new URL(address);
    if (kind === 'vimeo') url.hash = start ? `t=${start}s` : '';
    (clips[kind] || []).forEach((name, i) => {
      const at = i ? end : start;
      if (name) at ? url.searchParams.set(name, at) : url.searchParams.delete(name);
    });
    return url.href;
  }

  function subtitled(one, tag) {
    for (const track of one.tracks || []) track.chosen = base(track.lang) === base(tag);
    if (!subtitles[one.kind]) return;
    const url = new URL(one.address);
    url.searchParams.set(subtitles[one.kind], tag);
    if (one.kind === 'youtube') url.searchParams.set('cc_load_policy', 1);
    one.address = url.href;
  }

  // copiesFirst also tells of the copy what was told of the first source.
  function copiesFirst(stage) {
    const copy = (one) => one.source === 'copy';
    const before = stage.candidates[0];
    stage.candidates = [...stage.candidates.filter(copy), ...stage.candidates.filter((one) => !copy(one))];
    const first = stage.candidates[0];
    if (first !== before && first.about) stage.meta = [...stage.meta.slice(0, stage.meta.length - before.about.length), ...first.about];
  }

  return (stage, query) => {
    const of = (name, pattern) => (pattern.exec(query.get(name) || '') || [''])[0];
    const start = seconds(query.get('start')), end = seconds(query.get('end'));
    const captions = of('captions', /^(?=.{2,35}$)[a-z]{2,8}(-[a-z0-9]{1,8})*$/i);
    const ratio = of('ratio', /^(16:9|9:16|4:3|1:1)$/), theme = of('theme', /^(light|dark)$/);
    for (const one of stage.candidates) {
      if (start || end) one.address = part(one, start, end > start ? end : 0);
      if (captions) subtitled(one, captions);
    }
    if (theme) stage.theme = theme;
    if (ratio) stage.ratio = ratio.replace(':', ' / ');
    if (query.get('prefer') === 'copy') copiesFirst(stage);
    return stage;
  };
})();
