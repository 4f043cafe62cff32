// Make visible what the page has and does not paint where nobody looks. What undoes that stays in the page until then.
// `scripted`: only what scripts hide there, and not what the browser leaves out.
scripted => {
  const undo = [], animations = undo.animations = [];
  const put = (e, name, value) => {
    undo.push([e, name, e.style.getPropertyValue(name), e.style.getPropertyPriority(name), e.hasAttribute('style')]);
    e.style.setProperty(name, value, 'important');
  };
  Object.defineProperty(window, '__linkmedia_lifted', {value: undo, enumerable: false, configurable: true});
  const {documentElement: root, body} = document;
  // what scripts show while it is in view, and hide when it is not
  const hidden = [];
  const isHidden = ({opacity, visibility}) => opacity < 0.1 || visibility === 'hidden';
  const common = (a, b) => Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const {revealed, seen, hidden: wereHidden} = window.__linkmedia_scroll || {};
  for (const e of revealed ? document.querySelectorAll('body *') : []) {
    const end = revealed.get(e) || (!wereHidden.has(e) && seen.get(e));
    if (!end) continue;
    const now = getComputedStyle(e);
    if (!isHidden(now) && now.opacity > end.opacity - 0.1) continue;
    const box = e.getBoundingClientRect();
    if (!box.width || (box.top >= 0 && box.bottom < innerHeight * 3 / 4)) continue;
    let fixed = false;
    for (let p = e; p && !fixed; p = p.parentElement) fixed = getComputedStyle(p).position === 'fixed';
    // one of several slides in one place, a placeholder on what is loaded: another is to be seen
    const covers = [...e.parentElement.children].some(s => s !== e && (now.position === 'absolute' || wereHidden.has(s)) &&
      !isHidden(getComputedStyle(s)) && common(box, s.getBoundingClientRect()) > box.width * box.height / 2);
    // a script may have been seen on the way
    const transform = end.known || now.transform === end.transform ? end.transform : 'none';
    if (!fixed && !covers) hidden.push([e, {opacity: end.opacity, visibility: 'visible', transform}]);
  }
  for (const [e, style] of hidden) {
    put(e, 'transition', 'none');
    for (const name in style) put(e, name, style[name]);
    // a script that is still at it writes over what the style attribute says
    const animation = e.animate(style, {duration: 1, fill: 'both'});
    animation.finish();
    animations.push(animation);
  }
  if (scripted) return;
  // with overflow on html, that of body is not the window's: it cuts, or scrolls, a page whose body is as high as the window
  if (body && !/visible/.test(getComputedStyle(root).overflow) && body.scrollHeight > body.clientHeight + 1) {
    const {overflowX, overflowY} = getComputedStyle(body);
    if (/auto|scroll|hidden/.test(overflowY)) {
      put(body, 'overflow-y', 'visible');
      put(body, 'overflow-x', overflowX === 'visible' ? 'visible' : 'clip');
    }
  }
  // what comes into view by its place in the window, and not by time, never does below the window
  if (window.ViewTimeline) for (const a of document.getAnimations()) if (a.timeline instanceof ViewTimeline) a.cancel();
  // sections far from the window are left blank; what else their containment does to the layout is to stay
  const skipped = [];
  // what is fixed to the window has no picture outside it: a fixed background scrolls with its element, as it does on telephones
  const fixed = [];
  // smooth scrolling by script moves the contents in a box of the window's size, behind which the page is empty, and as long as they are
  const {scrollHeight} = document.scrollingElement || root;
  const moves = (e, style) => style.position === 'fixed' && /hidden|clip/.test(style.overflowY) && e.clientHeight >= innerHeight &&
    e.scrollHeight > innerHeight && Math.abs(e.scrollHeight - scrollHeight) < innerHeight;
  const windows = [];
  const look = all => {
    for (const e of all) {
      if (e.shadowRoot) look(e.shadowRoot.querySelectorAll('*'));
      const style = getComputedStyle(e);
      if (style.contentVisibility === 'auto') skipped.push([e, style.contain]);
      if (style.backgroundImage !== 'none' && style.backgroundAttachment.includes('fixed')) fixed.push([e, style.backgroundAttachment]);
      if (moves(e, style)) windows.push(e);
    }
  };
  look(document.querySelectorAll('*'));
  for (const [e, attachment] of fixed) put(e, 'background-attachment', attachment.replaceAll('fixed', 'scroll'));
  for (const e of windows) { put(e, 'position', 'absolute'); put(e, 'overflow', 'visible'); }
  for (const [e, contain] of skipped) {
    put(e, 'content-visibility', 'visible');
    if (!/strict|content/.test(contain)) {
      put(e, 'contain', [...new Set([...contain.split(' ').filter(word => word !== 'none'), 'layout', 'paint', 'style'])].join(' '));
    }
  }
}
