// spoken is the language of the files that comes closest to the one wished for, in small letters, if any does.
const spoken = (tag) => {
  const wish = (tag || '').toLowerCase();
  return [wish, wish.split('-')[0]].find((one) => LANGUAGES.includes(one));
};
