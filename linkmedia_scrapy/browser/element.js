// The box of the first element that a selector names, as far as it is to be seen, in CSS pixels of the document; `inner` says that a box
// which scrolls inside the page shows a part of it only. Such boxes are scrolled to it; what undoes that stays in the page until then.
({selector, left}) => {
  let e;
  try { e = document.querySelector(selector); } catch { return {error: 'invalid_selector'}; }
  if (!e) return {error: 'no_such_element'};
  const root = document.documentElement;
  const windows = /visible/.test(getComputedStyle(root).overflow) ? document.body : null; // whose overflow is the window's, not its own
  // the elements that can cut it: of those around it the ones that its place depends on (CSS Positioned Layout, 2.1)
  const boxes = [];
  let {position} = getComputedStyle(e);
  for (let n = e.assignedSlot || e.parentElement; n && n !== root; n = n.assignedSlot || n.parentElement || n.getRootNode().host) {
    const style = getComputedStyle(n);
    const holds = style.transform !== 'none' || style.filter !== 'none' || /paint|layout|strict|content/.test(style.contain);
    if (!holds && (position === 'fixed' || position === 'absolute' && style.position === 'static')) continue;
    position = style.position;
    if (n !== windows && !/^(inline|contents)$/.test(style.display)) boxes.push({n, across: style.overflowX, down: style.overflowY});
  }
  const inside = n => {
    // rectangles are as they are shown, the others before transforms and zoom
    const r = n.getBoundingClientRect(), across = r.width / n.offsetWidth || 1, down = r.height / n.offsetHeight || 1;
    const l = r.left + across * n.clientLeft, t = r.top + down * n.clientTop;
    return {l, t, r: l + across * n.clientWidth, b: t + down * n.clientHeight};
  };
  const box = () => { const {left: l, top: t, right: r, bottom: b} = e.getBoundingClientRect(); return {l, t, r, b}; };
  const scrolls = /auto|scroll/;
  const undo = [];
  Object.defineProperty(window, '__linkmedia_scrolled', {value: undo, enumerable: false, configurable: true});
  // as little as it takes; of what is larger than the box, its beginning
  const by = (from, to, start, end) => from < start || to - from > end - start ? from - start : Math.max(0, to - end);
  for (const {n, across, down} of boxes) {
    const at = box(), seen = inside(n);
    const x = scrolls.test(across) ? by(at.l, at.r, seen.l, seen.r) : 0, y = scrolls.test(down) ? by(at.t, at.b, seen.t, seen.b) : 0;
    if (!x && !y) continue;
    undo.push([n, n.scrollTop, n.scrollLeft]);
    n.scrollTo({top: n.scrollTop + y, left: n.scrollLeft + x, behavior: 'instant'});
  }
  const shown = box();
  let inner = false;
  const cut = (side, limit, wayOf) => {
    const beyond = side === 'l' || side === 't' ? limit - shown[side] : shown[side] - limit;
    if (beyond <= 0) return;
    shown[side] = limit;
    inner ||= beyond > 1 && scrolls.test(wayOf);
  };
  for (const {n, across, down} of boxes) {
    const seen = inside(n);
    if (across !== 'visible') { cut('l', seen.l, across); cut('r', seen.r, across); }
    if (down !== 'visible') { cut('t', seen.t, down); cut('b', seen.b, down); }
  }
  // there is nothing above and before the page
  cut('l', -left - scrollX, '');
  cut('t', -scrollY, '');
  const width = shown.r - shown.l, height = shown.b - shown.t;
  if (width <= 0 || height <= 0 || getComputedStyle(e).visibility !== 'visible') return {error: 'element_not_visible'};
  return {x: shown.l + scrollX, y: shown.t + scrollY, width, height, inner};
}
