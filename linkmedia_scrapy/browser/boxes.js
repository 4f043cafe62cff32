// The boxes that scroll in the page's stead, those in shadow roots included: of some size, on a page that has no more than a screen below
// the window. A longer page is read by scrolling the page, whatever boxes it has besides.
() => {
  const root = document.scrollingElement || document.documentElement;
  if (root.scrollHeight >= 2 * innerHeight) return [];
  const found = [];
  const look = all => {
    for (const e of all) {
      if (e.shadowRoot) look(e.shadowRoot.querySelectorAll('*'));
      if (e.scrollHeight > e.clientHeight + 1 && e.clientHeight > innerHeight / 2 && e.clientWidth > innerWidth / 4 &&
        /auto|scroll/.test(getComputedStyle(e).overflowY)) found.push(e);
    }
  };
  look(document.querySelectorAll('body *'));
  return found;
}
