/** A picture that may stand in a page: our own encoding of it, so that nothing of the original file gets there. */
const png = /^data:image\/png;base64,[A-Za-z0-9+/]+={0,2}$/;

/** The markup of a client's logo, or nothing. The client's name stands beside it, so it needs no words of its own. @throws TypeError for anything but a PNG in a data URL. */
export function logoMarkup(logo: unknown): string {
  if (logo === '') return '';
  if (typeof logo !== 'string' || !png.test(logo)) throw new TypeError('a logo must be a PNG of our own making');
  return `<img class="logo" src="${logo}" alt="">`;
}
