// What the document and its images are like now. `full` adds what is not needed while waiting: `others`, the pictures that are no img
// elements, and `named`, those of the URLs in `waiting` that the page names somewhere. The search for the first ends after `budget` ms
// and says so (`partial`). `wake` lets lazy images load that scrolling did not reach.
({full, wake, waiting, budget}) => {
  // a form with a field of a property's name has the field there, and so has the document with a form's: the prototypes' own are asked
  const getter = (type, name) => { const get = Object.getOwnPropertyDescriptor(type.prototype, name).get; return e => get.call(e); };
  const ofDocument = name => getter(Document, name)(document);
  const shadowOf = getter(Element, 'shadowRoot');
  const find = (root, selector) => (root === document ? Document : DocumentFragment).prototype.querySelectorAll.call(root, selector);
  const shown = e => Element.prototype.getClientRects.call(e).length > 0;
  const roots = [document];
  for (let i = 0; i < roots.length; i++) for (const e of find(roots[i], '*')) {
    const shadow = shadowOf(e);
    if (shadow) roots.push(shadow);
  }
  const all = selector => roots.flatMap(root => [...find(root, selector)]);
  const box = e => { const r = e.getBoundingClientRect(); return {w: r.width, h: r.height, x: r.left + scrollX, y: r.top + scrollY}; };
  // naturalWidth is in CSS pixels of the candidate's density; an image of the same URL, which is there at once and asks nobody, has the file's
  const file = e => {
    if (!full || !e.naturalWidth || !(e.hasAttribute('srcset') || e.parentElement && e.parentElement.localName === 'picture')) return e;
    const same = new Image();
    same.crossOrigin = e.crossOrigin;
    same.src = e.currentSrc;
    if (same.naturalWidth) return same;
    same.removeAttribute('src');
    return e;
  };
  // what a script hides since it has been scrolled out of view is seen by whoever scrolls there
  const {revealed} = window.__linkmedia_scroll || {};
  const seen = e => {
    for (let at = e; revealed && revealed.size && at; at = at.parentElement) if (revealed.has(at)) return true;
    return !e.checkVisibility || e.checkVisibility({opacityProperty: true, visibilityProperty: true});
  };
  const images = [];
  for (const e of all('img')) {
    const asked = e.getAttribute('src') || e.getAttribute('srcset') || (e.parentElement && e.parentElement.localName === 'picture' &&
      e.parentElement.querySelector('source[srcset]'));
    const url = e.currentSrc || e.src;
    if (!asked || !url) continue;
    const b = box(e);
    if (!e.complete && e.loading === 'lazy') {
      // a lazy image without a box is never loaded by a browser: nobody waits for it
      if (!shown(e)) continue;
      if (wake) { // it begins to load at once; what the attribute says afterwards is the page's own again
        e.loading = 'eager';
        e.loading = 'lazy';
      }
    }
    const {naturalWidth, naturalHeight} = file(e);
    // a picture that stands in the page itself is nobody's record, and may be megabytes, each time that the page is asked
    images.push({url: url.startsWith('data:') ? 'data:' : url, state: !e.complete ? 'pending' : naturalWidth ? 'loaded' : 'empty',
      natural_width: naturalWidth || null, natural_height: naturalHeight || null,
      displayed_width: Math.round(b.w * 100) / 100, displayed_height: Math.round(b.h * 100) / 100,
      visible: b.w > 0 && b.h > 0 && b.x + b.w > 0 && b.y + b.h > 0 && seen(e)});
  }
  const fonts = ofDocument('fonts');
  const result = {ready: ofDocument('readyState'), fonts: fonts ? fonts.status : 'loaded', images};
  if (!full) return result;

  const base = getter(Node, 'baseURI')(document);
  const others = new Set();
  const add = url => {
    if (url.startsWith('data:')) return;
    try { others.add(new URL(url, base).href); } catch { /* no URL: nothing is loaded */ }
  };
  const addBackground = (e, pseudo) => {
    const value = getComputedStyle(e, pseudo).backgroundImage;
    if (value && value !== 'none') for (const match of value.matchAll(/url\("((?:[^"\\]|\\.)*)"\)/g)) add(match[1].replace(/\\(.)/g, '$1'));
  };
  for (const e of all('image, video[poster], input[type=image][src]')) {
    if (!shown(e)) continue;
    if (e.localName === 'image') add(e.getAttribute('href') || e.getAttribute('xlink:href') || '');
    else if (e.localName === 'video') add(e.poster);
    else add(e.src);
  }
  const until = performance.now() + budget;
  const elements = all('*');
  const boxes = [];
  let done = 0;
  const late = () => ++done % 64 === 0 && performance.now() > until;
  for (const e of elements) {
    if (late()) { result.partial = true; break; }
    if (!shown(e)) continue;
    boxes.push(e);
    addBackground(e, null);
  }
  // asking for a pseudo-element costs several times as much as asking for an element: only where a sheet may give one a picture
  const gives = sheet => {
    let rules;
    try { rules = sheet.cssRules; } catch { return true; } // of another site: what it says is not to be read
    for (const rule of rules) {
      if (rule.styleSheet ? gives(rule.styleSheet) : /:(?:before|after)\b/.test(rule.cssText) && /url\(|image-set\(|background[^;]*var\(/.test(rule.cssText)) return true;
    }
    return false;
  };
  if (roots.some(root => [...root.styleSheets, ...root.adoptedStyleSheets || []].some(gives))) {
    for (const pseudo of ['::before', '::after']) for (const e of boxes) {
      if (late()) { result.partial = true; break; }
      addBackground(e, pseudo);
    }
  }
  result.others = [...others].filter(url => /^https?:/.test(url));

  // a loader of lazy images fetches by an image of its own what an attribute names, and shows it once it is there
  result.named = waiting.filter(url => {
    const {pathname, search} = new URL(url);
    const last = pathname.slice(pathname.lastIndexOf('/') + 1) + search;
    const part = last.length < 5 ? pathname + search : last; // quotation marks are percent-encoded in both
    return document.evaluate(`boolean(//@*[contains(., "${part}")])`, document, null, XPathResult.BOOLEAN_TYPE).booleanValue;
  });

  const state = window.__linkmedia_scroll;
  if (state && state.removed.size) {
    const text = new Set();
    for (const root of roots) {
      const whole = root === document ? ofDocument('documentElement') : root;
      for (const line of (whole && whole.textContent || '').split('\n')) if (line.trim()) text.add(line.trim());
    }
    const joined = [...text].join('\n');
    result.lines = text.size;
    result.vanished = 0;
    for (const line of state.removed) {
      if (late()) break;
      if (!text.has(line) && !joined.includes(line)) result.vanished++;
    }
  }
  return result;
}
