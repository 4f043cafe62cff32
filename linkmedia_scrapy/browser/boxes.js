// The boxes that scroll in the page's stead, those in shadow roots and the documents of its own origin in frames included: of some
// size, on a page that has no more than a screen below the window. A longer page is read by scrolling the page, whatever boxes it has
// besides. With `sideways`, those that scroll to the side count, too.
sideways => {
  const root = document.scrollingElement || document.documentElement;
  if (root.scrollHeight >= 2 * innerHeight) return [];
  const found = [];
  const scrolls = (e, style) => e.scrollHeight > e.clientHeight + 1 && style.test(getComputedStyle(e).overflowY) ||
    sideways && e.scrollWidth > e.clientWidth + 1 && style.test(getComputedStyle(e).overflowX);
  const look = all => {
    for (const e of all) {
      if (e.shadowRoot) look(e.shadowRoot.querySelectorAll('*'));
      if (e.clientHeight <= innerHeight / 2 || e.clientWidth <= innerWidth / 4) continue;
      const framed = /^i?frame$/.test(e.localName) && e.contentDocument && e.contentDocument.scrollingElement;
      if (framed) { if (scrolls(framed, /visible|auto|scroll/)) found.push(framed); }
      else if (scrolls(e, /auto|scroll/)) found.push(e);
    }
  };
  look(document.querySelectorAll('body *, frameset *'));
  return found;
}
