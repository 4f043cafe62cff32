// Make visible what the page has and does not paint where nobody looks. What undoes that stays in the page until then.
() => {
  const undo = [];
  const put = (e, name, value) => {
    undo.push([e, name, e.style.getPropertyValue(name), e.style.getPropertyPriority(name), e.hasAttribute('style')]);
    e.style.setProperty(name, value, 'important');
  };
  Object.defineProperty(window, '__linkmedia_lifted', {value: undo, enumerable: false, configurable: true});
  const {documentElement: root, body} = document;
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
