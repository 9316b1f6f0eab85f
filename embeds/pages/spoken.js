// spoken is the language of the files that comes closest to the one wished for, if any does.
const spoken = (tag) => {
  const wish = (tag || '').toLowerCase(), named = (name) => LANGUAGES.find((one) => one.toLowerCase() === name);
  return named(wish) || named(wish.split('-')[0]);
};
