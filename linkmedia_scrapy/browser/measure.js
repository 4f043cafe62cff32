// What the document and its images are like now. `full` adds what is not needed while waiting.
({full}) => {
  // a form with a field of a property's name has the field there, and so has the document with a form's: the prototypes' own are asked
  const own = (type, name, e) => Object.getOwnPropertyDescriptor(type.prototype, name).get.call(e);
  const find = (root, selector) => (root === document ? Document : DocumentFragment).prototype.querySelectorAll.call(root, selector);
  const shown = e => Element.prototype.getClientRects.call(e).length > 0;
  const roots = [document];
  for (let i = 0; i < roots.length; i++) for (const e of find(roots[i], '*')) {
    const shadow = own(Element, 'shadowRoot', e);
    if (shadow) roots.push(shadow);
  }
  const all = selector => roots.flatMap(root => [...find(root, selector)]);
  const box = e => { const r = e.getBoundingClientRect(); return {w: r.width, h: r.height, x: r.left + scrollX, y: r.top + scrollY}; };
  const images = [];
  for (const e of all('img')) {
    const asked = e.getAttribute('src') || e.getAttribute('srcset') || (e.parentElement && e.parentElement.localName === 'picture' &&
      e.parentElement.querySelector('source[srcset]'));
    const url = e.currentSrc || e.src;
    if (!asked || !url) continue;
    const b = box(e);
    // a lazy image without a box is never loaded by a browser: nobody waits for it
    if (!e.complete && e.loading === 'lazy' && !shown(e)) continue;
    images.push({url, state: !e.complete ? 'pending' : e.naturalWidth ? 'loaded' : 'empty', natural_width: e.naturalWidth,
      natural_height: e.naturalHeight, displayed_width: Math.round(b.w * 100) / 100, displayed_height: Math.round(b.h * 100) / 100,
      visible: b.w > 0 && b.h > 0 && b.x + b.w > 0 && b.y + b.h > 0 &&
        (!e.checkVisibility || e.checkVisibility({opacityProperty: true, visibilityProperty: true}))});
  }
  const fonts = own(Document, 'fonts', document);
  const result = {ready: own(Document, 'readyState', document), fonts: fonts ? fonts.status : 'loaded', images};
  if (!full) return result;
  const base = own(Node, 'baseURI', document);
  const others = new Set();
  const add = url => { try { others.add(new URL(url, base).href); } catch { /* no URL: nothing is loaded */ } };
  for (const e of all('*')) {
    if (!shown(e)) continue;
    for (const pseudo of [null, '::before', '::after']) {
      const value = getComputedStyle(e, pseudo).backgroundImage;
      if (value && value !== 'none') for (const match of value.matchAll(/url\("((?:[^"\\]|\\.)*)"\)/g)) add(match[1].replace(/\\(.)/g, '$1'));
    }
    if (e.localName === 'image') { const href = e.getAttribute('href') || e.getAttribute('xlink:href'); if (href) add(href); }
    if (e.localName === 'video' && e.getAttribute('poster')) add(e.poster);
    if (e.localName === 'input' && e.type === 'image' && e.getAttribute('src')) add(e.src);
  }
  result.others = [...others].filter(url => /^https?:/.test(url));
  const state = window.__linkmedia_scroll;
  if (state && state.removed.size) {
    const text = new Set();
    for (const root of roots) {
      const whole = root === document ? own(Document, 'documentElement', document) : root;
      for (const line of (whole && whole.textContent || '').split('\n')) if (line.trim()) text.add(line.trim());
    }
    const joined = [...text].join('\n');
    result.lines = text.size;
    result.vanished = [...state.removed].filter(line => !joined.includes(line)).length;
  }
  return result;
}
